/**
 * Takes what is shown away: as text to copy, or as a file.
 */

import { save } from "../base/download-dom.js";
import { entryName } from "../base/format.js";
import * as api from "../server/api.js";
import { addressOf, write } from "../state/address.js";
import { fileOf } from "../state/packed-experiment.js";
import { questionOf, weightOf } from "../state/state.js";
import { pngOf, svgOf } from "./picture-dom.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./export-view.js").Taken} Taken */
/** @typedef {import("./export-view.js").Format} Format */
/** @typedef {import("./export-view.js").Download} Download */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {ReturnType<typeof createTakeaway>} Takeaway */

const NO_COPY = "The browser does not let the page copy. Select the text and copy it by hand.";
/** @type {Record<Format, [string, string]>} name and type of the file that a text becomes */
const FILES = {
  curl: ["step.sh", "text/x-shellscript"],
  numpy: ["step_numpy.py", "text/x-python"],
  pytorch: ["step_pytorch.py", "text/x-python"],
  latex: ["solution.tex", "application/x-tex"],
};

/**
 * @param {() => State} read
 * @param {(taken: Taken | null) => void} show the dialog; null closes it
 */
export function createTakeaway(read, show) {
  /** @type {Taken | null} */
  let taken = null;

  /** @param {Partial<Taken>} change where the dialog is open still */
  function tell(change) {
    if (!taken) return;
    taken = { ...taken, ...change };
    show(taken);
  }

  async function make() {
    const { iteration } = read();
    if (!taken || !iteration) return;
    const { format, path } = taken;
    tell({ text: "", error: "", done: "", remark: remarkOf(format, path) });
    /** @param {Partial<Taken>} change where nothing else has been chosen since */
    const tellOfThis = (change) => {
      if (taken?.format === format && taken.path === path) tell(change);
    };
    try {
      tellOfThis({ text: await api.send(exportPath(format, path), iteration.experiment) });
    } catch (error) {
      tellOfThis({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @type {Record<Exclude<Download, "text">, (state: State, iteration: Iteration, name: string) => Promise<void> | void>} */
  const files = {
    experiment: (state, { experiment }, name) =>
      save(`${name}.json`, fileOf(experiment, write(addressOf(state))), JSON_TYPE),
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
      save(`${name}.svg`, (await svgOf(graph())).text, "image/svg+xml"),
    png: async (_state, _iteration, name) =>
      save(`${name}.png`, await pngOf(await svgOf(graph())), "image/png"),
  };

  return {
    /** @param {boolean} open */
    open(open) {
      const state = read();
      taken = open ? opening(state) : null;
      show(taken);
      if (open) make();
    },
    /** @param {{ format?: Format, path?: string }} change */
    choose(change) {
      tell(change);
      make();
    },
    async copy() {
      try {
        await navigator.clipboard.writeText(taken?.text ?? "");
        tell({ done: "Copied", error: "" });
      } catch {
        tell({ error: NO_COPY });
      }
    },
    /** @param {Download} what */
    async save(what) {
      const state = read();
      if (!state.iteration || !taken) return;
      const name = `backprop-${state.example || "experiment"}-${state.iteration.number}`;
      try {
        if (what === "text") save(FILES[taken.format][0], taken.text, FILES[taken.format][1]);
        else await files[what](state, state.iteration, name);
        tell({ done: "Saved", error: "" });
      } catch (error) {
        tell({ error: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

const JSON_TYPE = "application/json";

/**
 * What is asked of the server for a text.
 * @param {Format} format
 * @param {string} path of the subject
 */
function exportPath(format, path) {
  const ofWeight = /^\/chain\?(.*)$/.exec(path);
  if (format === "curl") return `/export?as=curl&path=${encodeURIComponent(path)}`;
  return `/export?as=${format}${format === "latex" && ofWeight ? `&${ofWeight[1]}` : ""}`;
}

/** @param {number} cost JSON has no NaN */
function spelled(cost) {
  return Number.isFinite(cost) ? cost : String(cost);
}

function graph() {
  const found = document.querySelector(".board svg");
  if (!found)
    throw new Error("The picture is not in sight: choose Graph or Neurons, then try again.");
  return /** @type {SVGSVGElement} */ (found);
}

/**
 * What is in sight comes first.
 * @param {State} state
 * @returns {Taken}
 */
function opening(state) {
  const subjects = subjectsOf(state);
  const asked = questionOf(state)?.path;
  const path = subjects.find((it) => it.path === asked)?.path ?? subjects[0].path;
  return { format: "curl", subjects, path, text: "", remark: "", error: "", done: "" };
}

/** @param {State} state */
function subjectsOf(state) {
  const weight = weightOf(state);
  const name = weight && entryName(weight.id, weight.row, weight.column);
  /** @param {State["panel"]} panel */
  const asked = (panel) => questionOf({ ...state, panel })?.path ?? "";
  return [
    { path: "/step", name: "this iteration, with its update" },
    { path: "/trace", name: "this iteration's trace" },
    ...(weight ? [{ path: asked("chain"), name: `the chain rule of ${name}` }] : []),
    ...(weight ? [{ path: asked("slope"), name: `the slope of ${name}` }] : []),
    { path: asked("check"), name: "the gradient check" },
    { path: "/train?steps=1000&every=100", name: "1000 iterations of training" },
  ];
}

/**
 * @param {Format} format
 * @param {string} path
 */
function remarkOf(format, path) {
  if (format === "curl") return "Paste it into a terminal while this server runs.";
  if (format === "latex")
    return path.startsWith("/chain")
      ? "The chain rule of this weight, route by route; a whole document."
      : "The worked solution of this iteration; a whole document.";
  const needs = format === "numpy" ? "NumPy" : "PyTorch";
  return `It needs ${needs} and nothing else, and prints every value and gradient of this iteration, and every parameter after it.`;
}
