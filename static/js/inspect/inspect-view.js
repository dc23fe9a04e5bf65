/**
 * What is selected, in full: formula, shape, value, gradient, local partial, contribution, with every digit on hover.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey, entryName, entryOf, full, shapeText, short, shortened } from "../base/format.js";
import { closeButton } from "../base/panel-view.js";
import { edgeEquations, edgeRemark, hasRounded, nodeRemark } from "../formula/equations-view.js";
import { equation, rightSide } from "../formula/math-view.js";
import { lookupIn } from "../formula/numbers.js";
import { ratio, symbol, typeset } from "../formula/symbols-view.js";
import { called } from "../time/sentences.js";
import { computedIn, valueNow } from "../time/timeline.js";
import { edgeFormula, gradientFormula, keyOf, nameOf, valueFormula } from "../trace/entries.js";
import { cachedAsItStands, isOneToOne, meetingOf, summedOver } from "../trace/rule.js";
import { isLoss } from "../trace/scores.js";
import { isLayered } from "../trace/trace.js";
import { whyZeroGradient, whyZeroValue } from "../trace/why-zero.js";
import { notYet, reason, written } from "./made-view.js";
import { rememberedOf } from "./optimizer-state.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../time/timeline.js").Known} Known */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} InspectorActions
 * @property {(id: string | null) => void} select
 * @property {(t: number) => void} go
 * @property {(change: { panel: State["panel"] }) => void} change
 * @property {(editing: State["editing"]) => void} beginEdit
 * @property {(name: string) => void} endEdit
 * @property {(entry: Entry, value: number) => void} editEntry
 */

const MOST_CELLS = 6000;
/** Of a name on a button. */
const MOST_LETTERS = 20;
/** A title is set as it is, but for slopes in it. */
const NONE = new Map();

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {typeof import("../graph/number-editor-view.js") | undefined} editor
 * @param {InspectorActions} act
 */
export function inspectorView(state, moment, editor, act) {
  const { iteration, selection } = state;
  if (!iteration) return nothing;
  const edge = iteration.edge.get(selection ?? "");
  const entry = edge ? null : entryOf(selection ?? "");
  const node = iteration.node.get(entry?.id ?? "");
  const title = edge
    ? `local partial ∂${edge.of}/∂${edge.wrt}`
    : entry && selection?.includes("[")
      ? nameOf(iteration, entry)
      : called(iteration, node?.id ?? "");
  return html`<section class="panel inspector" aria-labelledby="inspector-title">
    <div class="panel-head"><h2 id="inspector-title">Inspector <span class="what" aria-live="polite">${typeset(title, iteration.node)}</span></h2>
      ${selection ? closeButton(act) : nothing}</div>
    ${node && entry && selection?.includes("[") ? entryPanel(state, iteration, node, entry, moment, editor, act) : nothing}
    ${node ? nodePanel(state, iteration, node, moment, act) : nothing}
    ${edge ? edgePanel(state, iteration, edge, moment, act) : nothing}
    ${selection ? html`<p class="rounding">Numbers are rounded to four decimals; point at one, or tap it, for all its digits.</p>` : emptyPanel(iteration, act)}
  </section>`;
}

/**
 * @param {Iteration} iteration
 * @param {InspectorActions} act
 */
function emptyPanel(iteration, act) {
  return html`<p class="facts">Nothing is selected. Select a number, a card or a chip in the graph, or one of these:</p>
    <p class="chips">${iteration.nodes.map(({ id }) => html`<button class="link" @click=${() => act.select(id)}>${shortened(id, MOST_LETTERS, 6)}</button> `)}</p>`;
}

/**
 * One number: how it was computed, and how its gradient was.
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} entry
 * @param {Moment} moment
 * @param {typeof import("../graph/number-editor-view.js") | undefined} editor
 * @param {InspectorActions} act
 */
function entryPanel(state, iteration, node, entry, moment, editor, act) {
  const known = moment.values[node.id];
  const slopeKnown = moment.gradients[node.id];
  const name = nameOf(iteration, entry);
  const slope = `∂${iteration.output}/∂${name}`;
  const made = computedIn(state.beats, node.id);
  const last = state.beats.findLast((it) => it.kind === "edge" && it.shows === node.id);
  const value = valueNow(iteration, moment, node.id)[entry.row]?.[entry.column] ?? 0;
  return html`<div class="entry">
    <p class="big">${symbol(name)} ${known === "blank" ? notYet(made, act) : html`= <b>${full(value)}</b>`}</p>
    ${node.role !== "computed" && editor ? html`<p class="facts"><label>Set it to ${editor.editorView(state, keyOf(entry), act, true)}</label> In the graph: double click it, type, or drag it to the side.</p>` : nothing}
    ${written(valueFormula(iteration, node, entry), iteration, known)}
    ${known === "blank" || moment.updated.has(node.id) ? nothing : reason(whyZeroValue(iteration, node.id, entry.row, entry.column), name)}
    <p class="big">${ratio(iteration.output, name)} ${slopeKnown === "blank" ? notYet(last?.index ?? -1, act) : html`= <b>${full(node.gradient[entry.row]?.[entry.column] ?? 0)}</b>`}</p>
    ${written(gradientFormula(iteration, node, entry), iteration, slopeKnown)}
    ${slopeKnown === "blank" ? nothing : reason(whyZeroGradient(iteration, node.id, entry.row, entry.column), slope)}
    ${rememberedEntry(state, iteration, node, entry, moment)}
    ${node.role === "parameter" ? html`<p class="facts"><button class="link" @click=${() => act.change({ panel: "chain" })}>Its chain rule</button> <button class="link" @click=${() => act.change({ panel: "slope" })}>Its slope</button></p>` : nothing}
    <h3>All of ${called(iteration, node.id)}</h3></div>`;
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
      Shape: ${shapeText(node.shape)}. ${known === "blank" ? html`Not computed yet: <button class="link" @click=${() => act.go(made + 1)}>go to beat ${made + 1}</button>` : nothing}</p>
    ${node.formula ? equation(node.formula, known === "blank" ? {} : { lookup: lookupIn(iteration, true) }) : nothing}
    ${nodeRemark(iteration, node.id)}
    ${numbers(moved ? "Value, after the update" : "Value", valuesOf(node), moved ? update.after : node.value, known, "value", moved ? undefined : (r, c) => whyZeroValue(iteration, node.id, r, c))}
    ${likely(iteration, node, known)}
    ${moved ? numbers("Value before", valuesOf(node), update.before, "computed", "value") : nothing}
    ${remembered(state, iteration, node, moment)}
    ${numbers(`Gradient ∂${iteration.output}/∂${node.id}`, gradientsOf(iteration, node), node.gradient, moment.gradients[node.id], "gradient", (r, c) => whyZeroGradient(iteration, node.id, r, c))}
    ${into.map((edge) => productOf(iteration, edge))}
    ${into.length > 0 ? html`<p class="facts">The gradient comes along ${into.map((edge) => html`<button class="link" @click=${() => act.select(edge.key)}>${shortened(edge.of, MOST_LETTERS, 6)} → ${shortened(edge.wrt, MOST_LETTERS, 6)}</button> `)}</p>` : nothing}`;
}

/**
 * The predictions as probabilities, where the node holds logits.
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Known} known
 */
function likely(iteration, { id, shape }, known) {
  const { said, prediction, nodes } = iteration;
  if (id !== prediction || said.predictions === said.outputs) return nothing;
  const [title, name] =
    nodes.find((it) => isLoss(iteration, it))?.op === "cross_entropy_from_logits"
      ? ["As probabilities: softmax of each row", `softmax of ${id}`]
      : ["As probabilities: the sigmoid σ of each", `σ of ${id}`];
  return numbers(title, { id: name, shape }, said.predictions, known, "value");
}

/**
 * What the optimizer remembers of a parameter.
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Moment} moment
 */
function remembered({ beats }, iteration, node, { done }) {
  const kept = rememberedOf(iteration, { done, beats }, node.id);
  if (kept.length === 0) return nothing;
  return html`<h3>What the optimizer remembers of ${symbol(node.id)}</h3>${kept.map(
    ({ name, value, isNew }) => {
      const when = isNew ? "after this iteration" : "before this iteration";
      if (name.startsWith("t"))
        return html`<p class="facts">${symbol(name)} = ${short(value[0][0])}: updates, ${when}.</p>`;
      const of = { id: `${name} of ${node.id}`, shape: node.shape };
      return numbers(`${name}, ${when}`, of, value, "computed", "value");
    },
  )}`;
}

/**
 * As `remembered`, of one entry, in a line.
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} entry
 * @param {Moment} moment
 */
function rememberedEntry({ beats }, iteration, node, entry, { done }) {
  const kept = rememberedOf(iteration, { done, beats }, node.id);
  if (kept.length === 0) return nothing;
  return html`<p class="facts">The optimizer remembers ${kept.map(({ name, value }, at) => {
    const number = value[entry.row]?.[entry.column] ?? value[0][0];
    return html`${at > 0 ? ", " : ""}${symbol(name)} = <span tabindex="0" data-tip=${full(number)}>${short(number)}</span>`;
  })}.</p>`;
}

/**
 * Which product makes a gradient, with the shapes of all that is in it.
 * @param {Iteration} iteration
 * @param {Edge} edge
 */
function productOf(iteration, edge) {
  const { output, node } = iteration;
  const goal = node.get(edge.wrt)?.shape ?? [];
  const words = edge.of === output ? "" : shapesInWords(iteration, edge);
  return html`<p class="facts">${ratio(output, edge.wrt)} has the shape of ${symbol(edge.wrt)}, ${shapeText(goal)}${words}.</p>${equation(edge.chain)}`;
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 */
function shapesInWords({ node, output }, edge) {
  const upstream = shapeText(node.get(edge.of)?.shape ?? []);
  const cached = cachedAsItStands(edge) ?? "";
  const turned = `${cached}ᵀ (${shapeText((node.get(cached)?.shape ?? []).toReversed())})`;
  const arrives = `∂${output}/∂${edge.of} (${upstream})`;
  const parts = meetingOf(edge);
  /** @type {Record<string, string>} */
  const words = { turned, upstream: arrives, local: cached, "·": "times" };
  if (parts.includes("turned") || (edge.rule.startsWith("matmul") && cached))
    return `: ${parts.map((it) => words[it]).join(" ")}`;
  if (parts[0] === "Σ")
    return `: ${arrives} summed over ${summedOver(edge) ? `its ${summedOver(edge)}` : "all its entries"}`;
  if (edge.rule === "jacobian")
    return `: ${edge.jacobians.length > 0 ? "row by row, each by a matrix of its own" : "by a matrix"}, from ${arrives}`;
  return `: ${HOW[edge.rule] ?? "entry by entry from"} ${arrives}`;
}

/** How a gradient is made of what arrives, where that is not entry by entry. @type {Partial<Record<Edge["rule"], string>>} */
const HOW = {
  spread: "for all that went into it, from",
  gather: "back where its entries came from, of",
};

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
  const local = localsOf(edge);
  return html`
    <p class="facts">How ${symbol(edge.of)} changes with ${symbol(edge.wrt)}. ${uses(state, edge, act)} ${
      known === "blank"
        ? html`It ${notYet(
            state.beats.findIndex((it) => it.subject === edge.key),
            act,
          )}`
        : nothing
    }</p>
    <div class="equations">${known === "blank" ? [equation(edge.formula), edge.chain === edge.formula ? nothing : equation(edge.chain)] : edgeEquations(iteration, edge, true)}</div>
    ${edgeRemark(iteration, edge)}
    ${isOneToOne(edge) && upstream?.inputs.length === 1 ? sigmaPanel(iteration, edge, known) : nothing}
    ${
      edge.jacobians.length > 0
        ? edge.jacobians
            .slice(0, 20)
            .map((matrix, row) =>
              numbers(`Local partial, row ${row}`, local, matrix, known, "gradient"),
            )
        : numbers("Local partial", local, edge.value, known, "gradient")
    }
    ${upstream ? numbers(`Upstream gradient ∂${iteration.output}/∂${edge.of}`, gradientsOf(iteration, upstream), upstream.gradient, moment.gradients[edge.of], "gradient") : nothing}
    ${numbers("Contribution", contributionsOf(iteration, edge), edge.contribution, known, "gradient", (r, c) => whyZeroGradient(iteration, edge.wrt, r, c))}
    <p class="facts">Rule: <b>${edge.rule.replaceAll("_", " ")}</b>. ${ratio(iteration.output, edge.wrt)} is the sum of all contributions into <button class="link" @click=${() => act.select(edge.wrt)}>${shortened(edge.wrt, MOST_LETTERS, 6)}</button>.</p>`;
}

const MOST_SIGMAS = 6;

/**
 * At which number the slope is taken, σ′ of an activation, entry by entry, and from which cached number it is worked out.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Known} known
 */
function sigmaPanel(iteration, edge, known) {
  if (known === "blank") return nothing;
  const values = iteration.node.get(edge.wrt)?.value ?? [];
  const places = values
    .flatMap((line, row) => line.map((_, column) => ({ id: edge.wrt, row, column })))
    .slice(0, MOST_SIGMAS);
  return html`<ul class="sigma">${places.map((place) => {
    const { row, column } = place;
    const formula = edgeFormula(iteration, edge, { ...place, id: edge.of }, place);
    const out = iteration.node.get(edge.of)?.value[row]?.[column] ?? 0;
    const begins = isLayered(iteration.experiment) ? "σ′ is taken at" : "At";
    return html`<li>${begins} ${symbol(nameOf(iteration, place))} = ${short(values[row][column])}:
      ${rightSide(formula)} = ${edge.uses.length > 1 && hasRounded(out) ? html`(from ${symbol(edge.wrt)}, as ${symbol(edge.of)} has rounded)` : rightSide(formula, lookupIn(iteration, true))} = <b tabindex="0" data-tip=${full(edge.value[row][column])}>${short(edge.value[row][column])}</b></li>`;
  })}</ul>`;
}

/**
 * @param {State} state
 * @param {Edge} edge
 * @param {InspectorActions} act
 */
function uses(state, edge, act) {
  if (edge.uses.length === 0)
    return "It is the same number everywhere and uses nothing of the forward pass.";
  return html`It is made of ${edge.uses.map((id, at) => {
    const made = computedIn(state.beats, id);
    return html`${at > 0 ? " and " : ""}<button class="link" @click=${() => act.select(id)}>${shortened(id, MOST_LETTERS, 6)}</button> (${made < 0 ? "given" : `cached in beat ${made + 1}`})`;
  })}.`;
}

/** @typedef {{ id: string, shape: readonly number[], sign?: string }} Named numbers of a matrix, by what it is called; sign: how its entries are pointed at, where a node holds them */

/** @param {Node} node @returns {Named} */
export function valuesOf({ id, shape }) {
  return { id, shape, sign: id };
}

/** @param {Iteration} iteration @param {Node} node @returns {Named} */
export function gradientsOf({ output }, { id, shape }) {
  return { id: `∂${output}/∂${id}`, shape, sign: `∂${id}` };
}

/**
 * What an edge passes back: the gradient, or where others lead to the same node a part of it, which no node holds.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @returns {Named}
 */
export function contributionsOf({ node, edges, output }, { wrt }) {
  const shape = node.get(wrt)?.shape ?? [];
  const id = `∂${output}/∂${wrt}`;
  const isWhole = edges.filter((it) => it.wrt === wrt).length === 1;
  return isWhole ? { id, shape, sign: `∂${wrt}` } : { id: `part of ${id}`, shape };
}

/** @param {Edge} edge @returns {Named} */
export function localsOf({ of, wrt, letters, value }) {
  const sizes = [value.length, value[0]?.length ?? 0];
  return {
    id: `∂${of}/∂${wrt}`,
    shape: sizes.slice(2 - Math.min(2, letters.partial.length)),
  };
}

/**
 * @param {string} title
 * @param {Named} of
 * @param {Matrix} matrix
 * @param {Known} known
 * @param {"value" | "gradient"} kind
 * @param {(row: number, column: number) => string | null} [why]
 * @param {string | null} [selection]
 * @param {string | null} [stop] where they are walked by keys: what the Tab key comes to
 */
export function numbers(title, of, matrix, known, kind, why, selection, stop) {
  const state =
    known === "computed"
      ? ""
      : known === "stale"
        ? "stale: a parameter has moved since"
        : "not computed yet";
  const rows = matrix.slice(0, Math.ceil(MOST_CELLS / Math.max(1, matrix[0]?.length ?? 1)));
  const zeros = known === "blank" || !why ? [] : reasons(rows, of, why);
  return html`<div class="numbers ${kind} ${known}">
    <h3>${typeset(title, NONE)} ${state ? html`<span class="state">${state}</span>` : nothing}</h3>
    ${known === "blank" ? nothing : html`<div class="scroll" tabindex="0" role="group" aria-label=${title}><table>${rows.map((row, r) => html`<tr>${row.map((value, c) => html`<td data-entry=${signOf(of, r, c)} tabindex=${reached(stop, signOf(of, r, c))} class="${value < 0 ? "negative" : value === 0 ? "zero" : ""} ${isOf(selection, signOf(of, r, c)) ? "chosen" : ""}" data-tip="${entryName(of, r, c)} = ${full(value)}">${short(value)}</td>`)}</tr>`)}</table></div>`}
    ${rows.length < matrix.length ? html`<p class="facts">The first ${rows.length} of ${matrix.length} rows.</p>` : nothing}
    ${zeros}
  </div>`;
}

/**
 * How an entry is pointed at; nothing for what no node holds.
 * @param {Named} of
 * @param {number} row
 * @param {number} column
 */
function signOf({ sign }, row, column) {
  return sign ? entryKey(sign, row, column) : nothing;
}

/**
 * Where numbers are walked by keys: all can have the focus, one has it when the Tab key comes.
 * @param {string | null | undefined} stop
 * @param {string | symbol} sign
 */
function reached(stop, sign) {
  if (!stop || sign === nothing) return nothing;
  return sign === stop ? 0 : -1;
}

/**
 * Whether a number is what is selected, or its gradient.
 * @param {string | null | undefined} selection
 * @param {string | symbol} sign
 */
function isOf(selection, sign) {
  return selection != null && (sign === selection || sign === `∂${selection}`);
}

/**
 * @param {Matrix} rows
 * @param {Named} of
 * @param {(row: number, column: number) => string | null} why
 */
function reasons(rows, of, why) {
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
    : html`<ul class="reasons">${told.map(({ r, c, reason }) => html`<li>${entryName(of, r, c)} is exactly 0: ${reason}.</li>`)}${rest}</ul>`;
}
