/**
 * Looks for the iteration at which two runs part whose first iterations are the same.
 */

import { isLayered } from "../trace/trace.js";
import { parting } from "./first-difference.js";

/** @typedef {import("./compare-setting.js").Trained} Trained */
/** @typedef {import("./work.js").Questions} Questions */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */

/** Iterations that are looked at one by one; beyond, it is searched for by halves. */
const ONE_BY_ONE = 4;

/**
 * @param {Iteration[]} firsts
 * @param {Trained[]} runs
 * @param {Questions} questions
 * @returns {Promise<import("./compare-setting.js").Result["parted"]>} null where they never part, or that was stopped
 */
export async function searchedParting(firsts, runs, questions) {
  const { signal, iterationOf } = questions;
  try {
    if (signal.aborted) return null;
    const last = Math.min(...runs.map((it) => it.end.iteration ?? 0));
    let both = firsts;
    while (both[0].number < Math.min(last, firsts[0].number + ONE_BY_ONE)) {
      both = await Promise.all(both.map((it) => iterationOf(it.next)));
      const found = partedAt(both);
      if (found) return found;
    }
    if (both[0].number >= last || same(runs.map((it) => it.end))) return null;
    const before = await lastSame(
      both.map((it) => it.experiment),
      last - both[0].number,
      questions,
    );
    return partedAt(await Promise.all(before.map(iterationOf)));
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** @param {Iteration[]} both */
function partedAt(both) {
  const found = parting(both[0], both[1]);
  return found && { iteration: both[0].number, parting: found };
}

/**
 * The last iteration at which both have the same weights, by halves.
 * @param {Experiment[]} from where they have
 * @param {number} steps after which they have not
 * @param {Questions} questions
 */
async function lastSame(from, steps, { train }) {
  let before = from;
  let left = steps;
  while (left > 1) {
    const half = Math.floor(left / 2);
    const wanted = { steps: half, every: half };
    const there = await Promise.all(before.map(async (it) => (await train(it, wanted)).experiment));
    if (same(there)) before = there;
    left = same(there) ? left - half : half;
  }
  return before;
}

/** @param {Experiment[]} both whether they have the same parameters */
function same([one, other]) {
  const numbers = (/** @type {Experiment} */ it) =>
    JSON.stringify(
      isLayered(it)
        ? it.network.layers.map(({ weights, bias }) => [weights, bias])
        : it.formulas?.parameters,
    );
  return numbers(one) === numbers(other);
}
