/**
 * An op that has no film of its own: what it takes lifts off, meets, and becomes the result.
 */

import { MINUS } from "../base/format.js";
import { entriesAcross } from "../trace/rule.js";
import { aroundNames, combinationOf } from "../trace/signs.js";
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
  const parts = made ? null : partsOf(iteration, node, edges);
  const sums = entriesOf(node).map((entry) => {
    if (parts) return byFormula(iteration, node, parts, entry);
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
 * Where each entry is made of one entry of each input: the formula of such a line, in the parts that stand around these.
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {readonly Edge[]} edges
 */
function partsOf(iteration, node, edges) {
  const sizes = node.inputs.map((id) => iteration.node.get(id)?.value ?? []);
  const isOne = sizes.every(
    (it) =>
      [1, node.value.length].includes(it.length) &&
      [1, node.value[0].length].includes(it[0]?.length ?? 0),
  );
  const isEach = isOne && edges.every(({ rule }) => rule === "elementwise");
  return node.scope && isEach ? aroundNames(node) : null;
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {NonNullable<ReturnType<typeof aroundNames>>} parts
 * @param {import("../base/format.js").Entry} entry
 */
function byFormula(iteration, node, { ids, texts }, entry) {
  const factors = ids.map((id) => {
    const value = iteration.node.get(id)?.value ?? [];
    const row = Math.min(entry.row, value.length - 1);
    const column = Math.min(entry.column, (value[0]?.length ?? 1) - 1);
    return factorAt(iteration, { id, row, column });
  });
  return {
    terms: factors.map((it, at) => [
      { ...it, value: inPlace(written(it.value), texts[at], texts[at + 1]) },
    ]),
    result: node.value[entry.row][entry.column],
    to: cellOf(entry, false),
    around: texts,
  };
}

/**
 * A negative number stands in brackets behind a sign and under a power.
 * @param {string} text
 * @param {string} before
 * @param {string} after
 */
function inPlace(text, before, after) {
  const isAlone = /(^|[([,]) ?$/.test(before) && !/^[⁰¹²³⁴-⁹^]/u.test(after);
  return text.startsWith(MINUS) && !isAlone ? `(${text})` : text;
}

/**
 * Those of the first input, each with its own of the second.
 * @param {Factor[]} taken
 */
function pairs(taken) {
  const half = taken.length / 2;
  return taken.slice(0, half).map((it, k) => [it, taken[half + k]]);
}
