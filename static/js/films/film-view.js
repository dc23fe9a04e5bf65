/**
 * The marks of a film as SVG. In every frame only what has moved is written anew.
 */

import { html, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";

/** @typedef {import("./marks.js").Mark} Mark */

/** How thick a line is, of so much emphasis, in pixels. */
const THIN = 1.2;
const THICK = 2.6;

/**
 * @param {readonly Mark[]} marks
 * @param {number} pixel how many units of the drawing a pixel is
 */
export function filmView(marks, pixel) {
  // A board without any size, and numbers beyond the doubles, have no place on it.
  const drawn = pixel > 0 && pixel < Infinity ? marks.filter(hasPlace) : [];
  return html`${drawn.map((it) => VIEWS[it.kind](it, pixel))}`;
}

/** @param {Mark} mark */
function hasPlace(mark) {
  const numbers = Object.values(mark).flat();
  return numbers.every((it) => typeof it !== "number" || Number.isFinite(it));
}

/** @type {Record<Mark["kind"], (mark: Mark, pixel: number) => unknown>} */
const VIEWS = {
  number: numberView,
  text: textView,
  line: lineView,
  curve: curveView,
  area: areaView,
  ring: (it) => frameView(it, "ring"),
  hole: (it) => frameView(it, "hole"),
  dot: dotView,
  arrow: arrowView,
};

/** Hundredths of a unit are not seen. @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}

/** @param {Mark} mark */
function numberView({ id, x, y, width, height, size, text, tone, opacity, emphasis }) {
  const [w, h] = [round(width), round(height)];
  const corner = round(Math.min(0.28 * height, 8));
  const strength = round(0.08 + 0.2 * emphasis);
  return svg`<g class="film-number ${tone}" data-film=${id} transform="translate(${round(x - width / 2)} ${round(y - height / 2)})" opacity=${round(opacity)}>
    <rect class="film-paper" width=${w} height=${h} rx=${corner}></rect>
    <rect class="film-tint" width=${w} height=${h} rx=${corner} fill-opacity=${strength}></rect>
    <text x=${round(width / 2)} y=${round(height / 2 + 0.35 * size)} font-size=${round(size)}>${text}</text></g>`;
}

/** @param {Mark} mark */
function textView({ x, y, size, text, tone, opacity, emphasis }) {
  return svg`<text class="film-text ${tone} ${emphasis > 0 ? "film-formula" : ""}" x=${round(x)} y=${round(y + 0.35 * size)} font-size=${round(size)} opacity=${round(opacity)}>${emphasis > 0 ? formulaView(text) : text}</text>`;
}

/** Names as on the cards: the number of a layer below the line. @type {(text: string) => unknown} */
function formulaView(text) {
  return text
    .split(/(?<=\p{L})(\d+)/u)
    .map((part, at) =>
      at % 2 === 0
        ? part
        : svg`<tspan dy="0.25em" font-size="70%">${part}</tspan><tspan dy="-0.18em">\u200b</tspan>`,
    );
}

/** @param {Mark} mark @param {number} pixel */
function lineView({ points: [x1, y1, x2, y2], tone, opacity, emphasis }, pixel) {
  return svg`<path class="film-line ${tone}" d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke-width=${round((THIN + THICK * emphasis) * pixel)} opacity=${round(opacity)}></path>`;
}

/** @param {Mark} mark @param {number} pixel */
function curveView({ points, tone, opacity, emphasis }, pixel) {
  let d = "";
  for (let k = 0; k < points.length; k += 2)
    d += `${k === 0 ? "M" : "L"}${round(points[k])} ${round(points[k + 1])}`;
  return svg`<path class="film-line ${tone}" d=${d} stroke-width=${round((THIN + THICK * emphasis) * pixel)} opacity=${round(opacity)}></path>`;
}

/** @param {Mark} mark @param {number} pixel */
function areaView({ x, y, width, height, tone, opacity }, pixel) {
  const corner = tone === "bench" ? 12 * pixel : Math.min(width, height, 6 * pixel) / 2;
  return svg`<rect class="film-area ${tone}" x=${round(x - width / 2)} y=${round(y - height / 2)} width=${round(width)} height=${round(height)} rx=${round(corner)} opacity=${round(opacity)}></rect>`;
}

/** @param {Mark} mark @param {"ring" | "hole"} kind */
function frameView({ x, y, width, height, tone, opacity }, kind) {
  return svg`<rect class="film-${kind} ${tone}" x=${round(x - width / 2)} y=${round(y - height / 2)} width=${round(width)} height=${round(height)} rx="4" opacity=${round(opacity)}></rect>`;
}

/** @param {Mark} mark */
function dotView({ x, y, width, tone, opacity }) {
  return svg`<circle class="film-dot ${tone}" cx=${round(x)} cy=${round(y)} r=${round(width / 2)} opacity=${round(opacity)}></circle>`;
}

/** @param {Mark} mark */
function arrowView({ x, y, width, turn, tone, opacity }) {
  const s = width / 2;
  return svg`<path class="film-arrow ${tone}" d="M${round(-s)} ${round(-s)}L${round(s)} 0L${round(-s)} ${round(s)}L${round(-0.4 * s)} 0z" transform="translate(${round(x)} ${round(y)}) rotate(${round(turn)})" opacity=${round(opacity)}></path>`;
}
