/**
 * The end of the walk: the cost as it was and as it is, what the network says by now, and where to go on from here.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../base/format.js";
import { verdictOf } from "../trace/verdict.js";
import { barsOf } from "./ending.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./walk-view.js").WalkActions} WalkActions */
/** @typedef {import("./ending.js").Bar} Bar */

/** @param {State} state */
export function endingView({ iteration, history }) {
  if (!iteration) return nothing;
  const bars = barsOf(history, iteration);
  const most = Math.max(...bars.map((it) => it.cost));
  const verdict = verdictOf(iteration);
  return html`<div class="walk-ending">
    <dl class="walk-costs">${bars.map((it) => barView(it, most))}</dl>
    ${
      verdict
        ? html`<p class="walk-said" data-walk-verdict>${verdict.begins}<b class=${verdict.isRight ? "right" : "wrong"}>${verdict.said}</b>${verdict.ends}</p>`
        : nothing
    }</div>`;
}

/**
 * @param {Bar} bar
 * @param {number} most
 */
function barView({ name, cost }, most) {
  const share = most > 0 ? cost / most : 0;
  return html`<div><dt>${name}</dt><dd>${short(cost)}</dd>
    <dd class="walk-length" aria-hidden="true"><svg viewBox="0 0 100 10" preserveAspectRatio="none">${svg`<rect width="100" height="10"></rect><rect class="filled" width=${(100 * share).toFixed(1)} height="10"></rect>`}</svg></dd></div>`;
}

/**
 * @param {import("./walk.js").Walk} walk
 * @param {WalkActions} act
 */
export function onwardView({ onward }, act) {
  const leave = (/** @type {import("./walk.js").Onward} */ { example, panel }) => {
    act.walkTo(null);
    if (example) act.open(example);
    else act.change({ panel });
  };
  return html`<p class="walk-onward">And now?
    ${onward.map((it) => html`<button @click=${() => leave(it)}>${it.words}</button>`)}
    <button @click=${() => act.share(true)}>Share</button></p>`;
}
