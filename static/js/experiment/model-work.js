/**
 * A model that others trained (ONNX), opened as an experiment: the server reads it.
 */

import * as api from "../server/api.js";

/** @typedef {import("../server/wire.js").components["schemas"]["ModelAnswer"]} Model */
/** @typedef {{ experiment: import("../trace/trace.js").Experiment, told: string }} Opened told: what to tell of it */

/**
 * @param {Blob} file
 * @param {AbortSignal} [signal]
 * @returns {Promise<Opened>}
 * @throws {api.ApiError}
 */
export async function readModel(file, signal) {
  /** @type {Model} */
  const model = JSON.parse(await api.send("/model", file, signal));
  return {
    experiment: /** @type {import("../trace/trace.js").Experiment} */ (model.experiment),
    told: toldOf(model),
  };
}

/**
 * What was taken for what the file does not say, and what else was done, as sentences.
 * @param {Pick<Model, "chosen" | "notes">} model
 */
export function toldOf({ chosen, notes }) {
  const taken = chosen.map(({ name, value, why }) => `${name} ${value}: ${withoutQuery(why)}`);
  return [...taken, ...notes].map((it) => `${it[0].toUpperCase()}${it.slice(1)}.`).join(" ");
}

/** @param {string} why what of it is for those who ask the API is left out */
function withoutQuery(why) {
  const parts = why.split("; ");
  return parts.filter((part) => !part.includes("in the query")).join("; ");
}
