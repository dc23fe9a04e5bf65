/**
 * Why a gradient is exactly zero: a closed gate, an input that is 0, an upstream gradient that is 0, terms that cancel.
 * Found from the numbers of the trace, edge by edge, so it holds for any graph.
 */

import { entryOf, short } from "../base/format.js";
import { localFormula, nameOf, stretchedTo } from "./entries.js";
import {
  cachedAsItStands,
  cachedBetween,
  entriesAcross,
  isEntrywise,
  partialBetween,
} from "./rule.js";
import { isLoss } from "./scores.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Edge} Edge */
/** @typedef {import("../base/format.js").Entry} Entry */

const MOST_TERMS = 4;

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @param {number} row
 * @param {number} column
 * @returns {string | null} null where the gradient's entry is not zero
 */
export function whyZeroGradient(iteration, id, row, column) {
  if (iteration.node.get(id)?.gradient[row]?.[column] !== 0) return null;
  const edges = iteration.edges.filter((it) => it.wrt === id);
  if (edges.length === 0) return whyUnreached(iteration, id);
  const reasons = edges.map((edge) => whyZeroContribution(iteration, edge, row, column));
  if (edges.length > 1 && edges.some((edge) => edge.contribution[row][column] !== 0)) {
    return cancels(edges.map((edge) => edge.contribution[row][column]));
  }
  const distinct = [...new Set(reasons)];
  if (distinct.length === 1) return distinct[0];
  const told = edges.map(({ of }, at) => `by way of ${of}, ${reasons[at]}`);
  const more = told.length > MOST_TERMS ? `; and ${told.length - MOST_TERMS} more` : "";
  return `it is 0 on each of the ${told.length} ways: ${told.slice(0, MOST_TERMS).join("; ")}${more}`;
}

/**
 * Why no slope leads back to a node.
 * @param {Iteration} iteration
 * @param {string} id
 */
function whyUnreached({ nodes, output }, id) {
  if (!nodes.some(({ inputs }) => inputs.includes(id))) return "nothing is computed from it";
  return `what is computed from it does not go into ${output}, or only compares it`;
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @param {number} row
 * @param {number} column
 * @returns {string | null} null where the value's entry is not zero, was given, or has no reason to tell
 */
export function whyZeroValue(iteration, id, row, column) {
  const node = iteration.node.get(id);
  if (node?.value[row]?.[column] !== 0 || node.role !== "computed") return null;
  const into = iteration.node.get(node.inputs[0])?.value ?? [];
  if (node.op === "linear") return whyZeroSum(iteration, node.inputs, into[row] ?? [], column);
  const edges = iteration.edges.filter((edge) => edge.of === id);
  if (!edges.every(({ rule }) => rule === "elementwise")) return null;
  const told = [...new Set(node.inputs)].map((input) => {
    const it = stretchedTo(iteration, input, { row, column });
    return `${nameOf(iteration, it)} = ${short(iteration.node.get(input)?.value[it.row][it.column] ?? 0)}`;
  });
  const went = into[row]?.[column] ?? Number.NaN;
  return isShut(node, went) ? shut(told[0], node) : `of ${told.join(" and ")}`;
}

/**
 * @param {import("./trace.js").Node} node
 * @param {number} into
 */
function isShut({ gate }, into) {
  return gate != null && into <= gate;
}

/**
 * @param {string} entry of what goes in
 * @param {import("./trace.js").Node} node
 */
function shut(entry, { gate }) {
  return `the gate is closed: ${entry} is not above ${short(gate ?? 0)}`;
}

/**
 * @param {Iteration} iteration
 * @param {string[]} inputs
 * @param {number[]} entries
 * @param {number} column
 */
function whyZeroSum(iteration, inputs, entries, column) {
  const weights = iteration.node.get(inputs[1])?.value ?? [];
  const bias = inputs[2] ? [iteration.node.get(inputs[2])?.value[0]?.[column] ?? 0] : [];
  const terms = [...entries.map((entry, i) => entry * weights[i][column]), ...bias];
  return terms.some((term) => term !== 0) ? cancels(terms) : "every term of its sum is 0";
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {number} row
 * @param {number} column
 * @returns {string}
 */
function whyZeroContribution(iteration, edge, row, column) {
  const terms = termsOf(iteration, edge, { id: edge.wrt, row, column });
  if (terms.length === 0) return `${edge.of} takes other entries of ${edge.wrt}`;
  if (terms.every(([g]) => g === 0)) return whatArrives(iteration, edge.of, terms);
  if (terms.every(([, p]) => p === 0))
    return localReason(iteration, edge, row, column, where(terms, 3));
  // Where a factor is beyond the doubles, the cost takes the slope from what went in, and there it is 0.
  if (!terms.every(([g, p]) => Number.isFinite(g * p)))
    return `it is taken from ${edge.wrt} straight, and there too small for a double`;
  const products = terms.map(([g, p]) => g * p);
  if (products.some((product) => product !== 0))
    return routesCancel(terms, `∂${iteration.output}/∂`);
  if (terms.every(([g, p]) => g !== 0 && p !== 0)) return "the product is too small for a double";
  return eachForItself(iteration, edge, row, column, terms);
}

/** @typedef {[number, number, string, string]} Term upstream, local, and their names */

/**
 * What arrives is 0: and that in turn has its reason, further towards the cost.
 * @param {Iteration} iteration
 * @param {string} of
 * @param {Term[]} terms
 */
function whatArrives(iteration, of, terms) {
  const reasons = new Set(
    terms.map(([, , name]) => {
      const entry = entryOf(name.slice(name.indexOf("/∂") + 2));
      return entry && whyZeroGradient(iteration, of, entry.row, entry.column);
    }),
  );
  const [reason] = reasons;
  const root =
    reasons.size === 1 && reason ? `: ${reason.replace(/^what arrives, [^:]*: /, "")}` : "";
  return `what arrives, ${where(terms, 2)}, is 0${root}`;
}

/**
 * Terms that are 0 for different reasons: each with its own.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {number} row
 * @param {number} column
 * @param {Term[]} terms
 */
function eachForItself(iteration, edge, row, column, terms) {
  const causes = terms.map((term) => {
    const [g, p, arrives, local] = term;
    if (p === 0) return localReason(iteration, edge, row, column, local);
    if (g === 0) return whatArrives(iteration, edge.of, [term]);
    return `${arrives} · ${local} is too small for a double`;
  });
  const shown = causes.slice(0, MOST_TERMS);
  const more = causes.length - shown.length;
  return `each of the ${terms.length} terms is 0 for a reason of its own: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

/**
 * Routes whose products are not 0, but their sum is: each with its number.
 * @param {Term[]} terms
 * @param {string} slope "∂C/∂", before the name of an entry
 */
function routesCancel(terms, slope) {
  const counting = terms.filter(([g, p]) => g * p !== 0);
  const shown = counting
    .slice(0, MOST_TERMS)
    .map(([g, p, name]) => `${short(g * p)} via ${name.replace(slope, "")}`);
  const more = counting.length > MOST_TERMS ? ` and ${counting.length - MOST_TERMS} more` : "";
  return `the routes cancel: ${shown.join(", ")}${more} add up to 0`;
}

/**
 * The terms whose sum is an edge's contribution to an entry.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} wrt
 * @returns {Term[]}
 */
function termsOf(iteration, edge, wrt) {
  const upstream = iteration.node.get(edge.of)?.gradient ?? [];
  const local = `∂${edge.of}/∂`;
  const isCached = cachedAsItStands(edge) !== undefined;
  return entriesAcross(iteration, edge, "wrt", wrt).map((of) => [
    upstream[of.row][of.column],
    partialBetween(edge, of, wrt),
    `∂${iteration.output}/∂${nameOf(iteration, of)}`,
    isCached
      ? nameOf(iteration, cachedBetween(edge, of, wrt)[0])
      : `${local}${isEntrywise(edge) ? nameOf(iteration, wrt) : edge.wrt}`,
  ]);
}

/**
 * @param {Term[]} terms
 * @param {2 | 3} which
 */
function where(terms, which) {
  const names = [...new Set(terms.map((term) => term[which]))];
  return names.slice(0, MOST_TERMS).join(", ") + (names.length > MOST_TERMS ? " …" : "");
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {number} row
 * @param {number} column
 * @param {string} name
 */
function localReason(iteration, edge, row, column, name) {
  const node = iteration.node.get(edge.of);
  const into = iteration.node.get(edge.wrt)?.value[row]?.[column];
  const at = `${nameOf(iteration, { id: edge.wrt, row, column })} = ${short(into ?? 0)}`;
  if (node && isLoss(iteration, node)) return costReason(iteration, edge, row, column);
  if (node && into !== undefined && isShut(node, into)) return shut(at, node);
  const cached = iteration.node.get(cachedAsItStands(edge) ?? "");
  if (cached?.role === "parameter") return `the weight that leads on is 0: ${name}`;
  // At the output ∂C/∂x is the gradient itself: so it is told by what it is made of.
  if (edge.of === iteration.output && !cached)
    return `${madeOf(iteration, edge, row, column)} is 0`;
  if (cached || !isEntrywise(edge)) return `${name} is 0`;
  // Only what has a bound saturates; and at 0 itself a slope is 0, as of a square.
  return node?.range && into !== 0
    ? `${node.op} is saturated: at ${at} its slope is too small for a double`
    : `${name} is 0 at ${at}`;
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge of the cost that compares
 * @param {number} row
 * @param {number} column
 */
function costReason(iteration, edge, row, column) {
  const ids = iteration.node.get(edge.of)?.inputs ?? [];
  const entries = ids.map((id) => iteration.node.get(id)?.value[row]?.[column]);
  const { logits, predictions, outputs } = iteration.said;
  if (logits === outputs && edge.wrt === iteration.prediction)
    return predictions[row]?.[column] === entries[1]
      ? "the prediction hits its target, to the last digit of a double"
      : `∂${edge.of}/∂${nameOf(iteration, { id: edge.wrt, row, column })} is too small for a double`;
  if (entries[0] === entries[1]) return "the output hits its target exactly";
  const zero = ids.find((_, at) => entries[at] === 0);
  const name = zero
    ? nameOf(iteration, { id: zero, row, column })
    : madeOf(iteration, edge, row, column);
  return `${name} is 0`;
}

/**
 * What the slope of a number by an entry is made of, in entries.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {number} row
 * @param {number} column
 */
function madeOf(iteration, edge, row, column) {
  const wrt = { id: edge.wrt, row, column };
  return localFormula(iteration, edge, { id: edge.of, row: 0, column: 0 }, wrt);
}

/** @param {number[]} terms */
function cancels(terms) {
  const shown = terms.slice(0, MOST_TERMS).map(short).join(" + ");
  return `the terms cancel: ${shown}${terms.length > MOST_TERMS ? " + …" : ""} = 0`;
}
