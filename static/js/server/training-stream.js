/**
 * The server's training, as a function: many iterations in one answer, a line at a time.
 */

import { ApiError, CUT_OFF, parsed, send } from "./api.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {{ costs: { iteration: number, cost: number }[], status: "ok" | "diverged", experiment: Experiment }} Trained */

/**
 * Many iterations: each line as it comes, and where they end.
 * @param {Experiment} experiment
 * @param {{ steps: number, every: number }} asked
 * @param {AbortSignal} [signal]
 * @returns {Promise<Trained>}
 */
export async function train(experiment, { steps, every }, signal) {
  const text = await send(`/train?steps=${steps}&every=${every}`, experiment, signal);
  const costs = text.trim().split("\n").map(parsed);
  const last = costs.pop();
  if (!last?.experiment) throw new ApiError(CUT_OFF, 1);
  return {
    costs: costs.map(({ iteration, cost }) => ({ iteration, cost: Number(cost) })),
    status: last.status,
    // The data does not change in training; one copy is enough for a whole run.
    experiment: experiment.data ? { ...last.experiment, data: experiment.data } : last.experiment,
  };
}
