/**
 * The marks of a node's card: how large it is, where its parts stand in it, and how numbers become tints, bars and squares.
 *
 * Symbol and shape stand on top, the value's matrix below, the gradient's matrix under or beside it: numbers where they fit,
 * a heat map where they do not. Size and sign are told by length and shape as well as by colour.
 */

import { full, narrow, remembering } from "../base/format.js";
import { largest, share, tint } from "../base/marks.js";

/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
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
