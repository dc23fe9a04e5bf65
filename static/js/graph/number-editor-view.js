/**
 * A number of a leaf, edited where it stands: type, Enter or Tab; arrows up and down nudge; Escape leaves it as it was.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey, entryName, entryOf, full } from "../base/format.js";
import { refusalOf, typedNumber } from "../base/typed-number.js";
import { REFUSAL } from "../state/panels.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} EditorActions
 * @property {(editing: State["editing"]) => void} beginEdit null ends it
 * @property {(name: string) => void} endEdit if it is this entry that is edited
 * @property {(entry: Entry, value: number) => void} editEntry
 */

/** How far an arrow key goes; with Shift, with Alt. */
const NUDGE = { plain: 0.1, shift: 1, alt: 0.01 };
const DECIMALS = 10;

/**
 * The field in a cell, whose refusal stands in the callout beside it; or in the inspector, with its refusal.
 * @param {State} state
 * @param {string} name by which the entry is found
 * @param {EditorActions} act
 * @param {boolean} [inPanel]
 */
export function editorView(state, name, act, inPanel = false) {
  const entry = entryOf(name);
  const node = state.iteration?.node.get(entry?.id ?? "");
  const value = entry ? node?.value[entry.row]?.[entry.column] : 0;
  const called = entry && node ? entryName(node, entry.row, entry.column) : name;
  const { editing } = state;
  const own = editing?.name === name && (editing.inPanel ?? false) === inPanel ? editing : null;
  const refused = own?.refused;
  const words = inPanel ? "panel-refusal" : REFUSAL;
  return html`<input class="cell-editor" inputmode="decimal" autocomplete="off" aria-label="${called}: a number, Enter to take it"
    aria-invalid=${refused ? "true" : "false"} aria-describedby=${refused ? words : nothing}
    .value=${own?.typed ?? plain(value ?? 0)} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, state, name, act)} @input=${(/** @type {Event} */ event) => refused && act.beginEdit({ ...own, name, typed: textIn(event), refused: undefined })}
    @change=${(/** @type {Event} */ event) => take(event, name, act)} @click=${still} @dblclick=${still} @pointerdown=${still} @blur=${(/** @type {FocusEvent} */ event) => leave(event, name, act)}>${inPanel && refused ? html` <span class="refusal" id=${words} role="alert">${refused}</span>` : nothing}`;
}

/** @param {Event} event */
function textIn(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}

/** @param {Event} event the card under it is not meant */
function still(event) {
  event.stopPropagation();
}

/** @param {number} value */
function plain(value) {
  return full(value).replace("−", "-");
}

/**
 * Takes what is typed; where it is no number it stays, and why is told beside it.
 * @param {Event} event
 * @param {string} name
 * @param {EditorActions} act
 */
function take(event, name, act) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const typed = input.value;
  const value = typedNumber(typed);
  const entry = entryOf(name);
  if (Number.isNaN(value) || !entry) {
    const inPanel = !input.closest("svg");
    act.beginEdit({ name, typed, refused: `${refusalOf(typed)}.`, inPanel });
    return false;
  }
  act.editEntry(entry, value);
  return true;
}

/**
 * @param {FocusEvent} event
 * @param {string} name
 * @param {EditorActions} act
 */
function leave(event, name, act) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (Number.isNaN(typedNumber(input.value))) take(event, name, act);
  else setTimeout(() => act.endEdit(name));
}

/**
 * @param {KeyboardEvent} event
 * @param {State} state
 * @param {string} name
 * @param {EditorActions} act
 */
function onKey(event, state, name, act) {
  event.stopPropagation();
  const input = /** @type {HTMLInputElement} */ (event.target);
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (direction) {
    event.preventDefault();
    const by = event.altKey ? NUDGE.alt : event.shiftKey ? NUDGE.shift : NUDGE.plain;
    input.value = plain(nudged(typedNumber(input.value) || 0, direction * by));
    take(event, name, act);
  } else if (event.key === "Escape") {
    const entry = entryOf(name);
    const was = entry && state.iteration?.node.get(entry.id)?.value[entry.row]?.[entry.column];
    input.value = plain(was ?? 0);
    act.beginEdit(null);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (take(event, name, act)) act.beginEdit(null);
  } else if (event.key === "Tab" && input.closest("svg")) {
    event.preventDefault();
    if (take(event, name, act)) act.beginEdit(nextTo(state, name, event.shiftKey ? -1 : 1));
  }
}

/**
 * Sums of decimal steps stay decimal: 0.1 + 0.2 is 0.3 here.
 * @param {number} value
 * @param {number} by
 */
export function nudged(value, by) {
  return Number((value + by).toFixed(DECIMALS));
}

/**
 * The next entry of the same leaf, line by line; null past its end.
 * @param {State} state
 * @param {string} name
 * @param {1 | -1} direction
 * @returns {State["editing"]}
 */
function nextTo(state, name, direction) {
  const entry = entryOf(name);
  const value = entry && state.iteration?.node.get(entry.id)?.value;
  if (!entry || !value) return null;
  const columns = value[0].length;
  const at = entry.row * columns + entry.column + direction;
  if (at < 0 || at >= value.length * columns) return null;
  const next = entryKey(entry.id, Math.floor(at / columns), at % columns);
  return { name: next, typed: null };
}
