/**
 * An op that has no film of its own: what it takes lifts off, meets, and becomes the result.
 */

import { entriesAcross } from "../trace/rule.js";
import { combinationOf } from "../trace/signs.js";
import { cellOf, entriesOf, factorAt } from "./factors.js";
import { written } from "./marks.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */

/** @typedef {import("./lines.js").Factor} Factor */

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {readonly Edge[]} edges to its inputs, by slot
 * @returns {import("./lines.js").Sums}
 */
export function otherOf(iteration, node, edges) {
  const made = combinationOf(node);
  const each = made?.each;
  const sums = entriesOf(node).map((entry) => {
    const taken = edges.flatMap((edge, slot) =>
      entriesAcross(iteration, edge, "of", entry).map((it) => {
        const factor = factorAt(iteration, it);
        return each ? { ...factor, value: each(written(factor.value), slot) } : factor;
      }),
    );
    return {
      terms: made?.factors ? pairs(taken) : taken.map((it) => [it]),
      result: node.value[entry.row][entry.column],
      to: cellOf(entry, false),
    };
  });
  const open = made ? made.open : `${(node.op ?? "").replaceAll("_", " ")}(`;
  const between = made?.factors ? "+" : (made?.between ?? ",");
  const tone = node.id === iteration.output ? "cost" : "forward";
  return { sums, columns: node.value[0].length, tone, backward: false, open, between };
}

/**
 * Those of the first input, each with its own of the second.
 * @param {Factor[]} taken
 */
function pairs(taken) {
  const half = taken.length / 2;
  return taken.slice(0, half).map((it, k) => [it, taken[half + k]]);
}
