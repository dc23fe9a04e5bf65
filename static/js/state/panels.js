/**
 * The panels of the page: a row is a panel. Its tab and its key, what it asks the server, how it is loaded and drawn, all
 * stand here, and nowhere else.
 */

import { entryOf } from "../base/format.js";
import { isLayered } from "../trace/trace.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../app/page-view.js").Scene} Scene */
/** @typedef {import("../app/page-view.js").Actions} Actions */
/** @typedef {{ path: string, heavy: boolean }} Question as a path and a query; what is heavy is asked when the page stands still, not again with every iteration */
/** @typedef {Pick<State, "iteration" | "panel" | "selection" | "fold" | "slope" | "step">} Asked */
/**
 * What acts for a panel that changes the experiment.
 * @typedef {object} Work
 * @property {any} act    what the panel's buttons do
 * @property {() => unknown} refresh asks what the open panel has to show; called after each paint
 * @property {(way: "undo" | "redo") => boolean} [restore] undoes what is typed and not taken yet; whether there was such
 */
/**
 * @template {{}} [Module=any]
 * @typedef {object} Panel
 * @property {string} id          in the address, too
 * @property {string} name        the question it answers, or what it changes; on its tab and in the menu
 * @property {string} title       what it is for, in a few words
 * @property {string} key         that opens it; "" for none
 * @property {"explain" | "change"} group
 * @property {boolean} [tab]      it always has a tab; the others have one while they are open, and stand in the menu
 * @property {boolean} [ofSelection] it explains whatever is selected
 * @property {boolean} [ofWeight] it is about one weight
 * @property {boolean} [ofLayers] it is about layers, or data for them
 * @property {(state: Asked) => Question | null} [question]
 * @property {() => Promise<Module>} load
 * @property {() => Promise<{ createWork: (ports: import("../app/works.js").Ports) => Work }>} [work]
 * @property {string[]} sheets    its style sheets, besides the one of all panels
 * @property {(module: Module, state: State, scene: Scene, act: Actions) => unknown} draw
 */

/**
 * So that `draw` knows the module that `load` brings.
 * @template {{}} Module
 * @param {Panel<Module>} row
 * @returns {Panel}
 */
const panel = (row) => row;

/** @type {readonly Panel[]} */
export const PANELS = [
  panel({
    id: "beat",
    name: "What happens?",
    title: "What happens in this beat",
    key: "",
    group: "explain",
    tab: true,
    sheets: [],
    load: () => import("../beat/beat-view.js"),
    draw: (it, state, scene, act) => it.narrationView(state, scene.moment, act, scene.parts),
  }),
  panel({
    id: "inspect",
    name: "Where from?",
    title: "What is selected, in full",
    key: "i",
    group: "explain",
    sheets: ["inspect", "formula"],
    ofSelection: true,
    load: () => import("../inspect/inspect-view.js"),
    draw: (it, state, { moment, parts }, act) => it.inspectorView(state, moment, parts.editor, act),
  }),
  panel({
    id: "chain",
    name: "Which way?",
    title: "How one weight's gradient came to be",
    key: "c",
    group: "explain",
    tab: true,
    sheets: ["weight", "formula"],
    ofWeight: true,
    question: chainQuestion,
    load: () => import("../weight/chain-view.js"),
    draw: (it, state, scene, act) => it.chainView(state, scene.moment, act),
  }),
  panel({
    id: "slope",
    name: "What if?",
    title: "The cost as a function of one weight",
    key: "s",
    group: "explain",
    tab: true,
    sheets: ["weight", "formula"],
    ofWeight: true,
    question: (state) => {
      const { center, span } = state.slope;
      return ofWeight("slope", state, { span, ...(center === null ? {} : { center }), steps: 8 });
    },
    load: () => import("../weight/slope-view.js"),
    draw: (it, state, _scene, act) => it.slopeView(state, act),
  }),
  panel({
    id: "cache",
    name: "What is kept?",
    title: "What is kept, and the work that saves",
    key: "m",
    group: "explain",
    sheets: ["weight", "formula"],
    ofWeight: true,
    question: chainQuestion,
    load: () => import("../weight/cache-view.js"),
    draw: (it, state, _scene, act) => it.cacheView(state, act),
  }),
  panel({
    id: "check",
    name: "Is it right?",
    title: "Every gradient beside its difference quotient",
    key: "g",
    group: "explain",
    sheets: ["weight", "formula"],
    question: ({ step }) => ({
      path: step === null ? "/check" : `/check?step=${step}`,
      heavy: true,
    }),
    load: () => import("../weight/check-view.js"),
    draw: (it, state, _scene, act) => it.checkView(state, act),
  }),
  panel({
    id: "formulas",
    name: "Formulas",
    title: "Any computation, line by line, with values of your own",
    key: "y",
    group: "change",
    sheets: ["formulas"],
    load: () => import("../formulas/formulas-view.js"),
    work: () => import("../formulas/work.js"),
    draw: (it, state, { work }) => it.formulasView(state, work?.act),
  }),
  panel({
    id: "build",
    name: "Build",
    title: "The network and its training",
    key: "u",
    group: "change",
    ofLayers: true,
    sheets: ["build"],
    load: () => import("../build/build-view.js"),
    work: () => import("../build/work.js"),
    draw: (it, state, { work }) => it.buildView(state, work?.act),
  }),
  panel({
    id: "data",
    name: "Data",
    title: "The rows, and data of your own",
    key: "d",
    group: "change",
    ofLayers: true,
    sheets: ["data"],
    load: () => import("../data/data-view.js"),
    work: () => import("../data/work.js"),
    draw: (it, state, { work }) =>
      state.desks.data && it.dataView(state, state.desks.data, work?.act),
  }),
  panel({
    id: "compare",
    name: "Compare",
    title: "Two runs that differ in one thing",
    key: "o",
    group: "change",
    sheets: ["compare"],
    load: () => import("../compare/compare-view.js"),
    work: () => import("../compare/work.js"),
    draw: (it, state, { work }) =>
      state.desks.compare && it.compareView(state, state.desks.compare, work?.act),
  }),
];

/**
 * Whether the experiment that is open has what a panel is about.
 * @param {Pick<State, "iteration">} state
 * @param {Pick<Panel, "ofLayers">} panel
 */
export function isApt({ iteration }, { ofLayers }) {
  return !ofLayers || !iteration || isLayered(iteration.experiment);
}

/** @param {string} id */
export function panelOf(id) {
  return PANELS.find((it) => it.id === id) ?? PANELS[0];
}

/**
 * Whether what is selected is explained by the panel that is open.
 * @param {string} id
 */
export function explainsSelection(id) {
  const { ofSelection, ofWeight } = panelOf(id);
  return (ofSelection || ofWeight) ?? false;
}

/** The id of the words that stand beside a cell whose new number was refused. */
export const REFUSAL = "cell-refusal";

/**
 * Whether the callout is open: what is selected is explained beside it, unless a panel does, or it is being edited, or the
 * hall looks at the beat alone.
 * @param {Pick<State, "selection" | "panel" | "editing" | "presenting">} state
 */
export function isCalledOut({ selection, panel, editing, presenting }) {
  const isHall = presenting && panel === "beat";
  return selection !== null && editing === null && !isHall && !explainsSelection(panel);
}

/**
 * What the open panel has to ask the server; null where nothing.
 * @param {Asked} state
 * @returns {Question | null}
 */
export function questionOf(state) {
  return panelOf(state.panel).question?.(state) ?? null;
}

/** @param {Asked} state */
function chainQuestion(state) {
  return ofWeight("chain", state, state.fold === null ? {} : { fold: state.fold });
}

/**
 * A question about the weight that is selected.
 * @param {string} kind
 * @param {Asked} state
 * @param {Record<string, string | number>} more
 * @returns {Question | null}
 */
function ofWeight(kind, state, more) {
  const weight = weightOf(state);
  if (!weight) return null;
  const { id, row, column } = weight;
  const axes = state.iteration?.node.get(id)?.shape.length ?? 2;
  const place = [{}, { column }, { row, column }][axes];
  const fields = { parameter: id, ...place, ...more };
  const query = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return { path: `/${kind}?${query.join("&")}`, heavy: false };
}

/**
 * The weight that is selected, as an entry; null where something else is.
 * @param {Pick<State, "iteration" | "selection">} state
 * @returns {import("../base/format.js").Entry | null}
 */
export function weightOf({ iteration, selection }) {
  const entry = selection?.includes("[") ? entryOf(selection) : null;
  return iteration && entry && isParameter(iteration, entry.id) ? entry : null;
}

/**
 * The weight that is selected; else the first of the parameter that is; else the first of all.
 * @param {Iteration} iteration
 * @param {string | null} selection
 */
export function weightNear(iteration, selection) {
  const entry = entryOf(selection ?? "");
  if (selection && entry && isParameter(iteration, entry.id))
    return selection.includes("[") ? selection : `${selection}[0,0]`;
  const first = iteration.nodes.find((it) => it.role === "parameter") ?? iteration.nodes[0];
  return first ? `${first.id}[0,0]` : null;
}

/**
 * Whether a panel about a weight can be about a node.
 * @param {Iteration} iteration
 * @param {string} id
 */
export function isParameter(iteration, id) {
  const role = iteration.node.get(id)?.role;
  // Of formulas any leaf may be asked about.
  return role === "parameter" || (!isLayered(iteration.experiment) && role !== "computed");
}
