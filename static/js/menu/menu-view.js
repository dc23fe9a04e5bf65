/**
 * The menu: one field to type into, and under it all that can be done, in groups.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { commandsOf, found } from "./menu.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../app/page-view.js").Actions} Actions */
/** @typedef {import("./menu.js").Command} Command */

/**
 * @param {State} state
 * @param {Actions} act
 */
export function menuView(state, act) {
  const { typed = "", at = 0 } = state.dialog ?? {};
  const commands = found(commandsOf(state, act), typed);
  const chosen = Math.min(at, commands.length - 1);
  const press = (/** @type {KeyboardEvent} */ event) =>
    pressed(event, commands, chosen, typed, act);
  return html`<dialog class="menu" aria-label="Menu" @close=${() => act.menu(false)} @click=${closeOutside} @keydown=${press}>
    <form method="dialog"><button aria-label="Close" data-tip="Close (Esc)">×</button></form>
    <input class="menu-field" role="combobox" autofocus autocomplete="off" spellcheck="false" placeholder="What do you want to do?" aria-label="What do you want to do?"
      aria-expanded="true" aria-controls="menu-list" aria-activedescendant=${chosen < 0 ? nothing : idOf(chosen)} .value=${typed}
      @input=${(/** @type {Event} */ event) => act.change({ dialog: { open: "menu", typed: /** @type {HTMLInputElement} */ (event.target).value } })}>
    <div id="menu-list" class="menu-groups" role="listbox" aria-label="Commands">${groupsOf(
      commands,
    ).map(
      ([
        group,
        rows,
      ]) => html`<div class="menu-group" role="group" aria-label=${group}><h3 aria-hidden="true">${group}</h3>
        ${rows.map((it) => commandView(it, commands.indexOf(it), chosen, act))}</div>`,
    )}${commands.length === 0 ? html`<p class="facts">Nothing is called “${typed}”. Try “train”, “slope”, “data” or “zoom”.</p>` : nothing}</div>
  </dialog>`;
}

/**
 * @param {Command} command
 * @param {number} index among those that were found
 * @param {number} chosen
 * @param {Actions} act
 */
function commandView(command, index, chosen, act) {
  const { words, more, key, isOn } = command;
  return html`<div id=${idOf(index)} class="menu-row ${isOn ? "on" : ""}" role="option" aria-selected=${index === chosen} @click=${(/** @type {Event} */ event) => run(event, command, act)}>
    <span class="menu-words">${words}${isOn ? html`<span class="visually-hidden"> (now)</span>` : nothing}${more ? html` <small>${more}</small>` : nothing}</span>
    ${key ? html`<kbd>${key}</kbd>` : nothing}</div>`;
}

/** @param {number} index */
const idOf = (index) => `menu-${index}`;

/** @param {Command[]} commands @returns {[string, Command[]][]} */
function groupsOf(commands) {
  /** @type {Map<string, Command[]>} */
  const groups = new Map();
  for (const command of commands)
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}

/**
 * What was chosen is done once the menu is gone, and the focus where it was before: so it may open a dialog of its own.
 * @param {Event} event
 * @param {Command} command
 * @param {Actions} act
 */
function run({ target }, { run: begin }, act) {
  /** @type {Element} */ (target).closest("dialog")?.close();
  act.menu(false);
  begin();
}

/** @param {MouseEvent} event */
function closeOutside({ target, currentTarget }) {
  if (target === currentTarget) /** @type {HTMLDialogElement} */ (currentTarget).close();
}

/** How far a key goes in the list. @type {Record<string, number>} */
const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/**
 * @param {KeyboardEvent} event
 * @param {Command[]} commands
 * @param {number} chosen
 * @param {string} typed
 * @param {Actions} act
 */
function pressed(event, commands, chosen, typed, act) {
  const isOnButton = /** @type {Element} */ (event.target).closest("button") !== null;
  const move = MOVES[event.key];
  if (event.key === "Enter" && !isOnButton && commands[chosen]) {
    event.preventDefault();
    run(event, commands[chosen], act);
  } else if (move) {
    event.preventDefault();
    const at = Math.min(Math.max(chosen + move, 0), commands.length - 1);
    act.change({ dialog: { open: "menu", typed, at } });
    document.getElementById(idOf(at))?.scrollIntoView({ block: "nearest" });
  }
}
