/**
 * The beat in words; its equations are fetched with the first beat.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { typeset } from "../formula/symbols-view.js";
import { PHASE_NAMES, reason, sentence } from "../time/sentences.js";
import { ARRIVAL, progress } from "../time/timeline.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */

/**
 * What the ways back out of a run that has diverged ask for.
 * @typedef {object} NarrationActions
 * @property {(iteration: number) => void} iterateTo
 * @property {(rate: number) => void} restartWithRate from the first iteration of the run, with another learning rate
 */

const DIVERGED =
  "This run has diverged: the cost, a gradient or the next parameters are beyond what a double can hold.";

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {NarrationActions} [act]
 * @param {{ diverged?: typeof import("../cost/diverged-view.js"), equations?: typeof import("../formula/equations-view.js") }} [panels] once they are
 *   loaded: what happened where a run has diverged, and the ways back; the beat's equations
 */
export function narrationView(state, moment, act, { diverged, equations } = {}) {
  const iteration = state.iteration;
  if (!iteration) return nothing;
  const beat = moment.beat;
  const phase = beat ? PHASE_NAMES[beat.phase] : "Start";
  return html`<section class="panel narration" tabindex="0" aria-labelledby="narration-title">
    <h2 id="narration-title"><span class="phase-name ${beat?.phase ?? "start"}">${phase}</span>
      <span class="beat-count">${beat ? `beat ${beat.index + 1} of ${state.beats.length}` : `iteration ${iteration.number}`}</span></h2>
    <p class="sentence" data-sentence aria-live=${state.playing || state.training ? "off" : "polite"}>${typeset(sentence(iteration, state.beats, beat), iteration.node)}</p>
    ${whyView(reason(iteration, state.beats, beat), iteration)}
    ${iteration.status === "diverged" ? ((act && diverged?.divergedView(state, act)) ?? html`<p class="remark">${DIVERGED}</p>`) : nothing}
    ${beat ? equations?.equations(iteration, beat, progress(state.t) >= ARRIVAL) : nothing}
  </section>`;
}

/**
 * Stays open from beat to beat, where it was opened.
 * @param {string} why
 * @param {import("../trace/trace.js").Iteration} iteration
 */
function whyView(why, { node }) {
  return html`<details class="why" ?hidden=${why === ""}><summary>Why?</summary> <p>${typeset(why, node)}</p></details>`;
}
