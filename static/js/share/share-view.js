/**
 * The dialog for sharing: a link to exactly what is shown, on a wall too; a picture, a moving one, a file.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";

/**
 * @typedef {object} Shared
 * @property {string | null} link
 * @property {boolean} copied
 * @property {boolean} tooLong
 * @property {string | null} error
 * @property {string[]} addresses  of the page, the one in the link first; others can open them
 * @property {boolean} isLocal     the link is open on this machine alone
 * @property {import("./qr-work.js").Code | null} code that fills the screen
 * @property {{ done: number, of: number } | null} film  the moving picture that is being made
 * @property {string} done         what was just saved
 */
/** @typedef {"svg" | "png" | "beat" | "iteration"} PictureKind */
/**
 * @typedef {object} ShareActions
 * @property {(open: boolean) => void} share
 * @property {() => void} copyLink
 * @property {() => void} saveFile
 * @property {(file: File) => void} openFile
 * @property {(address: string) => void} shareAt
 * @property {(open: boolean) => void} showCode
 * @property {(kind: PictureKind) => void} savePicture
 * @property {() => void} stopPicture
 */

/**
 * @param {Shared} shared
 * @param {ShareActions} act
 */
export function shareView(shared, act) {
  const { link, tooLong, error, code } = shared;
  return html`<dialog class="help share ${code ? "on-a-wall" : ""}" aria-labelledby="share-title" @close=${() => act.share(false)}>
    <form method="dialog"><button aria-label="Close" data-tip="Close (Esc)">×</button></form>
    ${
      code
        ? codeView(code, act)
        : html`<h2 id="share-title">Send this view, or take it home</h2>
    <p>Whoever opens the link sees what you see: the experiment, its run and curve, the iteration, the beat, what is selected, the open panel, a comparison.</p>
    ${link === null ? nothing : linkLine(link, shared, act)}
    ${tooLong ? html`<p class="remark">This experiment is too large for a link. A file holds the same.</p>` : nothing}
    ${error ? html`<p class="remark" role="alert">${error}</p>` : nothing}
    ${picturesView(shared, act)}
    <h3>File</h3>
    <p class="row-of"><button @click=${act.saveFile}>Save as a file</button>
      <label class="file">Open a file <input class="visually-hidden" type="file" accept="application/json,.json,.onnx" @change=${(/** @type {Event} */ event) => chosen(event, act)}></label></p>`
    }
  </dialog>`;
}

/**
 * @param {string} link
 * @param {Shared} shared
 * @param {ShareActions} act
 */
function linkLine(link, { copied, addresses, isLocal }, act) {
  return html`<p class="share-link"><input readonly autofocus aria-label="Link to this view" .value=${link} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()}>
      <button @click=${act.copyLink}>Copy</button> <span role="status">${copied ? "Copied" : ""}</span></p>
    ${
      isLocal
        ? html`<p class="facts">This address is open on this machine alone. It opens in any explorer: put what stands from # on behind the address there. For a room, start the server with <code>--host 0.0.0.0</code>: then the link has an address that others can open, and a QR code.</p>`
        : html`<p class="row-of"><button @click=${() => act.showCode(true)}>QR code for the room</button>
      ${addresses.length > 1 ? html`<label>Address <select @change=${(/** @type {Event} */ event) => act.shareAt(/** @type {HTMLSelectElement} */ (event.target).value)}>${addresses.map((it) => html`<option value=${it} ?selected=${link.startsWith(it)}>${it}</option>`)}</select></label>` : nothing}</p>`
    }`;
}

/**
 * As large as the screen: it is read from the last row.
 * @param {import("./qr-work.js").Code} code
 * @param {ShareActions} act
 */
function codeView({ text, whole, size, path }, act) {
  return html`<h2 id="share-title">${whole ? "Open this view" : "Open the explorer"} on your own device</h2>
    <svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="QR code of ${text.split("#")[0]}" shape-rendering="crispEdges">${svg`<rect class="qr-paper" width=${size} height=${size}></rect><path class="qr-ink" d=${path}></path>`}</svg>
    <p class="qr-address">${text.split("#")[0]}</p>
    ${whole ? nothing : html`<p class="facts">The link to this view is too long for a code that is read from the last row: this one leads to the explorer's first page. Send the link or the file besides.</p>`}
    <p><button @click=${() => act.showCode(false)}>Back</button></p>`;
}

/**
 * @param {Shared} shared
 * @param {ShareActions} act
 */
function picturesView({ film, done }, act) {
  const button = (/** @type {PictureKind} */ kind, /** @type {string} */ name) =>
    html`<button @click=${() => act.savePicture(kind)}>${name}</button> `;
  return html`<h3>Picture, for slides</h3>
    ${
      film
        ? html`<p class="row-of"><progress max=${film.of} value=${film.done} aria-label="Frames drawn"></progress>
        <span class="what">${film.done} of ${film.of} frames</span> <button @click=${act.stopPicture}>Cancel</button></p>`
        : html`<p class="row-of">${button("png", "PNG")}${button("svg", "SVG")}${button("beat", "This beat, moving (GIF)")}${button("iteration", "The iteration, moving (GIF)")}</p>`
    }
    <p class="facts" role="status">${done}</p>`;
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
