/**
 * What is typed, beside what the graph shows: whether it can be taken back and had again; whether it is another text
 * altogether, whose values are made anew; which values it has kept.
 */

import { isLearnedAtFirst, newValue, readOf, shapeOf } from "./leaves.js";

/** @typedef {import("./leaves.js").Draft} Draft */
/** @typedef {import("./leaves.js").Value} Value */
/** @typedef {import("./leaves.js").Values} Values */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../state/state.js").State} State */

/** @type {Draft} */
export const EMPTY = { text: "", parameters: {}, constants: {} };
const KINDS = /** @type {const} */ (["parameters", "constants"]);

/**
 * What an experiment with formulas has in its panel; null of one with layers.
 * @param {Experiment} experiment
 * @returns {Draft | null}
 */
export function draftOf({ formulas }) {
  return formulas ? { ...EMPTY, ...formulas } : null;
}

/**
 * What undo and redo are about while the panel is open: what is typed and the graph does not show, before any deed.
 * @param {Pick<State, "panel" | "desks" | "iteration">} state
 * @returns {{ undo: boolean, redo: boolean }}
 */
export function draftToRestore({ panel, desks: { formulas: desk }, iteration }) {
  if (panel !== "formulas" || !desk) return { undo: false, redo: false };
  const isAhead = desk.draft !== null && (desk.faults.length > 0 || desk.isAsking);
  const isBack = desk.undone !== null && desk.undone.of === iteration?.experiment;
  return { undo: isAhead, redo: !isAhead && isBack };
}

/** Of the names of the shorter text with what stands beside them. */
const HARDLY_ANY = 0.4;

/**
 * Whether hardly anything of a text is left in another: it is not the same text, edited. What counts are names with what
 * stands beside them, wherever that is by now: "x +", "* z".
 * @param {string} before
 * @param {string} after
 */
export function isAnotherText(before, after) {
  const [old, now] = [before, after].map(pairsIn);
  const most = Math.min(old.length, now.length);
  const left = new Map();
  for (const pair of old) left.set(pair, (left.get(pair) ?? 0) + 1);
  let same = 0;
  for (const pair of now) {
    const times = left.get(pair) ?? 0;
    if (times > 0) same += 1;
    left.set(pair, times - 1);
  }
  return most > 0 && same < HARDLY_ANY * most;
}

/** @param {string} text comments and brackets are left out @returns {string[]} */
function pairsIn(text) {
  const lines = text.replace(/#.*$/gm, "").replace(/[()]/g, " ").split("\n");
  return lines.flatMap((line) => {
    const words = line.match(/[\p{L}_][\p{L}\p{N}_]*|[\d.]+|\*\*|\S/gu) ?? [];
    const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
    return pairs.filter((pair) => /[\p{L}_]/u.test(pair));
  });
}

/**
 * Of another text, the values that stand there still from the one before: they are made anew.
 * @param {Draft} draft
 * @param {Draft} shown that the graph shows, with all values that were kept beside it
 * @returns {string[]} their names
 */
export function strangersIn(draft, shown) {
  return isAnotherText(shown.text, draft.text) ? sameIn(draft, shown) : [];
}

/**
 * The values that a text reads, and that are as they were.
 * @param {Draft} draft
 * @param {Draft} before
 */
function sameIn(draft, before) {
  return KINDS.flatMap((kind) =>
    Object.entries(readOf(draft[kind], draft.text))
      .filter(([name, value]) => isSame(value, before.parameters[name] ?? before.constants[name]))
      .map(([name]) => name),
  );
}

/**
 * Those that the text before has read, too.
 * @param {Draft} draft
 * @param {Draft} before
 */
export function keptIn(draft, before) {
  const had = readOf({ ...before.parameters, ...before.constants }, before.text);
  return sameIn(draft, before).filter((name) => name in had);
}

/**
 * The draft beside a graph whose values have moved: it has them, but those that were typed in it.
 * @param {Draft} draft
 * @param {Draft} shown before
 * @param {Draft} now what the graph shows
 * @returns {Draft}
 */
export function rebased(draft, shown, now) {
  const [parameters, constants] = KINDS.map((kind) => {
    const values = Object.entries(draft[kind]).map(([name, value]) => [
      name,
      isSame(value, shown[kind][name]) ? (now[kind][name] ?? value) : value,
    ]);
    return Object.fromEntries(values);
  });
  return { ...draft, parameters, constants };
}

/**
 * Without the values that the text does not read.
 * @param {Draft} draft
 * @returns {Draft}
 */
export function withoutLeftovers({ text, parameters, constants }) {
  return { text, parameters: readOf(parameters, text), constants: readOf(constants, text) };
}

/**
 * @param {Draft} draft
 * @param {readonly string[]} names
 * @param {number} again how often they were made anew before: each time they are others
 * @returns {Draft}
 */
export function withNewValues(draft, names, again) {
  const [parameters, constants] = KINDS.map((kind) => {
    const values = Object.entries(draft[kind]).map(([name, value]) => {
      const at = names.indexOf(name);
      if (at < 0) return [name, value];
      const made = newValue(name, shapeOf(value), 3 * at + again);
      const isOld = isSame(made, value);
      return [name, isOld ? newValue(name, shapeOf(value), 3 * at + again + 1) : made];
    });
    return Object.fromEntries(values);
  });
  return { ...draft, parameters, constants };
}

/**
 * As another text has them: new values, and of each name it is guessed anew whether it is learned.
 * @param {Draft} draft
 * @param {readonly string[]} made
 * @returns {Draft}
 */
export function ownOf(draft, made) {
  const next = withNewValues(draft, made, 0);
  const all = Object.entries({ ...next.parameters, ...next.constants });
  const isLearned = (/** @type {string} */ name) =>
    made.includes(name) ? isLearnedAtFirst(name) : name in next.parameters;
  const parameters = Object.fromEntries(all.filter(([name]) => isLearned(name)));
  const constants = Object.fromEntries(all.filter(([name]) => !isLearned(name)));
  return { ...next, parameters, constants };
}

/** Whether a step moves anything. @param {Draft} draft */
export function isLearning({ text, parameters }) {
  return Object.keys(readOf(parameters, text)).length > 0;
}

/**
 * With the values of these names as they were.
 * @param {Draft} draft
 * @param {readonly string[]} names
 * @param {Draft} before
 * @returns {Draft}
 */
export function withOldValues(draft, names, before) {
  const old = Object.entries({ ...before.parameters, ...before.constants });
  const those = old.filter(([name]) => names.includes(name));
  const [parameters, constants] = KINDS.map((kind) => ({
    ...draft[kind],
    ...Object.fromEntries(those.filter(([name]) => name in draft[kind])),
  }));
  return { ...draft, parameters, constants };
}

/** @param {Value | undefined} one @param {Value | undefined} other */
function isSame(one, other) {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
