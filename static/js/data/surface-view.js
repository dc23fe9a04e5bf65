/**
 * What the network says all over its inputs, as a picture with the rows in it: a surface for two inputs, a curve for one.
 * Classes are told by shape and pattern besides colour.
 */

import { guard } from "../../vendor/lit-html@3.3.3/directives/guard.js";
import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { round, ticks } from "../base/axis.js";
import { short } from "../base/format.js";
import { spaced } from "../base/words.js";
import { aimOf, className } from "../trace/scores.js";
import { rowsWithScores } from "./data-setting.js";
import { scalesOf, tooFarApart } from "./surface.js";
import { areMany, curveOfOne, dotPaths, drawn, nearest, runs, SHAPES } from "./surface-paths.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./data-setting.js").Row} Row */
/** @typedef {import("./work.js").DataActions} DataActions */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */

const SIZE = { width: 300, height: 300 };
const REACH = 14;

/** @typedef {Pick<DataActions, "traceRow">} MapActions */

/**
 * Beside the sentence: the picture, and how the network does on what was held back.
 * @param {State} state
 * @param {unknown} heldBack as it is told
 * @param {MapActions} act
 */
export function besideView(state, heldBack, act) {
  const { iteration, desks, training } = state;
  if (!iteration) return nothing;
  const surface = desks.surface?.surface ?? null;
  // While it trains the marks are those of the surface, not drawn anew with every iteration.
  const now = training && surface ? [surface] : [surface, iteration, state.heldBack];
  const picture = () =>
    mapView(iteration, { surface }, rowsWithScores(iteration, state.heldBack, null), act);
  return html`<section class="panel map" tabindex="0" aria-label="What it says everywhere">
    <h2>What it says everywhere</h2>
    ${heldBack}
    ${guard(now, picture)}</section>`;
}

/**
 * @param {Iteration} iteration
 * @param {Pick<Desk, "surface">} desk
 * @param {Row[]} rows
 * @param {MapActions} act
 */
export function mapView(iteration, desk, rows, act) {
  const { data } = iteration.experiment;
  const { surface } = desk;
  const inputs = data.x[0].length;
  if (inputs > 2) return nothing;
  const far = tooFarApart(data);
  if (far >= 0)
    return html`<figure class="data-map">${unpictured(`numbers of ${data.features?.[far] ?? `x${far}`}`)}</figure>`;
  if (
    !surface ||
    surface.grid.ranges.length !== inputs ||
    surface.said[0]?.length !== data.y[0].length
  )
    return html`<figure class="data-map"><p class="hint">Asking …</p></figure>`;
  const shown = drawn(rows);
  return html`<figure class="data-map ${areMany(shown) ? "many" : ""}">
    ${inputs === 2 ? surfaceView(iteration, surface, shown, act) : curveView(iteration, surface, shown, act)}
    ${shown.length < rows.length ? html`<p class="what">${spaced(shown.length)} of ${spaced(rows.length)} rows are drawn.</p>` : nothing}</figure>`;
}

/** @param {string} what */
function unpictured(what) {
  return html`<p class="hint">There is no picture: the ${what} are so far apart that their distance is beyond what a number can hold.</p>`;
}

/**
 * @param {Iteration} iteration
 * @param {import("./data-setting.js").Surface} surface
 * @param {Row[]} rows
 * @param {MapActions} act
 */
function surfaceView({ experiment }, { grid, said }, rows, act) {
  const { data } = experiment;
  const aim = aimOf(data.y);
  const { patches, range } = runs(said, grid.side, aim);
  const { dots, places } = dotPaths(rows, grid, SIZE, aim, range);
  const names = range
    ? [
        `below ${short((range.low + range.high) / 2)}`,
        `above ${short((range.low + range.high) / 2)}`,
      ]
    : Array.from({ length: Math.max(2, data.y[0].length) }, (_, at) =>
        className(at, data.classes, data.y[0].length),
      );
  const [across, up] = grid.ranges;
  const [first, second] = [data.features?.[0] ?? "x0", data.features?.[1] ?? "x1"];
  const scale = SIZE.width / grid.side;
  const { x, y } = scalesOf(across, up, SIZE);
  return html`<svg viewBox="-34 -6 ${SIZE.width + 44} ${SIZE.height + 38}" role="img" aria-label="What the network says for every ${first} and ${second}; the table holds the rows as numbers" @click=${choosing(places, act)}>
      <defs>${names.map((_, at) => pattern(at))}</defs>
      <g transform="scale(${scale})">${patches.map(({ at, level, d }) => svg`<path class="patch class${at % SHAPES.length} level${level}" d=${d}></path>`)}
      ${names.map(
        (_, at) =>
          svg`<path fill="url(#data-pattern${at % SHAPES.length})" d=${patches
            .filter((it) => it.at === at)
            .map((it) => it.d)
            .join("")}></path>`,
      )}</g>
      ${dots.map(({ at, held, wrong, d }) => svg`${wrong ? svg`<path class="dot-ring" d=${d.ring}></path>` : nothing}<path class="dot class${at % SHAPES.length} ${held ? "hollow" : ""}" d=${d.mark}></path>`)}
      <path class="frame" d="M0 0H${SIZE.width}V${SIZE.height}H0z"></path>
      ${ticks([across.low, across.high]).map((it) => svg`<text class="tick-text" x=${round(x(it))} y=${SIZE.height + 14}>${short(it)}</text>`)}
      ${ticks([up.low, up.high]).map((it) => svg`<text class="tick-text side" x="-5" y=${round(y(it)) + 4}>${short(it)}</text>`)}
      <text class="axis-name" x=${SIZE.width} y=${SIZE.height + 29} text-anchor="end">${first} →</text>
      <text class="axis-name" x="4" y="13">↑ ${second}</text>
    </svg>
    <figcaption>${names.map((name, at) => html`<span class="map-key"><svg viewBox="-7 -7 14 14" aria-hidden="true">${svg`<path class="dot class${at % SHAPES.length}" d=${SHAPES[at % SHAPES.length](0, 0, 5)}></path>`}</svg>${name}</span>`)}
      <span class="what">${data.held_back ? "Hollow: held back. " : ""}${aim === "numbers" ? "" : "Ringed: wrong. "}Click a mark to trace its row.</span></figcaption>`;
}

/** @param {number} at */
function pattern(at) {
  const kind = at % SHAPES.length;
  const lines = ["", "M0 2L2 0", "M0 0L2 2", "M0 1H2", "M1 0V2", "M0 1H2M1 0V2"][kind];
  return svg`<pattern id="data-pattern${kind}" width="2" height="2" patternUnits="userSpaceOnUse"><path class="pattern class${kind}" d=${lines}></path></pattern>`;
}

/**
 * @param {Iteration} iteration
 * @param {import("./data-setting.js").Surface} surface
 * @param {Row[]} rows
 * @param {MapActions} act
 */
function curveView({ experiment }, surface, rows, act) {
  const { data } = experiment;
  const { frame, lines, dots, places } = curveOfOne(surface, rows, SIZE);
  if (!Number.isFinite(frame.up.high - frame.up.low)) return unpictured("targets");
  const name = data.features?.[0] ?? "x";
  return html`<svg viewBox="-40 -6 ${SIZE.width + 50} ${SIZE.height + 38}" role="img" aria-label="What the network says for every ${name}, and the rows' targets; the table holds them as numbers" @click=${choosing(places, act)}>
      <svg width=${SIZE.width} height=${SIZE.height}>${lines.map((d, at) => svg`<path class="fit class${at % SHAPES.length}" d=${d}></path>`)}</svg>
      ${dots.map(({ at, held, d }) => svg`<path class="dot class${at % SHAPES.length} ${held ? "hollow" : ""}" d=${d.mark}></path>`)}
      <path class="frame" d="M0 0V${SIZE.height}H${SIZE.width}"></path>
      ${ticks([frame.across.low, frame.across.high]).map((it) => svg`<text class="tick-text" x=${round(frame.x(it))} y=${SIZE.height + 14}>${short(it)}</text>`)}
      ${ticks([frame.up.low, frame.up.high]).map((it) => svg`<text class="tick-text side" x="-5" y=${round(frame.y(it)) + 4}>${short(it)}</text>`)}
      <text class="axis-name" x=${SIZE.width} y=${SIZE.height + 29} text-anchor="end">${name} →</text>
    </svg>
    <figcaption><span class="what">Line: what the network says. Marks: the targets${data.held_back ? "; hollow: held back" : ""}. Click a mark to trace its row.</span></figcaption>`;
}

/**
 * The row whose mark is nearest to a click, where one is near.
 * @param {import("./surface-paths.js").Spot[]} places
 * @param {MapActions} act
 */
function choosing(places, act) {
  return (/** @type {MouseEvent} */ event) => {
    const picture = /** @type {SVGSVGElement} */ (event.currentTarget);
    const matrix = picture.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const found = nearest(places, { x, y }, REACH);
    if (found) act.traceRow(found.place);
  };
}
