/**
 * The walks: what an example is worth looking at for, in a few stops. Each stop has a few words and sets the page to what
 * they speak of; in between, the reader may wander. To add one: a module beside these, its row here, and how many stops it
 * has in `state/address.js`.
 */

import { BEGINNINGS } from "../experiment/lecture-sums.js";
import { START, walkedExample } from "../state/address.js";
import { SLOPE_START } from "../state/state.js";
import { ATTENTION } from "./attention.js";
import { LECTURE } from "./lecture.js";
import { RECURRENT } from "./recurrent.js";

/** @typedef {import("../state/address.js").Address} Address */
/** @typedef {{ title: string, words: string }} Told */
/** @typedef {Told & { shows: Partial<Address>, note?: string, sum?: import("../state/state.js").Sum }} Stop */
/** @typedef {{ words: string, example?: string, panel?: import("../state/state.js").State["panel"] }} Onward where to go when the walk is over */
/** @typedef {{ name: string, stops: readonly Stop[], afterOne: Told, afterMany: Told, onward: Onward[], watched?: { id: string, rows: number[] } }} Walk watched: the rows that the end speaks of; afterOne, afterMany: what is said at the last stop after its step, and after a hundred more */

/** By the example that each goes through. @type {Readonly<Record<string, Walk>>} */
export const WALKS = { lecture: LECTURE, attention: ATTENTION, recurrent: RECURRENT };

/**
 * The walk that belongs to an example; the lecture's, where it has none.
 * @param {string} example
 */
export function walkOf(example) {
  return WALKS[walkedExample(example)];
}

/**
 * What a stop sets the page to: the example at its start, and what the stop speaks of.
 * @param {string} example
 * @param {number} index
 * @returns {Address}
 */
export function addressOfStop(example, index) {
  const stop = walkOf(example).stops[index];
  const slope = slopeOf(stop);
  return { ...START, example: walkedExample(example), ...stop.shows, slope, stop: index };
}

/**
 * How a stop sets the slope card: to a lecture's sum, where it speaks of one.
 * @param {Stop} stop
 * @returns {import("../state/state.js").SlopeSetting}
 */
function slopeOf(stop) {
  const sum = stop.sum ?? null;
  return { ...SLOPE_START, sum, weight: sum ? BEGINNINGS[sum] : SLOPE_START.weight };
}
