/**
 * The controls of time: play, step and step back by beat, by phase and by iteration; a scrubber; speed; training.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, short } from "../base/format.js";
import { typeset } from "../formula/symbols-view.js";
import { PHASE_NAMES, sentence } from "../time/sentences.js";
import { phasesOf } from "../time/timeline.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/**
 * @typedef {object} TransportActions
 * @property {() => void} togglePlay
 * @property {() => void} toggleTraining
 * @property {(many: number | null) => void} setGoal
 * @property {(direction: 1 | -1) => void} beat
 * @property {(direction: 1 | -1) => void} phase
 * @property {(direction: 1 | -1) => void} iterate
 * @property {() => void} restart
 * @property {(t: number) => void} go
 * @property {(speed: number) => void} setSpeed
 */

/** @type {Record<string, string>} path data in a 20 × 20 box */
const ICONS = {
  play: "M6 4l10 6-10 6z",
  pause: "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z",
  beat: "M7 5l7 5-7 5z",
};

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {number} bar how wide that of the scrubber is
 * @param {TransportActions} act
 */
export function transportView(state, moment, bar, act) {
  const iteration = state.iteration;
  if (!iteration) return nothing;
  const ended = state.t >= state.beats.length;
  return html`<section class="transport" aria-label="Time">
    <p class="caption" data-sentence aria-hidden="true">${typeset(sentence(iteration, state.beats, moment.beat), iteration.node)}</p>
    <div class="buttons">
      ${button(-1, "Beat back", "←", () => act.beat(-1))}
      <button class="play" @click=${act.togglePlay} data-tip="${state.playing ? "Pause" : "Play"} (Space)" aria-label=${state.playing ? "Pause" : ended ? "Play the next iteration" : "Play"}>
        ${icon(state.playing ? "pause" : "play", 1)}<span>${state.playing ? "Pause" : ended ? "Next" : "Play"}</span>
      </button>
      ${button(1, "Beat on", "→", () => act.beat(1))}
    </div>
    ${scrubber(state, moment, bar, act)}
    <dl class="readout">
      <div><dt>Iteration</dt><dd>${iteration.number}</dd>${rateView(state)}</div>
      <div><dt>Cost</dt>${costView(state, moment)}</div>
    </dl>
  </section>`;
}

/**
 * How fast training goes, and how far it is.
 * @param {State} state
 */
function rateView({ training, progress, iteration }) {
  if (!training || !progress || !iteration) return nothing;
  const { from, goal, rate } = progress;
  const done = goal === null ? "" : `${Math.floor(((iteration.number - from) / goal) * 100)} % `;
  return html`<dd class="change">${done}${rate === null ? "" : `${Math.round(rate).toLocaleString("en")}/s`}</dd>`;
}

/**
 * The cost, and how it changed since the iteration before; the latter's cost while this one's is not computed yet.
 * @param {State} state
 * @param {Moment} moment
 */
function costView({ iteration, history }, moment) {
  if (!iteration) return nothing;
  const before = history.findLast((it) => it.iteration === iteration.number - 1)?.cost;
  if (moment.values[iteration.output] === "blank") {
    return html`<dd>–</dd>${before === undefined ? nothing : html`<dd class="change">was ${short(before)}</dd>`}`;
  }
  const change = before === undefined ? undefined : iteration.cost - before;
  const odd = iteration.warnings.length > 0;
  return html`<dd data-tip="C = ${full(iteration.cost)}">${short(iteration.cost)}${odd ? html` <span class="odd" data-tip=${iteration.warnings.map((it) => it.detail).join("; ")}>⚠<span class="visually-hidden"> not all fits together: see below</span></span>` : nothing}</dd>
    ${change === undefined || Number.isNaN(change) ? nothing : html`<dd class="change">${change > 0 ? "+" : ""}${short(change)}</dd>`}`;
}

/**
 * @param {1 | -1} direction
 * @param {string} label
 * @param {string} key
 * @param {() => void} press
 */
function button(direction, label, key, press) {
  return html`<button class="step" @click=${press} aria-label=${label} data-tip="${label} (${key})">${icon("beat", direction)}</button>`;
}

/**
 * @param {string} name
 * @param {1 | -1} direction
 */
function icon(name, direction) {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[name]} transform=${direction < 0 ? "translate(20 0) scale(-1 1)" : ""}></path>`}</svg>`;
}

/** Whether the thumb is held: it then goes through a beat's film as well, and stays under the hand. */
let isHeld = false;

/** @param {Event} event */
function hold({ type, currentTarget }) {
  isHeld = type === "pointerdown";
  /** @type {HTMLInputElement} */ (currentTarget).step = isHeld ? "any" : "1";
}

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {number} bar
 * @param {TransportActions} act
 */
function scrubber(state, moment, bar, act) {
  const count = state.beats.length;
  const iteration = /** @type {import("../trace/trace.js").Iteration} */ (state.iteration);
  const where = moment.beat ? `beat ${moment.beat.index + 1} of ${count}. ` : "";
  return html`<div class="scrubber">
    <svg class="track" aria-hidden="true">${phases(state, moment, bar, act)}</svg>
    <input type="range" min="0" max=${count} step="1" .value=${String(isHeld ? state.t : Math.ceil(state.t))} aria-label="Beat"
      aria-valuetext="${where}${sentence(iteration, state.beats, moment.beat)}"
      @pointerdown=${hold} @pointerup=${hold} @pointercancel=${hold} @lostpointercapture=${hold}
      @input=${(/** @type {Event} */ event) => act.go(Number(/** @type {HTMLInputElement} */ (event.target).value))}>
  </div>`;
}

/** What a letter of a name is wide, and how far names stand apart, in pixels. */
const LETTER = 8;
const APART = 6;

/**
 * The phases as bars with their names under them, where these do not meet: that of the present phase, then those of the
 * longer. A short one's name ends where the bar does.
 * @param {State} state
 * @param {Moment} moment
 * @param {number} width
 * @param {TransportActions} act
 */
function phases({ beats, t }, { beat }, width, act) {
  const count = beats.length;
  /** @param {number} beats */
  const percent = (beats) => `${Math.round((beats / count) * 1e4) / 100}%`;
  /** @param {import("../time/timeline.js").PhaseSpan} span */
  const rank = ({ phase, start, end }) => (phase === beat?.phase ? count : end - start);
  /** @type {number[][]} */
  const taken = [];
  const spans = phasesOf(beats).sort((a, b) => rank(b) - rank(a));
  return spans.map(({ phase, start, end }) => {
    const passed = Math.max(0, Math.min(Math.ceil(t), end) - start);
    const atEnd = end - start === 1 || end === count;
    const at = atEnd ? end : start;
    const room = PHASE_NAMES[phase].length * LETTER + APART;
    const from = Math.max(0, Math.round((at / count) * width) - (atEnd ? room : 0));
    const meets = taken.some((it) => from < it[1] && from + room > it[0]);
    if (!meets) taken.push([from, from + room]);
    return svg`<rect class="span ${phase}" x=${percent(start)} y="9" width=${percent(end - start)} height="12"></rect>
    <rect class="span passed ${phase}" x=${percent(start)} y="9" width=${percent(passed)} height="12"></rect>
    ${
      meets
        ? nothing
        : svg`<text class="phase-tag ${phase} ${beat?.phase === phase ? "now" : ""}" x=${atEnd && from === 0 ? room : percent(at)} y="42"
      dx=${atEnd && end < count ? -7 : 0} text-anchor=${atEnd ? "end" : "start"} @click=${() => act.go(start + 1)}>${PHASE_NAMES[phase]}</text>`
    }`;
  });
}
