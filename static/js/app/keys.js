/**
 * The single keys that work anywhere on the page, unless they are switched off.
 */

import { PANELS } from "../state/panels.js";
import { VIEWS } from "../state/state.js";

/** @typedef {import("./page-view.js").Actions} Actions */
/** @typedef {import("../state/state.js").State} State */

/** What is not a panel's. @type {Record<string, (act: Actions) => unknown>} */
export const COMMANDS = {
  " ": (act) => act.togglePlay(),
  ArrowRight: (act) => act.beat(1),
  ArrowLeft: (act) => act.beat(-1),
  "Shift+ArrowRight": (act) => act.phase(1),
  "Shift+ArrowLeft": (act) => act.phase(-1),
  n: (act) => act.iterate(1),
  b: (act) => act.iterate(-1),
  r: (act) => act.restart(),
  t: (act) => act.toggleTraining(),
  ...Object.fromEntries(
    VIEWS.map(({ view, key }) => [key, (/** @type {Actions} */ act) => act.show(view)]),
  ),
  "+": (act) => act.zoom("in"),
  "-": (act) => act.zoom("out"),
  p: (act) => act.present(),
  x: (act) => act.take.open(true),
  w: (act) => act.walkTo(0),
  l: (act) => act.share(true),
  f: (act) => act.zoom("fit"),
  "?": (act) => act.help(true),
  "/": (act) => act.menu(true),
  e: (act) => act.enlarge(),
};

/** @param {string} name of a key */
export function commandOf(name) {
  const panel = PANELS.find(({ key }) => key === name);
  return panel ? (/** @type {Actions} */ act) => act.change({ panel: panel.id }) : COMMANDS[name];
}

/** Where keys have a meaning of their own: all of them, or those that move, where there is something to move. */
const TAKEN = "input:not([type=range]), select, textarea, dialog";
const MOVED_IN = ".scroll, .tables, .panel, .callout";
const MOVES = /^(Arrow|Page|Home|End)/;

/**
 * @param {KeyboardEvent} event
 * @param {State} state
 * @param {Actions} act
 */
export function pressKey(event, state, act) {
  const target = /** @type {Element} */ (event.target);
  if (pressUndo(event, target, act) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !target.closest("dialog")) {
    if (state.presenting && state.panel === "beat") act.present();
    else if (state.selection) act.select(null);
    else if (state.panel !== "beat") act.change({ panel: "beat" });
    else if (target.closest("svg.graph")) /** @type {SVGElement} */ (target).blur();
  }
  if (!state.keys || target.closest(TAKEN)) return;
  const isClicked = state.presenting || (state.stop !== null && !isMoved(target, event.key));
  if (isClicked && pressClicker(event, state, act)) return;
  if (MOVES.test(event.key) && isMoved(target, event.key)) return;
  if (event.key === " " && target.closest("button, a")) return;
  const command = commandOf(nameOf(event));
  if (!command) return;
  event.preventDefault();
  command(act);
}

/**
 * What a clicker sends: on and back, beat by beat, or stop by stop on the walk.
 * @param {KeyboardEvent} event
 * @param {State} state
 * @param {Actions} act
 */
function pressClicker(event, { stop }, act) {
  const direction = { PageDown: 1, PageUp: -1 }[event.key];
  if (!direction) return false;
  event.preventDefault();
  if (stop === null) act.beat(/** @type {1 | -1} */ (direction));
  else act.walkOn(/** @type {1 | -1} */ (direction));
  return true;
}

/**
 * Whether a key moves what has the focus, or scrolls what that is in.
 * @param {Element} target
 * @param {string} key
 */
function isMoved(target, key) {
  if (target.matches("input[type=range]")) return true;
  const isAcross = key === "ArrowLeft" || key === "ArrowRight";
  for (
    let box = target.closest(MOVED_IN);
    box;
    box = box.parentElement?.closest(MOVED_IN) ?? null
  ) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = box;
    if (isAcross ? scrollWidth > clientWidth : scrollHeight > clientHeight) return true;
  }
  return false;
}

/**
 * Undo and redo, but where a text is typed: there they are the browser's.
 * @param {KeyboardEvent} event
 * @param {Element} target
 * @param {Actions} act
 */
function pressUndo(event, target, act) {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y"))
    return false;
  if (target.closest("input:not([type=range]), textarea")) return false;
  event.preventDefault();
  act.restore(key === "y" || event.shiftKey ? "redo" : "undo");
  return true;
}

/** @param {KeyboardEvent} event */
function nameOf(event) {
  if (event.key.startsWith("Arrow")) return event.shiftKey ? `Shift+${event.key}` : event.key;
  return event.key.toLowerCase();
}
