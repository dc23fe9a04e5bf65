/**
 * The costs of two runs as one picture: both on one scale, where they lie furthest apart, which is lower at the end.
 */

import { linear, logarithmic, logTicks, round, ticks } from "../base/axis.js";

/** @typedef {{ iteration: number, cost: number }} Point */
/**
 * A run as it was trained.
 * @typedef {object} Run
 * @property {Point[]} points the earliest first; the last is where it ended
 * @property {"ok" | "diverged"} status
 */
/** @typedef {{ iteration: number, one: number, other: number }} Apart */
/** @typedef {{ d: string, end: { x: number, y: number } | null, out: boolean }} Line out: it leaves the picture at the top */
/**
 * @typedef {object} Curves
 * @property {Line} one
 * @property {Line} other
 * @property {(iteration: number) => number} x
 * @property {(cost: number) => number} y
 * @property {(x: number) => number} iterationAt
 * @property {{ at: number, value: number }[]} costTicks
 * @property {{ at: number, value: number }[]} iterationTicks
 * @property {boolean} log
 * @property {boolean} canLog       all costs are above 0
 * @property {Apart | null} apart   of the iterations that both have, where they lie furthest apart
 * @property {"one" | "other" | null} lower at the end; null: neither
 * @property {("one" | "other")[]} diverged
 */

export const CHART = { width: 560, height: 252, left: 52, right: 98, top: 26, bottom: 26 };
/** A run that shoots up leaves the picture at this many times the highest cost of the other. */
const HEADROOM = 3;

/**
 * @param {Run} one
 * @param {Run} other
 * @param {{ log?: boolean }} [how]
 * @returns {Curves}
 */
export function curvesOf(one, other, { log: wanted = false } = {}) {
  const all = [...one.points, ...other.points];
  const finite = all.map((it) => it.cost).filter(Number.isFinite);
  const canLog = finite.length > 0 && finite.every((cost) => cost > 0);
  const log = wanted && canLog;
  const iterations = all.map((it) => it.iteration);
  const first = Math.min(...iterations);
  const last = Math.max(...iterations, first + 1);
  const [low, high] = rangeOf(one, other, finite, log);
  const costs = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  const costRange = /** @type {import("../base/axis.js").Range} */ (costs);
  /** @type {import("../base/axis.js").Range} */
  const across = [CHART.left, CHART.width - CHART.right];
  const x = linear([first, last], across);
  const y = (log ? logarithmic : linear)(costRange, [CHART.height - CHART.bottom, CHART.top]);
  const numbers = (log ? logTicks : ticks)(costRange);
  return {
    one: lineOf(one.points, x, y),
    other: lineOf(other.points, x, y),
    x,
    y,
    iterationAt: linear(across, [first, last]),
    costTicks: numbers.map((value) => ({ value, at: round(y(value)) })),
    iterationTicks: ticks([first, last])
      .filter(Number.isInteger)
      .map((value) => ({ value, at: round(x(value)) })),
    log,
    canLog,
    apart: apartOf(one.points, other.points),
    lower: lowerOf(one, other),
    diverged: /** @type {const} */ (["one", "other"]).filter(
      (name) => (name === "one" ? one : other).status === "diverged",
    ),
  };
}

/**
 * What the picture shows of the costs. One run may leave it, so that the other stays readable.
 * @param {Run} one
 * @param {Run} other
 * @param {number[]} finite
 * @param {boolean} log
 * @returns {[number, number]}
 */
function rangeOf(one, other, finite, log) {
  if (finite.length === 0) return [log ? 0.1 : 0, 1];
  const tops = [one, other].map((run) => highest(run.points)).filter(Number.isFinite);
  const most = Math.max(...tops);
  const cap = Math.min(...tops) * (log ? HEADROOM ** 6 : HEADROOM);
  const high = cap > 0 ? Math.min(most, cap) : most;
  if (!log) return [0, high > 0 ? high * 1.04 : 1];
  const low = Math.min(...finite);
  return low < high ? [low, high] : [low / 2, low * 2];
}

/** @param {Point[]} points */
function highest(points) {
  return Math.max(...points.map((it) => it.cost).filter(Number.isFinite));
}

/**
 * @param {Point[]} points
 * @param {(iteration: number) => number} x
 * @param {(cost: number) => number} y
 * @returns {Line}
 */
function lineOf(points, x, y) {
  let d = "";
  /** @type {Line["end"]} */
  let end = null;
  let out = false;
  for (const { iteration, cost } of points) {
    out = !Number.isFinite(cost) || y(cost) < CHART.top - 1;
    const height = Number.isFinite(cost) ? y(cost) : CHART.top - 40;
    const at = { x: round(x(iteration)), y: round(Math.max(height, CHART.top - 40)) };
    d += `${end ? "L" : "M"}${at.x} ${at.y}`;
    end = at;
  }
  return { d, end, out };
}

/**
 * The costs at each iteration that both runs have.
 * @param {Point[]} one
 * @param {Point[]} other
 * @returns {Apart[]}
 */
export function sharedOf(one, other) {
  const theirs = new Map(other.map((it) => [it.iteration, it.cost]));
  return one.flatMap(({ iteration, cost }) => {
    const there = theirs.get(iteration);
    return there === undefined ? [] : [{ iteration, one: cost, other: there }];
  });
}

/**
 * @param {Point[]} one
 * @param {Point[]} other
 * @returns {Apart | null}
 */
function apartOf(one, other) {
  /** @type {Apart | null} */
  let most = null;
  let gap = 0;
  for (const it of sharedOf(one, other)) {
    const here = Math.abs(it.one - it.other);
    if (!(Number.isFinite(here) && here > gap)) continue;
    most = it;
    gap = here;
  }
  return most;
}

/**
 * A run that has diverged is not the lower one, whatever its last cost.
 * @param {Run} one
 * @param {Run} other
 */
function lowerOf(one, other) {
  const [here, there] = [one, other].map(({ points, status }) =>
    status === "diverged" ? Infinity : (points[points.length - 1]?.cost ?? Infinity),
  );
  if (here < there) return "one";
  return there < here ? "other" : null;
}
