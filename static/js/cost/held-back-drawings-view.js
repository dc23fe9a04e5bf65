/**
 * What the network says of the rows that it has never seen, next to how it does on those it learns from.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../base/format.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */

const PIXEL = 4;

/** @param {State} state */
export function drawingsView(state) {
  const iteration = state.iteration;
  const data = iteration?.experiment.data;
  const heldBack = data?.held_back;
  if (!iteration || !data || !heldBack) return nothing;
  const said = state.heldBack?.predictions;
  const target = iteration.nodes.find((it) => it.role === "target");
  const learned = iteration.said.predictions;
  return html`<section class="panel drawings" tabindex="0" aria-labelledby="drawings-title">
    <h2 id="drawings-title">Held back: never trained on</h2>
    <p class="score">${said ? html`<b>${right(said, heldBack.y)} of ${said.length}</b> right` : "…"}
      <span class="what">of those it learns from: ${right(learned, target?.value ?? [])} of ${learned.length}</span></p>
    <ul class="gallery">${heldBack.x.map((row, at) => drawing(row, data.image_shape ?? null, said?.[at] ?? null, heldBack.y[at], data.classes ?? null))}</ul>
  </section>`;
}

/**
 * How many rows have their largest output where the target has it.
 * @param {Matrix} said
 * @param {Matrix} wanted
 */
export function right(said, wanted) {
  return said.filter((row, at) => largestAt(row) === largestAt(wanted[at] ?? [])).length;
}

/** @param {number[]} row */
function largestAt(row) {
  return row.indexOf(Math.max(...row));
}

/**
 * @param {number[]} pixels
 * @param {number[] | null} shape rows and columns, where the row is a picture
 * @param {number[] | null} said
 * @param {number[]} wanted
 * @param {string[] | null} classes
 */
function drawing(pixels, shape, said, wanted, classes) {
  const good = said !== null && largestAt(said) === largestAt(wanted);
  const answer = said === null ? "" : (classes?.[largestAt(said)] ?? `class ${largestAt(said)}`);
  const truth = classes?.[largestAt(wanted)] ?? `class ${largestAt(wanted)}`;
  const columns = shape?.[1] ?? pixels.length;
  return html`<li class=${said === null ? "" : good ? "good" : "bad"} data-tip="${truth}; the network says ${answer}${said ? ` (${said.map(short).join(", ")})` : ""}">
    <svg viewBox="0 0 ${columns * PIXEL} ${(pixels.length / columns) * PIXEL}" role="img" aria-label="a ${truth}, taken for a ${answer || "…"}">
      ${pixels.map((ink, at) => (ink > 0 ? svg`<rect x=${(at % columns) * PIXEL} y=${Math.floor(at / columns) * PIXEL} width=${PIXEL} height=${PIXEL} opacity=${ink}></rect>` : nothing))}
    </svg><span>${good ? "✓" : "✗"} ${answer}</span></li>`;
}
