/**
 * A picture drawn by hand, with the pointer or with keys; what the network says of it, and which pixels speak for that.
 */

import { html } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, short } from "../base/format.js";
import { dragPointer } from "../base/pointer-drag.js";
import { classAt, className, influences } from "../trace/scores.js";
import { blank, INKS, inked, stroke, walked } from "./drawing.js";
import { pictureView } from "./row-picture-view.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./work.js").DataActions} DataActions */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("./drawing.js").Shape} Shape */

const INK_NAMES = ["none", "half", "full"];
const MOST_SPEAKERS = 5;
const STARTS = 12;

/**
 * @param {Iteration} iteration
 * @param {Desk} desk
 * @param {DataActions} act
 */
export function drawView({ experiment }, desk, act) {
  const { data } = experiment;
  const shape = /** @type {Shape} */ (data.image_shape);
  if (desk.pixels.length !== shape[0] * shape[1]) return html`<p class="hint">Opening …</p>`;
  const outputs = data.y[0].length;
  const names = Array.from({ length: Math.max(2, outputs) }, (_, at) =>
    className(at, data.classes, outputs),
  );
  const said = desk.why ? classAt(desk.why.outputs) : 0;
  const marks = desk.why ? influences(desk.why.pixels, desk.why.gradients[said] ?? []) : [];
  return html`<div class="data-draw">
    <div class="draw-own"><h3>Draw</h3>
      <div class="draw-tools" role="group" aria-label="Ink">${INKS.map((ink, at) => html`<button class="ink small" aria-pressed=${desk.ink === ink} @click=${() => act.set({ ink })}><i class="ink${at}"></i>${INK_NAMES[at]}</button>`)}
        <button class="small" @click=${() => act.set({ pixels: blank(shape) })}>Clear</button></div>
      ${canvas(shape, desk, marks, act)}
      <p class="facts">Drag to draw. Keys: arrows go about, Space puts the ink or takes it away.</p></div>
    <div class="draw-said">${answerView(experiment, desk, names, said, marks)}
      <h3>Let it learn from your picture</h3>
      <p class="row-of">It is a ${names.map((name, at) => html`<button class="small" @click=${() => act.addDrawing(at)}>${name}</button>`)}<span class="what">adds it as row ${data.x.length}</span></p></div>
    <div class="draw-starts"><h3>Begin with a picture of the data</h3>
      <ul>${[...data.x.slice(0, STARTS), ...(data.held_back?.x.slice(0, STARTS) ?? [])].map((row, at) => html`<li><button class="thumb" aria-label="Begin with picture ${at}" @click=${() => act.set({ pixels: [...row] })}>${pictureView(row, shape)}</button></li>`)}</ul></div>
  </div>`;
}

/**
 * @param {Shape} shape
 * @param {Desk} desk
 * @param {number[]} marks
 * @param {DataActions} act
 */
function canvas([rows, columns], desk, marks, act) {
  const strongest = strong(marks);
  const lines = Array.from({ length: rows }, (_, row) => row);
  return html`<div class="draw-grid columns${columns}" role="grid" aria-label="Your picture, ${rows} by ${columns} pixels" @pointerdown=${painting([rows, columns], desk, act)} @keydown=${keys([rows, columns], act)}>
    ${lines.map(
      (row) =>
        html`<div role="row">${desk.pixels
          .slice(row * columns, (row + 1) * columns)
          .map((ink, column) => {
            const at = row * columns + column;
            const mark = strongest.has(at) ? (marks[at] > 0 ? "for" : "against") : "";
            return html`<button role="gridcell" class="pixel ink${inkAt(ink)} ${mark}" data-pixel=${at} tabindex=${at === desk.pixel ? 0 : -1} aria-label="row ${row}, column ${column}: ${nameOf(ink)}${mark ? `, speaks ${mark}` : ""}">${mark === "for" ? "+" : mark === "against" ? "−" : ""}</button>`;
          })}</div>`,
    )}</div>`;
}

/** @param {number} ink */
function inkAt(ink) {
  return ink < 0.25 ? 0 : ink < 0.75 ? 1 : 2;
}

/** @param {number} ink */
function nameOf(ink) {
  return INKS.includes(ink) ? INK_NAMES[inkAt(ink)] : short(ink);
}

/**
 * The inputs that speak the most, for or against.
 * @param {number[]} marks
 */
function strong(marks) {
  const order = marks
    .map((value, at) => ({ at, size: Math.abs(value) }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size);
  return new Set(order.slice(0, MOST_SPEAKERS).map(({ at }) => at));
}

/**
 * What the network says of the picture. It would say something of an empty one, too, and before it has learned anything.
 * @param {import("../trace/trace.js").Experiment} experiment
 * @param {Desk} desk
 * @param {string[]} names
 * @param {number} said
 * @param {number[]} marks
 */
function answerView({ data, iteration = 0 }, { pixels, why }, names, said, marks) {
  const shape = /** @type {Shape} */ (data.image_shape);
  const untrained =
    iteration === 0
      ? html`<p class="remark">It has not learned yet (iteration 0): what it says is a guess. Train it first.</p>`
      : "";
  if (pixels.every((ink) => ink === 0))
    return html`<h3>Nothing is drawn yet</h3>${untrained}<p class="facts">Draw a ${names.join(" or a ")}, or begin with a picture of the data: then it stands here what the network takes it for, and why.</p>`;
  if (said < 0)
    return html`<p class="remark">The outputs are not numbers: this run has diverged.</p>`;
  if (!why) return html`<p class="hint">Asking …</p>`;
  return html`${saidView(why, names, said, marks, shape)}${untrained}`;
}

/**
 * @param {import("./data-setting.js").Why} why
 * @param {string[]} names
 * @param {number} said
 * @param {number[]} marks
 * @param {Shape} shape
 */
function saidView({ outputs }, names, said, marks, [, columns]) {
  const values = outputs.length === 1 ? [1 - outputs[0], outputs[0]] : outputs;
  const order = [...strong(marks)];
  return html`<h3>The network says: ${names[said]}</h3>
    <dl class="bars">${values.map((value, at) => html`<div class=${at === said ? "said" : ""}><dt>${at === said ? "▸ " : ""}${names[at]}</dt><dd><meter min="0" max="1" .value=${Math.min(1, Math.max(0, value))}>${short(value)}</meter> <span tabindex="0" data-tip=${full(value)}>${short(value)}</span></dd></div>`)}</dl>
    ${
      order.length === 0
        ? html`<p class="facts">No pixel with ink speaks for it: draw something.</p>`
        : html`<h3>Why: the pixels that speak most</h3><ol class="speakers">${order.map((at) => html`<li><b class=${marks[at] > 0 ? "for" : "against"}>${marks[at] > 0 ? "+" : "−"} ${short(Math.abs(marks[at]))}</b> row ${Math.floor(at / columns)}, column ${at % columns}: speaks ${marks[at] > 0 ? "for" : "against"} it</li>`)}</ol>
        <p class="facts">Each is −∂C/∂x · x, with ${names[said]} as the target: how much this ink, to first order, lowers the cost of that answer.</p>`
    }`;
}

/**
 * Drawing with the pointer: what began on a pixel of the same ink takes ink away.
 * @param {Shape} shape
 * @param {Desk} desk
 * @param {DataActions} act
 */
function painting(shape, desk, act) {
  return (/** @type {PointerEvent} */ start) => {
    const grid = /** @type {HTMLElement} */ (start.currentTarget);
    const from = pixelAt(grid, shape, start);
    if (start.button !== 0 || from === null) return;
    start.preventDefault();
    const ink = desk.pixels[from] === desk.ink ? 0 : desk.ink;
    let pixels = inked(desk.pixels, from, ink);
    let last = from;
    act.set({ pixels, pixel: from });
    /** @param {PointerEvent} event */
    const move = (event) => {
      const at = pixelAt(grid, shape, event);
      if (at === null || at === last) return;
      for (const pixel of stroke(shape, last, at)) pixels = inked(pixels, pixel, ink);
      last = at;
      act.set({ pixels, pixel: at });
    };
    dragPointer(start, { move, holder: grid });
  };
}

/**
 * @param {HTMLElement} grid
 * @param {Shape} shape
 * @param {PointerEvent} event
 */
function pixelAt(grid, [rows, columns], { clientX, clientY }) {
  const box = grid.getBoundingClientRect();
  const column = Math.floor(((clientX - box.left) / box.width) * columns);
  const row = Math.floor(((clientY - box.top) / box.height) * rows);
  return row < 0 || column < 0 || row >= rows || column >= columns ? null : row * columns + column;
}

/**
 * @param {Shape} shape
 * @param {DataActions} act
 */
function keys(shape, act) {
  return (/** @type {KeyboardEvent} */ event) => {
    const here = Number(/** @type {HTMLElement} */ (event.target).dataset.pixel);
    if (event.key === " ") {
      event.preventDefault();
      return act.set(({ pixels, ink }) => ({
        pixels: inked(pixels, here, pixels[here] === ink ? 0 : ink),
      }));
    }
    const at = walked(shape, here, event.key);
    if (at === null) return;
    event.preventDefault();
    act.set({ pixel: at });
    const grid = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement | null} */ (grid.querySelector(`[data-pixel="${at}"]`))?.focus();
  };
}
