/**
 * Level of detail by zoom: a heat map shows squares from afar, brief numbers nearer, and whole cells like those of a small
 * matrix nearest. Pure geometry: which level at which zoom, which entries are in the window.
 */

import { CELL } from "./card.js";

/** @typedef {import("./card.js").Block} Block */
/** @typedef {import("./card.js").CardPlan} CardPlan */
/** @typedef {import("../layout/chain.js").Box} Box */
/** @typedef {import("./camera.js").Window} Window */
/** @typedef {"squares" | "brief" | "full"} Level */
/** @typedef {{ x: number, y: number }} Point */
/**
 * The entries of a heat map that are shown as numbers: rows from `top` up to `bottom`, columns from `left` up to `right`.
 * A cell is `width` × `height` in the units of a small matrix's cells, drawn at `scale`.
 * @typedef {object} Near
 * @property {Exclude<Level, "squares">} level
 * @property {number} top
 * @property {number} bottom
 * @property {number} left
 * @property {number} right
 * @property {number} scale
 * @property {number} width
 * @property {number} height
 * @property {string} key the same for the same
 */

/** What a brief number takes. */
const BRIEF = { width: 42, height: 18 };
/** So much of a cell's proper size is enough to read it. */
const READABLE = 0.78;

/**
 * How much smaller than `cell` an entry's place in the drawing is.
 * @param {Block} block
 * @param {{ width: number, height: number }} cell
 */
function scaleOf(block, cell) {
  return Math.min(
    block.width / block.columns / cell.width,
    block.height / block.rows / cell.height,
  );
}

/**
 * @param {Block} block
 * @param {number} zoom pixels in a unit of the drawing
 * @returns {Level}
 */
export function levelOf(block, zoom) {
  if (scaleOf(block, CELL) * zoom >= READABLE) return "full";
  return scaleOf(block, BRIEF) * zoom >= READABLE ? "brief" : "squares";
}

/**
 * The zoom at which an entry is as large as a small matrix's cell at zoom 1.
 * @param {Block} block
 */
export function zoomOf(block) {
  return 1 / scaleOf(block, CELL);
}

/** What was near last: the same again is the same object. @type {WeakMap<Block, Near>} */
const lastNear = new WeakMap();

/**
 * What of a heat map is shown as numbers; null where it is too small or out of sight.
 * @param {Block} block
 * @param {Point} card where its card stands
 * @param {Window} sight
 * @param {number} zoom
 * @returns {Near | null}
 */
export function nearOf(block, card, sight, zoom) {
  const level = block.kind === "heat" ? levelOf(block, zoom) : "squares";
  if (level === "squares") return null;
  const [x, y] = [card.x + block.x, card.y + block.y];
  const [left, right] = range(x, block.width, block.columns, sight.x, sight.width);
  const [top, bottom] = range(y, block.height, block.rows, sight.y, sight.height);
  if (left >= right || top >= bottom) return null;
  const key = `${level} ${top} ${bottom} ${left} ${right}`;
  const last = lastNear.get(block);
  if (last?.key === key) return last;
  const scale = scaleOf(block, level === "full" ? CELL : BRIEF);
  const width = block.width / block.columns / scale;
  const height = block.height / block.rows / scale;
  const near = { level, top, bottom, left, right, scale, width, height, key };
  lastNear.set(block, near);
  return near;
}

/**
 * The entries that lie, at least in part, within what is seen: the first, and the one after the last.
 * @param {number} start
 * @param {number} size
 * @param {number} count
 * @param {number} from
 * @param {number} seen
 * @returns {[number, number]}
 */
function range(start, size, count, from, seen) {
  const first = Math.floor(((from - start) / size) * count);
  const end = Math.ceil(((from + seen - start) / size) * count);
  return [Math.max(0, first), Math.min(count, end)];
}

/** What an index takes at the edge of a heat map, in pixels. */
export const INDEX = { width: 26, height: 18 };

/**
 * The indices of the rows or of the columns that are in sight, one after another along an edge: `at` is where the middle
 * of an entry is, `edge` where the indices begin across, `from` and `to` where they begin and end along.
 * @typedef {{ marks: { index: number, at: number }[], edge: number, from: number, to: number }} Ruler
 */

/**
 * The indices of a heat map whose numbers are shown. They stand beside it and above it, or along the edges of the window
 * where its own are out of sight.
 * @param {Block} block
 * @param {Point} card
 * @param {Near} near
 * @param {Window} sight
 * @param {number} zoom
 * @returns {{ rows: Ruler, columns: Ruler }}
 */
export function rulersOf(block, card, near, sight, zoom) {
  const [width, height] = [INDEX.width / zoom, INDEX.height / zoom];
  const [x, y] = [card.x + block.x, card.y + block.y];
  const left = Math.min(Math.max(x - width, sight.x), x + block.width - width);
  const top = Math.min(Math.max(y - height, sight.y), y + block.height - height);
  const [bottom, right] = [sight.y + sight.height, sight.x + sight.width];
  return {
    rows: ruler(left, top + height, bottom, y, block.height / block.rows, near.top, near.bottom),
    columns: ruler(top, left + width, right, x, block.width / block.columns, near.left, near.right),
  };
}

/**
 * @param {number} edge
 * @param {number} least where the first index may stand
 * @param {number} most
 * @param {number} start of the heat map
 * @param {number} size of an entry
 * @param {number} first
 * @param {number} end
 * @returns {Ruler}
 */
function ruler(edge, least, most, start, size, first, end) {
  const marks = [];
  for (let index = first; index < end; index += 1) {
    const at = start + (index + 0.5) * size;
    if (at >= least && at <= most) marks.push({ index, at });
  }
  const [from, to] = [Math.max(start + first * size, least), Math.min(start + end * size, most)];
  return { marks, edge, from, to };
}

/**
 * Where an entry stands in the drawing.
 * @param {Block} block
 * @param {Point} card
 * @param {{ row: number, column: number }} entry
 * @returns {Box}
 */
export function entryBox(block, card, { row, column }) {
  const [width, height] = [block.width / block.columns, block.height / block.rows];
  return {
    x: card.x + block.x + column * width,
    y: card.y + block.y + row * height,
    width,
    height,
  };
}
