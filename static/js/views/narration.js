/**
 * The beat in words, with its equation: symbols above, numbers below.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { PHASE_NAMES, sentence } from "../sentences.js";
import { ARRIVAL, progress } from "../timeline.js";
import { equation, typeset } from "./math.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../timeline.js").Moment} Moment */
/** @typedef {import("../trace.js").Iteration} Iteration */
/** @typedef {import("./math.js").Lookup} Lookup */

const DIVERGED =
  "This run has diverged: the cost, a gradient or the next parameters are beyond what a double can hold. The steps were too large: go back (B) and look at how the numbers grew.";

/**
 * @param {State} state
 * @param {Moment} moment
 */
export function narrationView(state, moment) {
  const iteration = state.iteration;
  if (!iteration) return nothing;
  const beat = moment.beat;
  const phase = beat ? PHASE_NAMES[beat.phase] : "Start";
  return html`<section class="panel narration" aria-labelledby="narration-title">
    <h2 id="narration-title"><span class="phase-name ${beat?.phase ?? "start"}">${phase}</span>
      <span class="beat-count">${beat ? `beat ${beat.index + 1} of ${state.beats.length}` : `iteration ${iteration.number}`}</span></h2>
    <p class="sentence" aria-live=${state.playing || state.training ? "off" : "polite"}>${typeset(sentence(iteration, state.beats, beat), iteration.node)}</p>
    ${iteration.status === "diverged" ? html`<p class="remark">${DIVERGED}</p>` : nothing}
    ${beat ? equations(iteration, beat, progress(state.t) >= ARRIVAL) : nothing}
  </section>`;
}

/**
 * @param {Iteration} iteration
 * @param {import("../timeline.js").Beat} beat
 * @param {boolean} arrived
 */
function equations(iteration, beat, arrived) {
  if (beat.kind === "node")
    return equation(iteration.node.get(beat.subject)?.formula ?? "", lookupIn(iteration, arrived));
  if (beat.kind === "update") {
    const update = iteration.updates.find((it) => it.parameter === beat.subject);
    return update ? equation(update.formula, lookupUpdate(iteration, update, arrived)) : nothing;
  }
  const edge = iteration.edge.get(beat.subject);
  if (!edge) return nothing;
  // Where the local partial is a cached node as it stands, its numbers would only say that a0 = a0.
  const plain = edge.rule === "elementwise" && edge.uses.length > 0;
  const local = equation(edge.formula, plain ? lookupIn(iteration, arrived) : undefined);
  const remark = edge.note ? html`<p class="remark">${edge.note}</p>` : nothing;
  return edge.chain === edge.formula
    ? [local, remark]
    : [
        local,
        equation(edge.chain, edge.rule === "jacobian" ? undefined : lookupIn(iteration, arrived)),
        remark,
      ];
}

/**
 * Names stand for values, ∂C/∂… for gradients, other ratios for local partials; the left side is the beat's result.
 * @param {Iteration} iteration
 * @param {boolean} arrived
 * @returns {Lookup}
 */
export function lookupIn(iteration, arrived) {
  return (name, left) => {
    if (left && !arrived) return "unknown";
    if ("id" in name) return iteration.node.get(name.id)?.value ?? null;
    if (name.of === iteration.output) return iteration.node.get(name.wrt)?.gradient ?? null;
    return iteration.edge.get(`${name.of}>${name.wrt}`)?.value ?? null;
  };
}

/**
 * @param {Iteration} iteration
 * @param {import("../trace.js").Update} update
 * @param {boolean} arrived
 * @returns {Lookup}
 */
function lookupUpdate(iteration, update, arrived) {
  return (name, left) => {
    if (left) return arrived ? update.after : "unknown";
    if ("of" in name) return update.gradient;
    if (name.id === "α") return iteration.experiment.optimizer?.learning_rate ?? null;
    return name.id === update.parameter ? update.before : null;
  };
}
