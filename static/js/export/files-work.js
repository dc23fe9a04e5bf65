/**
 * What is shown, as files.
 */

import { save } from "../base/download-dom.js";
import * as api from "../server/api.js";
import { addressOf, write } from "../state/address.js";
import { fileOf } from "../state/packed-experiment.js";
import { runOf } from "../state/packed-run.js";
import { pngOf, svgOf } from "./picture-dom.js";

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
  svg: async (_state, _iteration, name) =>
    save(`${name}.svg`, (await svgOf(picture())).text, "image/svg+xml"),
  png: async (_state, _iteration, name) =>
    save(`${name}.png`, await pngOf(await svgOf(picture())), "image/png"),
};

/** @param {number} cost JSON has no NaN */
function spelled(cost) {
  return Number.isFinite(cost) ? cost : String(cost);
}

function picture() {
  const found = document.querySelector(".board svg");
  if (!found)
    throw new Error("The picture is not in sight: choose Graph or Neurons, then try again.");
  return /** @type {SVGSVGElement} */ (found);
}
