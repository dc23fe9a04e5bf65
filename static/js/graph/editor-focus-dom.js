/**
 * The focus follows what is edited on the graph.
 */

import { entryOf } from "../base/format.js";

/** The entry whose field has got the focus. */
let edited = "";

/**
 * A field that has just appeared in a cell takes the focus; the card gets it when the field is gone.
 * @param {HTMLElement} root
 * @param {import("../state/state.js").State} state
 */
export function focusEditor(root, state) {
  const name = state.editing?.name ?? "";
  if (name === edited && name !== "") return;
  const field = /** @type {HTMLInputElement | null} */ (root.querySelector(".board .cell-editor"));
  if (name !== "" && field) {
    field.focus();
    if (state.editing?.typed == null) field.select();
    edited = name;
  } else if (name === "" && edited !== "") {
    const card = entryOf(edited)?.id;
    edited = "";
    if (document.activeElement === document.body)
      /** @type {SVGElement | null} */ (root.querySelector(`.card[data-walk="${card}"]`))?.focus();
  }
}
