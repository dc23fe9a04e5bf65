/**
 * What a run has been through: the cost of its iterations, and here and there an experiment to go back to. Since a step
 * depends on nothing but its experiment, all between two of these can be gone through again, bit for bit; so a run of any
 * length is remembered in bounded room.
 */

import { parameterCount } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/**
 * By iteration, the earliest first. What was `edited` is not what training makes of the iteration before: it is always kept.
 * @typedef {{ iteration: number, cost: number, experiment: Experiment | null, edited?: boolean }} Past
 */

export const MOST_POINTS = 2000;
const MOST_KEPT = 64;
const LEAST_KEPT = 8;
/** Numbers in all experiments that are kept, besides their data, which they share: about 32 MB. */
const MOST_NUMBERS = 4e6;

/**
 * The history with more in it; what is known of an iteration anew takes the place of what was.
 * @param {readonly Past[]} history
 * @param {readonly Past[]} more
 * @returns {Past[]}
 */
export function remembered(history, more) {
  const last = history[history.length - 1]?.iteration ?? Number.NEGATIVE_INFINITY;
  const goesOn = more.every((it, at) => it.iteration > (more[at - 1]?.iteration ?? last));
  return thinned(goesOn ? [...history, ...more] : merged(history, more));
}

/**
 * @param {readonly Past[]} history
 * @param {readonly Past[]} more
 */
function merged(history, more) {
  const all = new Map(history.map((it) => [it.iteration, it]));
  for (const it of more) {
    const before = all.get(it.iteration);
    const experiment = it.experiment ?? before?.experiment ?? null;
    const edited = it.edited || (before?.edited && experiment === before.experiment);
    all.set(it.iteration, { ...it, experiment, ...(edited ? { edited } : {}) });
  }
  return [...all.values()].toSorted((a, b) => a.iteration - b.iteration);
}

/**
 * Within bounds: of the experiments every second is let go, then of the other points. The first and the last stay.
 * @param {Past[]} history
 * @returns {Past[]}
 */
function thinned(history) {
  const most = Math.min(MOST_KEPT, Math.max(LEAST_KEPT, MOST_NUMBERS / sizeOf(history[0])));
  const kept = history.filter((it) => it.experiment).length;
  const fewer =
    kept > most
      ? everySecond(history, (it) => it.experiment !== null && !it.edited, withoutIt)
      : history;
  return fewer.length > MOST_POINTS
    ? everySecond(
        fewer,
        (it) => it.experiment === null,
        () => [],
      )
    : fewer;
}

/** @param {Past} past */
function withoutIt(past) {
  return [{ ...past, experiment: null }];
}

/**
 * @param {Past[]} history
 * @param {(past: Past) => boolean} counts
 * @param {(past: Past) => Past[]} less what becomes of every second of those that count
 */
function everySecond(history, counts, less) {
  let count = 0;
  return history.flatMap((it, at) => {
    if (!counts(it) || at === 0 || at === history.length - 1) return [it];
    count += 1;
    return count % 2 === 1 ? less(it) : [it];
  });
}

/** @param {Past | undefined} past */
function sizeOf(past) {
  const parameters = past?.experiment ? parameterCount(past.experiment) : 0;
  return Math.max(1, past?.experiment?.optimizer_state ? 3 * parameters : parameters);
}

/**
 * The latest experiment at an iteration or before it.
 * @param {readonly Past[]} history
 * @param {number} number
 * @returns {{ iteration: number, experiment: Experiment } | null}
 */
export function keptBefore(history, number) {
  const found = history.findLast((it) => it.experiment !== null && it.iteration <= number);
  return found?.experiment ? { iteration: found.iteration, experiment: found.experiment } : null;
}
