/**
 * The beat in words, with its equation: symbols above, numbers below.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf } from "../format.js";
import { PHASE_NAMES, sentence } from "../sentences.js";
import { ARRIVAL, progress } from "../timeline.js";
import { edgeKey } from "../trace.js";
import { equation, typeset } from "./math.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../timeline.js").Moment} Moment */
/** @typedef {import("../trace.js").Iteration} Iteration */
/** @typedef {import("../trace.js").Edge} Edge */
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
  return html`<section class="panel narration" tabindex="0" aria-labelledby="narration-title">
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
    return equation(iteration.node.get(beat.subject)?.formula ?? "", {
      lookup: lookupIn(iteration, arrived),
    });
  if (beat.kind === "update") {
    const update = iteration.updates.find((it) => it.parameter === beat.subject);
    return update
      ? equation(update.formula, { lookup: lookupUpdate(iteration, update, arrived) })
      : nothing;
  }
  const edge = iteration.edge.get(beat.subject);
  return edge
    ? html`<div class="equations">${edgeEquations(iteration, edge, arrived)}</div>${edgeRemark(iteration, edge)}`
    : nothing;
}

/** Of two equations side by side, long matrices are abridged to so many rows. */
const ROWS_OF_TWO = 3;

/**
 * The local partial of an edge, and what its rule makes of it.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {boolean} arrived whether the contribution is there; the local partial always is
 */
export function edgeEquations(iteration, edge, arrived) {
  const only = edge.chain === edge.formula;
  // Where the local partial is a cached node as it stands, its numbers would only say that a0 = a0; those of many rows
  // stand in the second equation and in the inspector.
  const made = edge.uses.length > 0 && (edge.rule === "elementwise" || edge.rule === "jacobian");
  const plain = made && (only || edge.value.length <= ROWS_OF_TWO);
  const lookup = edge.rule === "jacobian" ? lookupRow(iteration, edge, 0) : lookupIn;
  const rows = only ? undefined : ROWS_OF_TWO;
  const local = equation(edge.formula, {
    lookup: plain ? lookup(iteration, arrived || !only) : undefined,
    rows,
  });
  if (only) return local;
  const over = edge.rule === "sum_rows" ? "rows" : undefined;
  return [local, equation(edge.chain, { lookup: lookup(iteration, arrived), rows, over })];
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 */
export function edgeRemark(iteration, edge) {
  const many = edge.jacobians.length > 1 ? " The numbers are those of example 0." : "";
  const text = `${edge.note}${many}`.trim();
  return text ? html`<p class="remark">${typeset(text, iteration.node)}</p>` : nothing;
}

/**
 * As `lookupIn`, for one row of a batch: where each row has a matrix of its own.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {number} row
 * @returns {(iteration: Iteration, arrived: boolean) => Lookup}
 */
function lookupRow(iteration, edge, row) {
  return (_iteration, arrived) => {
    const whole = lookupIn(iteration, arrived);
    return (name, left) => {
      if ("of" in name && name.of === edge.of && name.wrt === edge.wrt) return edge.jacobians[row];
      const found = whole(name, left);
      return Array.isArray(found) ? [found[row]] : found;
    };
  };
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
    if ("id" in name) return at(name.id, (id) => iteration.node.get(id)?.value);
    if (name.of === iteration.output) return at(name.wrt, (id) => iteration.node.get(id)?.gradient);
    return localAt(iteration, name.of, name.wrt);
  };
}

/**
 * A whole matrix by a node's name, one number by an entry's.
 * @param {string} name
 * @param {(id: string) => import("../trace.js").Matrix | undefined} find
 */
function at(name, find) {
  const entry = name.includes("[") ? entryOf(name) : null;
  const whole = find(entry?.id ?? name);
  return (entry ? whole?.[entry.row]?.[entry.column] : whole) ?? null;
}

/**
 * The local partial of a node by another, or of an entry by another where each meets only its own.
 * @param {Iteration} iteration
 * @param {string} of
 * @param {string} wrt
 */
function localAt(iteration, of, wrt) {
  const [ofEntry, wrtEntry] = [entryOf(of), entryOf(wrt)];
  const edge = iteration.edge.get(edgeKey(ofEntry?.id ?? "", wrtEntry?.id ?? ""));
  if (!edge || !of.includes("[") || !ofEntry || !wrtEntry) return edge?.value ?? null;
  if (edge.rule === "jacobian")
    return edge.jacobians[ofEntry.row]?.[ofEntry.column]?.[wrtEntry.column] ?? null;
  return edge.value[wrtEntry.row]?.[wrtEntry.column] ?? null;
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
