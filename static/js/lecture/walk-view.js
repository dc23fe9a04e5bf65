/**
 * The bar of the walk through the lecture: where one is, a few words, on and back.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { typeset } from "../formula/symbols-view.js";
import { STOPS } from "./walk.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {{ walkTo: (stop: number | null) => void }} WalkActions */

/**
 * @param {State} state
 * @param {WalkActions} act
 */
export function walkView(state, act) {
  const at = Math.min(state.stop ?? 0, STOPS.length - 1);
  const stop = STOPS[at];
  const known = state.iteration?.node ?? new Map();
  return html`<section class="walk" aria-labelledby="walk-title">
    <div class="walk-words" aria-live="polite"><h2 id="walk-title"><span class="what">The lecture, ${at + 1} of ${STOPS.length}</span> ${typeset(stop.title, known)}</h2>
      <p>${typeset(stop.words, known)}</p>
      ${stop.note ? html`<p class="walk-note">${typeset(stop.note, known)}</p>` : nothing}</div>
    <div class="walk-buttons">
      <button ?disabled=${at === 0} @click=${() => act.walkTo(at - 1)}>Back</button>
      <button data-tip="Set the page to this stop again" @click=${() => act.walkTo(at)}>Come back here</button>
      ${at < STOPS.length - 1 ? html`<button class="next" @click=${() => act.walkTo(at + 1)}>Next</button>` : nothing}
      <button class="close" aria-label="End the walk" @click=${() => act.walkTo(null)}>×</button>
    </div></section>`;
}
