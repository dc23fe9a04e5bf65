/**
 * The curve of the slope card as a picture: curve, tangent, point and step. The point is dragged along the curve.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { linePath, round, ticks } from "../base/axis.js";
import { short } from "../base/format.js";
import { dragPointer } from "../base/pointer-drag.js";
import { beyond, curvePath, frameOf, PLOT } from "./slope.js";

/** @typedef {import("./slope.js").Curve} Curve */
/** @typedef {import("./slope.js").Frame} Frame */

/**
 * @param {Curve} curve
 * @param {string} name
 * @param {(weight: number) => void} setWeight
 */
export function plotView(curve, name, setWeight) {
  const frame = frameOf(curve);
  if (!frame) return html`<p class="facts no-plot">${nothingDrawn(curve, name)}</p>`;
  const { weight, cost, slope, next, output = "C", fixed } = curve;
  const ends = fixed ? "" : `; the step leads to ${short(next)}`;
  const label = `${output} as a function of ${name}: ${name} = ${short(weight)}, ${output} = ${short(cost)}, slope ${short(slope)}${ends}.`;
  const steps = Number.isFinite(slope) && Number.isFinite(cost);
  return html`<svg class="slope-plot" viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="img" aria-label=${label} @pointerdown=${dragging(frame, setWeight)}>
    ${axes(frame, name, output)}
    <svg x=${PLOT.left} y=${PLOT.top} width=${PLOT.width - PLOT.left - PLOT.right} height=${PLOT.height - PLOT.top - PLOT.bottom} viewBox="${PLOT.left} ${PLOT.top} ${PLOT.width - PLOT.left - PLOT.right} ${PLOT.height - PLOT.top - PLOT.bottom}">
      <path class="plot-curve" d=${curvePath(curve, frame)}></path>
      ${steps ? inside(curve, frame) : nothing}
    </svg>
    ${steps ? step(curve, frame) : nothing}
    ${point(curve, frame, name)}
    ${steps ? landing(next, frame) : nothing}
  </svg>`;
}

/**
 * Why there is no picture.
 * @param {Curve} curve
 * @param {string} name
 */
function nothingDrawn({ weight, cost, output = "C" }, name) {
  return Number.isFinite(weight) && Number.isFinite(cost)
    ? `${name} = ${short(weight)} is so large that a double does not tell it from the weights beside it: there is no curve to draw.`
    : `The run has diverged: there is no curve of ${output} over ${name} any more.`;
}

/**
 * The point on the curve; where it is out of the picture, its number at the side beyond which it is.
 * @param {Curve} curve
 * @param {Frame} frame
 * @param {string} name
 */
function point({ weight, cost }, frame, name) {
  const out = beyond(weight, frame);
  if (out) return mark(out, "plot-point-out", PLOT.top + 24, `${name} is here: `);
  if (!Number.isFinite(cost)) return nothing;
  return svg`<circle class="plot-point" cx=${round(frame.x(weight))} cy=${round(frame.y(cost))} r="7"></circle>`;
}

/**
 * Where a step lands that leads out of the picture: its number, at the side.
 * @param {number} next
 * @param {Frame} frame
 */
function landing(next, frame) {
  const out = beyond(next, frame);
  return out ? mark(out, "plot-next-out", PLOT.height - PLOT.bottom - 10, "lands at ") : nothing;
}

/**
 * @param {{ side: "left" | "right", text: string }} out
 * @param {string} kind
 * @param {number} y
 * @param {string} words
 */
function mark({ side, text }, kind, y, words) {
  const x = side === "left" ? PLOT.left + 6 : PLOT.width - PLOT.right - 2;
  return svg`<text class="plot-out ${kind}" x=${x} y=${y} text-anchor=${side === "left" ? "start" : "end"}>${words}${text}</text>`;
}

/**
 * @param {Frame} frame
 * @param {string} name
 * @param {string} output
 */
function axes(frame, name, output) {
  const [left, right] = [PLOT.left, PLOT.width - PLOT.right];
  const [top, bottom] = [PLOT.top, PLOT.height - PLOT.bottom];
  return svg`<g class="axes">
    <path d="M${left} ${top}V${bottom}H${right}"></path>
    ${ticks(frame.weights).map((it) => svg`<path class="tick" d="M${round(frame.x(it))} ${bottom}v4"></path><text class="tick-text" x=${round(frame.x(it))} y=${bottom + 16}>${short(it)}</text>`)}
    ${ticks(frame.costs).map((it) => svg`<path class="tick" d="M${left} ${round(frame.y(it))}h-4"></path><text class="tick-text side" x=${left - 7} y=${round(frame.y(it)) + 4}>${short(it)}</text>`)}
    <text class="axis-name" x=${right} y=${PLOT.height - 4} text-anchor="end">${name}</text>
    <text class="axis-name" x=${left + 6} y=${top + 8}>${output}</text></g>`;
}

/**
 * Tangent, what the slope predicts of the step and what comes of it, and further steps.
 * @param {Curve} curve
 * @param {Frame} frame
 */
function inside(curve, frame) {
  const { weight, cost, slope, next, nextCost, descent } = curve;
  const [x, y] = [frame.x(weight), frame.y(cost)];
  const [low, high] = frame.weights;
  /** @param {number} at */
  const tangent = (at) => `${round(frame.x(at))} ${round(frame.y(cost + slope * (at - weight)))}`;
  const predicted = frame.y(cost + slope * (next - weight));
  const path = linePath(descent.map((it) => [frame.x(it.weight), frame.y(it.cost)]));
  return svg`<path class="plot-tangent" d="M${tangent(low)}L${tangent(high)}"></path>
    <path class="plot-journey" d=${path}></path>
    ${descent.slice(2).map((it) => svg`<circle class="plot-later" cx=${round(frame.x(it.weight))} cy=${round(frame.y(it.cost))} r="2.500"></circle>`)}
    <path class="plot-guide" d="M${round(x)} ${round(y)}V${PLOT.height - PLOT.bottom}"></path>
    ${
      Number.isFinite(nextCost)
        ? svg`<path class="plot-gap" d="M${round(frame.x(next))} ${round(predicted)}V${round(frame.y(nextCost))}"></path>
    <circle class="plot-next" cx=${round(frame.x(next))} cy=${round(frame.y(nextCost))} r="5"></circle>`
        : nothing
    }`;
}

/**
 * The step −α · slope as an arrow on the axis; one that leads out of the picture ends at its side.
 * @param {Curve} curve
 * @param {Frame} frame
 */
function step({ weight, next }, frame) {
  const y = PLOT.height - PLOT.bottom;
  const from = round(frame.x(weight));
  const to = round(Math.min(Math.max(frame.x(next), PLOT.left), PLOT.width - PLOT.right));
  const out = to !== round(frame.x(next));
  const tip = to >= from ? -7 : 7;
  if (next === weight) return nothing;
  return svg`<path class="plot-step ${out ? "out" : ""}" d="M${from} ${y}H${to}"></path>
    <path class="plot-tip" d="M${to} ${y}l${tip} -5v10z"></path>`;
}

/**
 * @param {Frame} frame
 * @param {(weight: number) => void} setWeight
 */
function dragging(frame, setWeight) {
  return (/** @type {PointerEvent} */ start) => {
    const plot = /** @type {SVGSVGElement} */ (start.currentTarget);
    if (start.button !== 0) return;
    start.preventDefault();
    /** @param {PointerEvent} event */
    const move = (event) => {
      const box = plot.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * PLOT.width;
      const within = Math.min(Math.max(x, PLOT.left), PLOT.width - PLOT.right);
      setWeight(Number(frame.weightAt(within).toPrecision(6)));
    };
    move(start);
    dragPointer(start, { move, holder: plot });
  };
}
