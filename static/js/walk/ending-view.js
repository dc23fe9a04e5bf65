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

/**
 * @param {import("./walk.js").Walk} walk
 * @param {State} state
 */
export function endingView({ watched }, { iteration, history }) {
  if (!iteration) return nothing;
  const bars = barsOf(history, iteration);
  const most = Math.max(...bars.map((it) => it.cost));
  const verdict = verdictOf(iteration);
  return html`<div class="walk-ending">
    <dl class="walk-costs">${bars.map((it) => barView(it, most))}</dl>
    ${watched ? rowsView(watched.id, watched.rows, iteration.node.get(watched.id)?.value ?? []) : verdict ? saidView(verdict) : nothing}</div>`;
}

/** @param {NonNullable<ReturnType<typeof verdictOf>>} verdict */
function saidView({ begins, said, ends, isRight }) {
  return html`<p class="walk-said" data-walk-verdict>${begins}<b class=${isRight ? "right" : "wrong"}>${said}</b>${ends}</p>`;
}

/**
 * The rows of a node that the end speaks of: on a phone their card is far from the words.
 * @param {string} id
 * @param {number[]} rows
 * @param {number[][]} value
 */
function rowsView(id, rows, value) {
  return html`<p class="walk-watched">${rows.map((row) => html`<span><i>${id}</i>[${row}] = ${value[row]?.map(short).join("  ")}</span>`)}</p>`;
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
  return html`<p class="walk-onward" role="group" aria-label="And now?">${onward.map((it) => html`<button @click=${() => leave(it)}>${it.words}</button>`)}
    <button @click=${() => act.share(true)}>Share</button></p>`;
}
