/**
 * The bar of a walk: where one is, a few words, on and back; and how it ends.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { typeset } from "../formula/symbols-view.js";
import { lastStopOf } from "../state/address.js";
import { endingAfter } from "./ending.js";
import { endingView, onwardView } from "./ending-view.js";
import { walkOf } from "./walk.js";

/** @typedef {import("../state/state.js").State} State */
/**
 * @typedef {object} WalkActions
 * @property {(stop: number | null) => void} walkTo
 * @property {(direction: 1 | -1) => void} walkOn to the next stop, or the next moment of the last
 * @property {(example: string) => void} open
 * @property {(change: import("../state/state.js").Set["change"]) => void} change
 * @property {(open: boolean) => void} share
 */

/**
 * @param {State} state
 * @param {WalkActions} act
 */
export function walkView(state, act) {
  if (state.stop === null) return offerView(state, act);
  const walk = walkOf(state.example);
  const last = lastStopOf(state.example);
  const at = Math.min(state.stop ?? 0, last);
  const known = state.iteration?.node ?? new Map();
  const ending = at === last ? endingAfter(walk, state.iteration?.number ?? 0) : null;
  const { title, words } = ending ?? walk.stops[at];
  const { note } = walk.stops[at];
  const isOver = ending?.next === "Finish";
  return html`<section class="walk ${ending ? "ending" : ""}" aria-labelledby="walk-title">
    <div class="walk-words" aria-live="polite"><h2 id="walk-title"><span class="what">${walk.name}, ${at + 1} of ${walk.stops.length}</span> ${typeset(title, known)}</h2>
      <p>${typeset(words, known)}</p>
      ${note ? html`<p class="walk-note">${typeset(note, known)}</p>` : nothing}</div>
    ${ending ? endingView(walk, state) : nothing}
    <div class="walk-buttons">
      ${wayView(walk.stops.length, at, isOver)}
      <button ?disabled=${at === 0} @click=${() => act.walkTo(at - 1)}>Back</button>
      <button class="again" data-tip="Set the page to this stop again" @click=${() => act.walkTo(at)}>Come back here</button>
      <button class="next" @click=${() => (isOver ? act.walkTo(null) : act.walkOn(1))}>${ending?.next ?? "Next"}</button>
      <button class="close" aria-label="End the walk" @click=${() => act.walkTo(null)}>×</button>
      ${isOver ? onwardView(walk, act) : nothing}
    </div></section>`;
}

/**
 * Before a walk leaves what the reader has made.
 * @param {State} state
 * @param {WalkActions} act
 */
function offerView({ iteration }, act) {
  const own = iteration?.experiment.formulas ? "formulas" : "experiment";
  return html`<section class="walk offer" aria-labelledby="walk-title">
    <div class="walk-words" role="status"><h2 id="walk-title">There is no walk through your own ${own}.</h2>
      <p>The lecture’s opens the lecture’s network; after it, or at once, Undo brings yours back.</p></div>
    <div class="walk-buttons">
      <button class="next" @click=${() => act.walkTo(0)}>Walk through the lecture</button>
      <button @click=${() => act.walkTo(null)}>Stay here</button>
    </div></section>`;
}

/**
 * How far one has come; the last place is the finish.
 * @param {number} count of stops
 * @param {number} at
 * @param {boolean} isOver
 */
function wayView(count, at, isOver) {
  const places = Array.from({ length: count + 1 }, (_, it) => it);
  const here = isOver ? count : at;
  return html`<ol class="walk-way" aria-hidden="true">${places.map((it) => html`<li class="${it < here ? "passed" : it === here ? "here" : ""} ${it === count ? "finish" : ""}"></li>`)}</ol>`;
}
