/**
 * The curve of the cost as a shape: what of it is shown, where each point stands, what is written at its axes, what there
 * is to read off. It is drawn in a square of SIDE, which the page stretches to the room there is.
 */

import { linear, linePath, logarithmic, logTicks, ticks } from "../base/axis.js";
import { short } from "../base/format.js";

/** @typedef {import("../state/history.js").Past} Past */
/** @typedef {import("../base/axis.js").Range} Range of iterations, the first smaller */
/**
 * What the reader has set the curve to. The view keeps none of it.
 * @typedef {object} CurveSetting
 * @property {boolean} log          the cost on a scale of powers of ten
 * @property {Range | null} range   what is zoomed into; null: all, also what is still to come
 * @property {Range | null} drag    what is being dragged across, from where it began
 * @property {number | null} pointed the iteration under the pointer
 * @property {boolean} large        shown large, in a window of its own
 */
/** @typedef {{ at: number, text: string }} Mark at an axis */
/**
 * @typedef {object} Frame
 * @property {Range} range
 * @property {boolean} log
 * @property {(iteration: number) => number} x
 * @property {(cost: number) => number} y
 * @property {Mark[]} across at the axis of iterations
 * @property {Mark[]} up     at the axis of costs
 */

/** @type {CurveSetting} */
export const CURVE_START = { log: false, range: null, drag: null, pointed: null, large: false };
export const SIDE = 1000;
const HEADROOM = 0.06;
/** Iterations that a run of one is shown with room for. */
const FEW = 10;

/**
 * Why the costs cannot be shown by powers of ten; null where they can.
 * @param {readonly Past[]} points
 * @param {string} [output] what the cost is called
 */
export function whyNoLog(points, output = "C") {
  const found = points.find(({ cost }) => Number.isFinite(cost) && cost <= 0);
  if (!found) return null;
  return `A log scale needs costs above 0, but ${output} is ${short(found.cost)} at iteration ${found.iteration}.`;
}

/**
 * The range that is shown: what was zoomed into, as far as the run goes there.
 * @param {readonly Past[]} points the earliest first
 * @param {Range | null} range
 * @returns {Range}
 */
export function shownRange(points, range) {
  const [first, last] = [points[0].iteration, points[points.length - 1].iteration];
  if (first === last) return [first, first + FEW]; // there will be more
  if (!range) return [first, last];
  const [from, to] = [Math.max(range[0], first), Math.min(range[1], last)];
  return from < to ? [from, to] : [first, last];
}

/**
 * The points within a range, and one to either side of it, where the line goes on.
 * @param {readonly Past[]} points
 * @param {Range} range
 */
export function within(points, [from, to]) {
  const first = points.findLastIndex((it) => it.iteration <= from);
  const last = points.findIndex((it) => it.iteration >= to);
  return points.slice(Math.max(first, 0), last < 0 ? undefined : last + 1);
}

/**
 * @param {readonly Past[]} points
 * @param {Pick<CurveSetting, "log" | "range">} setting
 * @returns {Frame}
 */
export function frameOf(points, setting) {
  const range = shownRange(points, setting.range);
  const log = setting.log && whyNoLog(points) === null;
  const costs = within(points, range)
    .map((it) => it.cost)
    .filter(Number.isFinite);
  const [low, high] = costRange(costs, log, setting.range === null);
  const x = linear(range, [0, SIDE]);
  const y = (log ? logarithmic : linear)([low, high], [SIDE, 0]);
  const up = (log ? logTicks : ticks)([low, high]);
  return {
    range,
    log,
    x,
    y,
    across: ticks(range)
      .filter(Number.isInteger)
      .map((it) => ({ at: x(it), text: String(it) })),
    up: up.map((it) => ({ at: y(it), text: short(it) })),
  };
}

/**
 * From 0 on where all is shown, so that halves look like halves; else as tight as the costs lie. By powers of ten, the
 * exponents.
 * @param {number[]} costs
 * @param {boolean} log
 * @param {boolean} whole
 * @returns {Range}
 */
function costRange(costs, log, whole) {
  const scaled = costs.map((it) => (log ? Math.log10(it) : it));
  if (scaled.length === 0) return [0, 1];
  const [low, high] = [Math.min(...scaled), Math.max(...scaled)];
  const from = whole && !log ? Math.min(low, 0) : low;
  const room = (high - from || Math.abs(high) || 1) * HEADROOM;
  return [from === 0 ? 0 : from - room, Math.min(high + room, Number.MAX_VALUE)];
}

/**
 * The line as path data.
 * @param {readonly Past[]} points
 * @param {Frame} frame
 */
export function costPath(points, { range, x, y }) {
  return linePath(
    within(points, range).map((it) => [x(it.iteration), y(it.cost)]),
    place,
  );
}

/** Within what a drawing can hold, however far outside. @param {number} at */
export function place(at) {
  return Math.round(Math.min(Math.max(at, -SIDE * 100), SIDE * 100) * 10) / 10;
}

/**
 * The iteration at a share of the width: a known one where the pointer is as near to it as `near`, else any whole number.
 * @param {readonly Past[]} points
 * @param {Frame} frame
 * @param {number} share 0 at the left, 1 at the right
 * @param {number} near  a share too
 */
export function iterationAt(points, { range: [from, to] }, share, near) {
  const at = from + Math.min(Math.max(share, 0), 1) * (to - from);
  const reach = near * (to - from);
  const known = points
    .filter((it) => it.iteration >= from && it.iteration <= to)
    .reduce(
      (best, it) => (Math.abs(it.iteration - at) < Math.abs(best - at) ? it.iteration : best),
      Number.POSITIVE_INFINITY,
    );
  return Math.abs(known - at) <= reach ? known : Math.round(at);
}

/**
 * What the curve says of an iteration, in words; of one between two points, what it lies between.
 * @param {readonly Past[]} points
 * @param {number} iteration
 * @param {string} [output] what the cost is called
 */
export function reading(points, iteration, output = "C") {
  const before = points.findLast((it) => it.iteration <= iteration);
  if (before?.iteration === iteration)
    return `Iteration ${iteration}: ${output} = ${short(before.cost)}`;
  const after = points.find((it) => it.iteration > iteration);
  if (!before || !after) return `Iteration ${iteration}`;
  return `Iteration ${iteration}: between ${output} = ${short(before.cost)} (${before.iteration}) and ${short(after.cost)} (${after.iteration})`;
}

/**
 * The last tenth of what is shown, at least two iterations long.
 * @param {Range} range
 * @returns {Range}
 */
export function lastTenth([from, to]) {
  return [Math.max(from, to - Math.max(2, Math.round((to - from) / 10))), to];
}

/**
 * Half of what is shown, around an iteration if it is in sight.
 * @param {Range} range
 * @param {number} around
 * @returns {Range}
 */
export function halved([from, to], around) {
  const width = Math.max(2, Math.round((to - from) / 2));
  const middle = around >= from && around <= to ? around : (from + to) / 2;
  const start = Math.round(Math.min(Math.max(middle - width / 2, from), to - width));
  return [Math.max(from, start), Math.min(to, start + width)];
}

/**
 * The curve in a sentence or two: its ends, its lowest point, its gaps.
 * @param {readonly Past[]} points
 * @param {string} [output] what the cost is called
 */
export function summary(points, output = "C") {
  const finite = points.filter((it) => Number.isFinite(it.cost));
  const lost = points.find((it) => !Number.isFinite(it.cost));
  const count = points.length - finite.length;
  const where =
    count === 1
      ? `At iteration ${lost?.iteration}`
      : `At ${count} points, first at iteration ${lost?.iteration},`;
  const gaps = lost ? ` ${where} ${output} is no finite number: there the line has a gap.` : "";
  if (finite.length === 0) return gaps.trim();
  const [first, last] = [finite[0], finite[finite.length - 1]];
  if (points.length === 1) return `${short(first.cost)} at iteration ${first.iteration}.`;
  const lowest = finite.reduce((best, it) => (it.cost < best.cost ? it : best));
  const least =
    lowest.cost < Math.min(first.cost, last.cost)
      ? ` Lowest: ${short(lowest.cost)} at ${lowest.iteration}.`
      : "";
  return `From ${short(first.cost)} at iteration ${first.iteration} to ${short(last.cost)} at iteration ${last.iteration}.${least}${gaps}`;
}
