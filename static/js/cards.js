/**
 * The size of a node's card and where its parts stand in it: symbol and shape on top, the value's matrix, the gradient's
 * matrix under it. Numbers where they fit, a heat map where they do not.
 */

/** @typedef {import("./trace.js").Node} Node */
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
/** @typedef {{ width: number, height: number, value: Block, gradient: Block, label: number }} CardPlan */

export const CELL = { width: 60, height: 22 };
export const PAD = 10;
export const HEAD = 30;
const LABEL = 20;
const MOST_COLUMNS = 3;
const MOST_ROWS = 4;
const HEAT_WIDTH = 150;
const HEAT_HEIGHT = 84;
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
  const size = blockSize(rows, columns);
  const width = Math.max(LEAST_WIDTH, size.width + 2 * PAD);
  const x = (width - size.width) / 2;
  const value = { ...size, rows, columns, x, y: HEAD };
  const gradient = { ...value, y: HEAD + size.height + LABEL };
  return { width, height: gradient.y + size.height + PAD, value, gradient, label: HEAD + size.height + 14 };
}

/**
 * @param {number} rows
 * @param {number} columns
 * @returns {Pick<Block, "kind" | "width" | "height">}
 */
function blockSize(rows, columns) {
  if (rows <= MOST_ROWS && columns <= MOST_COLUMNS) {
    return { kind: "numbers", width: columns * CELL.width, height: rows * CELL.height };
  }
  const side = Math.min(HEAT_WIDTH / columns, HEAT_HEIGHT / rows, 16);
  return { kind: "heat", width: Math.max(side * columns, 24), height: Math.max(side * rows, 12) };
}
