/**
 * The dialog for sharing: a link to exactly what is shown, or a file.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";

/** @typedef {{ link: string | null, copied: boolean, tooLong: boolean, error: string | null }} Shared */
/**
 * @typedef {object} ShareActions
 * @property {(open: boolean) => void} share
 * @property {() => void} copyLink
 * @property {() => void} saveFile
 * @property {(file: File) => void} openFile
 */

/**
 * @param {Shared} shared
 * @param {ShareActions} act
 */
export function shareView({ link, copied, tooLong, error }, act) {
  return html`<dialog class="help share" aria-labelledby="share-title" @close=${() => act.share(false)}>
    <form method="dialog"><button aria-label="Close" title="Close (Esc)">×</button></form>
    <h2 id="share-title">Send this view</h2>
    <p>Whoever opens it sees what you see: the experiment, the iteration, the beat, what is selected, the open panel.</p>
    ${link === null ? nothing : linkLine(link, copied, act)}
    ${tooLong ? html`<p class="remark">This experiment is too large for a link. A file holds the same.</p>` : nothing}
    ${error ? html`<p class="remark" role="alert">${error}</p>` : nothing}
    <p class="row-of"><button @click=${act.saveFile}>Save as a file</button>
      <label class="file">Open a file <input type="file" accept="application/json,.json" @change=${(/** @type {Event} */ event) => chosen(event, act)}></label></p>
  </dialog>`;
}

/**
 * @param {string} link
 * @param {boolean} copied
 * @param {ShareActions} act
 */
function linkLine(link, copied, act) {
  return html`<p class="share-link"><input readonly autofocus aria-label="Link to this view" .value=${link} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}>
      <button @click=${act.copyLink}>Copy</button> <span role="status">${copied ? "Copied" : ""}</span></p>
    <p class="facts">It opens in any explorer: on another machine, put what stands from # on behind the address there.</p>`;
}

/**
 * @param {Event} event
 * @param {ShareActions} act
 */
function chosen(event, act) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const [file] = input.files ?? [];
  if (file) act.openFile(file);
  input.value = "";
}
