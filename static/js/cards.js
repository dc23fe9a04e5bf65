/**
 * The marks of a node's card: how large it is, where its parts stand in it, and how numbers become tints, bars and squares.
 *
 * Symbol and shape stand on top, the value's matrix below, the gradient's matrix under or beside it: numbers where they fit,
 * a heat map where they do not. Size and sign are told by length and shape as well as by colour.
 */

import { full, narrow, remembering } from "./format.js";

/** @typedef {import("./trace.js").Node} Node */
/** @typedef {import("./trace.js").Matrix} Matrix */
/**
 * @typedef {object} Block
 * @property {"numbers" | "heat"} kind
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} rows
 * @property {number} columns
 */
/** @typedef {{ width: number, height: number, value: Block, gradient: Block, label: { x: number, y: number } }} CardPlan */

export const CELL = { width: 60, height: 20 };
export const PAD = 10;
export const HEAD = 30;
const LABEL = 18;
const MOST_COLUMNS = 3;
const MOST_ROWS = 4;
const HEAT_WIDTH = 110;
const HEAT_HEIGHT = 92;
const BESIDE_GAP = 16;
const TALL_ROWS = 3;
const LEAST_HEAT_WIDTH = 40;
const LEAST_WIDTH = 96;
/** Smaller squares of a heat map cannot be told apart. */
const LEAST_SQUARE = 0.9;

/**
 * @param {readonly number[]} shape
 * @returns {[number, number]} rows and columns as drawn: a number is 1 × 1, a vector one row
 */
export function gridOf(shape) {
  if (shape.length === 0) return [1, 1];
  return shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];
}

/**
 * @param {Pick<Node, "shape">} node
 * @returns {CardPlan}
 */
export function planCard(node) {
  const [rows, columns] = gridOf(node.shape);
  return rows <= MOST_ROWS && columns <= MOST_COLUMNS
    ? numbersCard(rows, columns)
    : heatCard(rows, columns);
}

/**
 * The gradient's numbers under the value's, or beside them where they are a tall column.
 * @param {number} rows
 * @param {number} columns
 * @returns {CardPlan}
 */
function numbersCard(rows, columns) {
  const size = {
    kind: /** @type {const} */ ("numbers"),
    rows,
    columns,
    width: columns * CELL.width,
    height: rows * CELL.height,
  };
  if (columns === 1 && rows >= TALL_ROWS) return besideCard(size);
  const width = Math.max(LEAST_WIDTH, size.width + 2 * PAD);
  const value = { ...size, x: (width - size.width) / 2, y: HEAD };
  const gradient = { ...value, y: HEAD + size.height + LABEL };
  const label = { x: 11, y: HEAD + size.height + 13 };
  return { width, height: gradient.y + size.height + PAD, value, gradient, label };
}

/**
 * Value and gradient side by side.
 * @param {Omit<Block, "x" | "y">} size
 * @returns {CardPlan}
 */
function besideCard(size) {
  const y = HEAD + LABEL - 2;
  const value = { ...size, x: PAD + 2, y };
  const gradient = { ...size, x: PAD + 2 + size.width + BESIDE_GAP, y };
  const label = { x: gradient.x - 2, y: HEAD + 12 };
  const width = Math.max(LEAST_WIDTH, gradient.x + size.width + PAD + 2);
  return { width, height: y + size.height + PAD + 2, value, gradient, label };
}

/**
 * @param {number} rows
 * @param {number} columns
 * @returns {CardPlan}
 */
function heatCard(rows, columns) {
  const side = Math.min(HEAT_WIDTH / columns, HEAT_HEIGHT / rows, 16);
  return besideCard({
    kind: "heat",
    rows,
    columns,
    width: Math.max(side * columns, LEAST_HEAT_WIDTH),
    height: Math.max(side * rows, 12),
  });
}

/**
 * The largest finite size in a matrix; 0 where there is none.
 * @type {(matrix: Matrix) => number}
 */
export const largest = remembering((matrix) => {
  let most = 0;
  for (const row of matrix) {
    for (const value of row) {
      const size = Math.abs(value);
      if (size > most && size < Infinity) most = size;
    }
  }
  return most;
});

/**
 * A size between 0 and 1 relative to the largest: what is infinite counts as 1, NaN as 0.
 * @param {number} value
 * @param {number} most
 */
export function share(value, most) {
  if (Number.isNaN(value) || value === 0) return 0;
  return most === 0 ? 1 : Math.min(1, Math.abs(value) / most);
}

/**
 * The strength of a cell's tint in steps 0 to 5 (a CSS class each, since the page's policy forbids inline styles).
 * @param {number} value
 * @param {number} most
 */
export function tint(value, most) {
  return value === 0 ? 0 : Math.max(1, Math.ceil(share(value, most) * 5));
}

/**
 * What a card shows of each entry: its number short and in full, its tint, and the length of its bar.
 * @typedef {{ value: number, text: string, digits: string, tint: number, bar: number }} Cell
 */
/** @type {(matrix: Matrix) => Cell[][]} */
export const cellsOf = remembering((matrix) => {
  const most = largest(matrix);
  return matrix.map((row) => row.map((value) => cellOf(value, most)));
});

/**
 * @param {number} value
 * @param {number} most the largest of its matrix
 * @returns {Cell}
 */
export function cellOf(value, most) {
  return {
    value,
    text: narrow(value),
    digits: full(value),
    tint: tint(value, most),
    bar: share(value, most) * (CELL.width / 2 - 4),
  };
}

/**
 * A heat map as two paths: positive entries are full squares, negative ones hollow, their area in proportion to size.
 * @param {Matrix} matrix
 * @param {number} width
 * @param {number} height
 */
export function heatPaths(matrix, width, height) {
  const known = drawnHeat(matrix);
  const size = `${width} ${height}`;
  const drawn = known.get(size) ?? drawHeat(matrix, width, height);
  known.set(size, drawn);
  return drawn;
}

/** @type {(matrix: Matrix) => Map<string, { positive: string, negative: string }>} */
const drawnHeat = remembering(() => new Map());

/**
 * @param {Matrix} matrix
 * @param {number} width
 * @param {number} height
 */
function drawHeat(matrix, width, height) {
  const most = largest(matrix);
  const shown = condensed(
    matrix,
    Math.ceil(width / LEAST_SQUARE),
    Math.ceil(height / LEAST_SQUARE),
  );
  const cellWidth = width / shown[0].length;
  const cellHeight = height / shown.length;
  const side = Math.min(cellWidth, cellHeight);
  let positive = "";
  let negative = "";
  shown.forEach((row, r) => {
    row.forEach((value, c) => {
      const s = side * 0.94 * Math.sqrt(share(value, most));
      if (s < 0.05) return;
      const x = (c + 0.5) * cellWidth - s / 2;
      const y = (r + 0.5) * cellHeight - s / 2;
      if (value > 0) positive += square(x, y, s, 1);
      else negative += square(x, y, s, 1) + square(x + s * 0.28, y + s * 0.28, s * 0.44, -1);
    });
  });
  return { positive, negative };
}

/**
 * A matrix of no more rows and columns than can be told apart: of each block of entries the largest in size.
 * @param {Matrix} matrix
 * @param {number} columns at most
 * @param {number} rows at most
 * @returns {Matrix}
 */
export function condensed(matrix, columns, rows) {
  const [has, wide] = [matrix.length, matrix[0].length];
  if (has <= rows && wide <= columns) return matrix;
  const [down, across] = [Math.min(has, rows), Math.min(wide, columns)];
  const result = Array.from({ length: down }, () => new Array(across).fill(0));
  matrix.forEach((row, r) => {
    const into = result[Math.floor((r * down) / has)];
    for (let c = 0; c < wide; c++) {
      const at = Math.floor((c * across) / wide);
      if (Math.abs(row[c]) > Math.abs(into[at])) into[at] = row[c];
    }
  });
  return result;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {1 | -1} turn the inner square runs the other way round, so that it is a hole
 */
function square(x, y, side, turn) {
  const [a, b, s] = [x, y, side].map((it) => Math.round(it * 100) / 100);
  return turn > 0 ? `M${a} ${b}h${s}v${s}h${-s}z` : `M${a} ${b}v${s}h${s}v${-s}z`;
}
