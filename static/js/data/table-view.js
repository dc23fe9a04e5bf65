/**
 * What became of a file: how it was read, the rows that are left out, and each column with what it becomes and why. All of
 * it is the server's word; each of it can be chosen otherwise.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { capital, count, spaced } from "../base/words.js";
import { withoutQuery } from "../experiment/model-told.js";
import { DECIMALS, DELIMITERS, ENCODINGS, nameOf, runsOf, withRole } from "./table-choices.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./table-choices.js").TableAnswer} TableAnswer */
/** @typedef {import("./table-choices.js").TableRead} TableRead */
/** @typedef {import("./table-choices.js").Column} Column */
/** @typedef {import("./table-choices.js").Role} Role */
/** @typedef {import("./table-choices.js").Run} Run */
/** @typedef {import("./work.js").DataActions} DataActions */

const SHOWN_NOTES = 3;
const OPEN_LEFT_OUT = 8;

/**
 * A sentence of the server's as one that stands by itself.
 * @param {string} text
 */
function sentence(text) {
  return /[.!?…]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

/**
 * How many rows there are, and what was done to read them; or why there are none.
 * @param {Desk} desk
 * @param {DataActions} act
 */
export function readView(desk, act) {
  const { answer, refusal } = desk;
  return html`${answer ? html`<p class="data-read" role="status">${rowsWords(answer)}</p>` : nothing}
    ${refusal ? refusalView(desk, refusal, act) : nothing}
    ${desk.model ? modelView(desk.model, act) : nothing}
    ${desk.model || (refusal && asksWay(refusal)) ? nothing : howRead(desk, answer ?? refusal?.table ?? null, act)}
    ${answer ? leftOutView(answer, desk.text === "" ? "file" : "text") : nothing}
    ${answer ? notesView(answer.notes) : nothing}`;
}

/**
 * @param {import("../experiment/model-work.js").Opened} model
 * @param {DataActions} act
 */
function modelView({ told, isEither }, act) {
  return html`<div class="remark" role="status"><p><b>This is a model, not a table.</b> ${told}</p>
    <p class="row-of"><button class="primary" @click=${act.openModel}>Open the model</button></p>
    ${isEither ? waysView("They may also be read", act) : nothing}</div>`;
}

/** @param {Pick<import("./data-setting.js").Refusal, "faults">} refusal whether it asks how weights are written */
function asksWay({ faults }) {
  return faults.some((it) => it.pointer === "query:weights");
}

/**
 * Weights whose sizes do not say which way they are written.
 * @param {string} words
 * @param {DataActions} act
 */
function waysView(words, act) {
  return html`<p class="row-of">${words}
    <button @click=${() => act.readWeights("in_out")}>for x · W: a row for each input</button>
    <button @click=${() => act.readWeights("out_in")}>for W · x: a row for each output</button></p>`;
}

/** @param {TableAnswer} answer */
function rowsWords({ rows, rows_in_file: all, columns, left_out_count: left }) {
  const whole = html`<b>${count(all, "row")} of ${count(columns.length, "column")}</b>`;
  if (rows === all)
    return html`${whole}: ${all === 1 ? "it is" : all === 2 ? "both are" : "all are"} used`;
  if (rows + left === all)
    return html`${whole}: <b>${spaced(rows)}</b> ${rows === 1 ? "is" : "are"} used, <b class="bad">${spaced(left)} left out</b>`;
  return html`${whole}: <b>${spaced(rows)}</b> of them are taken${left > 0 ? html`, <b class="bad">${spaced(left)} cannot be used</b>` : nothing}`;
}

/**
 * @param {Desk} desk
 * @param {import("./data-setting.js").Refusal} refusal
 * @param {DataActions} act
 */
function refusalView({ name, isFile }, { detail: whole, faults }, act) {
  const detail = withoutQuery(whole);
  const places = faults.filter((it) => it.line);
  return html`<div class="remark table-refused" role="alert"><p>${isFile ? html`<b>${name}</b>: ` : nothing}${isFile ? sentence(detail).replace(/^This file /, "this file ") : sentence(detail)}</p>
    ${places.length > 1 ? html`<ul class="left-out">${places.map((it) => placeView("line", it.line ?? 0, it.column ?? null, it.detail))}</ul>` : nothing}
    ${asksWay({ faults }) ? waysView("Read them", act) : nothing}</div>`;
}

/**
 * @param {TableAnswer} answer
 * @param {"text" | "file"} where they can be mended
 */
function leftOutView({ left_out: told, left_out_count: all, unit }, where) {
  if (all === 0) return nothing;
  const [it, them] = all === 1 ? ["It is", "it"] : ["They are", "them"];
  return html`<details class="data-faults" ?open=${all <= OPEN_LEFT_OUT}><summary><b>${count(all, "row")} left out.</b> ${it} not learned from: mend ${them} in the ${where}, or skip the column.</summary>
    <ul class="left-out">${told.map(({ line, column, detail }) => placeView(unit, line, column, detail))}</ul>
    ${all > told.length ? html`<p class="facts">And ${spaced(all - told.length)} more.</p>` : nothing}</details>`;
}

/**
 * @param {"line" | "row"} unit
 * @param {number} line
 * @param {number | null} column
 * @param {string} detail
 */
function placeView(unit, line, column, detail) {
  return html`<li><span class="where">${unit} ${spaced(line)}${column === null ? "" : `, column ${spaced(column)}`}</span> <span>${sentence(detail)}</span></li>`;
}

/** @param {string[]} notes */
function notesView(notes) {
  if (notes.length === 0) return nothing;
  /** @param {string[]} some */
  const list = (some) =>
    html`<ul class="facts">${some.map((it) => html`<li>${sentence(it)}</li>`)}</ul>`;
  if (notes.length <= SHOWN_NOTES + 1) return list(notes);
  return html`${list(notes.slice(0, SHOWN_NOTES))}<details class="facts"><summary>${notes.length - SHOWN_NOTES} more notes</summary>${list(notes.slice(SHOWN_NOTES))}</details>`;
}

// --- how it is read -------------------------------------------------------------------------------------------------------

/**
 * What was found, each as the first thing to choose, so that it is read at a glance and changed where it is wrong.
 * @param {Desk} desk
 * @param {TableRead | null} table null where nothing was understood
 * @param {DataActions} act
 */
function howRead({ choices, isFile, refusal }, table, act) {
  const { delimiter: parted, decimal: point, header, encoding } = choices;
  const isAsFound = [parted, point, header, encoding].every((it) => it === null);
  if (!table && refusal?.faults.length === 0 && isAsFound) return nothing; // it is no table at all
  const isText = !table || table.delimiter !== null;
  const words = (/** @type {Readonly<Record<string, { sign: string, words: string }>>} */ rows) =>
    Object.entries(rows).map(([name, it]) => ({ name, words: it.words }));
  const delimiter = table && nameOf(DELIMITERS, table.delimiter);
  const sign = delimiter ? DELIMITERS[/** @type {"comma"} */ (delimiter)].words : table?.delimiter;
  const decimal = table && nameOf(DECIMALS, table.decimal);
  const names = [
    { name: "true", words: "has the names" },
    { name: "false", words: "is a row" },
  ];
  const encodings = ENCODINGS.map((name) => ({ name, words: name.toUpperCase() }));
  return html`<div class="how-read" role="group" aria-label="How it is read">
    ${isFile ? choice("Encoding", choices.encoding, table?.encoding.toUpperCase(), encodings, (encoding) => act.choose(() => ({ encoding }))) : nothing}
    ${isText || choices.delimiter ? choice("Cells are parted by", choices.delimiter, sign, words(DELIMITERS), (it) => act.choose(() => ({ delimiter: it }))) : nothing}
    ${isText || choices.decimal ? choice("Decimals follow", choices.decimal, decimal && DECIMALS[/** @type {"comma"} */ (decimal)].words, words(DECIMALS), (it) => act.choose(() => ({ decimal: it }))) : nothing}
    ${isText || choices.header !== null ? choice("The first line", choices.header === null ? null : `${choices.header}`, table && names[table.header ? 0 : 1].words, names, (it) => act.choose(() => ({ header: it && it === "true" }))) : nothing}
  </div>`;
}

/**
 * @param {string} label
 * @param {string | null} chosen
 * @param {string | null | undefined} found in words; unknown where nothing was read, or where it was chosen
 * @param {{ name: string, words: string }[]} options
 * @param {(name: any) => void} choose
 */
function choice(label, chosen, found, options, choose) {
  const asFound = chosen === null && found ? found : "as found";
  return html`<label class=${chosen === null ? "" : "chosen"}><span>${label}</span> <select class="small" @change=${(/** @type {Event} */ event) => choose(chosenIn(event) || null)}>
    <option value="" ?selected=${chosen === null} .selected=${chosen === null}>${asFound}</option>
    ${options.filter((it) => it.words !== asFound).map(({ name, words }) => html`<option value=${name} ?selected=${name === chosen} .selected=${name === chosen}>${words}</option>`)}</select></label>`;
}

/** @param {Event} event */
export function chosenIn(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

// --- what becomes of the columns ------------------------------------------------------------------------------------------

/** @type {Record<Role, string>} */
const ROLE_WORDS = {
  input: "input",
  one_hot: "input per value",
  target: "target",
  class: "class",
  skip: "skip",
};
/** @type {Record<Column["kind"], string>} */
const KIND_WORDS = {
  number: "numbers",
  flag: "yes or no",
  words: "words",
  text: "texts",
  date: "dates",
  empty: "empty",
};

/**
 * What goes in and what is to come out, in one line; then each column.
 * @param {Desk} desk
 * @param {TableRead} table
 * @param {DataActions} act
 */
export function columnsView(desk, table, act) {
  const { choices, answer, unfolded } = desk;
  const runs = runsOf(table.columns, choices.roles, unfolded);
  return html`${answer ? flowView(answer) : nothing}
    <ol class="table-columns" aria-label="The columns of the file, and what each becomes">${runs.map(
      (it) => (it.columns.length > 1 ? runView(it, act) : columnView(it.columns[0], desk, act)),
    )}</ol>
    ${unfolded.length > 0 ? html`<p><button class="link" @click=${() => act.set({ unfolded: [] })}>Show like columns as one</button></p>` : nothing}`;
}

/** @param {TableAnswer} answer */
function flowView({ data }) {
  const [features, classes] = [data.features ?? [], data.classes ?? []];
  return html`<p class="table-flow"><span class="flow-side role-input"><b>${count(features.length, "input")}</b> ${some(features)}</span>
    <span class="flow-end"><span role="img" aria-label="to">→</span> <span class="flow-side role-target"><b>${count(classes.length, "output")}</b> ${some(classes)}</span></span></p>`;
}

/** @param {string[]} names */
function some(names) {
  return names.length > 4 ? `${names.slice(0, 3).join(", ")}, … ${names.at(-1)}` : names.join(", ");
}

/**
 * Many columns that are alike.
 * @param {Run} run
 * @param {DataActions} act
 */
function runView({ columns, first }, act) {
  const [column] = columns;
  return html`<li class="role-${column.role}"><b class="column-name">${column.name} … ${columns[columns.length - 1].name}</b>
    <span class="column-holds">${count(columns.length, "column")} of ${KIND_WORDS[column.kind]}</span>
    <span class="column-role"><span class="column-becomes">${column.role === "input" ? "inputs" : ROLE_WORDS[column.role]}</span></span>
    <span class="column-why">${sentence(column.why)} <button class="link" @click=${() => act.set((desk) => ({ unfolded: [...desk.unfolded, first] }))}>Show each</button></span></li>`;
}

/**
 * @param {Column} column
 * @param {Desk} desk
 * @param {DataActions} act
 */
function columnView(column, { choices }, act) {
  const { name, role, why } = column;
  const chosen = Object.hasOwn(choices.roles, name) ? choices.roles[name] : null;
  const shown = chosen ?? role;
  // A comma parts the names of those that become an input for each value.
  const roles = column.may_be.filter((it) => it !== "one_hot" || !name.includes(","));
  const options = roles.includes(shown) ? roles : [shown, ...roles];
  /** @param {Role | null} it */
  const choose = (it) => act.choose(({ roles: now }) => ({ roles: withRole(now, name, it) }));
  return html`<li class="role-${shown}"><b class="column-name">${name}</b>
    <span class="column-holds">${holdsWords(column)}</span>
    <span class="column-role"><select class="small" aria-label="What ${name} becomes" @change=${(/** @type {Event} */ event) => choose(/** @type {Role} */ (chosenIn(event)))}>
      ${options.map((it) => html`<option value=${it} ?selected=${it === shown} .selected=${it === shown}>${ROLE_WORDS[it]}</option>`)}</select></span>
    <span class="column-why">${chosen ? html`You chose this. <button class="link" @click=${() => choose(null)}>As found</button>` : sentence(why)}</span></li>`;
}

/** @param {Column} column */
function holdsWords({ kind, first, different, missing }) {
  const shown = first.map((it) => it || "–").join(", ");
  const more = different > first.length || missing > 0 ? ", …" : "";
  const gaps = missing > 0 ? html`<span class="bad">, ${spaced(missing)} missing</span>` : nothing;
  const holds =
    kind === "words" || kind === "text"
      ? count(different, kind.replace(/s$/, ""))
      : KIND_WORDS[kind];
  return html`${holds}${gaps}${kind === "empty" || shown === "" ? nothing : html`<span class="column-first">${shown}${more}</span>`}`;
}
