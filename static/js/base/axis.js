/**
 * An axis: round numbers along it, and places short enough for a path.
 */

/** @param {number} value */
export function round(value) {
  return Math.round(Math.min(Math.max(value, -9999), 9999) * 100) / 100;
}

/**
 * Round numbers for an axis, four or five of them.
 * @param {[number, number]} range
 */
export function ticks([low, high]) {
  const size = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = [1, 2, 5, 10].map((it) => it * size).find((it) => (high - low) / it <= 5) ?? size;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
