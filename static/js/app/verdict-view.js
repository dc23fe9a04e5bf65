/**
 * What the network says, large, over the graph; what is true; the cost as a bar; and the button that teaches it one step.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { nameParts, short, shortened } from "../base/format.js";
import { isLayered } from "../trace/trace.js";
import { verdictOf } from "../trace/verdict.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Parts} Parts */
/** @typedef {import("./types.js").Actions} Actions */

/**
 * @param {State} state
 * @param {import("../time/timeline.js").Moment} moment
 * @param {Parts} parts
 * @param {Actions} act
 */
export function verdictView(state, moment, parts, act) {
  const { iteration } = state;
  if (!iteration) return nothing;
  const isKnown = moment.values[iteration.output] === "computed";
  const verdict = isKnown ? verdictOf(iteration) : null;
  const isMoved = moment.beat?.phase === "update";
  const outputs = verdict?.outputs ?? [];
  return html`<div class="says">
    <div class="says-words">
      <p class="says-said" data-verdict>${
        verdict
          ? html`${verdict.begins}<b class=${verdict.isRight === false ? "wrong" : verdict.isRight ? "right" : ""}>${verdict.said}</b>${verdict.ends}`
          : question(iteration, isKnown, isMoved)
      }</p>
      <div class="says-line">${verdict ? html`<p class="says-truth">${verdict.truth}</p>` : nothing}${iteration.experiment.formulas ? parts.lines?.toLinesView(state, act) : nothing}${about(state, parts, act)}</div>
    </div>
    ${outputs.length > 1 ? html`<dl class="says-bars">${outputs.map(barView)}</dl>` : nothing}
    <dl class="says-bars says-cost">${costBar(state, isKnown, isMoved)}</dl>
    <div class="teaching">
      <button class="teach" @click=${() => act.iterate(1)} data-tip="The next iteration (N)">Teach it one step</button>
      <button class="train ${state.training ? "on" : ""}" aria-pressed=${state.training} data-tip=${`Iteration after iteration${goalWords(state)} (T)`} @click=${act.toggleTraining}><span aria-hidden="true">Train</span><span>${state.training ? "Stop" : "Train"}</span></button>
    </div>
  </div>`;
}

/**
 * While there is no answer.
 * @param {import("../trace/trace.js").Iteration} iteration
 * @param {boolean} isKnown
 * @param {boolean} isMoved
 */
function question({ experiment, output }, isKnown, isMoved) {
  const [what, will] = isLayered(experiment)
    ? ["weights", "the network say"]
    : ["values", `${nameParts(output).join("")} be`];
  if (isKnown) return "The network says nothing yet.";
  return isMoved
    ? `The ${what} move. What will ${will} now?`
    : `What will ${will}? Go on, beat by beat.`;
}

/**
 * What is open: the example; or what was changed in this iteration, with the way back; or a run of one's own.
 * @param {State} state
 * @param {Parts} parts
 * @param {Actions} act
 */
function about(state, { changes }, act) {
  const { origin, iteration } = state;
  const changed = origin && iteration && changes ? changes.changesOf(origin, iteration) : [];
  return html`<p class="about">${
    changes && changed.length > 0
      ? html`<span class="changed">Changed: ${changes.told(changed)}</span>
        <button class="link" @click=${act.putBack}>Put back</button>`
      : html`<span class="about-text ${state.departed ? "" : "for-wide"}">${described(state)}</span>`
  }</p>`;
}

/** @param {State} state */
function described({ departed, iteration }) {
  if (!iteration) return "";
  if (!departed) return "Press any number: where does it come from?";
  if (!isLayered(iteration.experiment)) return "Your own formulas.";
  const { network, data } = iteration.experiment;
  const sizes = [data.x[0].length, ...network.layers.map((it) => it.weights[0].length)];
  const rows = data.x.length === 1 ? "one example" : `${data.x.length} examples`;
  return `Your own: ${sizes.join("–")} neurons by layer, ${rows}.`;
}

/** @param {State} state */
function goalWords({ goal }) {
  return goal === null ? ", until stopped" : `, ${goal.toLocaleString("en")} of them`;
}

/** @param {import("../trace/verdict.js").Output} output */
function barView({ name, value, share, isSaid, isTrue }) {
  return html`<div class=${isSaid ? "said" : ""}><dt>${name}${isTrue ? html`<span class="visually-hidden"> (true)</span>` : nothing}</dt><dd>${short(value)}</dd>
    ${lengthView(share, isTrue ? "true" : "")}</div>`;
}

/** A name of more letters has no word beside it. */
const LONG = 3;

/**
 * C beside the largest that it has been in this run, and what it was before.
 * @param {State} state
 * @param {boolean} isKnown
 * @param {boolean} isMoved the weights are no longer those that C was worked out with
 */
function costBar({ iteration, history }, isKnown, isMoved) {
  const number = iteration?.number ?? 0;
  const known = history.filter((it) => it.iteration <= number && Number.isFinite(it.cost));
  const cost = isKnown ? (iteration?.cost ?? Number.NaN) : Number.NaN;
  const most = Math.max(...known.map((it) => it.cost), Number.isFinite(cost) ? cost : 0);
  const before = isMoved ? iteration?.cost : history.findLast((it) => it.iteration < number)?.cost;
  const output = iteration?.output ?? "C";
  const isLong = output.length > LONG;
  const share = Number.isFinite(cost) && cost > 0 && most > 0 ? cost / most : 0;
  return html`<div><dt data-tip=${isLong ? output : nothing}>${shortened(output, 4)}${isLong ? nothing : html`<span class="of-c">, the cost</span>`}</dt><dd>${isKnown ? short(cost) : "–"}</dd>
    ${lengthView(share, "cost")}
    <dd class="was">${before === undefined ? "\u00a0" : `was ${short(before)}`}</dd></div>`;
}

/**
 * @param {number} share 0 to 1
 * @param {string} kind
 */
function lengthView(share, kind) {
  return html`<dd class="length ${kind}" aria-hidden="true"><svg viewBox="0 0 100 6" preserveAspectRatio="none">${svg`<rect width="100" height="6"></rect><rect class="filled" width=${(share * 100).toFixed(1)} height="6"></rect>`}</svg></dd>`;
}
