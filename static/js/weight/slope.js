/**
 * The picture of the cost as a function of one weight: where everything stands, and what there is to say of it.
 */

import { linear, linePath } from "../base/axis.js";
import { MINUS, short } from "../base/format.js";

/**
 * What is drawn: the server's answer about a weight, or one of the lecture's sums.
 * @typedef {object} Curve
 * @property {number} weight
 * @property {number} cost
 * @property {number} slope
 * @property {number[]} weights
 * @property {number[]} costs
 * @property {number} rate       the learning rate α
 * @property {number} next       the weight after the step
 * @property {number} nextCost
 * @property {{ weight: number, cost: number }[]} descent further steps on this weight alone, from the present point on
 * @property {string} [output]   what is a function of the weight, where that is not called C
 * @property {string} [fixed]    why no step moves it: "a constant"
 */
/**
 * @typedef {object} Frame
 * @property {(weight: number) => number} x
 * @property {(cost: number) => number} y
 * @property {(x: number) => number} weightAt
 * @property {[number, number]} weights the range that is shown
 * @property {[number, number]} costs
 */

export const PLOT = { width: 520, height: 236, left: 64, right: 14, top: 12, bottom: 34 };
const HEADROOM = 0.12;

/** How far a curve is shown to either side of its middle, from most to least. */
export const SPANS = [16, 8, 4, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02];
/** Of the picture's half width, what a point keeps from its side to be in view. */
const INNER = 0.97;

/**
 * @typedef {object} Range what of a curve is shown
 * @property {number} center
 * @property {number} span
 */
/**
 * The range with the point in view, and where a step lands, if that can be had: as it is where it holds them; else wider;
 * else around the point. One that would be wider than all is left out.
 * @param {Range} range
 * @param {number} weight
 * @param {number} next
 * @returns {Range}
 */
export function following(range, weight, next) {
  if (!Number.isFinite(weight)) return range;
  const widths = [range.span, ...SPANS.filter((it) => it > range.span).toReversed()];
  /** @param {number} center @param {number} at */
  const fitting = (center, at) => widths.find((it) => Math.abs(at - center) <= it * INNER);
  const here = fitting(range.center, weight);
  const center = here === undefined ? weight : range.center;
  const span = Math.max(here ?? range.span, fitting(center, next) ?? 0);
  return { center, span };
}

/**
 * The frame of a curve; null where there is nothing to draw: no number, or weights that are one and the same for a double.
 * @param {Pick<Curve, "weight" | "weights" | "costs" | "cost">} curve
 * @returns {Frame | null}
 */
export function frameOf({ weight, weights, costs, cost }) {
  const [first, last] = [weights[0], weights[weights.length - 1]];
  if (![weight, first, last].every(Number.isFinite) || first >= last) return null;
  const shown = weight >= first && weight <= last ? [...costs, cost] : costs;
  const finite = shown.filter(Number.isFinite);
  const [low, high] = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
  const room = (high - low || Math.abs(high) || 1) * HEADROOM;
  const range = /** @type {[number, number]} */ ([low - room, high + room]);
  /** @type {import("../base/axis.js").Range} */
  const across = [PLOT.left, PLOT.width - PLOT.right];
  return {
    x: linear([first, last], across),
    y: linear(range, [PLOT.height - PLOT.bottom, PLOT.top]),
    weightAt: linear(across, [first, last]),
    weights: [first, last],
    costs: range,
  };
}

/**
 * The curve as path data; where the cost is not finite there is a gap.
 * @param {Curve} curve
 * @param {Frame} frame
 */
export function curvePath({ weights, costs }, frame) {
  return linePath(weights.map((weight, at) => [frame.x(weight), frame.y(costs[at])]));
}

/**
 * What leaves the picture at its left or right side, with its number; null for what is in it.
 * @param {number} weight
 * @param {Frame} frame
 * @returns {{ side: "left" | "right", text: string } | null}
 */
export function beyond(weight, { weights: [low, high] }) {
  if (weight < low) return { side: "left", text: `← ${short(weight)}` };
  return weight > high ? { side: "right", text: `${short(weight)} →` } : null;
}

/**
 * Which way the curve goes, and so the step.
 * @param {Curve} curve
 * @param {string} name
 */
export function direction({ slope, rate, next, weight, output = "C", fixed }, name) {
  if (!Number.isFinite(slope)) return "The run has diverged: there is no slope any more.";
  const rises =
    slope === 0
      ? `The slope is 0: ${output} is flat here`
      : slope > 0
        ? `The slope is positive: ${output} rises with ${name}`
        : `The slope is negative: ${output} is falling`;
  if (fixed) return `${rises}. No step moves ${name}: it is ${fixed}.`;
  if (slope === 0 && next === weight) return `${rises}, and ${name} stays where it is.`;
  const side = next < weight ? "left" : "right";
  if (!isByRate(weight, rate, slope, next)) {
    const isAgainst = (next - weight) * slope < 0;
    return `${rises}${isAgainst ? ", so" : "; yet"} the step goes ${side}, as long as the optimizer's rule makes it: from ${short(weight)} to ${short(next)}.`;
  }
  const goes = `${rises}, so the step goes ${slope > 0 ? "left" : "right"}.`;
  return rate === 0
    ? `${goes} With α = 0 it has no length.`
    : `${goes} ${sum(weight, rate, slope, next)}`;
}

/**
 * Whether a step is α times the slope, as that of plain descent; other optimizers go by what they remember too.
 * @param {number} weight
 * @param {number} rate
 * @param {number} slope
 * @param {number} next
 */
function isByRate(weight, rate, slope, next) {
  const step = rate * slope;
  const size = Math.max(Math.abs(weight), Math.abs(step), Math.abs(next));
  return Math.abs(weight - step - next) <= 1e-12 * size;
}

/**
 * The lecture's sum: 2 − 0.05 · 3 = 1.85.
 * @param {number} weight
 * @param {number} rate
 * @param {number} slope
 * @param {number} next
 */
export function sum(weight, rate, slope, next) {
  const steep = slope < 0 ? `(${short(slope)})` : short(slope);
  return `${short(weight)} ${MINUS} ${short(rate)} · ${steep} = ${short(next)}`;
}

const CLOSE = 0.05;

/**
 * What the slope predicts of the step, what comes of it, and why they differ.
 * @param {Curve} curve
 */
export function outcome({ slope, weight, next, cost, nextCost, output = "C", fixed }) {
  if (!Number.isFinite(slope) || !Number.isFinite(cost) || fixed) return "";
  const [predicted, actual] = [slope * (next - weight), nextCost - cost];
  const words = `The slope predicts Δ${output} = ${short(predicted)}; it will be ${short(actual)}.`;
  if (predicted === 0) return words;
  if (!Number.isFinite(actual)) return `${words} The step leaves the range of numbers.`;
  if (predicted > 0)
    return `${words} The step goes up this slope: the optimizer goes by more than it.`;
  if (actual > 0)
    return `${words} The step overshoots: it is so long that ${output} rises. Take a smaller α.`;
  if (Math.abs(actual - predicted) <= CLOSE * Math.abs(predicted))
    return `${words} They agree to ${short(Math.abs(actual - predicted))}: along so short a step the curve is nearly its tangent.`;
  return `${words} They differ, because the curve bends away from its tangent along the step.`;
}

/**
 * What further steps on this weight alone come to.
 * @param {Curve} curve
 */
export function journey({ descent, output = "C" }) {
  if (descent.length < 2) return "";
  const steps = descent.length - 1;
  const [first, last] = [descent[0], descent[steps]];
  const moves = descent.slice(1).map((it, i) => it.weight - descent[i].weight);
  const turns = moves.slice(1).filter((it, i) => it * moves[i] < 0).length;
  const words = `${steps} steps of this weight alone: ${output} goes from ${short(first.cost)} to ${short(last.cost)}`;
  const grows = Math.abs(moves[steps - 1]) > Math.abs(moves[0]);
  if (last.cost > first.cost && turns > 0 && grows)
    return `${words}, each step longer than the one before: it diverges.`;
  if (last.cost > first.cost) return `${words}: they end higher than they began. α is too large.`;
  if (turns > steps / 2) return `${words}, from one side of the valley to the other and back.`;
  return `${words}.`;
}
