/**
 * A picture that is drawn by hand: its pixels line by line, each with one of three inks.
 */

export const INKS = [0, 0.5, 1];

/** @typedef {readonly [number, number]} Shape rows and columns */

/**
 * @param {Shape} shape
 * @returns {number[]}
 */
export function blank([rows, columns]) {
  return new Array(rows * columns).fill(0);
}

/**
 * @param {number[]} pixels
 * @param {number} at
 * @param {number} ink
 * @returns {number[]} the same where nothing changes
 */
export function inked(pixels, at, ink) {
  return at < 0 || at >= pixels.length || pixels[at] === ink ? pixels : pixels.with(at, ink);
}

/**
 * The pixels under a stroke from one to another, so that a quick hand leaves no gaps.
 * @param {Shape} shape
 * @param {number} from
 * @param {number} to
 */
export function stroke([, columns], from, to) {
  const [x0, y0] = [from % columns, Math.floor(from / columns)];
  const [x1, y1] = [to % columns, Math.floor(to / columns)];
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  const pixels = Array.from({ length: steps + 1 }, (_, at) => {
    const x = Math.round(x0 + ((x1 - x0) * at) / steps);
    return Math.round(y0 + ((y1 - y0) * at) / steps) * columns + x;
  });
  return [...new Set(pixels)];
}

/**
 * Where an arrow key leads from a pixel; the same where there is no further.
 * @param {Shape} shape
 * @param {number} at
 * @param {string} key
 */
export function walked([rows, columns], at, key) {
  const [row, column] = [Math.floor(at / columns), at % columns];
  if (key === "ArrowLeft") return column > 0 ? at - 1 : at;
  if (key === "ArrowRight") return column < columns - 1 ? at + 1 : at;
  if (key === "ArrowUp") return row > 0 ? at - columns : at;
  if (key === "ArrowDown") return row < rows - 1 ? at + columns : at;
  if (key === "Home") return row * columns;
  if (key === "End") return (row + 1) * columns - 1;
  return null;
}
