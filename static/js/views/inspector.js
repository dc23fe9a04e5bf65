/**
 * What is selected, in full: formula, shape, value, gradient, local partial, contribution, with every digit on hover.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryName, full, shapeText, short } from "../format.js";
import { called } from "../sentences.js";
import { computedIn } from "../timeline.js";
import { whyZeroGradient, whyZeroValue } from "../zeros.js";
import { equation, ratio, symbol, typeset } from "./math.js";
import { edgeEquations, edgeRemark, lookupIn } from "./narration.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../timeline.js").Moment} Moment */
/** @typedef {import("../timeline.js").Known} Known */
/** @typedef {import("../trace.js").Iteration} Iteration */
/** @typedef {import("../trace.js").Matrix} Matrix */
/** @typedef {import("../trace.js").Node} Node */
/** @typedef {import("../trace.js").Edge} Edge */
/** @typedef {{ select: (id: string | null) => void }} InspectorActions */

const MOST_CELLS = 6000;

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {InspectorActions} act
 */
export function inspectorView(state, moment, act) {
  const iteration = state.iteration;
  if (!iteration || !state.selection) return nothing;
  const node = iteration.node.get(state.selection);
  const edge = iteration.edge.get(state.selection);
  const title = node ? called(node.id) : edge ? `local partial ∂${edge.of}/∂${edge.wrt}` : "";
  return html`<section class="panel inspector" aria-labelledby="inspector-title">
    <h2 id="inspector-title">Inspector <span class="what">${typeset(title, iteration.node)}</span>
      <button class="close" aria-label="Clear the selection" title="Clear (Esc)" @click=${() => act.select(null)}>×</button></h2>
    ${node ? nodePanel(state, iteration, node, moment, act) : nothing}
    ${edge ? edgePanel(state, iteration, edge, moment, act) : nothing}
    <p class="rounding">Numbers are rounded to four decimals; hover for all digits.</p>
  </section>`;
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Moment} moment
 * @param {InspectorActions} act
 */
function nodePanel(state, iteration, node, moment, act) {
  const known = moment.values[node.id];
  const update = iteration.updates.find((it) => it.parameter === node.id);
  const moved = moment.updated.has(node.id) && update;
  const made = computedIn(state.beats, node.id);
  const into = iteration.edges.filter((it) => it.wrt === node.id);
  return html`
    <p class="facts">${node.op ? html`Computed by <b>${node.op.replaceAll("_", " ")}</b> in beat ${made + 1}.` : "Given, not computed."}
      Shape: ${shapeText(node.shape)}.</p>
    ${node.formula ? equation(node.formula, known === "blank" ? {} : { lookup: lookupIn(iteration, true) }) : nothing}
    ${numbers(moved ? "Value, after the update" : "Value", node.id, moved ? update.after : node.value, known, "value", moved ? undefined : (r, c) => whyZeroValue(iteration, node.id, r, c))}
    ${moved ? numbers("Value before", node.id, update.before, "computed", "value") : nothing}
    ${numbers(`Gradient ∂${iteration.output}/∂${node.id}`, `∂${iteration.output}/∂${node.id}`, node.gradient, moment.gradients[node.id], "gradient", (r, c) => whyZeroGradient(iteration, node.id, r, c))}
    ${into.length > 0 ? html`<p class="facts">The gradient comes along ${into.map((edge) => html`<button class="link" @click=${() => act.select(edge.key)}>${edge.of} → ${edge.wrt}</button> `)}</p>` : nothing}`;
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Moment} moment
 * @param {InspectorActions} act
 */
function edgePanel(state, iteration, edge, moment, act) {
  const known = moment.edges[edge.key];
  const upstream = iteration.node.get(edge.of);
  const local = `∂${edge.of}/∂${edge.wrt}`;
  return html`
    <p class="facts">How ${symbol(edge.of)} changes with ${symbol(edge.wrt)}. ${uses(state, edge, act)}</p>
    <div class="equations">${known === "blank" ? [equation(edge.formula), edge.chain === edge.formula ? nothing : equation(edge.chain)] : edgeEquations(iteration, edge, true)}</div>
    ${edgeRemark(iteration, edge)}
    ${
      edge.jacobians.length > 0
        ? edge.jacobians
            .slice(0, 20)
            .map((matrix, row) =>
              numbers(`Local partial, row ${row}`, local, matrix, known, "gradient"),
            )
        : numbers("Local partial", local, edge.value, known, "gradient")
    }
    ${numbers(`Upstream gradient ∂${iteration.output}/∂${edge.of}`, `∂${iteration.output}/∂${edge.of}`, upstream?.gradient ?? [], moment.gradients[edge.of], "gradient")}
    ${numbers("Contribution", `∂${iteration.output}/∂${edge.wrt}`, edge.contribution, known, "gradient", (r, c) => whyZeroGradient(iteration, edge.wrt, r, c))}
    <p class="facts">Rule: <b>${edge.rule.replaceAll("_", " ")}</b>. ${ratio(iteration.output, edge.wrt)} is the sum of all contributions into <button class="link" @click=${() => act.select(edge.wrt)}>${edge.wrt}</button>.</p>`;
}

/**
 * @param {State} state
 * @param {Edge} edge
 * @param {InspectorActions} act
 */
function uses(state, edge, act) {
  if (edge.uses.length === 0)
    return "It is the same number everywhere and uses nothing of the forward pass.";
  return html`It is made of ${edge.uses.map((id) => {
    const made = computedIn(state.beats, id);
    return html`<button class="link" @click=${() => act.select(id)}>${id}</button> (${made < 0 ? "given" : `cached in beat ${made + 1}`}) `;
  })}`;
}

/**
 * @param {string} title
 * @param {string} name
 * @param {Matrix} matrix
 * @param {Known} known
 * @param {"value" | "gradient"} kind
 * @param {(row: number, column: number) => string | null} [why]
 */
export function numbers(title, name, matrix, known, kind, why) {
  const state =
    known === "computed"
      ? ""
      : known === "stale"
        ? "stale: a parameter has moved since"
        : "not computed yet";
  const rows = matrix.slice(0, Math.ceil(MOST_CELLS / Math.max(1, matrix[0]?.length ?? 1)));
  const zeros = known === "blank" || !why ? [] : reasons(rows, name, why);
  return html`<div class="numbers ${kind} ${known}">
    <h3>${title} ${state ? html`<span class="state">${state}</span>` : nothing}</h3>
    ${known === "blank" ? nothing : html`<div class="scroll" tabindex="0" role="group" aria-label=${title}><table>${rows.map((row, r) => html`<tr>${row.map((value, c) => html`<td class=${value < 0 ? "negative" : value === 0 ? "zero" : ""} title="${entryName(name, r, c)} = ${full(value)}">${short(value)}</td>`)}</tr>`)}</table></div>`}
    ${rows.length < matrix.length ? html`<p class="facts">The first ${rows.length} of ${matrix.length} rows.</p>` : nothing}
    ${zeros}
  </div>`;
}

/**
 * @param {Matrix} rows
 * @param {string} name
 * @param {(row: number, column: number) => string | null} why
 */
function reasons(rows, name, why) {
  const found = rows.flatMap((row, r) =>
    row.flatMap((value, c) => (value === 0 ? [{ r, c, reason: why(r, c) }] : [])),
  );
  const told = found.filter(({ reason }) => reason !== null).slice(0, 6);
  const rest =
    found.length > told.length
      ? html`<li>and ${found.length - told.length} more that are 0</li>`
      : nothing;
  return told.length === 0
    ? nothing
    : html`<ul class="reasons">${told.map(({ r, c, reason }) => html`<li>${entryName(name, r, c)} is exactly 0: ${reason}.</li>`)}${rest}</ul>`;
}
