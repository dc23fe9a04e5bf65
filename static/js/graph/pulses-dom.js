/**
 * The dots that run along the edges of the beat under way, on a canvas above the graph: only these move in every frame.
 */

import { pointOn } from "./layout.js";

/** @typedef {import("./layout.js").Curve} Curve */
/** @typedef {import("./graph-view.js").Window} Window */

const DOTS = 5;
const SPACING = 0.07;
const RADIUS = 6;

/**
 * Where the dots are when a beat is `share` of the way (0 to 1) to its arrival. Pure.
 * @param {Curve} curve
 * @param {number} share
 * @param {boolean} backward
 * @returns {{ x: number, y: number, size: number }[]}
 */
export function dotsOn(curve, share, backward) {
  return Array.from({ length: DOTS }, (_, i) => share * (1 + DOTS * SPACING) - i * SPACING)
    .map((at, i) => ({ at, size: RADIUS * (1 - i * 0.13) }))
    .filter(({ at }) => at >= 0 && at <= 1)
    .map(({ at, size }) => {
      const [x, y] = pointOn(curve, backward ? 1 - at : at);
      return { x, y: backward ? y + 6 : y, size };
    });
}

/** The dots on a canvas, in the colours of the style sheet. */
export class Pulses {
  #dark = matchMedia("(prefers-color-scheme: dark)");
  /** The colours under the theme they were read in: asking makes the browser work out its styles. */
  #colours = { theme: "", forward: "", backward: "", outline: "" };

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{ width: number, height: number }} size of the canvas on the page, known beforehand: to ask would cost a layout
   * @param {Window} window
   * @param {{ curve: Curve, backward: boolean }[]} routes
   * @param {number | null} share null for no dots
   */
  draw(canvas, size, window, routes, share) {
    const context = canvas.getContext("2d");
    if (!context) return;
    clear(context, size);
    if (share === null) return;
    const { width, height } = canvas;
    const scale = Math.min(width / window.width, height / window.height);
    const left = (width - window.width * scale) / 2 - window.x * scale;
    const top = (height - window.height * scale) / 2 - window.y * scale;
    const colours = this.#coloursOf(canvas);
    context.setTransform(scale, 0, 0, scale, left, top);
    context.lineWidth = 1.5;
    context.strokeStyle = colours.outline;
    for (const { curve, backward } of routes) {
      context.fillStyle = backward ? colours.backward : colours.forward;
      for (const dot of dotsOn(curve, share, backward)) {
        context.beginPath();
        context.arc(dot.x, dot.y, dot.size, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
      }
    }
  }

  /** @param {HTMLCanvasElement} canvas */
  #coloursOf(canvas) {
    const theme = `${document.documentElement.dataset.theme} ${this.#dark.matches}`;
    if (this.#colours.theme !== theme) {
      const { color, borderTopColor, outlineColor } = getComputedStyle(canvas);
      this.#colours = { theme, forward: color, backward: borderTopColor, outline: outlineColor };
    }
    return this.#colours;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ width: number, height: number }} size
 */
function clear(context, size) {
  const { canvas } = context;
  const density = globalThis.devicePixelRatio || 1;
  const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
}
