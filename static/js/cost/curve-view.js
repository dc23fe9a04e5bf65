/**
 * The cost so far, iteration by iteration: a plot to read off, to zoom into, and to go back by.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { dragPointer } from "../base/pointer-drag.js";
import {
  CURVE_START,
  costPath,
  frameOf,
  halved,
  iterationAt,
  lastTenth,
  place,
  reading,
  SIDE,
  summary,
  whyNoLog,
} from "./curve.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../state/history.js").Past} Past */
/** @typedef {import("./curve.js").CurveSetting} CurveSetting */
/** @typedef {import("./curve.js").Frame} Frame */
/**
 * What a part of the curve is drawn from, and what it can ask for.
 * @typedef {object} Drawn
 * @property {Past[]} points
 * @property {number} now
 * @property {string} output what the cost is called
 * @property {Frame} frame
 * @property {CurveSetting} setting
 * @property {(change: Partial<CurveSetting>) => void} set
 * @property {(iteration: number) => void} goTo
 */

/** Pixels: how near the pointer catches a point, and from where on a press is a drag. */
const NEAR_PX = 5;
const DRAG_PX = 6;

/**
 * The curve and what it says; null where there is none yet.
 * @param {State} state
 * @param {Moment} moment
 * @param {(iteration: number) => void} goTo any whole number from the first to the last iteration
 * @param {Partial<CurveSetting>} [set] what differs from the start
 * @param {(change: Partial<CurveSetting>) => void} [change] only of what it names: events come faster than paints, so the
 *   setting that was painted may be an old one
 */
export function curveView(state, moment, goTo, set = {}, change = () => {}) {
  const now = state.iteration;
  if (!now) return null;
  // The last cost is on the curve when it is computed, not before.
  const pending = moment.values[now.output] === "blank" ? now.number : Number.POSITIVE_INFINITY;
  const { history } = state;
  const last = history[history.length - 1]?.iteration;
  const points = last === pending ? history.slice(0, -1) : history;
  if (points.length === 0) return null;
  const setting = { ...CURVE_START, ...set };
  /** @type {Drawn} */
  const drawn = {
    points,
    now: now.number,
    output: now.output,
    frame: frameOf(points, setting),
    setting,
    set: change,
    goTo,
  };
  return setting.large ? large(drawn) : figure(drawn);
}

/** @param {Drawn} drawn */
function large(drawn) {
  return html`<p class="hint">The curve is shown large.</p><dialog class="help curve-large" aria-labelledby="curve-large-title" @close=${() => drawn.set({ large: false })}>
    <form method="dialog"><button aria-label="Close" data-tip="Close (Esc)">×</button></form>
    <h2 id="curve-large-title">Cost so far</h2>
    ${figure(drawn)}
  </dialog>`;
}

/** @param {Drawn} drawn */
function figure(drawn) {
  return html`<p class="curve-words">${words(drawn)}</p>
    <div class="cost-plot">${upAxis(drawn.frame)}${plot(drawn)}${acrossAxis(drawn.frame)}</div>
    ${drawn.points.length > 1 ? controls(drawn) : nothing}`;
}

/**
 * What is being done, what is pointed at, or what there is.
 * @param {Drawn} drawn
 */
function words({ points, output, setting: { drag, pointed, range }, frame }) {
  if (drag) return `Zoom in on iterations ${Math.min(...drag)} to ${Math.max(...drag)}`;
  if (pointed !== null) return reading(points, pointed, output);
  return range ? `Shown: iterations ${frame.range.join(" to ")}.` : summary(points, output);
}

/** @param {Frame} frame */
function upAxis({ up }) {
  return html`<svg class="cost-up" aria-hidden="true">${up.map(({ at, text }) => svg`<text x="100%" y=${percent(at)} dx="-6" dy=${at > SIDE * 0.9 ? 0 : at < SIDE * 0.1 ? 11 : 4}>${text}</text>`)}</svg>`;
}

/** @param {Frame} frame */
function acrossAxis({ across }) {
  return html`<svg class="cost-corner" aria-hidden="true"><text x="100%" y="15" dx="-6">iteration</text></svg>
    <svg class="cost-across" aria-hidden="true">${across.map(({ at, text }) => svg`<text class=${at > SIDE * 0.93 ? "end" : at < SIDE * 0.04 ? "start" : ""} x=${percent(at)} y="13">${text}</text>`)}</svg>`;
}

/** @param {number} at */
function percent(at) {
  return `${Math.round((at / SIDE) * 1e4) / 100}%`;
}

/** @param {Drawn} drawn */
function plot(drawn) {
  const { points, now, output, frame, setting } = drawn;
  const { x, y, across, up } = frame;
  /** @param {number} iteration */
  const isShown = (iteration) => iteration >= frame.range[0] && iteration <= frame.range[1];
  const grid = [
    ...across.map(({ at }) => `M${place(at)} 0V${SIDE}`),
    ...up.map(({ at }) => `M0 ${place(at)}H${SIDE}`),
  ].join("");
  const lost = points
    .filter((it) => !Number.isFinite(it.cost) && isShown(it.iteration))
    .map((it) => `M${place(x(it.iteration))} 0v${SIDE / 20}`)
    .join("");
  const shade = setting.drag?.map((it) => place(x(it))).toSorted((a, b) => a - b);
  const pointed = setting.drag ? null : setting.pointed;
  return html`<svg class="cost-line" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" role="img" aria-label="Curve of the cost. ${summary(points, output)}" data-tip="Press to go there, drag to zoom in"
      @pointerdown=${pressing(drawn)} @pointermove=${hovering(drawn)} @pointerleave=${() => setting.pointed !== null && drawn.set({ pointed: null })}>
    <path class="cost-grid" d=${grid}></path>
    <path class="cost-lost" d=${lost} data-tip="${output} is not finite here"></path>
    ${shade ? svg`<rect class="cost-shade" x=${shade[0]} y="0" width=${shade[1] - shade[0]} height=${SIDE}></rect>` : nothing}
    ${pointed === null ? nothing : svg`<path class="cost-pointed" d="M${place(x(pointed))} 0V${SIDE}"></path>`}
    <svg width=${SIDE} height=${SIDE} viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none"><path class="cost-path" d=${costPath(points, frame)}></path></svg>
    ${isShown(now) ? svg`<path class="cost-now" d="M${place(x(now))} 0V${SIDE}"></path>${dot(points, now, x, y, "rim")}${dot(points, now, x, y, "core")}` : nothing}
    ${pointed === null ? nothing : dot(points, pointed, x, y, "pointed")}
  </svg>`;
}

/**
 * A dot that stays round however the square is stretched: a line without length, with round ends.
 * @param {Past[]} points
 * @param {number} iteration
 * @param {Frame["x"]} x
 * @param {Frame["y"]} y
 * @param {string} kind
 */
function dot(points, iteration, x, y, kind) {
  const found = points.find((it) => it.iteration === iteration);
  if (!found || !Number.isFinite(found.cost)) return nothing;
  return svg`<path class="cost-dot ${kind}" d="M${place(x(iteration))} ${place(y(found.cost))}h0"></path>`;
}

/**
 * @param {Drawn} drawn
 * @param {PointerEvent} event
 * @param {Element} within
 */
function pointedAt({ points, frame }, event, within) {
  const box = within.getBoundingClientRect();
  return iterationAt(
    points,
    frame,
    (event.clientX - box.left) / box.width,
    NEAR_PX / Math.max(1, box.width),
  );
}

/** @param {Drawn} drawn */
function hovering(drawn) {
  return (/** @type {PointerEvent} */ event) => {
    if (event.buttons !== 0 || event.pointerType === "touch") return;
    const pointed = pointedAt(drawn, event, /** @type {Element} */ (event.currentTarget));
    if (pointed !== drawn.setting.pointed) drawn.set({ pointed });
  };
}

/**
 * A press goes to the iteration; across the plot it zooms in.
 * @param {Drawn} drawn
 */
function pressing(drawn) {
  return (/** @type {PointerEvent} */ start) => {
    if (start.button !== 0) return;
    const plotted = /** @type {SVGSVGElement} */ (start.currentTarget);
    const from = pointedAt(drawn, start, plotted);
    /** @type {[number, number]} */
    let drag = [from, from];
    dragPointer(start, {
      holder: plotted,
      threshold: DRAG_PX,
      move: (event) => {
        drag = [from, pointedAt(drawn, event, plotted)];
        drawn.set({ drag });
      },
      end: (isDrag) => {
        if (!isDrag) return drawn.goTo(from);
        const range = /** @type {[number, number]} */ (drag.toSorted((a, b) => a - b));
        drawn.set(range[0] < range[1] ? { range, drag: null, pointed: null } : { drag: null });
      },
      cancel: () => drawn.set({ drag: null }),
    });
  };
}

/** @param {Drawn} drawn */
function controls({ points, now, output, frame, setting, set, goTo }) {
  const first = points[0].iteration;
  const last = Math.max(points[points.length - 1].iteration, now);
  const why = whyNoLog(points, output);
  const [from, to] = frame.range;
  const narrow = to - from <= 2;
  /** @param {Event} event */
  const chosen = ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (input.checkValidity() && input.value !== "") goTo(Number(input.value));
    else input.reportValidity();
  };
  return html`<div class="curve-controls"><p class="curve-slider"><input type="range" aria-label="Iteration" min=${first} max=${last} step="1" .value=${String(now)} @change=${chosen}>
      <input type="number" aria-label="Go to iteration, ${first} to ${last}" data-tip="Go to any iteration from ${first} to ${last}" min=${first} max=${last} step="1" required .value=${String(now)} @change=${chosen}></p>
    <div class="curve-tools" role="group" aria-label="The curve">
      <button aria-pressed=${setting.log} data-tip="Powers of ten, evenly spaced" @click=${() => set({ log: !setting.log })}>Log</button>
      <button ?disabled=${narrow} data-tip="Zoom in on half of it, around the present iteration" @click=${() => set({ range: halved(frame.range, now) })} aria-label="Zoom in">+</button>
      <button ?disabled=${narrow} data-tip="Zoom in on the last tenth of what is shown" @click=${() => set({ range: lastTenth(frame.range) })}>Last tenth</button>
      <button ?disabled=${!setting.range} data-tip="Show the whole run" @click=${() => set({ range: null })}>All</button>
      ${setting.large ? nothing : html`<button data-tip="Show the curve large" aria-label="Enlarge" @click=${() => set({ large: true })}>⤢</button>`}
    </div></div>
    ${why && setting.log ? html`<p class="curve-words">${why}</p>` : nothing}
`;
}
