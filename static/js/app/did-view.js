/**
 * What was done, to be undone and done again: once there is something.
 */

import { html } from "../../vendor/lit-html@3.3.3/lit-html.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Actions} Actions */

/**
 * @param {State} state
 * @param {Actions} act
 */
export function didView({ undo, redo }, act) {
  return html`<div class="did" role="group" aria-label="What was done">
    ${undoButton("undo", undo, "Ctrl+Z", act)}${undoButton("redo", redo, "Ctrl+Shift+Z", act)}</div>`;
}

/**
 * @param {"undo" | "redo"} way
 * @param {import("../state/state.js").Done[]} list
 * @param {string} keys
 * @param {Actions} act
 */
function undoButton(way, list, keys, act) {
  const name = way === "undo" ? "Undo" : "Redo";
  const last = list[list.length - 1];
  const words = last ? `${name}: ${last.label} (${keys})` : `Nothing to ${way}`;
  return html`<button aria-label=${last ? `${name}: ${last.label}` : words} data-tip=${words} ?disabled=${!last} @click=${() => act.restore(way)}>${way === "undo" ? "↶" : "↷"}</button>`;
}
