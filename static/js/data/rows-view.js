/**
 * The data as a table: each row with what the network says of it, its cost, and whether it is right. Every number can be
 * changed where it stands.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, short } from "../base/format.js";
import { refusalOf, typedNumber } from "../base/typed-number.js";
import { spaced } from "../base/words.js";
import { aimOf, classAt, className } from "../trace/scores.js";
import { cellComplaint, cellName, cellOf, chosen, nudged, ROWS_A_PAGE } from "./data-setting.js";
import { mayGo } from "./edit-data.js";
import { pictureView } from "./row-picture-view.js";
import { mapView } from "./surface-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./data-setting.js").Row} Row */
/** @typedef {import("./work.js").DataActions} DataActions */
/** @typedef {import("./edit-data.js").Data} Data */
/** @typedef {{ data: Data, aim: import("../trace/scores.js").Aim, columns: number[], desk: Desk, act: DataActions }} Scene */

/** Inputs that stand side by side; of more, a part is shown. */
const MOST_COLUMNS = 12;

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {Row[]} rows
 * @param {DataActions} act
 */
export function rowsView(state, desk, rows, act) {
  const iteration = /** @type {import("../trace/trace.js").Iteration} */ (state.iteration);
  const { data } = iteration.experiment;
  const inputs = data.x[0].length;
  const first = Math.min(desk.column, Math.max(0, inputs - MOST_COLUMNS));
  const shown = data.image_shape ? 0 : Math.min(inputs, MOST_COLUMNS);
  const columns = Array.from({ length: shown }, (_, at) => first + at);
  const scene = { data, aim: aimOf(data.y), columns, desk, act };
  const listed = chosen(rows, desk.filter, desk.order);
  const pages = Math.max(1, Math.ceil(listed.length / ROWS_A_PAGE));
  const page = Math.min(desk.page, pages - 1);
  const window = listed.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE);
  const drawing = mapView(iteration, desk, rows, act);
  return html`<div class="data-rows ${drawing === nothing ? "" : "drawn"}"><div class="data-list">
    <div class="data-bar">
      ${pick("Show", desk.filter, { all: "all rows", ...(scene.aim === "numbers" ? {} : { wrong: "wrong ones" }), ...(data.held_back ? { held: "held back" } : {}) }, (filter) => act.set({ filter, page: 0 }))}
      ${pick("Order", desk.order, { given: "as in the data", costly: "costliest first" }, (order) => act.set({ order, page: 0 }))}
      ${pages > 1 ? pager("Rows", page * ROWS_A_PAGE, window.length, listed.length, (at) => act.set({ page: Math.floor(at / ROWS_A_PAGE) }), ROWS_A_PAGE) : nothing}
      ${shown > 0 && inputs > shown ? pager("Inputs", first, shown, inputs, (column) => act.set({ column }), shown) : nothing}
      <button class="small" @click=${() => act.addRow(false)}>Add a row</button>
    </div>
    ${
      window.length === 0
        ? html`<p class="hint">${desk.filter === "wrong" ? "No row is wrong." : "No row to show."} <button class="link" @click=${() => act.set({ filter: "all" })}>Show all rows</button></p>`
        : html`<div class="scroll" role="group" aria-label="Rows of the data" tabindex="0" @keydown=${keys(scene)} @change=${typing(scene)} @focusin=${focusing} @focusout=${leaving}>
        <table class="data-table"><thead>${headings(scene)}</thead><tbody>${window.map((row) => rowView(row, scene))}</tbody></table></div>`
    }
    ${mistyped(scene)}
    <p class="facts">Type a number and press Enter; ↑ and ↓ change it a little, Esc puts it back. A row's number shows its way through the network.</p>
    </div>${drawing}</div>`;
}

/**
 * @template {string} Name
 * @param {string} label
 * @param {Name} value
 * @param {Partial<Record<Name, string>>} choices
 * @param {(value: Name) => void} choose
 */
function pick(label, value, choices, choose) {
  return html`<label class="small">${label} <select @change=${(/** @type {Event} */ event) => choose(/** @type {Name} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
    ${Object.entries(choices).map(([name, text]) => html`<option value=${name} ?selected=${name === value}>${text}</option>`)}</select></label>`;
}

/**
 * @param {string} label
 * @param {number} from
 * @param {number} shown
 * @param {number} of
 * @param {(from: number) => void} go
 * @param {number} by
 */
function pager(label, from, shown, of, go, by) {
  return html`<span class="pager small" role="group" aria-label=${label}><button aria-label="${label} before" ?disabled=${from === 0} @click=${() => go(Math.max(0, from - by))}>‹</button>
    ${label} ${spaced(from + 1)}–${spaced(from + shown)} of ${spaced(of)}
    <button aria-label="${label} after" ?disabled=${from + shown >= of} @click=${() => go(from + by)}>›</button>
    ${of > 4 * by ? html`<input type="number" min="1" max=${of} aria-label="Go to ${label.toLowerCase()} number" placeholder="go to" @change=${(/** @type {Event} */ event) => go(Math.min(of, Math.max(1, Number(/** @type {HTMLInputElement} */ (event.target).value) || 1)) - 1)}>` : nothing}</span>`;
}

/** @param {Scene} scene */
function headings({ data, aim, columns }) {
  const outputs = data.y[0].map((_, at) => data.classes?.[at] ?? `y${at}`);
  return html`<tr><th scope="col">Row</th>
    ${data.image_shape ? html`<th scope="col">Picture</th>` : nothing}
    ${columns.map((at) => html`<th scope="col" class="number">${data.features?.[at] ?? `x${at}`}</th>`)}
    ${aim === "classes" ? html`<th scope="col" class="target">Target</th>` : outputs.map((name) => html`<th scope="col" class="number target">${outputs.length === 1 && !data.classes ? "Target" : `Target ${name}`}</th>`)}
    <th scope="col">Network says</th><th scope="col" class="number">Cost</th><th scope="col">${aim === "numbers" ? "" : "Verdict"}</th><th scope="col"><span class="visually-hidden">Change</span></th></tr>`;
}

/**
 * @param {Row} row
 * @param {Scene} scene
 */
function rowView(row, scene) {
  const { place, x, y, score } = row;
  const { data, aim, columns, act } = scene;
  const name = `${place.held ? "held-back row" : "row"} ${place.row}`;
  return html`<tr class="${place.held ? "held" : ""} ${score?.right === false ? "wrong" : ""}">
    <th scope="row"><button class="small" data-tip="Trace it: show this row in the network" aria-label="Trace ${name}" @click=${() => act.traceRow(place)}>${place.row}</button>${place.held ? html` <span class="tag">held back</span>` : nothing}</th>
    ${data.image_shape ? html`<td><button class="thumb" aria-label="Draw on from the picture of ${name}" data-tip="Draw on from this picture" @click=${() => act.set({ section: "draw", pixels: [...x], pixel: 0 })}>${pictureView(x, data.image_shape)}</button></td>` : nothing}
    ${columns.map((at) => cell(place, "x", at, x[at], `${data.features?.[at] ?? `x${at}`} of ${name}`, scene))}
    ${aim === "classes" ? html`<td class="target">${classPicker(row, name, scene)}</td>` : y.map((value, at) => cell(place, "y", at, value, `Target ${data.classes?.[at] ?? `y${at}`} of ${name}`, scene))}
    <td class="says">${score ? says(score.predicted, scene) : "…"}</td>
    <td class="number" data-tip=${score ? full(score.cost) : ""}>${score ? short(score.cost) : ""}</td>
    <td>${verdict(score)}</td>
    <td class="changes" data-tip=${mayGo(data, place) ? nothing : "One row to learn from must stay"}><button class="small" ?disabled=${!mayGo(data, place)} aria-label="${place.held ? "Learn from" : "Hold back"} ${name}" data-tip=${!mayGo(data, place) ? nothing : place.held ? "Learn from this row" : "Keep this row for trying only: it is never trained on"} @click=${() => act.moveRow(place)}>${place.held ? "Learn from" : "Hold back"}</button>
      <button class="small" ?disabled=${!mayGo(data, place)} aria-label="Remove ${name}" data-tip=${mayGo(data, place) ? "Remove this row" : nothing} @click=${() => act.removeRow(place)}>×</button></td></tr>`;
}

/**
 * @param {import("./edit-data.js").Place} place
 * @param {"x" | "y"} side
 * @param {number} column
 * @param {number} value
 * @param {string} label
 * @param {Scene} scene
 */
function cell(place, side, column, value, label, { desk }) {
  const name = cellName(place, side, column);
  const typed = desk.typed[name];
  return html`<td class=${side === "y" ? "number target" : "number"}><input class="cell-input" inputmode="decimal" autocomplete="off" aria-label=${label} aria-invalid=${typed !== undefined} aria-describedby=${typed === undefined ? nothing : `refusal-${name}`}
    data-cell=${name} data-full=${String(value)} data-tip=${full(value)} .value=${typed ?? short(value)}>${typed === undefined ? nothing : html`<span class="refusal" id="refusal-${name}">${refusalOf(typed)}.</span>`}</td>`;
}

/**
 * @param {Row} row
 * @param {string} name
 * @param {Scene} scene
 */
function classPicker({ place, y }, name, { data, act }) {
  const at = classAt(y);
  return html`<select class="small" aria-label="Target of ${name}" @change=${(/** @type {Event} */ event) => act.setClass(place, Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
    ${y.map((_, k) => html`<option value=${k} ?selected=${k === at} .selected=${k === at}>${className(k, data.classes, y.length)}</option>`)}</select>`;
}

/**
 * @param {number[]} predicted
 * @param {Scene} scene
 */
function says(predicted, { data, aim }) {
  const all = predicted.map(full).join(", ");
  if (aim === "numbers" || classAt(predicted) < 0)
    return html`<span data-tip=${all}>${predicted.map(short).join(", ")}</span>`;
  const at = classAt(predicted);
  const value = predicted.length === 1 ? predicted[0] : predicted[at];
  return html`<span data-tip=${all}>${className(at, data.classes, predicted.length)} <span class="what">${short(value)}</span></span>`;
}

/** @param {import("../trace/scores.js").Score | null} score */
function verdict(score) {
  if (!score || score.right === null) return nothing;
  return score.right
    ? html`<span class="verdict-mark good">✓ right</span>`
    : html`<span class="verdict-mark bad">✗ wrong</span>`;
}

/**
 * What is typed in cells and is no number: it stays, and is not used until it is one.
 * @param {Scene} scene
 */
function mistyped({ desk, data }) {
  const [first, ...more] = Object.entries(desk.typed);
  if (!first) return nothing;
  const { place, side, column } = cellOf(first[0]);
  const names = side === "x" ? data.features : data.classes;
  const name = names?.[column] ?? `${side}${column}`;
  return html`<p class="remark" role="alert">${place.held ? "Held-back row" : "Row"} ${place.row}, ${name}: ${cellComplaint(first[1])}${more.length > 0 ? ` ${more.length} more like it.` : ""}</p>`;
}

/** @param {Event} event */
function inputOf(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return target instanceof HTMLInputElement && target.dataset.cell ? target : null;
}

/**
 * All the digits while a cell is typed in.
 * @param {Event} event
 */
function focusing(event) {
  const input = inputOf(event);
  if (!input || input.getAttribute("aria-invalid") === "true") return;
  input.value = input.dataset.full ?? "";
  input.select();
}

/** @param {Event} event */
function leaving(event) {
  const input = inputOf(event);
  if (input && input.value === input.dataset.full) input.value = short(Number(input.value));
}

/** @param {Scene} scene */
function typing(scene) {
  return (/** @type {Event} */ event) => {
    const input = inputOf(event);
    if (input) commit(input, scene);
  };
}

/**
 * @param {HTMLInputElement} input
 * @param {Scene} scene
 */
function commit(input, { act }) {
  const name = input.dataset.cell ?? "";
  const value = typedNumber(input.value);
  if (Number.isNaN(value))
    return act.set(({ typed }) => ({ typed: { ...typed, [name]: input.value } }));
  act.set(({ typed }) => ({ typed: without(typed, name) }));
  const before = Number(input.dataset.full);
  if (value === before || input.value === short(before)) return;
  const { place, side, column } = cellOf(name);
  input.dataset.full = String(value);
  act.setCell(place, side, column, value);
}

/**
 * @param {Record<string, string>} typed
 * @param {string} name
 */
function without(typed, name) {
  const { [name]: _, ...rest } = typed;
  return rest;
}

/** @param {Scene} scene */
function keys(scene) {
  return (/** @type {KeyboardEvent} */ event) => {
    const input = inputOf(event);
    if (!input) return;
    if (event.key === "Enter") {
      event.preventDefault();
      commit(input, scene);
      below(input, event.shiftKey ? -1 : 1)?.focus();
    }
    if (event.key === "Escape") {
      // The key would close the panel otherwise.
      event.stopPropagation();
      input.value = input.dataset.full ?? "";
      scene.act.set(({ typed }) => ({ typed: without(typed, input.dataset.cell ?? "") }));
    }
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const value = typedNumber(input.value);
      if (Number.isNaN(value)) return;
      event.preventDefault();
      input.value = String(nudged(value, event.key === "ArrowUp" ? 1 : -1));
      commit(input, scene);
    }
  };
}

/**
 * The cell of the same column in the next row.
 * @param {HTMLInputElement} input
 * @param {1 | -1} direction
 * @returns {HTMLInputElement | null}
 */
function below(input, direction) {
  const row = input.closest("tr");
  const at = [...(row?.querySelectorAll("input[data-cell]") ?? [])].indexOf(input);
  const next = direction > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  return /** @type {HTMLInputElement | null} */ (
    next?.querySelectorAll("input[data-cell]")[at] ?? null
  );
}
