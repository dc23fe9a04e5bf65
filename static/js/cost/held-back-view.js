/**
 * How the network does on the rows that it has never seen, where they are no pictures: how many are right, or what they cost.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../base/format.js";
import { accuracy, aimOf, perExample, scoresOf } from "../trace/scores.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/scores.js").Score} Score */

/**
 * @param {State} state
 * @param {{ change: (change: { panel: "data" }) => void }} act
 */
export function heldBackView(state, act) {
  const { iteration, heldBack: said } = state;
  const data = iteration?.experiment.data;
  if (!iteration || !data?.held_back) return nothing;
  const { y } = data.held_back;
  const held = said ? scoresOf(said, y, aimOf(data.y)) : [];
  const learned = perExample(iteration).filter((it) => it !== null);
  return html`<p class="heldback"><button class="link" data-tip="The rows held back, which it never learns from" @click=${() => act.change({ panel: "data" })}>Held back</button>
    <span class="score">${said ? told(held) : "…"}</span><span class="what">; of those it learns from ${told(learned)}</span></p>`;
}

/** @param {readonly Score[]} scores */
function told(scores) {
  const right = accuracy(scores);
  if (right)
    return html`<b>${right.right} of ${right.of}</b> right (${(100 * right.share).toFixed(0)} %)`;
  const mean = scores.reduce((sum, it) => sum + it.cost, 0) / Math.max(1, scores.length);
  return html`mean cost <b>${short(mean)}</b>`;
}
