/**
 * An op that has no film of its own: what it takes lifts off, meets, and becomes the result.
 */

import { entriesAcross } from "../trace/rule.js";
import { cellOf, entriesOf, factorAt } from "./factors.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {readonly Edge[]} edges to its inputs, by slot
 * @returns {import("./lines.js").Sums}
 */
export function otherOf(iteration, node, edges) {
  const sums = entriesOf(node).map((entry) => ({
    terms: edges.flatMap((edge) =>
      entriesAcross(iteration, edge, "of", entry).map((it) => [factorAt(iteration, it)]),
    ),
    result: node.value[entry.row][entry.column],
    to: cellOf(entry, false),
  }));
  const open = `${(node.op ?? "").replaceAll("_", " ")}(`;
  const tone = node.id === iteration.output ? "cost" : "forward";
  return { sums, columns: node.value[0].length, tone, backward: false, open };
}
