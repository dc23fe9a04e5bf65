/**
 * How a run came to where it is, for a link or a file beside its experiment: the costs along the way, and the experiments
 * that cannot be trained to anew, its first and those that were edited.
 */

import { parameterCount, withDataOf } from "../trace/trace.js";
import {
  isExperiment,
  MOST_LINK,
  PackingError,
  pack,
  unpackDocument,
} from "./packed-experiment.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./history.js").Past} Past */
/**
 * Costs that JSON has no word for are null; an experiment without data has that of the one it led to.
 * @typedef {object} Run
 * @property {[number, number | null][]} points iteration and cost
 * @property {Partial<Experiment>[]} experiments
 * @property {number[]} edited  the iterations of those that were
 */

/** Points of a curve in a link: as many as one sees. */
const MOST_POINTS = 64;
const MOST_READ = 2000;
const DIGITS = 6;
/** More numbers than these do not fit into a link. */
const MOST_NUMBERS = 800;

/**
 * @param {readonly Past[]} history
 * @param {Experiment} experiment that is open
 * @param {{ most: number, withExperiments: boolean }} [how]
 * @returns {Run}
 */
export function runOf(history, experiment, how = { most: MOST_READ, withExperiments: true }) {
  const { most, withExperiments } = how;
  const every = Math.max(1, Math.ceil((history.length - 1) / most));
  const shown = history.filter((_, at) => at % every === 0 || at === history.length - 1);
  const kept = withExperiments ? history.filter(isNeeded) : [];
  return {
    points: shown.map(({ iteration, cost }) => [iteration, spelled(cost)]),
    experiments: kept.flatMap((it) =>
      it.experiment && it.experiment !== experiment ? [without(it.experiment, experiment)] : [],
    ),
    edited: kept.filter((it) => it.edited).map((it) => it.iteration),
  };
}

/**
 * The run as text for a link: with less of it where all is too much; empty where there is nothing to tell, or no room.
 * @param {readonly Past[]} history
 * @param {Experiment} experiment
 * @param {number} room how many characters
 */
export async function packRun(history, experiment, room = MOST_LINK) {
  if (history.length < 2) return "";
  const kept = history.filter(isNeeded).length;
  for (const withExperiments of [true, false]) {
    if (withExperiments && kept * parameterCount(experiment) > MOST_NUMBERS) continue;
    const text = await pack(runOf(history, experiment, { most: MOST_POINTS, withExperiments }));
    if (text.length <= room) return text;
  }
  return "";
}

/**
 * @param {string} text of `packRun`
 * @param {Experiment} experiment that came with it
 * @returns {Promise<Past[]>} none where it cannot be read: the experiment is there without it
 */
export async function unpackRun(text, experiment) {
  try {
    return text ? historyFrom(await unpackDocument(text), experiment) : [];
  } catch (error) {
    if (error instanceof PackingError) return [];
    throw error;
  }
}

/**
 * @param {any} run as somebody else may have made it
 * @param {Experiment} experiment
 * @returns {Past[]}
 */
export function historyFrom(run, experiment) {
  const lists = [run?.points, run?.experiments, run?.edited];
  if (!lists.every((it) => Array.isArray(it) && it.length <= MOST_READ)) return [];
  if (!run.points.every(isPoint)) return [];
  const kept = run.experiments.map((/** @type {any} */ it) =>
    it?.data ? it : withDataOf(experiment, it),
  );
  if (!kept.every((/** @type {unknown} */ it) => isExperiment(it) && isWhole(it))) return [];
  /** @type {Map<number, Experiment>} */
  const byIteration = new Map(kept.map((/** @type {Experiment} */ it) => [it.iteration ?? 0, it]));
  byIteration.set(experiment.iteration ?? 0, experiment);
  /** @type {Map<number, Past>} */
  const all = new Map();
  for (const [iteration, cost] of run.points) {
    const it = { iteration, cost: cost ?? Number.NaN };
    const edited = run.edited.includes(iteration) ? { edited: true } : {};
    all.set(iteration, { ...it, experiment: byIteration.get(iteration) ?? null, ...edited });
  }
  return [...all.values()].toSorted((a, b) => a.iteration - b.iteration);
}

/**
 * The first of all, and what was edited.
 * @param {Past} past
 * @param {number} at
 */
function isNeeded({ experiment, edited }, at) {
  return experiment !== null && (at === 0 || edited === true);
}

/**
 * @param {Experiment} past
 * @param {Experiment} experiment
 * @returns {Partial<Experiment>}
 */
function without(past, experiment) {
  const { data, ...rest } = past;
  return data === experiment.data ? rest : past;
}

/** @param {number} cost */
function spelled(cost) {
  return Number.isFinite(cost) ? Number(cost.toPrecision(DIGITS)) : null;
}

/** @param {unknown} it */
function isPoint(it) {
  if (!Array.isArray(it) || it.length !== 2) return false;
  const [iteration, cost] = it;
  return (
    Number.isSafeInteger(iteration) && iteration >= 0 && (cost === null || Number.isFinite(cost))
  );
}

/** @param {Experiment} experiment whose outline is right */
function isWhole({ network, iteration = 0 }) {
  if (!network) return Number.isSafeInteger(iteration);
  const { layers } = network;
  const isLayer = (/** @type {any} */ it) =>
    Array.isArray(it?.weights) && Array.isArray(it.weights[0]);
  return layers.length > 0 && layers.every(isLayer) && Number.isSafeInteger(iteration);
}
