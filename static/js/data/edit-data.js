/**
 * Edits of an experiment's data. Each gives new data that shares with the old all that it does not change.
 */

/** @typedef {import("../server/wire.js").components["schemas"]["Data"]} Data */
/** @typedef {{ held: boolean, row: number }} Place a row: among those held back, or among those that are learned from */
/** @typedef {{ x: number[][], y: number[][] }} Rows */

/**
 * @param {Data} data
 * @param {boolean} held
 * @returns {Rows}
 */
export function rowsOf(data, held) {
  if (!held) return data;
  return data.held_back ?? NO_ROWS;
}

/** @type {Rows} */
const NO_ROWS = { x: [], y: [] };

/**
 * @param {Data} data
 * @param {boolean} held
 * @param {Rows} rows
 * @returns {Data}
 */
function withRows(data, held, { x, y }) {
  if (!held) return { ...data, x, y };
  return { ...data, held_back: x.length > 0 ? { x, y } : null };
}

/**
 * @param {Data} data
 * @param {Place} place
 * @param {"x" | "y"} side
 * @param {number} column
 * @param {number} value
 * @returns {Data}
 */
export function withCell(data, { held, row }, side, column, value) {
  const rows = rowsOf(data, held);
  const before = rows[side][row];
  if (before === undefined || Object.is(before[column], value)) return data;
  const changed = rows[side].with(row, before.with(column, value));
  return withRows(data, held, { x: rows.x, y: rows.y, [side]: changed });
}

/**
 * The target of a row as a class: 1 for it, 0 for the others; a single output is 0 or 1 by itself.
 * @param {Data} data
 * @param {Place} place
 * @param {number} at the class
 * @returns {Data}
 */
export function withClass(data, { held, row }, at) {
  const { x, y } = rowsOf(data, held);
  const width = y[row].length;
  return withRows(data, held, { x, y: y.with(row, width === 1 ? [at] : oneHot(at, width)) });
}

/**
 * @param {number} at
 * @param {number} length
 */
function oneHot(at, length) {
  return Array.from({ length }, (_, index) => (index === at ? 1 : 0));
}

/**
 * One more row, after the others.
 * @param {Data} data
 * @param {boolean} held
 * @param {number[]} x
 * @param {number[]} y
 * @returns {Data}
 */
export function withRow(data, held, x, y) {
  const rows = rowsOf(data, held);
  return withRows(data, held, { x: [...rows.x, x], y: [...rows.y, y] });
}

/**
 * A row to begin with, like the last one: it is changed cell by cell.
 * @param {Data} data
 * @param {boolean} held
 * @returns {Data}
 */
export function withNewRow(data, held) {
  const rows = rowsOf(data, held);
  const { x, y } = rows.x.length > 0 ? rows : data;
  return withRow(data, held, x[x.length - 1], y[y.length - 1]);
}

/**
 * Whether a row can go: one to learn from must stay.
 * @param {Data} data
 * @param {Place} place
 */
export function mayGo(data, { held }) {
  return held || data.x.length > 1;
}

/**
 * @param {Data} data
 * @param {Place} place
 * @returns {Data}
 */
export function withoutRow(data, place) {
  if (!mayGo(data, place)) return data;
  const { x, y } = rowsOf(data, place.held);
  return withRows(data, place.held, {
    x: x.toSpliced(place.row, 1),
    y: y.toSpliced(place.row, 1),
  });
}

/**
 * A row goes from those that are learned from to those held back, or the other way.
 * @param {Data} data
 * @param {Place} place
 * @returns {Data}
 */
export function moved(data, place) {
  if (!mayGo(data, place)) return data;
  const { x, y } = rowsOf(data, place.held);
  return withRow(withoutRow(data, place), !place.held, x[place.row], y[place.row]);
}
