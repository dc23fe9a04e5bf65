/**
 * What is loaded only when the state calls for it: the panels of `state/panels.js`, each with its style sheet and what acts
 * for it, and the parts of the page that most readers need late or never. A row is such a part.
 */

import { panelOf } from "../state/panels.js";
import { isLayered, isPlane } from "../trace/trace.js";
import { portsFor } from "./works.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {{ createWork: (ports: import("./works.js").Ports) => import("../state/panels.js").Work }} WorkModule */
/** @typedef {{ [Name in keyof typeof PARTS]?: Awaited<ReturnType<(typeof PARTS)[Name]["load"]>> }} Parts what is there by now */

/**
 * So that `load`'s module is known by name.
 * @template Module
 * @param {(state: State, folded: boolean) => unknown} when folded: layers are drawn as one card
 * @param {() => Promise<Module>} load
 * @param {string[]} sheets of its own, besides what all have
 */
const part = (when, load, ...sheets) => ({ when, load, sheets });

/** What a network's data have; formulas have no answer to try. */
const dataOf = (/** @type {State} */ { iteration }) =>
  iteration && isLayered(iteration.experiment) ? iteration.experiment.data : null;
const heldBack = (/** @type {State} */ state) => dataOf(state)?.held_back;
const isPictures = (/** @type {State} */ state) => dataOf(state)?.image_shape;
const isPointed = (/** @type {State} */ { selection, pointed }) =>
  selection?.includes("[") || pointed.length > 0;

const PARTS = {
  callout: part(
    ({ iteration }) => iteration,
    () => import("../inspect/callout-view.js"),
    "callout",
    "formula",
  ),
  placing: part(
    ({ iteration }) => iteration,
    () => import("../inspect/callout-dom.js"),
  ),
  zeros: part(
    ({ iteration }) => iteration && hasZero(iteration),
    () => import("../trace/why-zero.js"),
  ),
  lines: part(
    ({ iteration }) => iteration?.experiment.formulas,
    async () => ({
      ...(await import("../formulas/lines-view.js")),
      ...(await import("../formulas/follow-line-dom.js")),
    }),
    "formulas",
    "cost",
  ),
  did: part(
    ({ undo, redo, desks }) => undo.length + redo.length > 0 || desks.formulas,
    () => import("./did-view.js"),
  ),
  focus: part(
    ({ editing }) => editing,
    () => import("../graph/editor-focus-dom.js"),
  ),
  editor: part(
    ({ editing, panel }) => editing || panel === "inspect",
    () => import("../graph/number-editor-view.js"),
    "graph",
  ),
  changes: part(
    ({ origin }) => origin,
    () => import("../experiment/changes.js"),
    "cost",
  ),
  walk: part(
    ({ stop, asksWalk }) => stop !== null || asksWalk,
    () => import("../walk/walk-view.js"),
    "walk",
    "formula",
  ),
  highlights: part(isPointed, () => import("../state/highlights.js"), "graph"),
  fold: part(
    (_state, folded) => folded,
    () => import("../graph/fold-view.js"),
    "graph",
  ),
  threads: part(
    ({ panel }) => panel === "chain",
    () => import("../graph/threads-view.js"),
    "routes",
  ),
  neurons: part(
    ({ view }) => view === "neurons" || view === "both",
    () => import("../neurons/neurons-view.js"),
    "neurons",
  ),
  table: part(
    ({ view }) => view === "table",
    () => import("../inspect/table-view.js"),
    "inspect",
    "formula",
  ),
  diverged: part(
    ({ iteration }) => iteration?.status === "diverged",
    () => import("../cost/diverged-view.js"),
    "cost",
  ),
  equations: part(
    ({ t }) => t > 0,
    () => import("../formula/equations-view.js"),
    "formula",
    "graph",
  ),
  warnings: part(
    ({ iteration }) => iteration?.warnings.length,
    () => import("../cost/warnings-view.js"),
    "cost",
  ),
  curve: part(
    ({ history }) => history.length > 0,
    () => import("../cost/curve-view.js"),
    "cost",
    "graph",
  ),
  drawings: part(
    (state) => heldBack(state) && isPictures(state),
    () => import("../cost/held-back-drawings-view.js"),
    "cost",
  ),
  heldBack: part(
    (state) => heldBack(state) && !isPictures(state),
    () => import("../cost/held-back-view.js"),
    "cost",
  ),
  surface: part(
    ({ iteration }) => iteration && isPlane(iteration.experiment),
    async () => ({
      ...(await import("../data/surface-view.js")),
      ...(await import("../data/ask-work.js")),
    }),
    "data",
    "cost",
  ),
  hall: part(
    ({ presenting }) => presenting,
    () => import("../hall/hall-view.js"),
    "hall",
  ),
  menu: part(
    ({ dialog }) => dialog?.open === "menu",
    () => import("../menu/menu-view.js"),
    "menu",
  ),
  help: part(
    ({ dialog }) => dialog?.open === "help",
    () => import("./help-view.js"),
    "help",
  ),
  take: part(
    ({ dialog }) => dialog?.taken,
    () => import("../export/export-view.js"),
    "export",
  ),
  share: part(
    ({ dialog }) => dialog?.shared,
    () => import("../share/share-view.js"),
    "share",
  ),
};

/** The style sheet that all have which are loaded late. */
const OF_ALL = "panels";

export class LateParts {
  #asking;
  #moving;
  #changed;
  /** @type {Set<string>} */
  #asked = new Set();
  /** @type {Map<string, Promise<void>>} */
  #sheets = new Map();
  /** @type {Parts} */
  parts = {};
  /** The module of each panel that is loaded. @type {Record<string, {}>} */
  panels = {};
  /** What acts for each panel that changes the experiment, and for a part that asks. @type {Record<string, import("../state/panels.js").Work>} */
  works = {};

  /**
   * @param {import("./asking.js").Asking} asking
   * @param {import("./moving.js").Moving} moving
   * @param {() => void} changed something is there that was not
   */
  constructor(asking, moving, changed) {
    this.#asking = asking;
    this.#moving = moving;
    this.#changed = changed;
  }

  /**
   * Loads what the state calls for, once each.
   * @param {State} state
   * @param {boolean} folded whether layers are drawn as one card
   */
  load(state, folded) {
    /** @type {[string, { when: (state: State, folded: boolean) => unknown, load: () => Promise<unknown>, sheets: string[] }][]} */
    const rows = Object.entries(PARTS);
    for (const [name, { when, load, sheets }] of rows)
      if (when(state, folded))
        this.#once(name, sheets, load, (module) => {
          Object.assign(this.parts, { [name]: module });
          this.#makeWork(name, module);
        });
    const panel = panelOf(state.panel);
    const { id, sheets } = panel;
    const load = () => Promise.all([panel.load(), panel.work?.()]);
    this.#once(`panel ${id}`, sheets, load, ([module, work]) => {
      this.#makeWork(id, work);
      this.panels[id] = module;
    });
    for (const work of Object.values(this.works)) work.refresh();
  }

  /**
   * @param {string} id
   * @param {unknown} module with what acts for that part, where it has such
   */
  #makeWork(id, module) {
    const { createWork } = /** @type {Partial<WorkModule>} */ (module ?? {});
    if (createWork) this.works[id] = createWork(portsFor(id, this.#asking, this.#moving));
  }

  /**
   * What is typed in a panel and not taken yet is undone before any deed.
   * @param {"undo" | "redo"} way
   */
  restore(way) {
    return Object.values(this.works).some((work) => work.restore?.(way));
  }

  /**
   * A style sheet, fetched with the first part that needs it.
   * @param {string} name
   */
  sheet = (name) => {
    const known = this.#sheets.get(name);
    if (known) return known;
    const loading = linked(name).catch((error) => {
      this.#sheets.delete(name);
      throw error;
    });
    this.#sheets.set(name, loading);
    return loading;
  };

  /**
   * @template Module
   * @param {string} name
   * @param {readonly string[]} sheets of its own
   * @param {() => Promise<Module>} load
   * @param {(module: Module) => void} take
   */
  async #once(name, sheets, load, take) {
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    const [module] = await this.#asking.obtain(() =>
      Promise.all([load(), ...[OF_ALL, ...sheets].map(this.sheet)]),
    );
    take(module);
    this.#changed();
  }
}

/**
 * @param {string} name
 * @returns {Promise<void>}
 */
function linked(name) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../../css/${name}.css`, import.meta.url).href;
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new Error(`${name}.css did not load`));
    };
    document.head.append(link);
  });
}

/**
 * Whether any computed number is exactly 0, so that its reason may be asked for.
 * @param {Iteration} iteration
 */
function hasZero(iteration) {
  return iteration.nodes.some(
    ({ role, value, gradient }) =>
      gradient.some((row) => row.includes(0)) ||
      (role === "computed" && value.some((row) => row.includes(0))),
  );
}
