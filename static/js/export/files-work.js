/**
 * What is shown, as files.
 */

import { save } from "../base/download-dom.js";
import { savePicture } from "../base/picture-dom.js";
import * as api from "../server/api.js";
import { addressOf, write } from "../state/address-text.js";
import { fileOf } from "../state/packed-experiment.js";
import { runOf } from "../state/packed-run.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */

const JSON_TYPE = "application/json";

/** @type {Record<Exclude<import("./export-view.js").Download, "text">, (state: State, iteration: Iteration, name: string) => Promise<void> | void>} */
export const FILES = {
  experiment: (state, { experiment }, name) => {
    const run = runOf(state.history, experiment);
    save(`${name}.json`, fileOf(experiment, write(addressOf(state)), run), JSON_TYPE);
  },
  trace: async (_state, { experiment }, name) =>
    save(`${name}-trace.json`, JSON.stringify(await api.ask("/trace", experiment)), JSON_TYPE),
  history: ({ history }, { experiment }, name) => {
    const points = history.map(({ iteration, cost }) => ({ iteration, cost: spelled(cost) }));
    const document = { title: experiment.title ?? null, points };
    save(`${name}-history.json`, `${JSON.stringify(document)}\n`, JSON_TYPE);
  },
  costs: ({ history }, _iteration, name) => {
    const lines = history.map(({ iteration, cost }) => `${iteration},${cost}`);
    save(`${name}-history.csv`, `${["iteration,cost", ...lines].join("\n")}\n`, "text/csv");
  },
  svg: (_state, _iteration, name) => savePicture("svg", name),
  png: (_state, _iteration, name) => savePicture("png", name),
};

/** @param {number} cost JSON has no NaN */
function spelled(cost) {
  return Number.isFinite(cost) ? cost : String(cost);
}
