/**
 * The gradient check: every gradient of the engine beside the difference quotient that measures it, the worst first.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey, full, indexed, short, shortened } from "../base/format.js";
import { number } from "../trace/trace.js";
import { outcomeOf, stepsOf, tally, VERDICTS } from "../trace/verdicts.js";
import { answerOf, refusal } from "./weight-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../server/wire.js").components["schemas"]["CheckAnswer"]} CheckAnswer */
/** @typedef {import("../trace/verdicts.js").Checked} Checked */
/** @typedef {import("./weight-view.js").WeightActions} WeightActions */

const STEPS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10];
const MOST_ROWS = 100;

/**
 * @param {State} state
 * @param {WeightActions} act
 */
export function checkView(state, act) {
  const answer = answerOf(state, "/check");
  const document = /** @type {CheckAnswer | null | undefined} */ (answer?.document);
  return html`<section class="panel check" tabindex="0" aria-labelledby="check-title" aria-busy=${answer?.late ?? true}>
    <h2 id="check-title">Gradient check <label class="what">h <select aria-label="Step h of the check" .value=${String(state.step ?? "")} @change=${(/** @type {Event} */ event) => act.change({ step: Number(/** @type {HTMLSelectElement} */ (event.target).value) || null })}>
      <option value="" ?selected=${state.step === null}>best, chosen for each</option>
      ${STEPS.map((step) => html`<option value=${step} ?selected=${step === state.step}>${short(step)}</option>`)}</select></label>
      <button class="close" aria-label="Close the check" @click=${() => act.change({ panel: "beat" })}>×</button></h2>
    ${answer?.error ? refusal(answer.error) : nothing}
    ${document ? table(document, act) : answer?.error ? nothing : html`<p class="facts" role="status">Checking …</p>`}
  </section>`;
}

/**
 * @param {CheckAnswer} answer
 * @param {WeightActions} act
 */
function table(answer, act) {
  const { entries, verdicts, formula } = answer;
  return html`${head(answer)}
    <p class="facts">${tally(verdicts)}. Each weight w is moved by h = ${stepsOf(answer)} and C computed anew. Its gradient must be ${formula}.</p>
    <div class="scroll tall" tabindex="0" role="group" aria-label="All gradients beside their difference quotients"><table class="quotients">
      <thead><tr><th scope="col">weight</th><th scope="col" class="said">verdict</th><th scope="col">gradient</th><th scope="col">measured</th><th scope="col" data-tip="The difference, of the size of the larger of the two">off by</th></tr></thead>
      <tbody>${entries.slice(0, MOST_ROWS).map((it) => row(it, act))}</tbody></table></div>
    ${entries.length > MOST_ROWS ? html`<p class="facts">The first ${MOST_ROWS} of ${entries.length}: what differs comes first.</p>` : nothing}`;
}

/** @param {CheckAnswer} answer */
function head(answer) {
  const { kind, head: words, rest } = outcomeOf(answer);
  const look = { right: "good", wrong: "bad", open: "" }[kind];
  return html`<div class="outcome ${look}" aria-live="polite"><p class="verdict-line ${look}">${words}</p>
    ${rest.map((it) => html`<p>${it}</p>`)}</div>`;
}

/**
 * @param {Checked} it
 * @param {WeightActions} act
 */
function row(it, act) {
  const key = entryKey(it.parameter, it.row ?? 0, it.column ?? 0);
  const name = indexed(it.parameter, [it.row, it.column]);
  const look = { agrees: "good", differs: "bad" }[/** @type {string} */ (it.verdict)] ?? "none";
  const mark = { good: "✓ ", bad: "✗ ", none: "" }[look];
  return html`<tr class="verdict-${look}"><th scope="row"><button class="link" data-point=${`∂${key}`} data-tip=${name} @click=${() => act.select(key)}>${shortened(name, 24, 10)}</button></th>
    <td class="said">${mark}${VERDICTS[it.verdict]}</td><td data-tip=${full(number(it.analytic))}>${digits(it.analytic)}</td><td data-tip="${full(number(it.numeric))}, give or take ${short(number(it.error))}, with h = ${short(it.step)}">${digits(it.numeric)}</td><td>${short(number(it.relative))}</td></tr>`;
}

/** @param {number | string} value */
function digits(value) {
  const it = number(value);
  return Number.isFinite(it) ? full(Number(it.toPrecision(10))) : full(it);
}
