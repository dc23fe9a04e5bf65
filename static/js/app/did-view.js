/**
 * What was done, to be undone and done again: once there is something.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { draftToRestore } from "../formulas/draft.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Actions} Actions */

/**
 * @param {State} state
 * @param {Actions} act
 */
export function didView(state, act) {
  const draft = draftToRestore(state);
  const [undo, redo] = /** @type {const} */ (["undo", "redo"]).map((way) =>
    draft[way] ? "what is typed" : state[way].at(-1)?.label,
  );
  if (undo === undefined && redo === undefined) return nothing;
  return html`<div class="did" role="group" aria-label="What was done">
    ${undoButton("undo", undo, "Ctrl+Z", act)}${undoButton("redo", redo, "Ctrl+Shift+Z", act)}</div>`;
}

/**
 * @param {"undo" | "redo"} way
 * @param {string | undefined} label of what is undone; undefined: there is nothing
 * @param {string} keys
 * @param {Actions} act
 */
function undoButton(way, label, keys, act) {
  const name = way === "undo" ? "Undo" : "Redo";
  const isThere = label !== undefined;
  const words = isThere ? `${name}: ${label} (${keys})` : `Nothing to ${way}`;
  return html`<button aria-label=${isThere ? `${name}: ${label}` : words} data-tip=${words} ?disabled=${!isThere} @click=${() => act.restore(way)}>${way === "undo" ? "↶" : "↷"}</button>`;
}
