/**
 * What the optimizer remembers of a parameter at a moment: before the first beat of its rule what it kept, after each
 * line the new value.
 */

import { keptBefore, letterOf } from "../trace/optimizer-rule.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../trace/trace.js").Line} Line */
/**
 * @typedef {object} Remembered
 * @property {string} name
 * @property {Matrix} value
 * @property {boolean} isNew whether this iteration has brought it up to date
 */

/**
 * @param {Iteration} iteration
 * @param {Pick<import("../time/timeline.js").Moment, "done"> & { beats: import("../time/timeline.js").Beat[] }} moment
 * @param {string} id a node's
 * @returns {Remembered[]} none of what is no parameter, or where the rule keeps nothing
 */
export function rememberedOf(iteration, { done, beats }, id) {
  const update = iteration.updates.find((it) => it.parameter === id);
  if (!update) return [];
  const past = beats.slice(0, done).filter((it) => it.kind === "line" && it.subject === id);
  const made = new Set(past.map((it) => it.line));
  return update.lines.filter(isKept).map((line) => {
    const isNew = made.has(line.name);
    return {
      name: letterOf(line),
      value: isNew ? line.value : keptBefore(iteration, update, line),
      isNew,
    };
  });
}

/**
 * A line that is made of what it was before: only that has to be kept.
 * @param {Line} line
 */
function isKept(line) {
  const [, right = ""] = line.formula.split("←");
  return right.split(/[\s()²]+/u).includes(letterOf(line));
}
