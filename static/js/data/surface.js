/**
 * What the network says all over its inputs: the grid that is asked about, the experiment that asks, the answer read.
 * For two inputs it is drawn as a surface, for one as a curve.
 */

import { linear } from "../base/axis.js";
import { classAt } from "../trace/scores.js";
import { saidOf } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../trace/trace.js").TraceAnswer} TraceAnswer */
/** @typedef {import("../server/wire.js").components["schemas"]["Data"]} Data */
/** @typedef {{ low: number, high: number }} Range */
/**
 * @typedef {object} Grid
 * @property {Range[]} ranges  of the inputs
 * @property {number} side     points along each input
 * @property {Matrix} x        line by line, the second input from its largest value down, as a picture is read
 */
/** @typedef {{ x: number, y: number }} Point */

export const SIDE = 60;
const CURVE_POINTS = 201;
const ROOM = 0.15;
/** Numbers of a trace that are asked for to draw one picture: a third of a second, and some megabytes. */
const MOST_NUMBERS = 900_000;

/**
 * The grid over the data's inputs, with some room around; null for other than one or two inputs, and where these are too
 * far apart.
 * @param {Data} data
 * @param {Experiment} experiment whose network says how fine the grid can be
 * @param {number} finest points along each of two inputs
 * @returns {Grid | null}
 */
export function gridOf(data, experiment, finest = SIDE) {
  const inputs = data.x[0].length;
  if (inputs > 2 || tooFarApart(data) >= 0) return null;
  const ranges = data.x[0].map((_, column) => rangeOf(data, column));
  const points = Math.floor(MOST_NUMBERS / numbersPerRow(experiment));
  const most = inputs === 1 ? CURVE_POINTS : finest;
  const side = Math.max(2, Math.min(most, inputs === 1 ? points : Math.floor(Math.sqrt(points))));
  const [across, up] = ranges.map((range) => steps(range, side));
  const x = up
    ? up.toReversed().flatMap((second) => across.map((first) => [first, second]))
    : across.map((first) => [first]);
  return { ranges, side, x };
}

/**
 * The first input whose numbers are so far apart that no number can say how far, with the room around them; −1 where there
 * is none.
 * @param {Data} data
 */
export function tooFarApart(data) {
  return data.x[0].findIndex((_, column) => {
    const { low, high } = rangeOf(data, column);
    return !Number.isFinite(high - low);
  });
}

/**
 * @param {Data} data
 * @param {number} column
 * @returns {Range}
 */
function rangeOf({ x, held_back }, column) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of [...x, ...(held_back?.x ?? [])]) {
    low = Math.min(low, row[column]);
    high = Math.max(high, row[column]);
  }
  const spread = (high - low) * ROOM;
  const room = high + spread > high ? spread : Math.max(Math.abs(high), 1) * ROOM;
  return { low: low - room, high: high + room };
}

/**
 * @param {Range} range
 * @param {number} count
 */
function steps({ low, high }, count) {
  return Array.from({ length: count }, (_, at) => low + (high - low) * (at / (count - 1)));
}

/**
 * About how many numbers of a trace one row makes, as the server counts them.
 * @param {Experiment} experiment
 */
function numbersPerRow({ network }) {
  return network.layers.reduce((sum, { weights, activation }) => {
    const gives = weights[0].length;
    return sum + 4 * weights.length + 8 * gives + (activation === "softmax" ? gives * gives : 0);
  }, 0);
}

/**
 * The experiment that asks what the network says of some rows.
 * @param {Experiment} experiment
 * @param {Matrix} x
 * @param {Matrix} [y] what it should say; where nothing is asked about that, it does not matter
 * @returns {Experiment}
 */
export function asking(experiment, x, y) {
  const nothing = new Array(experiment.data.y[0].length).fill(0);
  const { network } = experiment;
  return { network, data: { x, y: y ?? x.map(() => nothing) }, iteration: 0 };
}

/**
 * Several such experiments about all rows of the data, none of them longer than the server takes.
 * @param {Experiment} experiment
 * @returns {Experiment[]}
 */
export function askingInParts(experiment) {
  const { x, y } = experiment.data;
  const rows = Math.max(1, Math.floor(MOST_NUMBERS / numbersPerRow(experiment)));
  const parts = [];
  for (let from = 0; from < x.length; from += rows)
    parts.push(asking(experiment, x.slice(from, from + rows), y.slice(from, from + rows)));
  return parts;
}

/**
 * One row, asked with every class in turn as its target: the gradient of row k is about class k. The sum over the rows keeps
 * each gradient that of its own row.
 * @param {Experiment} experiment
 * @param {number[]} x
 * @returns {Experiment}
 */
export function askingWhy(experiment, x) {
  const outputs = experiment.data.y[0].length;
  const y =
    outputs === 1
      ? [[0], [1]]
      : Array.from({ length: outputs }, (_, k) =>
          Array.from({ length: outputs }, (_, j) => (j === k ? 1 : 0)),
        );
  const network = { ...experiment.network, reduction: "sum" };
  return { network, data: { x: y.map(() => x), y }, iteration: 0 };
}

/**
 * What the network says of that row, and how C with each class as target changes with its inputs.
 * @param {TraceAnswer} answer
 * @returns {{ outputs: number[], gradients: Matrix }}
 */
export function whyOf(answer) {
  const input = answer.nodes.find((it) => it.role === "input");
  const gradients = /** @type {Matrix} */ (input?.gradient ?? []).map((row) => row.map(Number));
  return { outputs: saidOf(answer).predictions[0] ?? [], gradients };
}

/**
 * The surface as one class a point, and how sure: the distance of the first from the second, from 0 to 1.
 * @param {Matrix} said
 * @returns {{ classes: number[], sure: number[] }}
 */
export function surfaceOf(said) {
  return {
    classes: said.map(classAt),
    sure: said.map((outputs) => {
      const [first, second] =
        outputs.length === 1
          ? [Math.abs(outputs[0] - 0.5) * 2, 0]
          : outputs.toSorted((a, b) => b - a);
      return Math.min(1, Math.max(0, first - second)) || 0;
    }),
  };
}

/**
 * A row's place in a picture of a width and a height.
 * @param {Grid} grid
 * @param {number[]} row
 * @param {{ width: number, height: number }} size
 * @returns {Point}
 */
export function placeOf({ ranges: [across, up] }, row, size) {
  const { x, y } = scalesOf(across, up, size);
  return { x: x(row[0]), y: y(row[1]) };
}

/**
 * Where values stand in a picture of a width and a height.
 * @param {Range} across
 * @param {Range} up
 * @param {{ width: number, height: number }} size
 */
export function scalesOf(across, up, { width, height }) {
  return {
    x: linear([across.low, across.high], [0, width]),
    y: linear([up.low, up.high], [height, 0]),
  };
}
