/**
 * The dialog to take things away: the present view as a command, a script or a worked solution, and files.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";

/** @typedef {"curl" | "numpy" | "pytorch" | "latex"} Format */
/** @typedef {{ path: string, name: string }} Subject what can be asked of the server about what is shown */
/**
 * @typedef {object} Taken
 * @property {Format} format
 * @property {Subject[]} subjects
 * @property {string} path     of the subject that is chosen
 * @property {string} text     empty while it is being made
 * @property {string} remark
 * @property {string} error
 * @property {string} done     what was just copied or saved
 */
/**
 * @typedef {object} TakeActions
 * @property {(open: boolean) => void} open
 * @property {(change: { format?: Format, path?: string }) => void} choose
 * @property {() => void} copy
 * @property {(what: Download) => void} save
 */
/** @typedef {"text" | "experiment" | "trace" | "history" | "costs" | "svg" | "png"} Download */

/** @type {{ format: Format, name: string, title: string }[]} */
const FORMATS = [
  { format: "curl", name: "curl", title: "A command that asks the server the same" },
  { format: "numpy", name: "NumPy", title: "A Python script that runs by itself" },
  { format: "pytorch", name: "PyTorch", title: "The same by automatic differentiation" },
  { format: "latex", name: "LaTeX", title: "The worked solution" },
];

/** @type {{ what: Download, name: string }[]} */
const DOWNLOADS = [
  { what: "experiment", name: "Experiment (JSON)" },
  { what: "trace", name: "Trace (JSON)" },
  { what: "history", name: "History (JSON)" },
  { what: "costs", name: "History (CSV)" },
  { what: "svg", name: "Picture (SVG)" },
  { what: "png", name: "Picture (PNG)" },
];

/**
 * @param {Taken} taken
 * @param {TakeActions} act
 */
export function takeView({ format, subjects, path, text, remark, error, done }, act) {
  return html`<dialog class="help take" aria-labelledby="take-title" @close=${() => act.open(false)}>
    <form method="dialog"><button aria-label="Close" data-tip="Close (Esc)">×</button></form>
    <h2 id="take-title">Take it away</h2>
    <p class="row-of"><label>Copy <select @change=${(/** @type {Event} */ event) => act.choose({ path: /** @type {HTMLSelectElement} */ (event.target).value })}>
        ${subjects.map((it) => html`<option value=${it.path} ?selected=${it.path === path}>${it.name}</option>`)}</select></label>
      <span>as</span> <span class="switch small" role="group" aria-label="As">
        ${FORMATS.map((it) => html`<button aria-pressed=${it.format === format} data-tip=${it.title} @click=${() => act.choose({ format: it.format })}>${it.name}</button>`)}</span></p>
    ${error ? html`<p class="remark" role="alert">${error}</p>` : nothing}
    ${remark ? html`<p class="facts">${remark}</p>` : nothing}
    <pre class="taken" tabindex="0" aria-label="The text">${text || "…"}</pre>
    <p class="row-of"><button @click=${act.copy} ?disabled=${text === ""}>Copy the text</button>
      <button @click=${() => act.save("text")} ?disabled=${text === ""}>Save it</button> <span role="status">${done}</span></p>
    <h3>Files</h3>
    <p class="row-of">${DOWNLOADS.map((it) => html`<button @click=${() => act.save(it.what)}>${it.name}</button> `)}</p>
    <p class="facts">The experiment is opened again with Share, at this iteration, as it is.</p>
  </dialog>`;
}
