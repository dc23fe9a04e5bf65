/**
 * The moments of the walk's last stop, and what its bars show.
 */

import { STOPS } from "./walk.js";

/** @typedef {{ name: string, cost: number }} Bar */

/** The steps of the ending: the one that the last stop takes by itself, then so many at one press. */
export const MORE_STEPS = 100;

/**
 * The moments of the last stop, by how many steps were taken: what is said, and what the button does next.
 * @type {readonly { steps: number, title: string, words: string, next: string }[]}
 */
export const ENDING = [
  { steps: 0, ...STOPS[STOPS.length - 1], next: "Take the step" },
  {
    steps: 1,
    title: "One step, and C is smaller",
    words:
      "Every weight has moved a little against its slope, and the answer is a little less wrong. One step does not make a face of a car. A hundred more?",
    next: "A hundred more",
  },
  {
    steps: 2,
    title: "Again, and again",
    words: "Forward, cost, backward, update: the same beats each time, a hundred times over.",
    next: "To the end",
  },
  {
    steps: 1 + MORE_STEPS,
    title: "What was learned",
    words:
      "Nobody told it what a face is. Each step went forward, measured how wrong the answer was, carried the slope back by the chain rule, and moved every weight a little against it. The largest networks learn the same way.",
    next: "Finish",
  },
];

/**
 * Which moment of the last stop it is after so many steps.
 * @param {number} steps
 */
export function endingAfter(steps) {
  return ENDING.findLast((it) => it.steps <= steps) ?? ENDING[0];
}

/**
 * C at first, after the one step, and now.
 * @param {readonly import("../state/history.js").Past[]} history
 * @param {import("../trace/trace.js").Iteration} iteration
 * @returns {Bar[]}
 */
export function barsOf(history, { number, cost }) {
  const costAt = (/** @type {number} */ at) => history.find((it) => it.iteration === at)?.cost;
  const marks = [0, 1].filter((it) => it < number);
  const known = [...marks.map((at) => ({ at, cost: costAt(at) })), { at: number, cost }];
  return known.flatMap(({ at, cost: c }) =>
    c !== undefined && Number.isFinite(c) ? [{ name: afterSteps(at), cost: c }] : [],
  );
}

/** @param {number} count */
function afterSteps(count) {
  if (count === 0) return "C at first";
  return count === 1 ? "after 1 step" : `after ${count} steps`;
}
