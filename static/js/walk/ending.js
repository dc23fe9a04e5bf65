/**
 * The moments of the walk's last stop, and what its bars show.
 */

/** @typedef {import("./walk.js").Walk} Walk */
/** @typedef {{ name: string, cost: number }} Bar */

/** The steps of the ending: the one that the last stop takes by itself, then so many at one press. */
export const MORE_STEPS = 100;

/**
 * The moments of the last stop, by how many steps were taken: what is said, and what the button does next.
 * @param {Walk} walk
 * @returns {readonly { steps: number, title: string, words: string, next: string }[]}
 */
export function endingOf({ stops, afterOne, afterMany }) {
  const { title, words } = stops[stops.length - 1];
  return [
    { steps: 0, title, words, next: "Take the step" },
    { steps: 1, ...afterOne, next: "A hundred more" },
    {
      steps: 2,
      title: "Again, and again",
      words: "Forward, cost, backward, update: the same beats each time, a hundred times over.",
      next: "To the end",
    },
    { steps: 1 + MORE_STEPS, ...afterMany, next: "Finish" },
  ];
}

/**
 * Which moment of the last stop it is after so many steps.
 * @param {Walk} walk
 * @param {number} steps
 */
export function endingAfter(walk, steps) {
  const moments = endingOf(walk);
  return moments.findLast((it) => it.steps <= steps) ?? moments[0];
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
