/**
 * What the network says of each row beside what it should say: the cost of the row, and whether it is right.
 */

import { number } from "./trace.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Matrix} Matrix */
/** @typedef {import("./trace.js").Said} Said */
/** @typedef {"classes" | "yes or no" | "numbers"} Aim one of several classes; one output that is 0 or 1; any numbers */
/**
 * @typedef {object} Score
 * @property {number[]} predicted
 * @property {number[]} target
 * @property {number} cost        of this row alone, before the reduction over the rows
 * @property {boolean | null} right null where there is no right and wrong
 */

/**
 * Whether a node is the cost that compares an answer with its target: the last one, or what a penalty is added to there.
 * @param {Iteration} iteration
 * @param {Pick<import("./trace.js").Node, "id" | "inputs">} node
 */
export function isLoss({ node, output, prediction }, { id, inputs }) {
  const isCost = id === output || node.get(output)?.inputs[0] === id;
  return isCost && inputs[0] === prediction;
}

/**
 * What the targets are about.
 * @param {Matrix} y
 * @returns {Aim}
 */
export function aimOf(y) {
  if (!y.every((row) => row.every((value) => value === 0 || value === 1))) return "numbers";
  if (y[0]?.length === 1) return "yes or no";
  return y.every((row) => row.filter((value) => value === 1).length === 1) ? "classes" : "numbers";
}

/**
 * The class that outputs, or targets, name: the largest; of a single one, 1 from a half on. −1 where one is no number.
 * @param {number[]} outputs
 */
export function classAt(outputs) {
  if (outputs.some(Number.isNaN)) return -1;
  if (outputs.length === 1) return outputs[0] >= 0.5 ? 1 : 0;
  return outputs.indexOf(Math.max(...outputs));
}

/**
 * The name of a class, where it has one; a single output's classes are 1 and 0.
 * @param {number} at
 * @param {readonly string[] | null | undefined} classes
 * @param {number} outputs
 */
export function className(at, classes, outputs) {
  if (outputs > 1) return classes?.[at] ?? `class ${at}`;
  return classes?.[0] ? `${at === 1 ? "" : "not "}${classes[0]}` : String(at);
}

/**
 * @param {Said} answers
 * @param {Matrix} target that was asked about
 * @param {Aim} [aim]
 * @returns {Score[]}
 */
export function scoresOf({ predictions, costs }, target, aim = aimOf(target)) {
  return predictions.slice(0, target.length).map((said, row) => {
    const wanted = target[row];
    const right =
      aim === "numbers" ? null : said.every(Number.isFinite) && classAt(said) === classAt(wanted);
    return { predicted: said, target: wanted, cost: costs[row] ?? Number.NaN, right };
  });
}

/**
 * The rows of the data, each with what the network says of it; where an iteration sees a batch only, null for the others.
 * @param {Iteration} iteration
 * @returns {(Score | null)[]}
 */
export function perExample(iteration) {
  const { said, nodes } = iteration;
  const { data } = iteration.experiment;
  const wanted = nodes.find((it) => it.role === "target")?.value ?? [];
  const scores = scoresOf(said, wanted, aimOf(data.y));
  /** @type {(Score | null)[]} */
  const all = new Array(data.x.length).fill(null);
  scores.forEach((score, at) => {
    all[dataRow(iteration, at)] = score;
  });
  return all;
}

/**
 * The row of the data that a row of this iteration's pass is.
 * @param {Pick<Iteration, "batchRows">} iteration
 * @param {number} row
 */
export function dataRow({ batchRows }, row) {
  return batchRows?.[row] ?? row;
}

/**
 * How many of the rows that were looked at are right; null where there is no right and wrong.
 * @param {readonly (Score | null)[]} scores
 * @returns {{ right: number, of: number, share: number } | null}
 */
export function accuracy(scores) {
  const judged = scores.filter((it) => it !== null && it.right !== null);
  if (judged.length === 0) return null;
  const right = judged.filter((it) => it?.right).length;
  return { right, of: judged.length, share: right / judged.length };
}

/**
 * The largest inputs of −∂C/∂x · x, row by row: to first order, how much each input lowers the cost of that row's target.
 * @param {number[]} x
 * @param {number[]} gradient of C by x
 */
export function influences(x, gradient) {
  return x.map((value, at) => -number(gradient[at]) * value || 0);
}
