/**
 * Which numbers stand for the names in a formula: values, gradients, local partials.
 */

import { entryOf } from "../base/format.js";
import { numbersOfRule } from "../trace/optimizer-rule.js";
import { comeBy, edgeBetween, partialBetween } from "../trace/rule.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../trace/trace.js").Update} Update */
/** @typedef {import("./math-view.js").Lookup} Lookup */

/**
 * The numbers of a local partial's formula. That has the name of a gradient where it is one of the cost, and of two places of
 * one operation both have the same.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {boolean} arrived
 * @returns {Lookup}
 */
export function lookupLocal(iteration, edge, arrived) {
  const known = lookupIn(iteration, arrived);
  return (name, left) => {
    if (left) return arrived ? localOf(edge) : "unknown";
    return shownOf(edge, known(name, left));
  };
}

/**
 * The numbers of an edge's chain: its own local partial, and of the gradient that it adds to, what has come by then.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {boolean} arrived
 * @returns {Lookup}
 */
export function lookupChain(iteration, edge, arrived) {
  const known = lookupIn(iteration, arrived);
  const come = comeBy(iteration, edge);
  return (name, left) => {
    if (left) return arrived ? shownOf(edge, come.now) : "unknown";
    if ("of" in name && name.wrt === edge.wrt)
      return name.of === edge.of && edge.of !== iteration.output
        ? localOf(edge)
        : shownOf(edge, come.before);
    return shownOf(edge, known(name, left));
  };
}

/** @param {Edge} edge */
function localOf({ jacobians, value }) {
  return jacobians[0] ?? value;
}

/**
 * Of a batch in which each row has a matrix of its own, the first row.
 * @param {Edge} edge
 * @param {ReturnType<Lookup>} found
 */
function shownOf({ jacobians }, found) {
  return jacobians.length > 0 && Array.isArray(found) ? [found[0]] : found;
}

/**
 * Names stand for values, ∂C/∂… for gradients, other ratios for local partials; the left side is the beat's result.
 * @param {Iteration} iteration
 * @param {boolean} arrived
 * @returns {Lookup}
 */
export function lookupIn(iteration, arrived) {
  return (name, left) => {
    if (left && !arrived) return "unknown";
    if ("id" in name) return at(name.id, (id) => iteration.node.get(id)?.value);
    if (name.of === iteration.output) return at(name.wrt, (id) => iteration.node.get(id)?.gradient);
    return localAt(iteration, name.of, name.wrt);
  };
}

/**
 * A whole matrix by a node's name, one number by an entry's.
 * @param {string} name
 * @param {(id: string) => import("../trace/trace.js").Matrix | undefined} find
 */
function at(name, find) {
  const entry = name.includes("[") ? entryOf(name) : null;
  const whole = find(entry?.id ?? name);
  return (entry ? whole?.[entry.row]?.[entry.column] : whole) ?? null;
}

/**
 * The local partial of a node by another, or of an entry by another where each meets only its own.
 * @param {Iteration} iteration
 * @param {string} of
 * @param {string} wrt
 */
function localAt(iteration, of, wrt) {
  const [ofEntry, wrtEntry] = [entryOf(of), entryOf(wrt)];
  const edge = edgeBetween(iteration, ofEntry?.id ?? "", wrtEntry?.id ?? "");
  if (!edge || !of.includes("[") || !ofEntry || !wrtEntry) return edge?.value ?? null;
  return partialBetween(edge, ofEntry, wrtEntry);
}

/**
 * What the names in a line of an optimizer's rule stand for; on the left it is what the line gives.
 * @param {Iteration} iteration
 * @param {Update} update
 * @param {number} at which line; one beyond the lines before the last is the last, which moves the parameter
 * @param {boolean} arrived
 * @returns {Lookup}
 */
export function lookupUpdate(iteration, update, at, arrived) {
  const numbers = numbersOfRule(iteration, update, at);
  return (name, left) => {
    if (left) return arrived ? (update.lines[at]?.value ?? update.after) : "unknown";
    return numbers(name);
  };
}
