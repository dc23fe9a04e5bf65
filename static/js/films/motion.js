/**
 * Shares of time, and where something is on its way. Pure numbers.
 */

import { ARRIVAL } from "../time/timeline.js";

/** @typedef {import("./marks.js").Point} Point */
/** @typedef {import("./marks.js").Spot} Spot */

/** When the last result of a film stands in its cell; what is left of the beat is for reading. */
export const LANDED = ARRIVAL;
/** When the workings begin to go. */
const LEAVES = 0.9;

/** @param {number} value */
export function clamp(value) {
  return Math.max(0, Math.min(1, value));
}

/** @param {number} t */
function ease(t) {
  return t * t * (3 - 2 * t);
}

/**
 * How far a part of the film is that lasts from `start` to `end`: eased, 0 before and 1 after.
 * @param {number} t
 * @param {number} start
 * @param {number} end
 */
export function part(t, start, end) {
  return ease(clamp((t - start) / (end - start)));
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} share
 */
export function mix(from, to, share) {
  return from + (to - from) * share;
}

/**
 * The workings of a film are there from its first moments to its last.
 * @param {number} t
 */
export function shown(t) {
  return part(t, 0, 0.06) * (1 - part(t, LEAVES, 1));
}

/**
 * How far one of several is that follow one another, and overlap so that all have landed in time.
 * @param {number} t
 * @param {number} index
 * @param {number} count
 * @returns {number} 0 to 1, not eased
 */
export function turnOf(t, index, count) {
  const lasts = count === 1 ? LANDED : Math.max(0.42, 0.62 - 0.05 * count);
  const start = count === 1 ? 0 : ((LANDED - lasts) * index) / (count - 1);
  return clamp((t - start) / lasts);
}

/**
 * On the way from one spot to another, along an arc.
 * @param {Spot} from
 * @param {Spot} to
 * @param {number} share
 * @param {number} [lift] how high the arc is, as a share of the way
 * @returns {Spot}
 */
export function between(from, to, share, lift = 0.16) {
  if (share === 1) return { ...to };
  const far = Math.hypot(to.x - from.x, to.y - from.y);
  return {
    x: mix(from.x, to.x, share),
    y: mix(from.y, to.y, share) - lift * far * Math.sin(Math.PI * share),
    width: mix(from.width, to.width, share),
    height: mix(from.height, to.height, share),
    size: mix(from.size, to.size, share),
  };
}

/**
 * The piece of a curve at `share` of the way, where there are several, and what share of it.
 * @param {readonly number[]} curve
 * @param {number} way
 * @returns {[readonly number[], number]}
 */
function pieceAt(curve, way) {
  if (curve.length <= 8) return [curve, way];
  const pieces = [];
  for (let at = 0; at + 8 <= curve.length; at += 6) pieces.push(curve.slice(at, at + 8));
  const sizes = pieces.map((it) => Math.hypot(it[6] - it[0], it[7] - it[1]));
  let left = way * sizes.reduce((sum, size) => sum + size, 0);
  let at = 0;
  for (; at < pieces.length - 1 && left > sizes[at]; at++) left -= sizes[at];
  return [pieces[at], sizes[at] > 0 ? clamp(left / sizes[at]) : 0];
}

/**
 * The point at `way` (0 to 1) of a curve of cubic Béziers, and which way it goes there, in degrees.
 * @param {readonly number[]} curve x, y of where it begins, then three points more for each piece
 * @param {number} way
 */
export function along(curve, way) {
  const [[x0, y0, x1, y1, x2, y2, x3, y3], share] = pieceAt(curve, way);
  const rest = 1 - share;
  const at = (/** @type {number[]} */ ...p) =>
    rest ** 3 * p[0] +
    3 * rest * rest * share * p[1] +
    3 * rest * share * share * p[2] +
    share ** 3 * p[3];
  const slope = (/** @type {number[]} */ ...p) =>
    rest * rest * (p[1] - p[0]) + 2 * rest * share * (p[2] - p[1]) + share * share * (p[3] - p[2]);
  const [dx, dy] = [slope(x0, x1, x2, x3), slope(y0, y1, y2, y3)];
  return {
    x: at(x0, x1, x2, x3),
    y: at(y0, y1, y2, y3),
    turn: (Math.atan2(dy, dx) * 180) / Math.PI,
  };
}
