/**
 * The single keys that work anywhere on the page, unless they are switched off.
 */

/** @typedef {import("./views/page.js").Actions} Actions */
/** @typedef {import("./state.js").State} State */

/** @type {Record<string, (act: Actions) => unknown>} */
const COMMANDS = {
  " ": (act) => act.togglePlay(),
  ArrowRight: (act) => act.beat(1),
  ArrowLeft: (act) => act.beat(-1),
  "Shift+ArrowRight": (act) => act.phase(1),
  "Shift+ArrowLeft": (act) => act.phase(-1),
  n: (act) => act.iterate(1),
  b: (act) => act.iterate(-1),
  r: (act) => act.restart(),
  t: (act) => act.toggleTraining(),
  1: (act) => act.show("graph"),
  2: (act) => act.show("neurons"),
  3: (act) => act.show("table"),
  "+": (act) => act.zoom("in"),
  "-": (act) => act.zoom("out"),
  p: (act) => act.present(),
  f: (act) => act.zoom("fit"),
  "?": (act) => act.help(true),
};

/** Where keys have a meaning of their own: all of them, or those that move. */
const TAKEN = "input:not([type=range]), select, textarea, dialog";
const MOVED_IN = "input[type=range], .scroll, .tables, .panel";
const MOVES = /^(Arrow|Page|Home|End)/;

/**
 * @param {KeyboardEvent} event
 * @param {State} state
 * @param {Actions} act
 */
export function pressKey(event, state, act) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {Element} */ (event.target);
  if (event.key === "Escape" && state.selection && !target.closest("dialog")) act.select(null);
  if (!state.keys || target.closest(TAKEN)) return;
  if (MOVES.test(event.key) && target.closest(MOVED_IN)) return;
  if (event.key === " " && target.closest("button, a")) return;
  const command = COMMANDS[nameOf(event)];
  if (!command) return;
  event.preventDefault();
  command(act);
}

/** @param {KeyboardEvent} event */
function nameOf(event) {
  if (event.key.startsWith("Arrow")) return event.shiftKey ? `Shift+${event.key}` : event.key;
  return event.key.toLowerCase();
}
