/**
 * The callout: beside what is selected, a small card that says how it came to be, in symbols and in numbers. The panels have
 * the rest. It takes no focus and moves nothing; `callout-dom.js` finds its place.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf, full, shapeText, short } from "../base/format.js";
import { chainEquation, edgeEquations, edgeRemark } from "../formula/equations-view.js";
import { equation } from "../formula/math-view.js";
import { lookupIn } from "../formula/numbers.js";
import { ratio, symbol } from "../formula/symbols-view.js";
import { isCalledOut, REFUSAL } from "../state/panels.js";
import { called } from "../time/sentences.js";
import { computedIn, valueNow } from "../time/timeline.js";
import { gradientFormula, nameOf, valueFormula } from "../trace/entries.js";
import { whyZeroGradient, whyZeroValue } from "../trace/why-zero.js";
import { movedLine, notYet, reason, written } from "./made-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../time/timeline.js").Known} Known */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} CalloutActions
 * @property {(id: string | null) => void} select
 * @property {(t: number) => void} go
 * @property {(change: { panel: State["panel"] }) => void} change
 */
/** @typedef {{ title: unknown, kind: string, body: unknown, spoken: string, isWeight?: boolean, isBroad?: boolean }} Told of a selection; isBroad: whole matrices stand in it */

/** How one moves about in the graph by keys, while it has the focus through keys. */
const KEYS = "Keyboard: arrows move, Enter selects, Esc leaves";

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {CalloutActions} act
 */
export function calloutView(state, moment, act) {
  const { editing } = state;
  const refused = editing && !editing.inPanel ? editing.refused : undefined;
  const told = isCalledOut(state) ? toldOf(state, moment, act) : null;
  return html`<div class="callout-slot">
    <p class="graph-keys" aria-hidden="true">${KEYS}</p>
    <p class="visually-hidden" role="status">${told?.spoken ?? ""}</p>
    ${told ? cardView(told, act) : nothing}
    ${refused ? refusalView(refused) : nothing}
  </div>`;
}

/**
 * @param {Told} told
 * @param {CalloutActions} act
 */
function cardView({ title, kind, body, isWeight, isBroad }, act) {
  return html`<i class="callout-leader" aria-hidden="true"></i>
    <section class="callout ${isBroad ? "broad" : ""}" role="dialog" aria-labelledby="callout-title" @click=${keepFocus}>
    <div class="callout-head"><h2 id="callout-title">${title}</h2> <span class="what">${kind}</span>
      <button class="link" @click=${() => act.change({ panel: "inspect" })}>Open in full</button>
      <button class="close" aria-label="Close" @click=${() => act.select(null)}>×</button></div>
    ${body}
    ${isWeight ? html`<p class="callout-more"><button class="link" @click=${() => act.change({ panel: "chain" })}>Which way?</button> <button class="link" @click=${() => act.change({ panel: "slope" })}>How steep?</button></p>` : nothing}
  </section>`;
}

/**
 * Why what was typed in a cell was not taken, beside it.
 * @param {string} words
 */
function refusalView(words) {
  return html`<i class="callout-leader" aria-hidden="true"></i>
    <section class="callout refused"><p id=${REFUSAL} role="alert">${words}</p><p class="facts">Esc puts the old number back.</p></section>`;
}

/**
 * The button that was pressed is about to go: who came to it by keys goes on in the picture.
 * @param {MouseEvent} event
 */
function keepFocus({ target, detail }) {
  if (detail > 0 || !(target instanceof Element) || !target.closest("button")) return;
  const next = document.querySelector(".stage [tabindex='0']");
  /** @type {HTMLElement | null} */ (next)?.focus({ preventScroll: true });
}

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {CalloutActions} act
 * @returns {Told | null}
 */
function toldOf(state, moment, act) {
  const { iteration } = state;
  const selection = state.selection ?? "";
  const edge = iteration?.edge.get(selection);
  if (iteration && edge) return edgeTold(state, iteration, edge, moment, act);
  const entry = entryOf(selection);
  const node = iteration?.node.get(entry?.id ?? "");
  if (!iteration || !entry || !node) return null;
  const isOne = selection.includes("[") || node.shape.length === 0;
  return isOne
    ? entryTold(state, iteration, node, entry, moment, act)
    : nodeTold(state, iteration, node, moment, act);
}

/**
 * One number: how it came to be, and how its gradient did.
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} entry
 * @param {Moment} moment
 * @param {CalloutActions} act
 * @returns {Told}
 */
function entryTold(state, iteration, node, entry, moment, act) {
  const { row, column } = entry;
  const known = moment.values[node.id];
  const slopeKnown = moment.gradients[node.id];
  const name = nameOf(iteration, entry);
  const slopeName = `∂${iteration.output}/∂${name}`;
  const value = valueNow(iteration, moment, node.id)[row]?.[column] ?? 0;
  const slope = node.gradient[row]?.[column] ?? 0;
  const isMoved = moment.updated.has(node.id);
  const last = state.beats.findLast((it) => it.kind === "edge" && it.shows === node.id);
  const made =
    known === "blank" ? html`<p>It ${notYet(computedIn(state.beats, node.id), act)}</p>` : nothing;
  const formulas = {
    value: valueFormula(iteration, node, entry),
    slope: gradientFormula(iteration, node, entry),
  };
  return {
    title: html`${symbol(name)}${known === "blank" ? nothing : html` = <b data-tip=${full(value)}>${short(value)}</b>`}`,
    kind: `${kindOf(iteration, node.id)}${known === "stale" ? ", stale" : ""}`,
    body: html`<div class="callout-part value">${made}${valueLines(iteration, node, entry, known, isMoved, formulas.value)}
        ${known === "blank" || isMoved ? nothing : reason(whyZeroValue(iteration, node.id, row, column), name)}</div>
      <div class="callout-part gradient"><p class="callout-slope">${ratio(iteration.output, name)} ${slopeKnown === "blank" ? notYet(last?.index ?? -1, act) : html`= <b data-tip=${full(slope)}>${short(slope)}</b>`}</p>
        ${slopeKnown === "blank" ? nothing : written(formulas.slope, iteration, slopeKnown)}
        ${slopeKnown === "blank" ? nothing : reason(whyZeroGradient(iteration, node.id, row, column), slopeName)}</div>`,
    spoken: [
      spokenLine(name, known, value, formulas.value?.formula),
      spokenLine(`gradient of ${name}`, slopeKnown, slope, formulas.slope?.formula),
    ].join(" "),
    isWeight: node.role === "parameter",
  };
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} entry
 * @param {Known} known
 * @param {boolean} isMoved
 * @param {ReturnType<typeof valueFormula>} formula
 */
function valueLines(iteration, node, entry, known, isMoved, formula) {
  const update = isMoved && iteration.updates.find((it) => it.parameter === node.id);
  if (update) return movedLine(iteration, update, entry);
  if (!formula) return html`<p class="facts">${GIVEN[node.role] ?? ""}</p>`;
  return written(formula, iteration, known);
}

/** Where what is not computed comes from. @type {Record<string, string>} */
const GIVEN = {
  input: "Given: it is data.",
  target: "Given: what the network should say.",
  constant: "Given: it stays as it is.",
  parameter: "Not computed: learned, step by step.",
};

/**
 * @param {string} name
 * @param {Known} known
 * @param {number} value
 * @param {string | undefined} formula
 */
function spokenLine(name, known, value, formula) {
  if (known === "blank") return `${name} is not computed yet.`;
  const stale = known === "stale" ? ", stale" : "";
  return `${name} is ${short(value)}${stale}.${formula ? ` ${formula}.` : ""}`;
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Moment} moment
 * @param {CalloutActions} act
 * @returns {Told}
 */
function nodeTold({ beats }, iteration, node, moment, act) {
  const known = moment.values[node.id];
  const slopeKnown = moment.gradients[node.id];
  const last = beats.findLast((it) => it.kind === "edge" && it.shows === node.id);
  const lookup = known === "blank" ? undefined : lookupIn(iteration, true);
  const into = iteration.edges.filter((it) => it.wrt === node.id);
  return {
    title: symbol(node.id),
    kind: [kindOf(iteration, node.id), shapeText(node.shape)].filter(Boolean).join(", "),
    body: html`<div class="callout-part value">
        ${known === "blank" ? html`<p>It ${notYet(computedIn(beats, node.id), act)}</p>` : nothing}
        ${node.formula ? equation(node.formula, { lookup, rows: ROWS }) : html`<p class="facts">${GIVEN[node.role] ?? ""}</p>`}</div>
      <div class="callout-part gradient">
        ${slopeKnown === "blank" ? html`<p class="callout-slope">${ratio(iteration.output, node.id)} ${notYet(last?.index ?? -1, act)}</p>` : into.slice(0, 1).map((edge) => chainEquation(iteration, edge, true, ROWS))}
        ${into.length > 1 ? html`<p class="facts">and what comes along ${into.length - 1} more ${into.length === 2 ? "edge" : "edges"}.</p>` : nothing}</div>`,
    isBroad: true,
    spoken: `${called(iteration, node.id)}, ${shapeText(node.shape)}. ${node.formula ?? GIVEN[node.role] ?? ""}`,
  };
}

/** Of a matrix in a callout. */
const ROWS = 3;

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Moment} moment
 * @param {CalloutActions} act
 * @returns {Told}
 */
function edgeTold({ beats }, iteration, edge, moment, act) {
  const known = moment.edges[edge.key];
  const at = beats.findIndex((it) => it.subject === edge.key);
  return {
    title: ratio(edge.of, edge.wrt),
    kind: "local partial",
    body: html`<div class="callout-part gradient">${known === "blank" ? html`<p>It ${notYet(at, act)}</p>${equation(edge.formula)}` : html`<div class="equations">${edgeEquations(iteration, edge, true)}</div>${edgeRemark(iteration, edge, true)}`}</div>`,
    isBroad: true,
    spoken: `local partial of ${edge.of} by ${edge.wrt}${known === "blank" ? " is not computed yet" : ""}. ${edge.formula}.`,
  };
}

/**
 * What kind of thing a node is, without its name: "pre-activation".
 * @param {Iteration} iteration
 * @param {string} id
 */
function kindOf(iteration, id) {
  return called(iteration, id).replace(id, "").replace(/^, /, "").trim();
}
