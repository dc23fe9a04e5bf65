/**
 * The routes of the chain rule that is open, as threads through the graph: over the cards, under their numbers.
 */

import { nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../base/format.js";
import { routesDrawn, standingOf } from "../state/drawn-routes.js";
import { weightOf } from "../state/panels.js";
import { threadsOf } from "./threads.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("./graph-view.js").Drawing} Drawing */

/** So near a thread is pointed at. */
const REACH = 12;

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {Drawing} drawing
 */
export function threadsView(state, moment, drawing) {
  const drawn = routesDrawn(state);
  const weight = weightOf(state);
  if (!drawn || !weight) return nothing;
  const isKnown = moment.gradients[weight.id] !== "blank";
  const threads = threadsOf(drawn.routes, drawing, isKnown);
  return svg`<g class="threads ${isKnown ? "" : "unknown"}">
    ${[...drawing.layout.boxes.values()].map(({ x, y, width, height }) => svg`<rect class="thread-back" x=${x} y=${y} width=${width} height=${height} rx="9"></rect>`)}
    ${threads.map(({ route, d, width, ends, knots }) => {
      const words = `Route via ${route.path.slice(1, -1).join(", ")}${isKnown ? `: ${short(route.product)}` : ""}`;
      return svg`<g class="thread ${route.look} ${standingOf(route.name, state.pointed)}" data-point=${route.name} data-tip=${words} tabindex="0" role="img" aria-label=${words}>
      <path class="thread-reach" d=${d} stroke-width=${Math.max(REACH, width)}></path>
      <path class="thread-line" d=${d} stroke-width=${Math.round(width * 100) / 100}></path>
      ${knots.map((knot) => svg`<rect class="thread-end" x=${knot.x - knot.width / 2} y=${knot.y - 1.5} width=${knot.width} height="3.5" rx="1.5"></rect>`)}
      ${ends.map(({ x, y }) => svg`<circle class="thread-end" cx=${x} cy=${y} r=${Math.max(2, width / 2 + 0.8)}></circle>`)}</g>`;
    })}</g>`;
}
