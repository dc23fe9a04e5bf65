/**
 * Other data: a set that comes with the explorer, or the reader's own, pasted or from a file; what could not be read, line
 * by line; what becomes of each column; and what the network would have to change.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { count, short, spaced } from "../base/format.js";
import { draftOf } from "./data-setting.js";
import { misfit, offer, resets } from "./fit-network.js";
import { cut } from "./read-csv.js";
import { classesOf } from "./table-to-data.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./table.js").Table} Table */
/** @typedef {import("./table.js").Role} Role */
/** @typedef {import("./work.js").DataActions} DataActions */

const PREVIEW_ROWS = 3;
const PREVIEW_COLUMNS = 40;
const EXAMPLE = "length,width,kind\n5.1,3.5,rose\n7.0,3.2,lily\n…";

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {DataActions} act
 */
export function bringView(state, desk, act) {
  const table = desk.progress === null ? desk.table : null;
  return html`<div class="data-bring">
    <div class="data-own"><h3>Your own</h3>${pasteView(desk, act)}${table ? readView(desk, table, act) : nothing}</div>
    ${table && !table.problem ? html`<div class="data-own"><h3>What becomes of it</h3>${rolesView(desk, table, act)}${useView(state, desk, table, act)}</div>` : nothing}
    <div class="data-sets"><h3>Sets that come with the explorer</h3>${setsView(state, desk, act)}</div>
  </div>`;
}

/**
 * @param {Desk} desk
 * @param {DataActions} act
 */
function pasteView(desk, act) {
  const long = desk.name !== "" && desk.text === "";
  return html`<label class="data-paste"><span>Paste rows here, one example a line: from a spreadsheet, CSV, or JSON</span>
      <textarea rows=${desk.table ? 4 : 6} spellcheck="false" placeholder=${EXAMPLE} .value=${desk.text} @input=${(/** @type {Event} */ event) => act.readText(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
    <p class="row-of"><label class="file-button">Open a file <input class="visually-hidden" type="file" accept=".csv,.tsv,.txt,.json,text/csv,application/json" @change=${(/** @type {Event} */ event) => picked(event, act)}></label>
      <span class="what">${desk.name ? html`<b>${desk.name}</b>${long ? ": too long to be shown here" : ""}` : "or drop it on this panel: CSV or JSON"}</span>
      ${desk.text || desk.name ? html`<button class="link" @click=${act.clear}>Clear</button>` : nothing}
      ${desk.aside.length > 0 ? html`<button class="link" @click=${act.takeBack}>Back to the text you typed</button>` : nothing}</p>
    ${desk.progress === null ? nothing : html`<p class="facts" role="status">Reading … <progress max="1" .value=${desk.progress}></progress></p>`}`;
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
 * What was read, and what was not.
 * @param {Desk} desk
 * @param {Table} table
 * @param {DataActions} act
 */
function readView(desk, table, act) {
  const good = table.rows.length;
  return html`${desk.note ? html`<p class="facts">${desk.note}</p>` : nothing}
    ${table.notes.map((note) => html`<p class="facts">${note}</p>`)}
    ${table.problem ? html`<p class="remark" role="alert">${table.problem}</p>` : nothing}
    ${faultsView(table)}
    ${table.problem ? nothing : html`<p class="data-read" role="status">${count(good, "row")} of ${count(table.columns.length, "column")} can be used.</p>`}
    ${howRead(desk, table, act)}`;
}

/** @param {Table} table */
function faultsView({ faults, faultCount, badRows, rows, unit }) {
  if (faults.length === 0) return nothing;
  const left =
    rows.length > 0
      ? ` ${badRows === 1 ? "It is" : "They are"} left out; mend ${badRows === 1 ? "it" : "them"} in the text to use ${badRows === 1 ? "it" : "them"} too.`
      : "";
  return html`<details class="data-faults" ?open=${faults.length <= 8}><summary><b>${count(badRows, "row")} could not be read.</b>${left}</summary>
    <ul>${faults.map(({ line, column, text, message }) => html`<li><span class="where">${unit} ${spaced(line)}${column === null ? "" : `, column ${column}`}</span> ${message}${text && column === null ? html` <code>${text}</code>` : nothing}</li>`)}</ul>
    ${faultCount > faults.length ? html`<p class="facts">And ${spaced(faultCount - faults.length)} more.</p>` : nothing}</details>`;
}

/**
 * @param {Desk} desk
 * @param {Table} table
 * @param {DataActions} act
 */
function howRead(desk, table, act) {
  if (table.unit === "row") return nothing;
  return html`<p class="row-of"><label>Cells are parted by <select @change=${(/** @type {Event} */ event) => act.reread({ delimiter: chosenIn(event) || null })}>
      ${Object.entries({ "": "as found", ",": "commas", ";": "semicolons", "\t": "tabs" }).map(([value, name]) => html`<option value=${value} ?selected=${value === (desk.delimiter ?? "")}>${name}</option>`)}</select></label>
    <label><input type="checkbox" .checked=${table.header} @change=${(/** @type {Event} */ event) => act.reread({ header: /** @type {HTMLInputElement} */ (event.target).checked })}> The first line names the columns</label></p>`;
}

/** @param {Event} event */
function chosenIn(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

/** @type {{ role: Role, name: string }[]} */
const ROLES = [
  { role: "input", name: "input" },
  { role: "class", name: "class" },
  { role: "target", name: "target" },
  { role: "ignore", name: "left out" },
];

/**
 * The first rows, and over each column what becomes of it.
 * @param {Desk} desk
 * @param {Table} table
 * @param {DataActions} act
 */
function rolesView(desk, table, act) {
  const shown = table.columns.slice(0, PREVIEW_COLUMNS);
  const more = table.columns.length - shown.length;
  /** @param {number} at @param {Role} role */
  const choose = (at, role) =>
    act.set({
      // There is one class at most: the one before becomes an input, or is left out.
      roles: desk.roles.map((it, other) =>
        other === at
          ? role
          : role === "class" && it === "class"
            ? table.kinds[other] === "text"
              ? "ignore"
              : "input"
            : it,
      ),
    });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="The first rows, and what each column is"><table class="data-table preview">
    <thead><tr>${shown.map((name) => html`<th scope="col">${name}</th>`)}</tr>
    <tr>${shown.map(
      (
        name,
        at,
      ) => html`<td><select class="small role-${desk.roles[at]}" aria-label="What ${name} is" @change=${(/** @type {Event} */ event) => choose(at, /** @type {Role} */ (chosenIn(event)))}>
      ${ROLES.filter(({ role }) => table.kinds[at] === "number" || role === "class" || role === "ignore").map(({ role, name: text }) => html`<option value=${role} ?selected=${role === desk.roles[at]} .selected=${role === desk.roles[at]}>${text}</option>`)}</select></td>`,
    )}</tr></thead>
    <tbody>${table.rows.slice(0, PREVIEW_ROWS).map((row) => html`<tr>${shown.map((_, at) => html`<td class="${table.kinds[at]} ${desk.roles[at] === "ignore" ? "ignored" : ""}">${typeof row[at] === "number" ? short(row[at]) : cut(row[at])}</td>`)}</tr>`)}</tbody></table></div>
    ${
      more > 0
        ? html`<p class="facts">The other ${more} columns ${more === 1 ? "is" : "are"} not shown here: ${[
            "input",
            "target",
            "class",
            "ignore",
          ]
            .map((role) => [
              role,
              desk.roles.slice(PREVIEW_COLUMNS).filter((it) => it === role).length,
            ])
            .filter(([, n]) => n)
            .map(([role, n]) => `${n} ${role === "ignore" ? "left out" : role}`)
            .join(", ")}.</p>`
        : nothing
    }
    ${classWords(desk, table)}`;
}

/**
 * @param {Desk} desk
 * @param {Table} table
 */
function classWords(desk, table) {
  const at = desk.roles.indexOf("class");
  if (at < 0) return nothing;
  const classes = classesOf(table, at);
  const names = classes
    .slice(0, 8)
    .map((it) => cut(String(it)))
    .join(", ");
  return html`<p class="facts">${table.columns[at]} becomes one output for each of its values: ${names}${classes.length > 8 ? ", …" : ""}.</p>`;
}

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {Table} table
 * @param {DataActions} act
 */
function useView(state, desk, table, act) {
  const made = draftOf(desk);
  const experiment = state.iteration?.experiment;
  if (!made || !experiment) return nothing;
  const own = table.held?.some(Boolean);
  const each = desk.roles.includes("class") ? " of each class" : "";
  return html`<p class="row-of">${
    own
      ? html`<span class="what">The text itself says which rows are held back.</span>`
      : html`<label>Hold back <select class="small" @change=${(/** @type {Event} */ event) => act.set({ heldEvery: Number(chosenIn(event)) })}>
      ${[0, 10, 5, 4, 3, 2].map((every) => html`<option value=${every} ?selected=${every === desk.heldEvery}>${every === 0 ? "no row" : `every ${ORDINALS[every]} row${each}`}</option>`)}</select> for trying only</label>`
  }
    <label data-tip="x ← (x − mean) / standard deviation, column by column"><input type="checkbox" .checked=${desk.scale} @change=${(/** @type {Event} */ event) => act.set({ scale: /** @type {HTMLInputElement} */ (event.target).checked })}> Scale inputs to mean 0, sd 1</label></p>
    ${
      "problem" in made
        ? html`<p class="remark" role="alert">${made.problem}</p>`
        : html`${made.notes.map((note) => html`<p class="facts">${note}</p>`)}
        <p><button class="data-use" @click=${(/** @type {Event} */ event) => {
          act.use();
          toTop(event);
        }}>${offer(made.data, experiment, desk.catalog)}</button></p>
        <p class="facts">${misfit(made.data, experiment, desk.catalog)} ${resets(experiment)} Undo brings the old data back.</p>`
    }`;
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
