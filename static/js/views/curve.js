/**
 * The cost so far, iteration by iteration, as a small curve with its first, last and present value.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, short } from "../format.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../timeline.js").Moment} Moment */

const WIDTH = 320;
const HEIGHT = 120;
const LEFT = 8;
const TOP = 8;

/**
 * The curve and what it says; null where there is none yet.
 * @param {State} state
 * @param {Moment} moment
 * @param {(iteration: number) => void} goTo
 */
export function curveView(state, moment, goTo) {
  const now = state.iteration;
  if (!now) return null;
  // The last cost is on the curve when it is computed, not before.
  const pending = moment.values[now.output] === "blank" ? now.number : Number.POSITIVE_INFINITY;
  const last = Math.max(...state.history.map((it) => it.iteration));
  const points = state.history
    .toSorted((a, b) => a.iteration - b.iteration)
    .filter(
      (it) => Number.isFinite(it.cost) && !(it.iteration === pending && it.iteration === last),
    );
  if (points.length < 2) return null;
  return html`${drawing(points, now.number, goTo)}
    <p class="curve-words">${words(points)}</p>`;
}

/**
 * @param {import("../state.js").Past[]} points
 * @param {number} now
 * @param {(iteration: number) => void} goTo
 */
function drawing(points, now, goTo) {
  const first = points[0].iteration;
  const last = points[points.length - 1].iteration;
  const most = Math.max(...points.map((it) => it.cost), Number.MIN_VALUE);
  /** @param {number} iteration */
  const x = (iteration) =>
    LEFT + ((iteration - first) / Math.max(1, last - first)) * (WIDTH - 2 * LEFT);
  /** @param {number} cost */
  const y = (cost) => TOP + (1 - cost / most) * (HEIGHT - 2 * TOP);
  const path = points
    .map((it, i) => `${i === 0 ? "M" : "L"}${x(it.iteration).toFixed(1)} ${y(it.cost).toFixed(1)}`)
    .join("");
  const present = points.find((it) => it.iteration === now);
  /** @param {MouseEvent} event */
  const click = (event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * WIDTH;
    const nearest = points.reduce((best, it) =>
      Math.abs(x(it.iteration) - at) < Math.abs(x(best.iteration) - at) ? it : best,
    );
    goTo(nearest.iteration);
  };
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Curve of the cost, from ${short(points[0].cost)} to ${short(points[points.length - 1].cost)}" @click=${click}>
    ${svg`<path class="plot-base" d="M${LEFT} ${HEIGHT - TOP}H${WIDTH - LEFT}"></path>
      <path class="plot-area" d="${path}L${x(last)} ${HEIGHT - TOP}L${x(first)} ${HEIGHT - TOP}z"></path>
      <path class="plot-line" d=${path}></path>
      ${present ? svg`<circle class="plot-now" cx=${x(present.iteration)} cy=${y(present.cost)} r="4.500"><title>iteration ${present.iteration}: C = ${full(present.cost)}</title></circle>` : nothing}`}
  </svg>
  <label class="curve-slider">Iteration <input type="range" min=${first} max=${last} step="1" .value=${String(now)}
    @change=${(/** @type {Event} */ event) => goTo(Number(/** @type {HTMLInputElement} */ (event.target).value))}></label>`;
}

/** @param {import("../state.js").Past[]} points */
function words(points) {
  const [first, last] = [points[0], points[points.length - 1]];
  return `From ${short(first.cost)} at iteration ${first.iteration} to ${short(last.cost)} at iteration ${last.iteration}. Click the curve to go back to a point of it.`;
}
