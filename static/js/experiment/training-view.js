/**
 * How an experiment is trained, as fields: the optimizer with its settings, and how many rows an iteration takes. Every
 * panel that has such fields shows these.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full } from "../base/format.js";
import { refusalOf, typedNumber } from "../base/typed-number.js";

/** @typedef {import("../trace/trace.js").AnyExperiment} AnyExperiment */
/** @typedef {import("../server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {{ catalog: Catalog | null, problem: { field: string, text: string } | null }} TrainingDesk problem: what was typed into a field and cannot be taken, in words */
/**
 * @typedef {object} TrainingActions
 * @property {(name: string) => void} setOptimizer
 * @property {(field: string, value: number | boolean) => void} setField
 * @property {(size: number | null) => void} setBatch
 * @property {(problem: TrainingDesk["problem"]) => void} refuse
 */

/**
 * @param {AnyExperiment} experiment
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
export function optimizerView(experiment, desk, act) {
  const rows = desk.catalog?.optimizers ?? [];
  const row = rows.find((it) => it.name === (experiment.optimizer?.name ?? "sgd"));
  return html`<p class="row-of">${chooser("Optimizer", row?.name ?? "sgd", rows, act.setOptimizer)}
      ${row?.fields.map((field) => optimizerField(experiment, row, field, desk, act))}</p>
    <p class="facts">${row?.note} ${row && row.lines.length > 1 ? html`Rule: ${row.lines.join(",  ")}.` : nothing}</p>`;
}

/**
 * @param {AnyExperiment} experiment
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
export function batchView({ batch_size: size, data }, desk, act) {
  if (!data) return nothing;
  const rows = data.x.length;
  return html`<p class="row-of"><label>Batch <input inputmode="numeric" aria-invalid=${isRefused("batch", desk)} aria-describedby=${wordsOf("batch", desk)} .value=${size == null ? "" : String(size)} placeholder="all ${rows}" ?disabled=${rows === 1}
        @change=${(/** @type {Event} */ event) => (text(event).trim() === "" ? act.setBatch(null) : whole(event, "batch", 1, rows, act, act.setBatch))}></label>
      ${refusal("batch", desk)}
      <span class="facts">${rows === 1 ? "There is one row." : size == null ? `Every iteration takes all ${rows} rows; a number takes so many, in order.` : `Every iteration takes the next ${size} of ${rows} rows.`}</span></p>`;
}

/**
 * @param {AnyExperiment} experiment
 * @param {Catalog["optimizers"][number]} row
 * @param {string} field
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
function optimizerField({ optimizer }, row, field, desk, act) {
  const given = /** @type {Record<string, unknown> | undefined} */ (optimizer)?.[field];
  const value = given ?? row.defaults[field];
  if (typeof row.defaults[field] === "boolean")
    return html`<label class="tick"><input type="checkbox" .checked=${value === true} @change=${(/** @type {Event} */ event) => act.setField(field, checked(event))}> ${spelled(field)}</label>`;
  const below = row.below[field] ?? null;
  return html`<label data-tip=${spelled(field)}>${row.symbols[field] ?? field} <input inputmode="decimal" aria-label=${spelled(field)} aria-invalid=${isRefused(field, desk)} aria-describedby=${wordsOf(field, desk)} .value=${plain(value)} @change=${(/** @type {Event} */ event) => real(event, field, below, act, (number) => act.setField(field, number))}></label>${refusal(field, desk)}`;
}

/**
 * @param {string} label
 * @param {string} value
 * @param {{ name: string }[]} rows
 * @param {(name: string) => void} choose
 */
export function chooser(label, value, rows, choose) {
  return html`<label>${label} <select .value=${value} @change=${(/** @type {Event} */ event) => choose(text(event))}>
    ${rows.map(({ name }) => html`<option value=${name} ?selected=${name === value}>${spelled(name)}</option>`)}</select></label>`;
}

/**
 * What was typed as a whole number within bounds; else it stays typed, and what is allowed is told beside it.
 * @param {Event} event
 * @param {string} field
 * @param {number} least
 * @param {number} most
 * @param {TrainingActions} act
 * @param {(value: number) => void} take
 */
export function whole(event, field, least, most, act, take) {
  const typed = text(event).trim();
  const value = Number(typed);
  if (/^\d+$/.test(typed) && value >= least && value <= most) return take(value);
  act.refuse({
    field,
    text: `${typed || "Nothing"} is not a whole number from ${least} to ${most}.`,
  });
}

/**
 * @param {Event} event
 * @param {string} field
 * @param {number | null} below
 * @param {TrainingActions} act
 * @param {(value: number) => void} take
 */
export function real(event, field, below, act, take) {
  const typed = text(event).trim();
  const value = typedNumber(typed);
  if (value >= 0 && (below === null || value < below)) return take(value);
  const bound = below === null ? ", 0 or more" : ` from 0 to below ${below}`;
  act.refuse({ field, text: `${refusalOf(typed, bound)}.` });
}

/**
 * @param {string} field
 * @param {TrainingDesk} desk
 */
export function refusal(field, { problem }) {
  return problem?.field === field
    ? html`<span class="refusal" id="refusal-${field}" role="alert">${problem.text}</span>`
    : nothing;
}

/**
 * @param {string} field
 * @param {TrainingDesk} desk
 */
export function isRefused(field, { problem }) {
  return problem?.field === field ? "true" : "false";
}

/**
 * @param {string} field
 * @param {TrainingDesk} desk
 */
export function wordsOf(field, { problem }) {
  return problem?.field === field ? `refusal-${field}` : nothing;
}

/** @param {unknown} value */
export function plain(value) {
  return typeof value === "number" ? full(value).replace("−", "-") : "";
}

/** @param {string} name */
export function spelled(name) {
  return name.replaceAll("_", " ");
}

/** @param {Event} event */
export function text(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}

/** @param {Event} event */
export function checked(event) {
  return /** @type {HTMLInputElement} */ (event.target).checked;
}
