/**
 * Every route from an entry to the output: the entries and edges along it, and the cached numbers that it uses.
 */

import { entryOf, remembering } from "../base/format.js";
import { keyOf } from "./entries.js";
import { cachedBetween, entriesAcross } from "./rule.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("../base/format.js").Entry} Entry */
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
      for (const of of entriesAcross(iteration, edge, "wrt", wrt)) {
        for (const it of cachedBetween(edge, of, wrt)) routes.used.add(keyOf(it));
        if (routes.cells.has(keyOf(of))) continue;
        routes.cells.add(keyOf(of));
        waiting.push(keyOf(of));
      }
    }
  }
  return routes;
}
