/**
 * A model that others trained (ONNX), opened as an experiment: the server reads it.
 */

import * as api from "../server/api.js";

/** @typedef {import("../server/wire.js").components["schemas"]["ModelAnswer"]} Model */
/** @typedef {"in_out" | "out_in"} Way  weights with a row for each input (x · W), or for each output (W · x) */
/** @typedef {{ experiment: import("../trace/trace.js").Experiment, told: string, isEither: boolean }} Opened told: what to tell of it;
 *   isEither: weights whose sizes chain both ways, so that names said which */

/**
 * @param {Blob} file
 * @param {AbortSignal} [signal]
 * @param {Way | null} [way] of weights alone; null: it is found
 * @returns {Promise<Opened>}
 * @throws {api.ApiError}
 */
export async function readModel(file, signal, way = null) {
  /** @type {Model} */
  const model = JSON.parse(await api.send(way ? `/model?weights=${way}` : "/model", file, signal));
  return {
    experiment: /** @type {import("../trace/trace.js").Experiment} */ (model.experiment),
    told: toldOf(model),
    isEither: way !== null || model.notes.some((it) => it.includes("weights=…")),
  };
}

/**
 * What was taken for what the file does not say, and what else was done, as sentences.
 * @param {Pick<Model, "chosen" | "notes">} model
 */
export function toldOf({ chosen, notes }) {
  const taken = chosen.map(({ name, value, why }) => `${name} ${value}: ${withoutQuery(why)}`);
  return [...taken, ...notes.map(withoutQuery)]
    .map((it) => `${it[0].toUpperCase()}${it.slice(1)}.`)
    .join(" ");
}

/** @param {string} text what of it is for those who ask the API is left out */
export function withoutQuery(text) {
  const parts = text.replaceAll(/, weights=\w+/g, "").split("; ");
  return parts.filter((part) => !part.includes("in the query")).join("; ");
}
