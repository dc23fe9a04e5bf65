/**
 * Both curves of a comparison in one plot: solid and dashed, named at their ends, read off at any iteration.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { round } from "../base/axis.js";
import { full, short } from "../base/format.js";
import { dragPointer } from "../base/pointer-drag.js";
import { spaced } from "../base/words.js";
import { CHART, sharedOf } from "./curves.js";

/** @typedef {import("./curves.js").Curves} Curves */
/** @typedef {import("./curves.js").Apart} Apart */
/** @typedef {import("./compare-setting.js").Desk} Desk */
/** @typedef {import("./compare-setting.js").Result} Result */
/** @typedef {import("./work.js").CompareActions} CompareActions */

/** Between the names at the ends. */
const LINE = 20;

/**
 * @param {Result} result
 * @param {Curves} curves
 * @param {Desk} desk
 * @param {CompareActions} act
 */
export function pairView({ one, other, labels }, curves, desk, act) {
  const shared = sharedOf(one.points, other.points);
  if (shared.length < 2)
    return html`<p class="hint">There is no curve to draw: the two have one iteration in common.</p>`;
  const read = shared[nearest(shared, desk.at ?? Infinity)];
  const label = `The cost of both runs, from iteration ${shared[0].iteration} on. This run, ${labels.one}, solid; the other, ${labels.other}, dashed.`;
  return html`<svg class="compare-chart" viewBox="0 0 ${CHART.width} ${CHART.height}" role="img" aria-label=${label} @pointerdown=${reading(curves, act)}>
      ${axes(curves)}
      <svg x="0" y=${CHART.top - 4} width=${CHART.width} height=${CHART.height - CHART.top - CHART.bottom + 8} viewBox="0 ${CHART.top - 4} ${CHART.width} ${CHART.height - CHART.top - CHART.bottom + 8}">
        ${curves.apart ? gap(curves, curves.apart) : nothing}
        <path class="compare-line one" d=${curves.one.d}></path>
        <path class="compare-line other" d=${curves.other.d}></path>
      </svg>
      ${names(curves)}
      ${reader(curves, read)}
    </svg>`;
}

/**
 * Both costs at an iteration that is chosen.
 * @param {Result} result
 * @param {Curves} curves
 * @param {Desk} desk
 * @param {CompareActions} act
 */
export function readingView({ one, other }, curves, desk, act) {
  const shared = sharedOf(one.points, other.points);
  if (shared.length < 2) return nothing;
  const index = nearest(shared, desk.at ?? Infinity);
  const read = shared[index];
  return html`<div class="compare-reading">
      <label>Iteration <input type="range" min="0" max=${shared.length - 1} step="1" .value=${String(index)} aria-valuetext="iteration ${read.iteration}: ${short(read.one)} here, ${short(read.other)} there"
        @input=${(/** @type {Event} */ event) => act.set({ at: shared[Number(/** @type {HTMLInputElement} */ (event.target).value)].iteration })}></label>
      <output>${spaced(read.iteration)}: <span tabindex="0" data-tip=${full(read.one)}>cost <b>${short(read.one)}</b> here</span>, <span tabindex="0" data-tip=${full(read.other)}><b>${short(read.other)}</b> there</span></output>
      ${curves.canLog ? html`<label><input type="checkbox" .checked=${curves.log} @change=${(/** @type {Event} */ event) => act.set({ log: /** @type {HTMLInputElement} */ (event.target).checked })}> log scale</label>` : nothing}
    </div>`;
}

/** @param {Curves} curves */
function axes({ costTicks, iterationTicks }) {
  const [left, right] = [CHART.left, CHART.width - CHART.right];
  const [top, bottom] = [CHART.top, CHART.height - CHART.bottom];
  return svg`<g class="axes">
    <path d="M${left} ${top}V${bottom}H${right}"></path>
    ${iterationTicks.map(({ at, value }) => svg`<path class="tick" d="M${at} ${bottom}v4"></path><text class="tick-text" x=${at} y=${bottom + 17}>${spaced(value)}</text>`)}
    ${costTicks.map(({ at, value }) => svg`<path class="tick" d="M${left} ${at}h-4"></path><text class="tick-text side" x=${left - 7} y=${at + 4}>${short(value)}</text>`)}
    <text class="axis-name" x=${right + 30} y=${bottom + 17}>iteration</text>
    <text class="axis-name" x=${left} y=${top - 10} text-anchor="middle">cost</text></g>`;
}

/**
 * Where they lie furthest apart.
 * @param {Curves} curves
 * @param {Apart} apart
 */
function gap({ x, y }, { iteration, one, other }) {
  return svg`<path class="compare-gap" d="M${round(x(iteration))} ${round(y(one))}V${round(y(other))}" data-tip="furthest apart, at iteration ${iteration}"></path>`;
}

/**
 * The names at the ends, one above the other where these lie close.
 * @param {Curves} curves
 */
function names({ one, other }) {
  const lowest = CHART.height - CHART.bottom - 8;
  const ends = [
    { name: "this run", kind: "one", line: one },
    { name: "the other", kind: "other", line: other },
  ].map(({ name, kind, line }) => ({
    name: line.out ? `${name} ↑` : name,
    kind,
    x: line.end?.x ?? 0,
    y: Math.min(Math.max(line.end?.y ?? 0, CHART.top), lowest),
  }));
  const [upper, lower] = ends.toSorted((a, b) => a.y - b.y);
  const close = Math.abs(upper.x - lower.x) < CHART.right;
  if (close && lower.y - upper.y < LINE) {
    lower.y = Math.min(lowest, Math.max(lower.y, upper.y + LINE));
    upper.y = Math.min(upper.y, lower.y - LINE);
  }
  return ends.map(
    ({ name, kind, x, y }) =>
      svg`<text class="compare-name ${kind}" x=${x + 9} y=${y + 5}>${name}</text>`,
  );
}

/**
 * @param {Curves} curves
 * @param {Apart} read
 */
function reader({ x, y }, { iteration, one, other }) {
  const at = round(x(iteration));
  const [top, bottom] = [CHART.top, CHART.height - CHART.bottom];
  const seen = (/** @type {number} */ cost) => Number.isFinite(cost) && y(cost) >= top - 1;
  return svg`<path class="compare-reader" d="M${at} ${top}V${bottom}"></path>
    ${seen(one) ? svg`<circle class="compare-dot one" cx=${at} cy=${round(y(one))} r="4.500"></circle>` : nothing}
    ${seen(other) ? svg`<rect class="compare-dot other" x=${at - 4} y=${round(y(other)) - 4} width="8" height="8"></rect>` : nothing}`;
}

/**
 * @param {Apart[]} shared
 * @param {number} iteration
 */
function nearest(shared, iteration) {
  if (iteration === Infinity) return shared.length - 1;
  let best = 0;
  shared.forEach((it, at) => {
    if (Math.abs(it.iteration - iteration) < Math.abs(shared[best].iteration - iteration))
      best = at;
  });
  return best;
}

/**
 * Reads the curves where the pointer is held.
 * @param {Curves} curves
 * @param {CompareActions} act
 */
function reading({ iterationAt }, act) {
  return (/** @type {PointerEvent} */ start) => {
    const chart = /** @type {SVGSVGElement} */ (start.currentTarget);
    if (start.button !== 0) return;
    /** @param {PointerEvent} event */
    const move = (event) => {
      const box = chart.getBoundingClientRect();
      act.set({ at: iterationAt(((event.clientX - box.left) / box.width) * CHART.width) });
    };
    move(start);
    dragPointer(start, { move, holder: chart });
  };
}
