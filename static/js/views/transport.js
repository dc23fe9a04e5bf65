/**
 * The controls of time: play, step and step back by beat, by phase and by iteration; a scrubber; speed; training.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../format.js";
import { PHASE_NAMES, sentence } from "../sentences.js";
import { SPEEDS } from "../state.js";
import { phasesOf } from "../timeline.js";
import { typeset } from "./math.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../timeline.js").Moment} Moment */
/**
 * @typedef {object} TransportActions
 * @property {() => void} togglePlay
 * @property {() => void} toggleTraining
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
  phase: "M4 5l6 5-6 5zM10 5l6 5-6 5z",
  iterate: "M3 5l5.5 5L3 15zM8.500 5l5.500 5-5.500 5zM15 5h2v10h-2z",
  stop: "M5 5h10v10H5z",
  restart: "M10 3a7 7 0 1 1-6.600 4.600l1.900.700A5 5 0 1 0 10 5v3L5.500 4 10 0z",
};

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {TransportActions} act
 */
export function transportView(state, moment, act) {
  const iteration = state.iteration;
  if (!iteration) return nothing;
  const ended = state.t >= state.beats.length;
  return html`<section class="transport" aria-label="Time">
    <p class="caption" aria-hidden="true">${typeset(sentence(iteration, state.beats, moment.beat), iteration.node)}</p>
    <div class="buttons">
      ${button("restart", 1, "Back to iteration 0", "R", act.restart)}
      ${button("iterate", -1, "Iteration back", "B", () => act.iterate(-1))}
      ${button("phase", -1, "Phase back", "Shift ←", () => act.phase(-1))}
      ${button("beat", -1, "Beat back", "←", () => act.beat(-1))}
      <button class="play" @click=${act.togglePlay} title="${state.playing ? "Pause" : "Play"} (Space)" aria-label=${state.playing ? "Pause" : ended ? "Play the next iteration" : "Play"}>
        ${icon(state.playing ? "pause" : "play", 1)}<span>${state.playing ? "Pause" : ended ? "Next" : "Play"}</span>
      </button>
      ${button("beat", 1, "Beat on", "→", () => act.beat(1))}
      ${button("phase", 1, "Phase on", "Shift →", () => act.phase(1))}
      <button class="step worded" @click=${() => act.iterate(1)} title="The next iteration (N)">${icon("iterate", 1)}<span>Step</span></button>
    </div>
    ${scrubber(state, moment, act)}
    <label class="speed"><span>Speed</span>
      <select aria-label="Speed" .value=${String(state.speed)} @change=${(/** @type {Event} */ event) => act.setSpeed(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === state.speed}>${speed}×</option>`)}
      </select></label>
    <button class="train ${state.training ? "on" : ""}" @click=${act.toggleTraining} aria-pressed=${state.training} title="Iteration after iteration until stopped (T)">
      ${icon(state.training ? "stop" : "phase", 1)}<span>${state.training ? "Stop" : "Train"}</span></button>
    <dl class="readout">
      <div><dt>Iteration</dt><dd>${iteration.number}</dd></div>
      <div><dt>Cost</dt><dd title="C = ${iteration.cost}">${moment.values[iteration.output] === "blank" ? "–" : short(iteration.cost)}</dd></div>
    </dl>
  </section>`;
}

/**
 * @param {string} name
 * @param {1 | -1} direction
 * @param {string} label
 * @param {string} key
 * @param {() => void} press
 */
function button(name, direction, label, key, press) {
  return html`<button class="step" @click=${press} aria-label=${label} title="${label} (${key})">${icon(name, direction)}</button>`;
}

/**
 * @param {string} name
 * @param {1 | -1} direction
 */
function icon(name, direction) {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${svg`<path d=${ICONS[name]} transform=${direction < 0 ? "translate(20 0) scale(-1 1)" : ""}></path>`}</svg>`;
}

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {TransportActions} act
 */
function scrubber(state, moment, act) {
  const count = state.beats.length;
  const iteration = /** @type {import("../trace.js").Iteration} */ (state.iteration);
  return html`<div class="scrubber">
    <svg class="track" viewBox="0 0 1000 30" preserveAspectRatio="none" aria-hidden="true">
      ${phasesOf(state.beats).map(
        ({
          phase,
          start,
          end,
        }) => svg`<rect class="span ${phase}" x=${(start / count) * 1000 + 2} y="9" width=${Math.max(0, ((end - start) / count) * 1000 - 4)} height="12" rx="4"></rect>
        <rect class="span passed ${phase}" x=${(start / count) * 1000 + 2} y="9" width=${Math.max(0, ((Math.min(Math.ceil(state.t), end) - start) / count) * 1000 - 4)} height="12" rx="4"></rect>`,
      )}
    </svg>
    <div class="phases" aria-hidden="true">
      ${phasesOf(state.beats).map(({ phase }) => html`<button tabindex="-1" class="phase-tag ${phase} ${moment.beat?.phase === phase ? "now" : ""}" @click=${() => act.go(phaseEnd(state, phase))}>${PHASE_NAMES[phase]}</button>`)}
    </div>
    <input type="range" min="0" max=${count} step="1" .value=${String(Math.ceil(state.t))} aria-label="Beat"
      aria-valuetext="${moment.beat ? `beat ${moment.beat.index + 1} of ${count}. ` : ""}${sentence(iteration, state.beats, moment.beat)}"
      @input=${(/** @type {Event} */ event) => act.go(Number(/** @type {HTMLInputElement} */ (event.target).value))}>
  </div>`;
}

/**
 * @param {State} state
 * @param {import("../timeline.js").Phase} phase
 */
function phaseEnd(state, phase) {
  return phasesOf(state.beats).find((it) => it.phase === phase)?.end ?? 0;
}
