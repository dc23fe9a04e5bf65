/**
 * What lights up in the pictures: every route from the chosen weight to the cost with the cached numbers along it, and
 * what the pointer or the focus is on with what that is made of.
 */

import { entryOf } from "../base/format.js";
import { madeOf, nameOf } from "../trace/entries.js";
import { routesOf } from "../trace/routes.js";
import { weightOf } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} Lights
 * @property {Map<string, string>} edges by edge key its light: "route", "pointed", both or none
 * @property {Map<string, string>} cells by entry ("m0[0,1]", or "∂m0[0,1]" for its gradient): "route", "used", "pointed" …
 * @property {(sign: string) => { row: number, column: number, light: string }[]} of the lit entries of one block
 */

/**
 * @param {State} state
 * @returns {Lights | null}
 */
export function lightsOf(state) {
  const { iteration, selection, pointed } = state;
  if (!iteration) return null;
  const shone = last.get(iteration);
  if (shone?.selection === selection && shone.pointed === pointed) return shone.lights;
  const lights = shine(state, iteration);
  last.set(iteration, { selection, pointed, lights });
  return lights;
}

/** What was lit last: while an iteration plays, the same stays lit. @type {WeakMap<Iteration, Pick<State, "selection" | "pointed"> & { lights: Lights }>} */
const last = new WeakMap();

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @returns {Lights}
 */
function shine(state, iteration) {
  const { selection, pointed } = state;
  const weight = weightOf(state);
  /** @type {Map<string, string>} */
  const edges = new Map();
  /** @type {Map<string, string>} */
  const cells = new Map();
  if (weight) {
    const routes = routesOf(iteration, nameOf(weight));
    for (const key of routes.edges) add(edges, key, "route");
    for (const name of routes.cells) add(cells, `∂${name}`, "route");
    for (const name of routes.used) add(cells, name, "used");
  }
  const chosen = selection?.includes("[") ? [selection, `∂${selection}`] : [];
  for (const name of chosen) add(cells, name, "chosen");
  for (const name of pointedAt(iteration, pointed)) {
    add(name.includes(">") ? edges : cells, name, "pointed");
  }
  return { edges, cells, of: (sign) => litIn(cells, sign) };
}

/**
 * @param {Map<string, string>} lights
 * @param {string} name
 * @param {string} light
 */
function add(lights, name, light) {
  const before = lights.get(name);
  lights.set(name, before ? `${before} ${light}` : light);
}

/**
 * @param {Map<string, string>} cells
 * @param {string} sign
 */
function litIn(cells, sign) {
  return [...cells].flatMap(([name, light]) => {
    const it = name.startsWith(`${sign}[`) ? entryOf(name.replace("∂", "")) : null;
    return it ? [{ row: it.row, column: it.column, light }] : [];
  });
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
