/**
 * What happened in a run that has diverged, with the ways back.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../base/format.js";
import { typeset } from "../formula/symbols-view.js";
import { halfRate, howItGrew, waysBack } from "./diverged.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../beat/beat-view.js").NarrationActions} NarrationActions */

/**
 * @param {State} state
 * @param {NarrationActions} act
 */
export function divergedView({ iteration, history }, act) {
  if (!iteration) return nothing;
  const rate = halfRate(iteration, history);
  const first = history[0]?.iteration ?? iteration.number;
  const what = iteration.divergence ? `: ${iteration.divergence.detail}` : "";
  const words = `This run has diverged${what}. ${howItGrew(iteration, history)}`;
  return html`<div class="remark"><p>${typeset(words, iteration.node)}</p>
    <p class="row-of">${waysBack(iteration, history).map(({ iteration: number, name }) => html`<button @click=${() => act.iterateTo(number)}>${name}</button> `)}
      ${rate === null ? nothing : html`<button @click=${() => act.restartWithRate(rate)}>Start again from iteration ${first} with half the learning rate, α = ${short(rate)}</button>`}</p></div>`;
}
