/**
 * From numbers to marks: how strong a tint, how long a bar, which squares of a heat map. Size and sign are told by
 * length and shape as well as by colour.
 */

/** @typedef {import("./trace.js").Matrix} Matrix */

/**
 * The largest finite size in a matrix; 0 where there is none.
 * @param {Matrix} matrix
 */
export function largest(matrix) {
  let most = 0;
  for (const row of matrix) {
    for (const value of row) {
      const size = Math.abs(value);
      if (size > most && size < Infinity) most = size;
    }
  }
  return most;
}

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
 * A heat map as two paths: positive entries are full squares, negative ones hollow, their area in proportion to size.
 * @param {Matrix} matrix
 * @param {number} width
 * @param {number} height
 */
export function heatPaths(matrix, width, height) {
  const most = largest(matrix);
  const cellWidth = width / matrix[0].length;
  const cellHeight = height / matrix.length;
  const side = Math.min(cellWidth, cellHeight);
  let positive = "";
  let negative = "";
  matrix.forEach((row, r) => {
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
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {1 | -1} turn the inner square runs the other way round, so that it is a hole
 */
function square(x, y, side, turn) {
  const [a, b, s] = [x, y, side].map((it) => Math.round(it * 100) / 100);
  return turn > 0 ? `M${a} ${b}h${s}v${s}h${-s}z` : `M${a} ${b}v${s}h${s}v${-s}z`;
}
