/**
 * An activation as its own curve, with a dot on it for each entry; and the tangents there.
 */

import { mark } from "./marks.js";
import { clamp, mix } from "./motion.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Point} Point */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {{ m: readonly number[], a: readonly number[] }} Curve points of the function, from left to right */
/** @typedef {{ m: number, a: number }} Dot an entry: what goes in and what comes out */

/** In text sizes. */
export const CURVE_SIZE = { width: 16, height: 8.8 };
const INSET = 1.1;
/** So much is seen at least to each side of 0. */
const LEAST_REACH = 3;
const TANGENT = 0.22;
/** Of the names at the axes, in text sizes. */
const NAME = 0.8;

/**
 * Whether all dots are on the part of the curve that is known.
 * @param {Curve} curve
 * @param {readonly Dot[]} dots
 */
export function holds({ m }, dots) {
  return dots.every((it) => it.m >= m[0] && it.m <= m[m.length - 1] && Number.isFinite(it.a));
}

/** @typedef {ReturnType<typeof plotOf>} Plot */

/**
 * How far to the sides is seen, and where points are then.
 * @param {Curve} curve
 * @param {readonly Dot[]} dots
 * @param {{ m: string, a: string }} names of what goes in and what comes out
 */
export function plotOf(curve, dots, names) {
  const most = Math.max(LEAST_REACH, ...dots.map((it) => Math.abs(it.m) * 1.25));
  const reach = Math.min(most, curve.m[curve.m.length - 1]);
  const seen = curve.m
    .map((m, k) => ({ m, a: curve.a[k] }))
    .filter((it) => Math.abs(it.m) <= reach);
  const least = Math.min(0, ...seen.map((it) => it.a), ...dots.map((it) => it.a));
  const top = Math.max(...seen.map((it) => it.a), ...dots.map((it) => it.a), least + 1e-9);
  /** @param {Dot} dot @param {Box} box @param {number} size @returns {Point} */
  const at = ({ m, a }, { x, y, width, height }, size) => {
    const inset = INSET * size;
    return {
      x: x + inset + ((m + reach) / (2 * reach)) * (width - 2 * inset),
      y: y + height - inset - ((a - least) / (top - least)) * (height - 2 * inset),
    };
  };
  return { seen, reach, least, top, at, names };
}

/**
 * The axes and the curve.
 * @param {Plot} plot
 * @param {Box} box
 * @param {number} size
 * @returns {Mark[]}
 */
export function curveMarks({ seen, reach, least, top, at, names }, box, size) {
  const from = at({ m: -reach, a: 0 }, box, size);
  const to = at({ m: reach, a: 0 }, box, size);
  const low = at({ m: 0, a: least }, box, size);
  const high = at({ m: 0, a: top }, box, size);
  const name = { tone: /** @type {const} */ ("soft"), size: NAME * size, emphasis: 1 };
  return [
    lineMark("axis m", [from, to], { tone: "soft", emphasis: 0.2 }),
    lineMark("axis a", [low, high], { tone: "soft", emphasis: 0.1 }),
    mark("text", "name m", { ...name, x: to.x - 0.5 * size, y: to.y + 0.6 * size, text: names.m }),
    mark("text", "name a", { ...name, x: high.x - 1.1 * size, y: high.y, text: names.a }),
    lineMark(
      "curve",
      seen.map((it) => at(it, box, size)),
      { tone: "forward", emphasis: 1 },
    ),
  ];
}

/**
 * The tangent at a dot, growing out of it.
 * @param {Plot} plot
 * @param {string} id
 * @param {Dot} dot
 * @param {number} slope
 * @param {{ box: Box, size: number }} where
 * @param {number} share how much of it is there
 * @returns {Mark}
 */
export function tangentMark(plot, id, dot, slope, { box, size }, share) {
  const here = plot.at(dot, box, size);
  const beside = plot.at({ m: dot.m + 1, a: dot.a + slope }, box, size);
  const [dx, dy] = [beside.x - here.x, beside.y - here.y];
  const length = Math.hypot(dx, dy) || 1;
  const half = (box.width * TANGENT * share) / length;
  const ends = [-half, half].map((it) => ({ x: here.x + dx * it, y: here.y + dy * it }));
  return lineMark(id, ends, { tone: "backward", emphasis: 0.9, opacity: clamp(share * 4) });
}

/**
 * @param {string} id
 * @param {readonly Point[]} points
 * @param {Partial<Mark>} how
 */
export function lineMark(id, points, how) {
  const [first] = points;
  return mark(points.length > 2 ? "curve" : "line", id, {
    x: first?.x ?? 0,
    y: first?.y ?? 0,
    points: points.flatMap(({ x, y }) => [x, y]),
    ...how,
  });
}

/**
 * @param {string} id
 * @param {Point} at
 * @param {number} size
 * @param {Partial<Mark>} how
 */
export function dotMark(id, { x, y }, size, how) {
  return mark("dot", id, { x, y, width: 0.62 * size, height: 0.62 * size, ...how });
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {number} share
 */
export function pointBetween(a, b, share) {
  return { x: mix(a.x, b.x, share), y: mix(a.y, b.y, share) };
}
