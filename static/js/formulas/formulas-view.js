/**
 * The Formulas panel: the text, what is wrong with it under the line where it is, the values of its leaves as small matrices
 * to type into, and what may be written.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryName } from "../base/format.js";
import { refusalOf, typedNumber } from "../base/typed-number.js";
import { batchView, optimizerView } from "../experiment/training-view.js";
import { list } from "../time/sentences.js";
import { isLayered } from "../trace/trace.js";
import { ownOf } from "./draft.js";
import {
  linesOf,
  MOST_TYPED,
  missingIn,
  pastedValue,
  readOf,
  rowsOf,
  sentenceOf,
  shapeIn,
  shapeOf,
  shapeWords,
} from "./leaves.js";
import { purposeOf } from "./lines-view.js";

/** @typedef {import("./leaves.js").Draft} Draft */
/** @typedef {import("./leaves.js").Value} Value */
/** @typedef {import("./leaves.js").Fault} Fault */
/**
 * @typedef {import("../experiment/training-view.js").TrainingDesk & Written} Desk
 */
/**
 * @typedef {object} Written
 * @property {Draft | null} draft  what is typed
 * @property {import("../trace/trace.js").Experiment | null} seen that the draft is of
 * @property {Fault[]} faults
 * @property {Draft | null} left   what was typed, could not be shown, and had to give way
 * @property {boolean} isAsking    what is typed is not shown yet, nor refused
 * @property {Draft | null} shown  what the graph shows, with the values that wait for their names
 * @property {string[]} made       names in another text, whose values are made anew
 * @property {{ names: string[], isNew: boolean, before: Draft } | null} told what became of the values of the text before
 * @property {{ draft: Draft, of: import("../trace/trace.js").Experiment } | null} undone what was typed and taken back
 */
/**
 * @typedef {import("../experiment/training-view.js").TrainingActions & LeafActions} FormulasActions
 */
/**
 * @typedef {object} LeafActions
 * @property {(text: string) => void} type
 * @property {(name: string, value: Value) => void} setValue
 * @property {(name: string, shape: number[]) => void} setShape
 * @property {(name: string, learned: boolean) => void} setRole
 * @property {(name: "x" | "y", rows: number[][]) => void} setData
 * @property {() => void} writeDown
 * @property {(name: string, shape: number[]) => void} add
 * @property {() => void} begin
 * @property {() => void} bringBack
 * @property {() => void} takeBack  what is typed and not shown
 * @property {(names: string[]) => void} renew
 * @property {(names: string[], before: Draft) => void} putBack
 */

/**
 * @param {import("../state/state.js").State} state
 * @param {FormulasActions} act
 */
export function formulasView(state, act) {
  const { iteration, desks } = state;
  const desk = desks.formulas;
  // Until the draft is that of the open experiment: a field that fills itself would take a place from under the caret.
  if (!iteration || !desk?.seen)
    return html`<section class="panel formulas" aria-label="Formulas" aria-busy="true"><p class="facts">Opening …</p></section>`;
  const { experiment } = iteration;
  if (isLayered(experiment) && !desk.draft) return layersView(desk, act);
  const draft = desk.draft ?? { text: "", parameters: {}, constants: {} };
  const purpose = purposeOf(state);
  return html`<section class="panel formulas" tabindex="0" aria-labelledby="formulas-title">
    <h2 id="formulas-title">Formulas <span class="what">each line is name = expression, as in NumPy; the last is the number whose slopes are taken</span></h2>
    ${purpose ? html`<p class="facts"><b>${experiment.title}.</b> ${purpose}</p>` : nothing}
    <div class="formulas-columns">
      <div class="formulas-text">${leftOver(desk, act)}${editor(draft.text, desk, act)}${elsewhere(desk.faults)}${behind(desk, act)}${help(desk)}</div>
      <div class="formulas-values">${values(ownOf(draft, desk.made), desk, act)}${data(experiment, act)}${training(experiment, desk, act)}</div>
    </div>
  </section>`;
}

/**
 * What was typed and not taken can be had back.
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function leftOver({ left }, act) {
  if (!left) return nothing;
  const [first] = left.text.trim().split("\n");
  return html`<p class="facts" role="status">What you typed before could not be shown: <code>${first.slice(0, 60)}${left.text.trim() === first ? "" : " …"}</code> <button class="link" @click=${act.bringBack}>Bring it back</button></p>`;
}

/**
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function layersView(desk, act) {
  return html`<section class="panel formulas" tabindex="0" aria-labelledby="formulas-title">
    <h2 id="formulas-title">Formulas <span class="what">any computation, line by line</span></h2>
    ${leftOver(desk, act)}<p class="facts">This network is made of layers. Written down line by line it has the same numbers, and each line can be changed: a skip connection, shared weights, a penalty. Undo brings the layers back.</p>
    <p class="row-of"><button @click=${act.writeDown}>Write this network down</button>
      <button @click=${act.begin}>Begin with f = (x + y) * z</button></p>
  </section>`;
}

/**
 * A field over a copy of its lines: the copy has the numbers and shows where something is wrong.
 * @param {string} text
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function editor(text, { faults, isAsking }, act) {
  const lines = linesOf(text, faults);
  return html`<div class="formulas-editor ${faults.length > 0 ? "wrong" : ""}">
    <ol class="formulas-lines" aria-hidden="true">${lines.map(({ number, faults: here }) => html`<li class=${here.length > 0 ? "wrong" : ""}>${number}</li>`)}</ol>
    <ol class="formulas-notes" aria-hidden="true">${lines.map(({ line, faults: here }) => html`<li><span>${here.length > 0 ? line : "\u200b"}</span>${here.map((it) => html`<b>${sentenceOf(it)}</b>`)}</li>`)}</ol>
    <textarea class="formulas-field" rows=${Math.max(lines.length + 1, 4)} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" aria-label="The formulas, a line each"
      aria-invalid=${faults.length > 0 ? "true" : "false"} aria-describedby="formulas-faults" .value=${text} @keydown=${leave} @input=${(/** @type {Event} */ event) => act.type(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
  </div>
  <ul id="formulas-faults" class="formulas-faults" aria-live="polite">${unvalued(faults)}${faults
    .filter((it) => it.line && missingIn([it]).length === 0)
    .map(
      (it) =>
        html`<li><button class="link" @click=${(/** @type {Event} */ event) => goTo(event, text, it)}>Line ${it.line}</button> <code>${lines[(it.line ?? 1) - 1]?.line.trim()}</code><br>${sentenceOf(it)}.</li>`,
    )}${faults.length === 0 && !isAsking ? html`<li class="fine">✓ The graph shows these lines.</li>` : nothing}</ul>`;
}

/**
 * Names without a value stand beside, each with what it can be made.
 * @param {Fault[]} faults
 */
function unvalued(faults) {
  const names = missingIn(faults);
  if (names.length === 0) return nothing;
  return html`<li>${list(names)} ${names.length === 1 ? "has" : "have"} no value yet: give ${names.length === 1 ? "it" : "each"} one under Values.</li>`;
}

/**
 * Escape leaves the field, for the panel around it; a second one is the panel's.
 * @param {KeyboardEvent} event
 */
function leave(event) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest(".panel")
  )?.focus();
}

/**
 * The place of a fault is chosen in the field.
 * @param {Event} event
 * @param {string} text
 * @param {Fault} fault
 */
function goTo({ target }, text, { line, column }) {
  const field = /** @type {Element} */ (target)
    .closest(".formulas-text")
    ?.querySelector("textarea");
  if (!field || !line) return;
  const start =
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start + (column ?? 1) - 1, start + (column ?? 1));
}

/** What is wrong beside the text. @param {Fault[]} faults */
function elsewhere(faults) {
  const others = faults.filter((it) => !it.line);
  return others.map((it) => html`<p class="refusal" role="alert">${sentenceOf(it)}.</p>`);
}

/**
 * What is typed is not what is seen.
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function behind({ faults, shown, draft }, act) {
  if (faults.length === 0 || !shown) return nothing;
  const what =
    shown.text === draft?.text ? "these lines with other values" : "the text before this";
  return html`<p class="facts" role="status">The graph shows ${what}. <button class="link" data-tip="Undo brings it back, too; redo this one" @click=${act.takeBack}>Go back to it</button></p>`;
}

/** @param {Desk} desk */
function help({ catalog }) {
  const functions = catalog?.functions ?? [];
  const groups = [...new Set(functions.map((it) => it.group))];
  return html`<details class="formulas-help"><summary>What can be written?</summary>
    <p class="facts"><code>+ - * / ** @</code>, brackets, <code>.T</code>, entries and parts (<code>h[0]</code>, <code>x[:, 1:3]</code>), comments (<code># …</code>); <code>x.sum(axis=1, keepdims=True)</code> as well as <code>sum(x, axis=1, keepdims=True)</code>. A name gets its value once. A name that is read and never given one is a leaf: its value stands beside. Shapes stretch as in NumPy. <code>W = [[1, 2], [3, 4]]</code> gives numbers that stay as they are; numbers that are learned are typed, or pasted as a list or a table, beside.</p>
    ${groups.map(
      (group) =>
        html`<h3>${group}</h3><ul class="formulas-functions">${functions
          .filter((it) => it.group === group)
          .map(({ usage, words }) => html`<li><code>${usage}</code> ${words}</li>`)}</ul>`,
    )}</details>`;
}

/**
 * @param {Draft} draft
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function values({ text, parameters, constants }, desk, act) {
  const learned = Object.entries(readOf(parameters, text));
  const fixed = Object.entries(readOf(constants, text));
  return html`<h3>Values</h3><p class="facts">A step moves those that are <b>learned</b>; the others stay as they are.</p>
    ${became(desk, act)}
    ${missingIn(desk.faults).map((name) => missing(name, act))}
    <ul class="formulas-leaves">${[
      ...learned.map(([name, value]) => leaf(name, value, true, act)),
      ...fixed.map(([name, value]) => leaf(name, value, false, act)),
    ]}</ul>`;
}

/**
 * What became of the values that were there, and the way to the others.
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function became({ made, told }, act) {
  const words = (/** @type {string[]} */ names, /** @type {boolean} */ isNew) =>
    isNew
      ? `${list(names)} ${names.length === 1 ? "has a new value" : "have new values"}`
      : `${list(names)} kept ${names.length === 1 ? "its value" : "their values"}`;
  const line = () => {
    if (made.length > 0) return `This is another text: ${words(made, true)}.`;
    if (!told) return nothing;
    const { names, isNew, before } = told;
    return html`${words(names, isNew)}. ${
      isNew
        ? html`<button class="link" @click=${() => act.putBack(names, before)}>Keep the old</button>`
        : html`<button class="link" @click=${() => act.renew(names)}>New values</button>`
    }`;
  };
  return html`<p class="facts formulas-became" role="status">${line()}</p>`;
}

/**
 * A name that has no value yet.
 * @param {string} name
 * @param {FormulasActions} act
 */
function missing(name, act) {
  const shapes = [
    ["a number", []],
    ["a vector of 3", [3]],
    ["a matrix, 2 × 2", [2, 2]],
  ];
  return html`<p class="formulas-missing row-of"><b>${name}</b> has no value yet. Make it ${shapes.map(([words, shape]) => html`<button class="link" @click=${() => act.add(name, /** @type {number[]} */ (shape))}>${words}</button>`)}
    <label>or <input class="formulas-shape" aria-label="Another shape for ${name}" placeholder="3 × 4" data-tip="A number, 3, or 2 × 3" @change=${(/** @type {Event} */ event) => addShaped(event, name, act)}></label></p>`;
}

/**
 * @param {Event} event
 * @param {string} name
 * @param {FormulasActions} act
 */
function addShaped({ target }, name, act) {
  const field = /** @type {HTMLInputElement} */ (target);
  const shape = shapeIn(field.value);
  if (shape && field.value.trim() !== "") return act.add(name, shape);
  field.value = "";
}

/**
 * @param {string} name
 * @param {Value} value
 * @param {boolean} learned
 * @param {FormulasActions} act
 */
function leaf(name, value, learned, act) {
  return html`<li class="formulas-leaf">
    <p class="row-of"><b>${name}</b>
      <label><span class="visually-hidden">Shape of ${name}</span><input class="formulas-shape" .value=${shapeWords(value)} data-tip="A number, 3, or 2 × 3" @change=${(/** @type {Event} */ event) => changeShape(event, name, value, act)}></label>
      <label class="formulas-role"><input type="checkbox" .checked=${learned} @change=${(/** @type {Event} */ event) => act.setRole(name, /** @type {HTMLInputElement} */ (event.target).checked)}>learned</label></p>
    ${isTypedIn(value) ? grid(name, value, act) : tooMany(value)}</li>`;
}

/** @param {Value} value */
function isTypedIn(value) {
  const rows = rowsOf(value);
  return rows.length <= MOST_TYPED && rows[0].length <= MOST_TYPED;
}

/** @param {Value} value */
function tooMany(value) {
  return html`<p class="facts">${shapeWords(value)} numbers: too many to type in here. Each can be changed on its card.</p>`;
}

/**
 * @param {Event} event
 * @param {string} name
 * @param {Value} value
 * @param {FormulasActions} act
 */
function changeShape({ target }, name, value, act) {
  const field = /** @type {HTMLInputElement} */ (target);
  const shape = shapeIn(field.value);
  if (shape) return act.setShape(name, shape);
  field.value = shapeWords(value);
}

/**
 * @param {string} name
 * @param {Value} value
 * @param {FormulasActions} act
 */
function grid(name, value, act) {
  const set = (
    /** @type {Event} */ event,
    /** @type {number} */ row,
    /** @type {number} */ column,
  ) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const number = typedNumber(field.value);
    if (!Number.isNaN(number)) return act.setValue(name, changed(value, row, column, number));
    const whole = pastedValue(field.value);
    if (whole !== null) return act.setValue(name, whole);
    field.setCustomValidity(refusalOf(field.value));
    field.reportValidity();
    field.value = String(rowsOf(value)[row][column]);
  };
  const paste = (/** @type {ClipboardEvent} */ event) => {
    const whole = pastedValue(event.clipboardData?.getData("text") ?? "");
    if (whole === null) return;
    event.preventDefault();
    act.setValue(name, whole);
  };
  return html`<table class="formulas-grid" @paste=${paste}><tbody>${rowsOf(value).map(
    (line, row) =>
      html`<tr>${line.map((number, column) => html`<td><input inputmode="decimal" aria-label=${entryName({ id: name, shape: shapeOf(value) }, row, column)} .value=${String(number)} @change=${(/** @type {Event} */ event) => set(event, row, column)}></td>`)}</tr>`,
  )}</tbody></table>`;
}

/**
 * @param {Value} value
 * @param {number} row
 * @param {number} column
 * @param {number} number
 * @returns {Value}
 */
function changed(value, row, column, number) {
  const axes = shapeOf(value).length;
  if (axes === 0) return number;
  const rows = rowsOf(value);
  if (axes === 1) return rows[0].with(column, number);
  return rows.with(row, rows[row].with(column, number));
}

/**
 * The rows of the iterations, where the text reads them: x and y.
 * @param {import("../trace/trace.js").AnyExperiment} experiment
 * @param {FormulasActions} act
 */
function data({ data: rows }, act) {
  if (!rows) return nothing;
  const names = /** @type {const} */ (["x", "y"]).filter((name) => rows[name]);
  return html`<h3>Data</h3>
    <ul class="formulas-leaves">${names.map((name) => {
      const value = rows[name];
      const set = (/** @type {string} */ _, /** @type {Value} */ changedRows) =>
        act.setData(name, /** @type {number[][]} */ (changedRows));
      return html`<li class="formulas-leaf"><p class="row-of"><b>${name}</b> <span class="facts">${value.length} ${value.length === 1 ? "row" : "rows"}</span></p>
        ${isTypedIn(value) ? grid(name, value, { ...act, setValue: set }) : tooMany(value)}</li>`;
    })}</ul>`;
}

/**
 * @param {import("../trace/trace.js").AnyExperiment} experiment
 * @param {Desk} desk
 * @param {FormulasActions} act
 */
function training(experiment, desk, act) {
  if (!desk.catalog) return nothing;
  return html`<h3>Training</h3>${optimizerView(experiment, desk, act)}${batchView(experiment, desk, act)}`;
}
