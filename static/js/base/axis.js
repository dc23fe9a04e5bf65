/**
 * An axis: where its values stand, round numbers along it, and a line as a path. All pictures of curves go by it.
 */

/** @typedef {[number, number]} Range from, to */
/** @typedef {(value: number) => number} Scale the place of a value */

/** Of more decades than this not all are marked. */
const MOST_DECADES = 5;
/** From how many decades on powers of ten are marks enough. */
const FEW_DECADES = 2;

/**
 * Values at even distances. With the ranges exchanged it leads from a place back to the value.
 * @param {Range} values
 * @param {Range} places
 * @returns {Scale}
 */
export function linear([low, high], [from, to]) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * Powers of ten at even distances.
 * @param {Range} exponents
 * @param {Range} places
 * @returns {Scale}
 */
export function logarithmic(exponents, places) {
  const scale = linear(exponents, places);
  return (value) => scale(Math.log10(value));
}

/**
 * A place short enough for a path, and within what a drawing can hold.
 * @param {number} place
 */
export function round(place) {
  return Math.round(Math.min(Math.max(place, -9999), 9999) * 100) / 100;
}

/**
 * Round numbers for a linear axis, four or five of them.
 * @param {Range} values
 */
export function ticks([low, high]) {
  const size = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = [1, 2, 5, 10].map((it) => it * size).find((it) => (high - low) / it <= 5) ?? size;
  return multiples([low, high], step).map((it) => Number((it * step).toPrecision(12)));
}

/**
 * Powers of ten for a logarithmic axis, not too many; over less than two decades, round numbers between.
 * @param {Range} exponents
 */
export function logTicks([low, high]) {
  if (high - low < FEW_DECADES) return ticks([10 ** low, 10 ** high]).filter((it) => it > 0);
  const step = Math.ceil((high - low) / MOST_DECADES);
  return multiples([low, high], step).map((it) => Number(`1e${it * step}`));
}

/**
 * By what whole numbers a step is to be multiplied to lie within a range.
 * @param {Range} range
 * @param {number} step
 */
function multiples([low, high], step) {
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => first + at);
}

/**
 * A line through points as path data. Where one is nowhere there is a gap; one alone between gaps is a dot.
 * @param {Iterable<readonly [number, number]>} points
 * @param {(place: number) => number} [rounded]
 */
export function linePath(points, rounded = round) {
  let path = "";
  let pen = "M";
  for (const [x, y] of points) {
    const isSomewhere = Number.isFinite(y);
    if (isSomewhere) path += `${pen}${rounded(x)} ${rounded(y)}${pen === "M" ? "h0" : ""}`;
    pen = isSomewhere ? "L" : "M";
  }
  return path;
}
