/**
 * What the panels about one weight have in common: which weight it is, and what to say while there is no answer.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey } from "../base/format.js";
import { closeButton } from "../base/panel-view.js";
import { isParameter, questionOf, weightOf } from "../state/panels.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} WeightActions
 * @property {(id: string | null) => void} select
 * @property {(t: number) => void} go
 * @property {(change: import("../state/state.js").Set["change"]) => void} change
 */

/** A name of more letters is cut in the chooser. */
const LONG = 14;

/**
 * Which weight is looked at: its matrix, row and column; of a vector the index.
 * @param {State} state
 * @param {WeightActions} act
 */
export function weightPicker(state, act) {
  const weight = weightOf(state);
  const { iteration } = state;
  if (!iteration || !weight) return nothing;
  const parameters = iteration.nodes.filter(({ id }) => isParameter(iteration, id));
  const value = iteration.node.get(weight.id)?.value ?? [[]];
  const axes = iteration.node.get(weight.id)?.shape.length ?? 2;
  /** @param {Partial<Entry>} change */
  const choose = (change) => {
    const next = { ...weight, ...change };
    const key = entryKey(next.id, next.row, next.column);
    if (key !== state.selection) act.select(key);
  };
  return html`<span class="picker" role="group" aria-label="The weight">
    <select aria-label="Parameter" data-tip=${weight.id.length > LONG ? weight.id : nothing} .value=${weight.id} @change=${(/** @type {Event} */ event) => choose({ id: text(event), row: 0, column: 0 })}>
      ${parameters.map(({ id }) => html`<option value=${id} ?selected=${id === weight.id}>${id}</option>`)}</select>
    ${axes < 2 ? nothing : place("row", weight.row, value.length, (row) => choose({ row }))}
    ${axes < 1 ? nothing : place(axes < 2 ? "index" : "column", weight.column, value[0].length, (column) => choose({ column }))}
  </span>`;
}

/**
 * A place in the matrix, with what is allowed beside it. What lies beyond goes visibly to the nearest that is there; what
 * is no number goes back.
 * @param {string} name
 * @param {number} at
 * @param {number} count
 * @param {(at: number) => void} choose
 */
function place(name, at, count, choose) {
  const last = count - 1;
  const allowed = last === 0 ? "only 0" : `0–${last}`;
  /** @param {Event} event */
  const take = (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const typed = Math.trunc(input.valueAsNumber);
    const taken = Number.isNaN(typed) ? at : Math.min(last, Math.max(0, typed));
    input.value = String(taken);
    choose(taken);
  };
  return html`<label>${name} <input type="number" min="0" max=${last} .value=${String(at)} aria-describedby="allowed-${name}" @change=${take}></label>
    <span class="allowed" id="allowed-${name}">${allowed}</span>`;
}

/** @param {Event} event */
function text(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}

/**
 * The head of a panel: a heading that names it and what it is about, the controls beside it, and a way out.
 * @param {string} id
 * @param {string} words "Chain rule of", as it stands before the weight that the controls show
 * @param {string} name the weight's, for who hears the heading alone
 * @param {unknown} controls
 * @param {WeightActions} act
 */
export function panelHead(id, words, name, controls, act) {
  return html`<div class="panel-head"><h2 id=${id}>${words} <span class="visually-hidden">${name}</span></h2>
    ${controls} ${closeButton(act)}</div>`;
}

/**
 * The answer to what the open panel asks, or the last one while a newer is under way; null while there is none of its
 * kind.
 * @template T
 * @param {State} state
 * @param {string} kind "/chain", "/slope", "/check"
 * @returns {{ document: T | null, error: string | null, late: boolean } | null}
 */
export function answerOf(state, kind) {
  const { answer, iteration } = state;
  if (!answer?.path.startsWith(kind)) return null;
  const late =
    answer.path !== questionOf(state)?.path || answer.experiment !== iteration?.experiment;
  return { document: /** @type {T | null} */ (answer.document), error: answer.error, late };
}

/** @param {string} error */
export function refusal(error) {
  return html`<p class="remark" role="alert">${error}</p>`;
}
