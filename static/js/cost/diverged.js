/**
 * A run that has diverged: how the numbers grew until then, and the ways back. What went beyond the doubles the server says.
 */

import { short } from "../base/format.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../state/history.js").Past} Past */
/** @typedef {{ iteration: number, name: string }} Way back to an iteration, and what is to be found there */

/**
 * How the numbers grew in this run: the cost and the largest weight, from its start to here.
 * @param {Iteration} iteration
 * @param {readonly Past[]} history
 */
export function howItGrew(iteration, history) {
  const first = history.find((it) => it.experiment);
  const past = history.filter((it) => it.iteration <= iteration.number && Number.isFinite(it.cost));
  const [start, end] = [past[0], past[past.length - 1]];
  if (!first?.experiment || first.iteration >= iteration.number)
    return steep(iteration)
      ? `Its largest slope is ${short(steep(iteration))}.`
      : "No step was taken yet: it is the weights or the data that are too large.";
  const cost =
    start && end && end.iteration > start.iteration
      ? `The cost went from ${short(start.cost)} at iteration ${start.iteration} to ${short(end.cost)} at iteration ${end.iteration}, the`
      : "The";
  const before = largest(parametersOf(first.experiment));
  const now = largest(iteration.updates.flatMap((it) => it.before));
  return `${cost} largest weight from ${short(before)} to ${short(now)}. The steps were too large: they leapt over the valley and landed higher than they began.`;
}

/**
 * The largest slope of a parameter, where every one is a number and there are steps to take; else 0.
 * @param {Iteration} iteration
 */
function steep({ updates }) {
  const size = largest(updates.flatMap((it) => it.gradient));
  return Number.isFinite(size) ? size : 0;
}

/** @param {Matrix} matrix */
function largest(matrix) {
  return matrix.flat().reduce((most, it) => Math.max(most, Math.abs(it)), 0);
}

/**
 * All numbers that are learned, whatever holds them.
 * @param {import("../trace/trace.js").AnyExperiment} experiment
 * @returns {Matrix}
 */
function parametersOf({ network, formulas }) {
  const layers = network?.layers ?? [];
  const written = Object.values(formulas?.parameters ?? {}).map((it) => [it].flat(2));
  return [
    ...layers.flatMap(({ weights, bias }) => (bias ? [...weights, bias] : weights)),
    ...written,
  ];
}

/**
 * The iterations worth going back to: where ${output} was lowest, and the last before this one that was not lost.
 * @param {Iteration} iteration
 * @param {readonly Past[]} history
 * @returns {Way[]}
 */
export function waysBack({ number, output }, history) {
  const past = history.filter((it) => it.iteration < number && Number.isFinite(it.cost));
  const last = past[past.length - 1];
  if (!last) return [];
  const lowest = past.reduce((best, it) => (it.cost < best.cost ? it : best));
  const ways = [
    {
      iteration: lowest.iteration,
      name: `Back to iteration ${lowest.iteration}, where ${output} was lowest: ${short(lowest.cost)}`,
    },
    {
      iteration: last.iteration,
      name: `Back to iteration ${last.iteration}, the last before this`,
    },
  ];
  return lowest === last ? ways.slice(0, 1) : ways;
}

/**
 * Half the learning rate; null where steps are not to blame, for none was taken or can be.
 * @param {Iteration} iteration
 * @param {readonly Past[]} history
 */
export function halfRate(iteration, history) {
  // That which the run began with: by a schedule it is less by now.
  const rate = iteration.next.optimizer?.learning_rate;
  const first = history[0]?.iteration ?? iteration.number;
  if (rate == null || rate === 0) return null;
  return first < iteration.number || steep(iteration) > 0 ? rate / 2 : null;
}
