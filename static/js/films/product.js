/**
 * A product of matrices, forward: a row meets a column, pair by pair; where there is a bias, it is added.
 */

import { entriesAcross } from "../trace/rule.js";
import { cellOf, entriesOf, factorAt } from "./factors.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("./lines.js").Sums} Sums */

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {readonly Edge[]} edges to its inputs, by slot
 * @returns {Sums | null} null where it is no such product
 */
export function productOf(iteration, node, edges) {
  const left = edges.find((it) => it.rule === "matmul_right");
  const right = edges.find((it) => it.rule === "matmul_left");
  const others = edges.filter((it) => it !== left && it !== right);
  if (!left || !right || others.some((it) => it.rule !== "sum_rows")) return null;
  const sums = entriesOf(node).map((entry) => {
    const row = entriesAcross(iteration, left, "of", entry);
    const column = entriesAcross(iteration, right, "of", entry);
    const pairs = row.map((it, k) => [factorAt(iteration, it), factorAt(iteration, column[k])]);
    const added = others.flatMap((edge) =>
      entriesAcross(iteration, edge, "of", entry).map((it) => [factorAt(iteration, it)]),
    );
    const result = node.value[entry.row][entry.column];
    return { terms: [...pairs, ...added], result, to: cellOf(entry, false) };
  });
  return { sums, columns: node.value[0].length, tone: "forward", backward: false };
}
