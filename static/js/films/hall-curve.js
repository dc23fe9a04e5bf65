/**
 * The curve of an activation for the hall: a dot for what has gone through it, and at the entry that is worked out its
 * height; on the way back the tangent there.
 */

import { remembering } from "../base/format.js";
import { partialBetween } from "../trace/rule.js";
import { curveMarks, dotMark, holds, lineMark, plotOf, tangentMark } from "./curve.js";
import { entriesOf } from "./factors.js";
import { visible } from "./marks.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {{ row: number, column: number }} At */
/** @typedef {(at: At, box: Box, size: number) => Mark[]} HallCurve */

/** Of more entries only those of the row have a dot. */
const MOST_DOTS = 48;

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {import("./curves.js").CurveOf} curveOf
 * @returns {HallCurve | null} null where the beat is no activation's, or its numbers are beyond what is known of the curve
 */
export function hallCurveOf(iteration, { kind, subject, phase }, curveOf) {
  const edge = kind === "edge" ? iteration.edge.get(subject) : undefined;
  if (edge ? edge.rule !== "elementwise" : kind !== "node" || phase === "cost") return null;
  const node = iteration.node.get(edge ? edge.of : subject);
  if (node?.inputs.length !== 1) return null;
  const curve = curveOf(iteration, node);
  const plot = curve && plotsIn(iteration)(node)(curve);
  return plot && ((at, box, size) => marksAt(plot, edge, at, box, size));
}

/** What goes in and what comes out, and how they are drawn. */
const plotsIn = remembering((/** @type {Iteration} */ { node: nodes }) =>
  remembering((/** @type {Node} */ node) =>
    remembering((/** @type {import("./curve.js").Curve} */ curve) => {
      const into = /** @type {Node} */ (nodes.get(node.inputs[0]));
      const dots = entriesOf(node).map(({ row, column }) => ({
        row,
        column,
        m: into.value[row][column],
        a: node.value[row][column],
      }));
      return holds(curve, dots)
        ? { dots, plot: plotOf(curve, dots, { m: into.id, a: node.id }) }
        : null;
    }),
  ),
);

/**
 * @param {NonNullable<ReturnType<ReturnType<ReturnType<typeof plotsIn>>>>} drawn
 * @param {import("../trace/trace.js").Edge | undefined} edge on the way back
 * @param {At} at the entry
 * @param {Box} box
 * @param {number} size
 * @returns {Mark[]}
 */
function marksAt({ dots, plot }, edge, { row, column }, box, size) {
  const now = dots.find((it) => it.row === row && it.column === column);
  const rest = dots.filter((it) => it !== now && (dots.length <= MOST_DOTS || it.row === row));
  const marks = curveMarks(plot, box, size);
  for (const it of rest)
    marks.push(
      dotMark(`dot ${it.row} ${it.column}`, plot.at(it, box, size), 0.7 * size, {
        tone: "forward",
        opacity: 0.45,
      }),
    );
  if (!now) return marks;
  const here = plot.at(now, box, size);
  if (edge) {
    const slope = partialBetween(edge, { id: edge.of, row, column }, { id: edge.wrt, row, column });
    marks.push(tangentMark(plot, "tangent", now, slope, { box, size }, 1));
  } else {
    const foot = plot.at({ m: now.m, a: 0 }, box, size);
    const beside = plot.at({ m: 0, a: now.a }, box, size);
    marks.push(lineMark("height", [foot, here], { tone: "plain", emphasis: 0.6 }));
    marks.push(lineMark("level", [here, beside], { tone: "plain", emphasis: 0.2, opacity: 0.6 }));
  }
  marks.push(dotMark("dot", here, 1.2 * size, { tone: edge ? "backward" : "forward" }));
  return visible(marks);
}
