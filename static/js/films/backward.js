/**
 * An edge, walked back: what arrived meets the local partial, and lands as the gradient; with sums where several meet.
 */

import {
  cachedAsItStands,
  cachedBetween,
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
  const into = iteration.edges.filter((it) => it.wrt === edge.wrt);
  const isLast = into[into.length - 1] === edge;
  const sums = entriesOf(wrt).map((entry, index) => {
    const met = entriesAcross(iteration, edge, "wrt", entry).map((of) =>
      meeting(iteration, edge, of, entry, figure && { figure: index }),
    );
    // What came by other edges stands in the cell already.
    const before = isLast ? earlier(into.slice(0, -1), entry) : [];
    const whole = isLast ? wrt.gradient : edge.contribution;
    const result = whole[entry.row]?.[entry.column] ?? Number.NaN;
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
  if (edge.letters.partial === "") return [upstream];
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
 * @param {readonly Edge[]} edges
 * @param {Entry} entry
 * @returns {Factor[][]}
 */
function earlier(edges, entry) {
  return edges.map(({ contribution }) => [
    {
      value: contribution[entry.row]?.[entry.column] ?? Number.NaN,
      from: cellOf(entry, true),
      tone: "backward",
    },
  ]);
}
