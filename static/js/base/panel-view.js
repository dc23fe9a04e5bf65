/**
 * What every panel has.
 */

import { html } from "../../vendor/lit-html@3.3.3/lit-html.js";

/**
 * Closes the panel, and lets go of what is selected.
 * @param {{ select: (id: string | null) => void }} act
 */
export function closeButton(act) {
  return html`<button class="close" aria-label="Close" data-tip="Close (Esc)" @click=${() => act.select(null)}>×</button>`;
}
