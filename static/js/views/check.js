/**
 * The gradient check: every gradient of the engine beside the difference quotient that measures it, the worst first.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { comparable } from "../checking.js";
import { entryName, full, short } from "../format.js";
import { number } from "../trace.js";
import { answerOf, refusal } from "./weight.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../wire.js").components["schemas"]["CheckAnswer"]} CheckAnswer */
/** @typedef {import("./weight.js").WeightActions} WeightActions */

const STEPS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10];
const MOST_ROWS = 100;
/** Two numbers that agree so well are the same, as far as a difference quotient can tell. */
const AGREES = 1e-4;

/**
 * @param {State} state
 * @param {WeightActions} act
 */
export function checkView(state, act) {
  const answer = answerOf(state, "/check");
  return html`<section class="panel check" tabindex="0" aria-labelledby="check-title" aria-busy=${answer?.late ?? true}>
    <h2 id="check-title">Gradient check <label class="what">h <select aria-label="Step h of the check" .value=${String(state.step)} @change=${(/** @type {Event} */ event) => act.change({ step: Number(/** @type {HTMLSelectElement} */ (event.target).value) })}>
      ${STEPS.map((step) => html`<option value=${step} ?selected=${step === state.step}>${short(step)}</option>`)}</select></label>
      <button class="close" aria-label="Close the check" @click=${() => act.change({ panel: "beat" })}>×</button></h2>
    <p class="facts">Each weight is moved by ±h and C computed anew: (C(w + h) − C(w − h)) / 2h must be its gradient.</p>
    ${answer?.error ? refusal(answer.error) : nothing}
    ${answer?.document && state.iteration ? table(/** @type {CheckAnswer} */ (answer.document), state.iteration, act) : answer?.error ? nothing : html`<p class="facts" role="status">Checking …</p>`}
  </section>`;
}

/**
 * @param {CheckAnswer} answer
 * @param {import("../trace.js").Iteration} iteration
 * @param {WeightActions} act
 */
function table(answer, iteration, act) {
  const { entries } = answer;
  const found = comparable(answer, iteration);
  const least = number(answer.resolution);
  return html`${verdict(answer, found)}
    <div class="scroll tall" tabindex="0" role="group" aria-label="All gradients beside their difference quotients"><table class="quotients">
      <thead><tr><th scope="col">weight</th><th scope="col">gradient</th><th scope="col">measured</th><th scope="col">differ by</th><th scope="col">of its size</th></tr></thead>
      <tbody>${entries.slice(0, MOST_ROWS).map((it) => {
        const name = entryName(it.parameter, it.row ?? 0, it.column);
        return html`<tr class=${it.kink ? "kink" : ""}><th scope="row"><button class="link" data-point=${`∂${name}`} @click=${() => act.select(name)}>${name}</button></th>
          <td title=${full(number(it.analytic))}>${digits(it.analytic)}</td><td title=${full(number(it.numeric))}>${digits(it.numeric)}</td><td>${short(number(it.absolute))}</td><td>${it.kink ? "a corner: no verdict" : found.still.has(it) ? "w ± h is w: no verdict" : isTiny(it, least) ? "too small to compare" : short(number(it.relative))}</td></tr>`;
      })}</tbody></table></div>
    ${entries.length > MOST_ROWS ? html`<p class="facts">The worst ${MOST_ROWS} of ${entries.length}.</p>` : nothing}`;
}

/**
 * What the check says of all gradients together.
 * @param {CheckAnswer} answer
 * @param {ReturnType<typeof comparable>} found
 */
function verdict({ entries, kinks, status }, { still, judged, worst }) {
  const corners =
    kinks > 0
      ? ` At ${kinks} the step crosses a corner of an activation, where there is no one slope to compare: they are no verdict.`
      : "";
  const large =
    still.size > 0
      ? ` At ${still.size} the step is too small to change a number of this size: w ± h is w, and there is no difference to measure.`
      : "";
  if (status === "diverged")
    return html`<p class="verdict-line bad" aria-live="polite">This run has diverged: its numbers are beyond what a double can hold, and there is nothing to compare. Go back to an iteration before.</p>`;
  if (judged === 0)
    return html`<p class="verdict-line" aria-live="polite">Nothing could be compared.${corners}${large} ${large ? "Choose a larger h, or smaller weights." : "Choose a smaller h, or move a weight a little."}</p>`;
  const good = worst <= AGREES;
  const far = Number.isNaN(worst)
    ? "could not be measured: C beside it, or its slope, is beyond what a number can hold."
    : `differs by ${short(worst)} of its size. ${good ? "The gradients are right." : HINT}`;
  return html`<p class="verdict-line ${good ? "good" : "bad"}" aria-live="polite">${good ? "✓" : "✗"} ${judged} of ${entries.length} gradients compared; the worst ${far}${corners}${large}</p>`;
}

/**
 * Whether a gradient is smaller than what rounding leaves of the difference.
 * @param {CheckAnswer["entries"][number]} entry
 * @param {number} least
 */
function isTiny({ analytic, numeric }, least) {
  const size = Math.max(Math.abs(number(analytic)), Math.abs(number(numeric)));
  return size > 0 && size < least;
}

const HINT =
  "With a large h the curve bends between the two points, with a very small one rounding takes the digits: try 1e−6.";

/** @param {number | string} value */
function digits(value) {
  const it = number(value);
  return Number.isFinite(it) ? full(Number(it.toPrecision(10))) : full(it);
}
