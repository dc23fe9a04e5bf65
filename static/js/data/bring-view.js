/**
 * Other data: a set that comes with the explorer, or the reader's own, pasted or from a file; what was understood of it,
 * and what the network would have to change.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { count } from "../base/words.js";
import { lastsOf, misfit, offer, proposal, resets } from "./fit-network.js";
import { chosenIn, columnsView, readView } from "./table-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./table-choices.js").TableAnswer} TableAnswer */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./work.js").DataActions} DataActions */

const EXAMPLE = "length,width,kind\n5.1,3.5,rose\n7.0,3.2,lily\n…";

/** What can be opened; of a workbook and its like it is said what to do. */
const KINDS =
  ".csv,.tsv,.tab,.txt,.dat,.data,.arff,.json,.jsonl,.ndjson,.xlsx,.xls,.ods,.onnx,text/*,application/json";

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {DataActions} act
 */
export function bringView(state, desk, act) {
  const table = desk.answer ?? desk.refusal?.table ?? null;
  const isThere = table || desk.refusal || desk.model;
  return html`<div class="data-bring" aria-busy=${desk.isReading}>
    <div class="data-own"><h3>Your own</h3>${pasteView(desk, act)}${isThere ? readView(desk, act) : nothing}</div>
    ${table ? html`<div class="data-own data-becomes"><h3>What becomes of it</h3>${columnsView(desk, table, act)}${useView(state, desk, act)}</div>` : nothing}
    <div class="data-sets"><h3>Sets that come with the explorer</h3>${setsView(state, desk, act)}</div>
  </div>`;
}

/**
 * @param {Desk} desk
 * @param {DataActions} act
 */
function pasteView(desk, act) {
  const { name, text, aside, isReading, isFile, answer, refusal } = desk;
  const isLong = name !== "" && text === "" && answer !== null;
  return html`<label class="data-paste"><span>Paste rows here, one example a line: from a spreadsheet, CSV, or JSON</span>
      <textarea rows=${answer || refusal ? 4 : 6} spellcheck="false" placeholder=${name ? "" : EXAMPLE} .value=${text} @input=${(/** @type {Event} */ event) => act.readText(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
    <p class="row-of"><label class="file-button">Open a file <input class="visually-hidden" type="file" accept=${KINDS} @change=${(/** @type {Event} */ event) => picked(event, act)}></label>
      <span class="what">${name ? html`<b>${name}</b>${isLong ? ": too long to be shown here" : isFile ? "" : ", as text"}` : "or drop it on this panel: CSV, ARFF or JSON; a model as ONNX, its weights as JSON"}</span>
      ${text || name ? html`<button class="link" @click=${act.clear}>Clear</button>` : nothing}
      ${aside.length > 0 ? html`<button class="link" @click=${act.takeBack}>Back to the text you typed</button>` : nothing}
      <span class="what reading" role="status">${isReading ? "Reading …" : ""}</span></p>`;
}

/**
 * @param {Event} event
 * @param {DataActions} act
 */
function picked(event, act) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const [file] = input.files ?? [];
  if (file) act.openFile(file);
  input.value = "";
}

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {DataActions} act
 */
function useView(state, desk, act) {
  const { answer, choices, catalog, isReading } = desk;
  const experiment = state.iteration?.experiment;
  if (!experiment) return nothing;
  const settings = html`<p class="row-of"><label>Hold back <select class="small" @change=${(/** @type {Event} */ event) => act.choose(() => ({ holdBack: Number(chosenIn(event)) }))}>
      ${[0, 10, 5, 4, 3, 2].map((every) => html`<option value=${every} ?selected=${every === choices.holdBack} .selected=${every === choices.holdBack}>${every === 0 ? "no row" : `every ${ORDINALS[every]} row`}</option>`)}</select> for trying only</label>
    <label data-tip="x ← (x − mean) / standard deviation, column by column"><input type="checkbox" .checked=${choices.scale} @change=${(/** @type {Event} */ event) => act.choose(() => ({ scale: /** @type {HTMLInputElement} */ (event.target).checked }))}> Scale inputs to mean 0, sd 1</label>
    ${answer ? costView(answer, experiment, desk, act) : nothing}</p>`;
  if (!answer) return settings;
  const proposed = proposal(answer, experiment, catalog, choices.suited);
  return html`${settings}
    <p><button class="data-use" ?disabled=${isReading} @click=${(/** @type {Event} */ event) => {
      act.use();
      toTop(event);
    }}>${offer(answer.data, proposed)}</button></p>
    <p class="facts">${misfit(proposed)} ${resets(experiment)} Undo brings the old data back.</p>`;
}

/**
 * Two ways to learn the targets, where there are two: what suits them, and what the open network has.
 * @param {TableAnswer} answer
 * @param {Experiment} experiment
 * @param {Desk} desk
 * @param {DataActions} act
 */
function costView(answer, experiment, { catalog, choices }, act) {
  const { present, fitting } = lastsOf(answer, experiment, catalog);
  if (present.activation === fitting.activation && present.cost === fitting.cost) return nothing;
  const suited = choices.suited ?? proposal(answer, experiment, catalog).anew;
  const nearest = present.reasons.length > 0 ? "nearest to what it is" : "as it is";
  return html`<label>Learn by <select class="small" @change=${(/** @type {Event} */ event) => act.set((now) => ({ choices: { ...now.choices, suited: chosenIn(event) === "suited" } }))}>
    <option value="suited" ?selected=${suited} .selected=${suited}>${fitting.cost} of ${fitting.activation}: suits the targets</option>
    <option value="present" ?selected=${!suited} .selected=${!suited}>${present.cost} of ${present.activation}: ${nearest}</option></select></label>`;
}

/**
 * The panel begins with its rows again.
 * @param {Event} event
 */
function toTop(event) {
  const panel = /** @type {Element} */ (event.target).closest(".panel");
  if (panel) panel.scrollTop = 0;
}

/** @type {Record<number, string>} */
const ORDINALS = { 2: "second", 3: "third", 4: "fourth", 5: "fifth", 10: "tenth" };

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {DataActions} act
 */
function setsView({ example }, desk, act) {
  const sets = desk.catalog?.datasets ?? [];
  return html`<p class="row-of"><label>Seed <input type="number" min="0" step="1" .value=${String(desk.seed)} data-tip="The same seed gives the same rows" @change=${(/** @type {Event} */ event) => act.set({ seed: Math.max(0, Math.trunc(Number(chosenIn(event)) || 0)) })}></label><span class="what">The same seed gives the same rows.</span></p>
    <ul>${sets.map(
      ({
        name,
        title,
        description,
        inputs,
        outputs,
        rows,
        held_back,
      }) => html`<li><button aria-current=${name === example ? "true" : nothing} @click=${(
        /** @type {Event} */ event,
      ) => {
        act.openDataset(name);
        toTop(event);
      }}>
      <b>${title}</b> <span class="what">${count(inputs, "input")}, ${count(outputs, "output")}, ${count(rows, "row")}${held_back ? ` and ${held_back} held back` : ""}</span>
      <span class="about-set">${description}</span></button></li>`,
    )}</ul>${sets.length === 0 ? html`<p class="hint">Asking …</p>` : nothing}`;
}
