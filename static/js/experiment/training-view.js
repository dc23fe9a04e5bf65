/**
 * How an experiment is trained, as fields: the optimizer with its settings, and how many rows an iteration takes. Every
 * panel that has such fields shows these.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full } from "../base/format.js";
import { refusalOf, typedNumber } from "../base/typed-number.js";

/** Iterations: more than anybody waits for. */
const LONGEST = 1_000_000_000;

/** @typedef {import("../trace/trace.js").AnyExperiment} AnyExperiment */
/** @typedef {import("../server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {{ catalog: Catalog | null, problem: { field: string, text: string } | null }} TrainingDesk problem: what was typed into a field and cannot be taken, in words */
/**
 * @typedef {object} TrainingActions
 * @property {(name: string) => void} setOptimizer
 * @property {(field: string, value: number | boolean) => void} setField
 * @property {(name: string | null) => void} setSchedule
 * @property {(field: string, value: number) => void} setScheduleField
 * @property {(seed: number | null) => void} setShuffle
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
    <p class="facts">${row?.note} ${row && row.lines.length > 1 ? html`Rule: ${row.lines.join(",  ")}.` : nothing}</p>
    ${scheduleView(experiment, desk, act)}`;
}

/**
 * How the learning rate goes on from iteration to iteration.
 * @param {AnyExperiment} experiment
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
function scheduleView({ schedule }, desk, act) {
  const rows = desk.catalog?.schedules ?? [];
  const row = rows.find((it) => it.name === schedule?.name);
  const ways = rows.map(({ name }) => ({ name, words: `falls by ${spelled(name)}` }));
  const all = [{ name: "", words: "stays as it is" }, ...ways];
  return html`<p class="row-of">${chooser("Rate", row?.name ?? "", all, (name) => act.setSchedule(name || null))}
      ${row?.fields.map((field) => scheduleField(/** @type {Record<string, unknown>} */ (schedule), row, field, desk, act))}</p>
    ${row ? html`<p class="facts">${row.note} Rule: ${row.formula}. α0 is the learning rate above, n the iteration.</p>` : nothing}`;
}

/**
 * @param {Record<string, unknown>} schedule
 * @param {Catalog["schedules"][number]} row
 * @param {string} field
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
function scheduleField(schedule, row, field, desk, act) {
  const value = schedule[field] ?? row.defaults[field];
  const take = (/** @type {number} */ number) => act.setScheduleField(field, number);
  const change = (/** @type {Event} */ event) =>
    row.whole.includes(field)
      ? whole(event, field, 1, LONGEST, act, take)
      : real(event, field, { most: row.most[field] }, act, take);
  return numberField(field, { words: spelled(field), value: plain(value), change }, desk);
}

/**
 * @param {AnyExperiment} experiment
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
export function batchView({ batch_size: size, shuffle_seed: seed, data }, desk, act) {
  if (!data) return nothing;
  const rows = data.x.length;
  return html`<p class="row-of"><label>Batch <input inputmode="numeric" aria-invalid=${isRefused("batch", desk)} aria-describedby=${wordsOf("batch", desk)} .value=${size == null ? "" : String(size)} placeholder="all ${rows}" ?disabled=${rows === 1}
        @change=${(/** @type {Event} */ event) => (text(event).trim() === "" ? act.setBatch(null) : whole(event, "batch", 1, rows, act, act.setBatch))}></label>
      ${refusal("batch", desk)}
      ${size == null ? nothing : shuffleFields(seed ?? null, desk, act)}
      <span class="facts">${rowsTaken(rows, size ?? null, seed ?? null)}</span></p>`;
}

/**
 * @param {number | null} seed
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 */
function shuffleFields(seed, desk, act) {
  const how = { words: "seed", label: "Seed of the order" };
  return html`<label class="tick"><input type="checkbox" .checked=${seed !== null} @change=${(/** @type {Event} */ event) => act.setShuffle(checked(event) ? 0 : null)}> shuffled</label>
    ${seed === null ? nothing : seedField("shuffle_seed", how, seed, desk, act, act.setShuffle)}`;
}

/**
 * Which rows an iteration takes, in words.
 * @param {number} rows
 * @param {number | null} size
 * @param {number | null} seed
 */
function rowsTaken(rows, size, seed) {
  if (rows === 1) return "There is one row.";
  if (size === null)
    return `Every iteration takes all ${rows} rows; a number takes so many, in order.`;
  if (seed === null) return `Every iteration takes the next ${size} of ${rows} rows.`;
  return `Every iteration takes ${size} of ${rows} rows; each time through all of them in another order.`;
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
  const bounds = { below: row.below[field] };
  const change = (/** @type {Event} */ event) =>
    real(event, field, bounds, act, (number) => act.setField(field, number));
  const [words, label] = [row.symbols[field] ?? field, spelled(field)];
  return numberField(field, { words, label, tip: label, value: plain(value), change }, desk);
}

/**
 * @param {string} label
 * @param {string} value
 * @param {{ name: string, words?: string }[]} rows words: where it is not told by its name
 * @param {(name: string) => void} choose
 */
export function chooser(label, value, rows, choose) {
  return html`<label>${label} <select .value=${value} @change=${(/** @type {Event} */ event) => choose(text(event))}>
    ${rows.map(({ name, words }) => html`<option value=${name} ?selected=${name === value}>${words ?? spelled(name)}</option>`)}</select></label>`;
}

/**
 * A field for a number, and beside it what is wrong with what was typed.
 * @param {string} field
 * @param {{ words: string, value: string, change: (event: Event) => void, label?: string, tip?: string, isWhole?: boolean }} how label: for those who hear it, where words do not say it
 * @param {TrainingDesk} desk
 */
export function numberField(field, { words, value, change, label, tip, isWhole = false }, desk) {
  return html`<label data-tip=${tip ?? nothing}>${words} <input inputmode=${isWhole ? "numeric" : "decimal"} aria-label=${label ?? nothing} aria-invalid=${isRefused(field, desk)} aria-describedby=${wordsOf(field, desk)} .value=${value} @change=${change}></label>${refusal(field, desk)}`;
}

/**
 * A field for a seed.
 * @param {string} field
 * @param {{ words: string, label?: string }} how
 * @param {number | null | undefined} seed
 * @param {TrainingDesk} desk
 * @param {TrainingActions} act
 * @param {(seed: number) => void} take
 */
export function seedField(field, how, seed, desk, act, take) {
  const most = desk.catalog?.limits.seed ?? 0;
  const change = (/** @type {Event} */ event) => whole(event, field, 0, most, act, take);
  const value = seed == null ? "" : String(seed);
  return numberField(field, { ...how, value, change, isWhole: true }, desk);
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
 * @param {{ below?: number | null, most?: number | null }} bounds below is not allowed itself, most is
 * @param {TrainingActions} act
 * @param {(value: number) => void} take
 */
export function real(event, field, { below = null, most = null }, act, take) {
  const typed = text(event).trim();
  const value = typedNumber(typed);
  if (value >= 0 && (below === null || value < below) && (most === null || value <= most))
    return take(value);
  const bound =
    below !== null
      ? ` from 0 to below ${below}`
      : most !== null
        ? ` from 0 to ${most}`
        : ", 0 or more";
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
