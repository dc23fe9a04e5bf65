/**
 * A model that others trained (ONNX), opened as an experiment: the server reads it.
 */

import * as api from "../server/api.js";
import { toldOf } from "./model-told.js";

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
    isEither: model.fits_both_ways,
  };
}
