/**
 * An edge, walked back: what arrived meets the local partial, and lands as the gradient; with sums where several meet.
 */

import {
  cachedAsItStands,
  cachedBetween,
  comeBy,
  entriesAcross,
  meetingOf,
  partialBetween,
} from "../trace/rule.js";
import { cellOf, entriesOf, factorAt, upstreamAt } from "./factors.js";

/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("./lines.js").Sums} Sums */
/** @typedef {import("./lines.js").Factor} Factor */

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {import("./lines.js").Figure | null} figure on which the local partials stand, entry by entry
 * @returns {Sums}
 */
export function edgeSums(iteration, edge, figure) {
  const wrt = /** @type {Node} */ (iteration.node.get(edge.wrt));
  const come = comeBy(iteration, edge);
  const sums = entriesOf(wrt).map((entry, index) => {
    const met = entriesAcross(iteration, edge, "wrt", entry).map((of) =>
      meeting(iteration, edge, of, entry, figure && { figure: index }),
    );
    const before = come.before ? [[standing(come.before, entry)]] : [];
    const result = come.now[entry.row]?.[entry.column] ?? Number.NaN;
    return { terms: [...before, ...met], result, to: cellOf(entry, true) };
  });
  return { sums, columns: wrt.value[0].length, tone: "backward", backward: true, figure };
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 * @param {{ figure: number } | null} drawn
 * @returns {Factor[]}
 */
function meeting(iteration, edge, of, wrt, drawn) {
  const upstream = upstreamAt(iteration, of);
  // A slope of 1 everywhere changes nothing, and is left out.
  if (edge.letters.partial === "" && partialBetween(edge, of, wrt) === 1) return [upstream];
  const [cached] = cachedAsItStands(edge) ? cachedBetween(edge, of, wrt) : [];
  /** @type {Factor} */
  const local = cached
    ? factorAt(iteration, cached)
    : {
        value: partialBetween(edge, of, wrt),
        from: drawn ?? { chip: edge.key },
        tone: "backward",
      };
  const parts = meetingOf(edge);
  return parts.indexOf("upstream") > 0 ? [local, upstream] : [upstream, local];
}

/**
 * What came by other edges stands in the cell already.
 * @param {import("../trace/trace.js").Matrix} before
 * @param {Entry} entry
 * @returns {Factor}
 */
function standing(before, entry) {
  const value = before[entry.row]?.[entry.column] ?? Number.NaN;
  return { value, from: cellOf(entry, true), tone: "backward" };
}
