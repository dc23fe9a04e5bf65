/**
 * A heat map: a matrix as squares, whose areas are in proportion to its entries.
 */

import { largest, remembering, share } from "./format.js";

/** @typedef {number[][]} Matrix */

/** Smaller squares of a heat map cannot be told apart. */
const LEAST_SQUARE = 0.9;

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
