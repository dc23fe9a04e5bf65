/**
 * What lights up in the pictures: every route from the chosen weight to the cost with the cached numbers along it, and
 * what the pointer or the focus is on with what that is made of.
 */

import { madeOf, nameOf, touched, used } from "./entries.js";
import { entryOf, remembering } from "./format.js";
import { weightOf } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./format.js").Entry} Entry */
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

/** @typedef {{ edges: Set<string>, cells: Set<string>, used: Set<string> }} Routes */

/** The routes of an iteration that are known, by weight. A node's matrix stands for its iteration: neither changes. */
/** @type {(matrix: number[][]) => Map<string, Routes>} */
const known = remembering(() => new Map());

/**
 * Every entry and edge on a way from an entry to the output.
 * @param {Iteration} iteration
 * @param {string} from
 * @returns {Routes}
 */
export function routesOf(iteration, from) {
  const memory = known(iteration.nodes[0].value);
  const found = memory.get(from) ?? walk(iteration, from);
  memory.set(from, found);
  return found;
}

/**
 * @param {Iteration} iteration
 * @param {string} from
 * @returns {Routes}
 */
function walk(iteration, from) {
  /** @type {Routes} */
  const routes = { edges: new Set(), cells: new Set([from]), used: new Set() };
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const wrt = /** @type {Entry} */ (entryOf(name));
    for (const edge of iteration.edges) {
      if (edge.wrt !== wrt.id) continue;
      routes.edges.add(edge.key);
      for (const of of touched(iteration, edge, wrt)) {
        for (const it of used(edge, of, wrt)) routes.used.add(nameOf(it));
        if (routes.cells.has(nameOf(of))) continue;
        routes.cells.add(nameOf(of));
        waiting.push(nameOf(of));
      }
    }
  }
  return routes;
}
