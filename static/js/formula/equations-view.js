/**
 * The equations of a beat: symbols above, numbers below; and what there is to say of them.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { cachedAsItStands, summedOver } from "../trace/rule.js";
import { equation } from "./math-view.js";
import { lookupChain, lookupIn, lookupLocal, lookupUpdate } from "./numbers.js";
import { typeset } from "./symbols-view.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../trace/trace.js").Update} Update */

/**
 * @param {Iteration} iteration
 * @param {import("../time/timeline.js").Beat} beat
 * @param {boolean} arrived
 */
export function equations(iteration, beat, arrived) {
  if (beat.kind === "node") {
    const node = iteration.node.get(beat.subject);
    const lookup = lookupIn(iteration, arrived);
    return html`${equation(node?.formula ?? "", { lookup })}${nodeRemark(iteration, beat.subject)}`;
  }
  if (beat.kind === "update" || beat.kind === "line") {
    const update = iteration.updates.find((it) => it.parameter === beat.subject);
    return update ? updateEquation(iteration, update, beat.line, arrived) : nothing;
  }
  const edge = iteration.edge.get(beat.subject);
  return edge
    ? html`<div class="equations">${edgeEquations(iteration, edge, arrived)}</div>${edgeRemark(iteration, edge, !isSeen(iteration, edge))}`
    : nothing;
}

/** Of two equations side by side, long matrices are abridged to so many rows. */
const ROWS_OF_TWO = 3;

/**
 * The local partial of an edge, and what its rule makes of it.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {boolean} arrived whether the contribution is there; the local partial always is
 */
export function edgeEquations(iteration, edge, arrived) {
  const only = edge.chain === edge.formula;
  // Where the local partial is a cached node as it stands, its numbers would only say that a0 = a0; those of many rows
  // stand in the second equation and in the inspector.
  const made = edge.uses.length > 0 && !cachedAsItStands(edge);
  const plain = made && (only || edge.value.length <= ROWS_OF_TWO);
  const rows = only ? undefined : ROWS_OF_TWO;
  const local = equation(edge.formula, {
    lookup: plain ? lookupLocal(iteration, edge, arrived || !only) : undefined,
    rows,
  });
  if (only) return local;
  return [local, chainEquation(iteration, edge, arrived, rows)];
}

/**
 * What an edge passes back; where others lead to the same node, added to what has come by those before it.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {boolean} arrived
 * @param {number} [rows]
 */
export function chainEquation(iteration, edge, arrived, rows) {
  const lookup = lookupChain(iteration, edge, arrived);
  return equation(edge.chain, { lookup, rows, over: summedOver(edge) });
}

/**
 * How a node's value comes to be, where its formula alone does not say it.
 * @param {Iteration} iteration
 * @param {string} id
 */
export function nodeRemark({ node }, id) {
  return remark(node, [node.get(id)?.note ?? ""]);
}

/**
 * Whether the note of an edge is about numbers that are seen here. One that is about an output close to 1 or −1 (the local
 * partial uses what went in, too) is, where such an output is shown as just that.
 * @param {Iteration} iteration
 * @param {Edge} edge
 */
function isSeen({ node }, { of, wrt, uses }) {
  const outputs = node.get(of)?.value ?? [];
  return !(uses[0] === of && uses[1] === wrt) || outputs.some((row) => row.some(hasRounded));
}

/**
 * Whether an output is so close to 1 or −1 that, as it is shown, it is just that.
 * @param {number} out
 */
export function hasRounded(out) {
  return Math.abs(Number(out.toFixed(4))) === 1;
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {boolean} [brief] without its note
 */
export function edgeRemark(iteration, edge, brief = false) {
  const row = iteration.experiment.data ? "example" : "row";
  const many = edge.jacobians.length > 1 ? `The numbers are those of ${row} 0.` : "";
  const note = brief ? "" : edge.note;
  return remark(iteration.node, [note, many, beyond(iteration, edge), ...edge.remarks]);
}

/**
 * What to say of ∂C/∂a where it is beyond the doubles, while all that is learned from is not.
 * @param {Iteration} iteration
 * @param {Edge} edge
 */
function beyond({ status, output, said }, { of, uses, value }) {
  const isLost = !value.every((row) => row.every(Number.isFinite));
  if (of !== output || status !== "ok" || !said.logits || !isLost) return "";
  const into = uses[uses.length - 1];
  return `Where it is ∞ it is beyond what a double can hold, and nothing goes by it: ∂${output}/∂${into} is taken from ${into} straight.`;
}

/**
 * @param {Iteration["node"]} known
 * @param {string[]} sentences
 */
function remark(known, sentences) {
  const text = sentences.filter((it) => it !== "").join(" ");
  return text ? html`<p class="remark">${typeset(text, known)}</p>` : nothing;
}

/**
 * A line of the optimizer's rule for a parameter; without a name the one that moves it.
 * @param {Iteration} iteration
 * @param {Update} update
 * @param {string | undefined} line
 * @param {boolean} arrived
 */
function updateEquation(iteration, update, line, arrived) {
  const at = line === undefined ? update.lines.length : update.lines.findIndex(named(line));
  const formula = update.lines[at]?.formula ?? update.formula;
  // A fraction of matrices has room for two short ones.
  const rows = update.lines.length > 0 ? ROWS_OF_TWO : undefined;
  return equation(formula, { lookup: lookupUpdate(iteration, update, at, arrived), rows });
}

/** @param {string} name @returns {(line: import("../trace/trace.js").Line) => boolean} */
function named(name) {
  return (line) => line.name === name;
}
