/**
 * A run of a comparison: begun, trained on, finished.
 */

import { accuracy, scoresOf } from "../trace/scores.js";
import { number, saidOf } from "../trace/trace.js";

/** @typedef {import("./compare-setting.js").Trained} Trained */
/** @typedef {import("./work.js").Questions} Questions */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */

/**
 * @param {Experiment} experiment
 * @param {import("../trace/trace.js").Iteration} first
 * @returns {Trained}
 */
export function begun(experiment, { number: iteration, cost, status }) {
  const points = [{ iteration, cost }];
  return { start: experiment, end: experiment, points, status, held: null };
}

/**
 * Both runs, on by so many iterations; null where that was stopped.
 * @param {Trained[]} runs
 * @param {{ steps: number, every: number }} wanted
 * @param {Questions} questions
 */
export async function trainedOn(runs, wanted, questions) {
  try {
    return await Promise.all(runs.map((run) => oneTrainedOn(run, wanted, questions)));
  } catch (error) {
    if (questions.signal.aborted) return null;
    throw error;
  }
}

/**
 * @param {Trained} run
 * @param {{ steps: number, every: number }} wanted
 * @param {Questions} questions
 * @returns {Promise<Trained>}
 */
async function oneTrainedOn(run, wanted, questions) {
  if (run.status === "diverged") return run;
  const { costs, status, experiment } = await questions.train(run.end, wanted);
  const last = run.points[run.points.length - 1].iteration;
  const points = [...run.points, ...costs.filter((it) => it.iteration > last)];
  return { ...run, points, status, end: experiment };
}

/**
 * With the cost at its end, and what it makes of the rows held back.
 * @param {Trained} run
 * @param {Questions} questions
 * @returns {Promise<Trained>}
 */
export async function finished(run, { trace }) {
  const { end } = run;
  const heldBack = end.data?.held_back;
  const trial = {
    ...end,
    batch_size: null,
    iteration: 0,
    dropout_seed: null,
    data: { ...heldBack },
  };
  const [last, tried] = await Promise.all([
    trace(end),
    heldBack ? trace(/** @type {Experiment} */ (trial)) : null,
  ]);
  const iteration = end.iteration ?? 0;
  const points = run.points.filter((it) => it.iteration < iteration);
  const scores = heldBack && tried ? scoresOf(saidOf(tried), heldBack.y) : null;
  return {
    ...run,
    points: [...points, { iteration, cost: number(last.cost) }],
    held: scores && tried && { cost: number(tried.cost), right: accuracy(scores) },
  };
}
