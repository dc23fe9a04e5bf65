/**
 * What is highlighted in the pictures: every route from the chosen weight to the cost with the cached numbers along it; what
 * any other chosen number, and what the pointer or the focus is on, is made of.
 */

import { entryOf } from "../base/format.js";
import { keyOf, madeOf } from "../trace/entries.js";
import { routesOf } from "../trace/routes.js";
import { weightOf } from "./panels.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} Highlights
 * @property {Map<string, string>} edges by edge key its marks: "route", "pointed", both or none
 * @property {Map<string, string>} cells by entry ("m0[0,1]", or "∂m0[0,1]" for its gradient): "route", "used", "pointed" …
 */

/**
 * @param {State} state
 * @returns {Highlights | null}
 */
export function highlightsOf(state) {
  const { iteration, selection, pointed } = state;
  if (!iteration) return null;
  const known = last.get(iteration);
  if (known?.selection === selection && known.pointed === pointed) return known.highlights;
  const highlights = highlight(state, iteration);
  last.set(iteration, { selection, pointed, highlights });
  return highlights;
}

/** What was highlighted last: while an iteration plays, it stays the same. @type {WeakMap<Iteration, Pick<State, "selection" | "pointed"> & { highlights: Highlights }>} */
const last = new WeakMap();

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @returns {Highlights}
 */
function highlight(state, iteration) {
  const { selection, pointed } = state;
  const weight = weightOf(state);
  /** @type {Map<string, string>} */
  const edges = new Map();
  /** @type {Map<string, string>} */
  const cells = new Map();
  if (weight) {
    const routes = routesOf(iteration, keyOf(weight));
    for (const key of routes.edges) add(edges, key, "route");
    for (const name of routes.cells) add(cells, `∂${name}`, "route");
    for (const name of routes.used) add(cells, name, "used");
  }
  const chosen = selection?.includes("[") ? [selection, `∂${selection}`] : [];
  for (const name of chosen) add(cells, name, "chosen");
  if (!weight) for (const name of chosen) addMadeOf(cells, iteration, name);
  for (const name of pointedAt(iteration, pointed)) {
    add(name.includes(">") ? edges : cells, name, "pointed");
  }
  return { edges, cells };
}

/**
 * @param {Map<string, string>} highlights
 * @param {string} name
 * @param {string} mark
 */
function add(highlights, name, mark) {
  const before = highlights.get(name);
  highlights.set(name, before ? `${before} ${mark}` : mark);
}

/**
 * What a chosen number is made of: gradients as on a route, values as what is used along it.
 * @param {Map<string, string>} cells
 * @param {Iteration} iteration
 * @param {string} name
 */
function addMadeOf(cells, iteration, name) {
  const it = entryOf(name.replace("∂", ""));
  if (!it || !iteration.node.has(it.id)) return;
  const isMarked = (/** @type {string} */ part, /** @type {string} */ mark) =>
    cells.get(part)?.split(" ").includes(mark);
  for (const part of madeOf(iteration, it.id, it, name.startsWith("∂"))) {
    const mark = part.startsWith("∂") ? "route" : "used";
    if (!isMarked(part, mark)) add(cells, part, mark);
  }
}

/**
 * One entry alone stands for what it is made of too; several names are what they say.
 * @param {Iteration} iteration
 * @param {readonly string[]} pointed
 */
function pointedAt(iteration, pointed) {
  if (pointed.length !== 1 || pointed[0].includes(">")) return pointed;
  const [name] = pointed;
  const it = entryOf(name.replace("∂", ""));
  if (!it || !iteration.node.has(it.id)) return pointed;
  return [name, ...madeOf(iteration, it.id, it, name.startsWith("∂"))];
}
