/**
 * Takes what is shown away: as text to copy, or as a file.
 */

import { save } from "../base/download-dom.js";
import * as api from "../server/api.js";
import { questionOf, weightOf } from "../state/panels.js";
import { nameOf } from "../trace/entries.js";
import { FILES } from "./files-work.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./export-view.js").Taken} Taken */
/** @typedef {import("./export-view.js").Format} Format */
/** @typedef {import("./export-view.js").Download} Download */

const NO_COPY = "The browser does not let the page copy. Select the text and copy it by hand.";
/** @type {Record<Format, [string, string]>} name and type of the file that a text becomes */
const TEXTS = {
  curl: ["step.sh", "text/x-shellscript"],
  numpy: ["step_numpy.py", "text/x-python"],
  pytorch: ["step_pytorch.py", "text/x-python"],
  latex: ["solution.tex", "application/x-tex"],
};

export class Takeaway {
  #asking;
  #texts = new api.Latest();

  /** @param {import("../app/asking.js").Asking} asking */
  constructor(asking) {
    this.#asking = asking;
  }

  open() {
    this.#asking.set({ dialog: { open: "take", taken: opening(this.#asking.read()) } });
    this.#make();
  }

  /** @param {{ format?: Format, path?: string }} change */
  choose(change) {
    this.#tell(change);
    this.#make();
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.#taken?.text ?? "");
      this.#tell({ done: "Copied", error: "" });
    } catch {
      this.#tell({ error: NO_COPY });
    }
  }

  /** @param {Download} what */
  async save(what) {
    const state = this.#asking.read();
    const taken = this.#taken;
    if (!state.iteration || !taken) return;
    const name = `backprop-${state.example || "experiment"}-${state.iteration.number}`;
    try {
      if (what === "text") save(TEXTS[taken.format][0], taken.text, TEXTS[taken.format][1]);
      else await FILES[what](state, state.iteration, name);
      this.#tell({ done: "Saved", error: "" });
    } catch (error) {
      this.#tell({ error: api.messageOf(error) });
    }
  }

  get #taken() {
    return this.#asking.read().dialog?.taken;
  }

  /** @param {Partial<Taken>} change where the dialog is open still */
  #tell(change) {
    const taken = this.#taken;
    if (taken) this.#asking.set({ dialog: { open: "take", taken: { ...taken, ...change } } });
  }

  async #make() {
    const { iteration } = this.#asking.read();
    const taken = this.#taken;
    if (!taken || !iteration) return;
    const { format, path } = taken;
    const newer = this.#texts.begin();
    this.#tell({ text: "", error: "", done: "", remark: remarkOf(format, path) });
    const said = await api
      .send(exportPath(format, path), iteration.experiment, newer)
      .then((text) => ({ text }))
      .catch((error) => ({ error: api.messageOf(error) }));
    if (!newer.aborted) this.#tell(said);
  }
}

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
  const name = state.iteration && weight && nameOf(state.iteration, weight);
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
