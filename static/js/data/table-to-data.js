/**
 * A table as the data of an experiment: what becomes of each column, which rows are held back, how inputs are scaled.
 */

import { count, spaced } from "../base/format.js";

/** @typedef {import("./table.js").Table} Table */
/** @typedef {import("./table.js").Role} Role */
/** @typedef {import("../server/wire.js").components["schemas"]["Data"]} Data */
/**
 * @typedef {object} Choice
 * @property {Role[]} roles      of the columns
 * @property {number} heldEvery  every so manieth row, of each class where there is one, is held back; 0: none
 * @property {boolean} scale     inputs to mean 0 and standard deviation 1
 */
/** @typedef {{ data: Data, notes: string[] } | { problem: string }} Made */

const MOST_CLASSES = 20;
const FEW_ROWS_EACH = 3;
/** Rounding spreads a column that never changes by about this share of its mean. */
const FLAT = 1e-12;

/**
 * What each column most likely is: the last one of words, or of a few whole numbers, the class; else the last the target.
 * @param {Table} table
 * @returns {Role[]}
 */
export function guessRoles(table) {
  if (table.roles) return table.roles;
  const columns = table.columns.map((_, at) => at);
  const words = columns.filter(
    (at) => table.kinds[at] === "text" && classesOf(table, at).length <= MOST_CLASSES,
  );
  const last = columns[columns.length - 1];
  const named =
    words.length > 0 ? words[words.length - 1] : looksLikeClass(table, last) ? last : null;
  return columns.map((at) => {
    if (at === named) return "class";
    if (table.kinds[at] === "text") return "ignore";
    return named === null && at === last ? "target" : "input";
  });
}

/**
 * A few whole numbers from 0 or 1 on, each of them several times.
 * @param {Table} table
 * @param {number} column
 */
function looksLikeClass(table, column) {
  const classes = classesOf(table, column).map(Number);
  const whole = classes.every((it) => Number.isInteger(it) && it >= 0 && it <= MOST_CLASSES);
  return whole && classes.length > 1 && classes.length * FEW_ROWS_EACH <= table.rows.length;
}

/**
 * The different values of a column: numbers by size, words as they come.
 * @param {Table} table
 * @param {number} column
 */
export function classesOf(table, column) {
  const values = [...new Set(table.rows.map((row) => row[column]))];
  return table.kinds[column] === "number" ? values.sort((a, b) => Number(a) - Number(b)) : values;
}

/**
 * @param {Table} table
 * @param {Choice} choice
 * @returns {Made}
 */
export function dataOf(table, { roles, heldEvery, scale }) {
  const [inputs, targets, named] = /** @type {const} */ (["input", "target", "class"]).map((role) =>
    roles.flatMap((it, at) => (it === role ? [at] : [])),
  );
  const problem = problemOf(table, inputs, targets, named);
  if (problem) return { problem };
  const classes = named.length > 0 ? classesOf(table, named[0]) : null;
  const place = new Map(classes?.map((it, at) => [it, at]));
  const x = table.rows.map((row) => inputs.map((at) => Number(row[at])));
  /** The class of each row; one for all where there are numbers to learn. */
  const kinds = table.rows.map((row) => (classes ? (place.get(row[named[0]]) ?? 0) : 0));
  const isHeld = heldRows(table, heldEvery, kinds);
  const y = table.rows.map((row, at) =>
    classes ? oneHot(kinds[at], classes.length) : targets.map((it) => Number(row[it])),
  );
  const scaled = scale ? standardized(x, isHeld) : x;
  const kept = isHeld.flatMap((held, at) => (held ? [] : [at]));
  const back = isHeld.flatMap((held, at) => (held ? [at] : []));
  if (kept.length === 0)
    return { problem: "Every row is held back. Leave at least one to learn from." };
  /** @type {Data} */
  const data = {
    x: kept.map((at) => scaled[at]),
    y: kept.map((at) => y[at]),
    features: inputs.map((at) => table.columns[at]),
    classes: (classes ?? targets.map((at) => table.columns[at])).map(String),
    ...(back.length > 0
      ? { held_back: { x: back.map((at) => scaled[at]), y: back.map((at) => y[at]) } }
      : {}),
  };
  const notes = [];
  if (back.length > 0) notes.push(heldWords(isHeld, kinds, classes));
  else if (heldEvery > 0)
    notes.push(
      `No row is held back: ${classes ? "no class has" : "there are not"} ${heldEvery} rows.`,
    );
  if (scale)
    notes.push(
      "Each input is x ← (x − mean) / sd, with the mean and the standard deviation of the rows that are learned from.",
    );
  return { data, notes };
}

/**
 * How many rows are held back; of each class, where there is one.
 * @param {boolean[]} isHeld
 * @param {number[]} kinds the class of each row
 * @param {(string | number)[] | null} classes
 */
function heldWords(isHeld, kinds, classes) {
  const of = (classes ?? [""]).map(() => ({ held: 0, all: 0 }));
  kinds.forEach((kind, at) => {
    of[kind].all += 1;
    if (isHeld[at]) of[kind].held += 1;
  });
  const counts = of.map(({ held, all }) => `${spaced(held)} of ${spaced(all)}`);
  if (!classes) return `Held back: ${counts[0]} rows.`;
  return `Held back, by class: ${counts.map((words, at) => `${classes[at]} ${words}`).join(", ")}.`;
}

/**
 * @param {Table} table
 * @param {number[]} inputs
 * @param {number[]} targets
 * @param {number[]} named
 */
function problemOf(table, inputs, targets, named) {
  /** @param {number} at */
  const name = (at) => table.columns[at];
  const wordy = [...inputs, ...targets].find((at) => table.kinds[at] === "text");
  if (wordy !== undefined)
    return `${name(wordy)} holds words. An input or a target must be numbers: make it the class, or set it aside.`;
  if (inputs.length === 0) return "No column is an input. Choose at least one.";
  if (targets.length + named.length === 0)
    return "No column is what the network should learn. Make one the class or a target.";
  if (named.length > 1)
    return `${named.map(name).join(" and ")} are both the class. Choose one of them.`;
  if (named.length > 0 && targets.length > 0)
    return `Choose either a class (${name(named[0])}) or targets (${targets.map(name).join(", ")}), not both.`;
  if (named.length === 0) return null;
  const { length } = classesOf(table, named[0]);
  if (length === 1)
    return `${name(named[0])} is the same in every row. A class needs at least two values.`;
  return length > MOST_CLASSES
    ? `${name(named[0])} has ${count(length, "different value")}; a class has at most ${MOST_CLASSES}. Make it a target, or choose another column.`
    : null;
}

/**
 * @param {number} at
 * @param {number} length
 */
export function oneHot(at, length) {
  return Array.from({ length }, (_, index) => (index === at ? 1 : 0));
}

/**
 * Every n-th row of each class, the same every time; in a text that says itself what is held back, that.
 * @param {Table} table
 * @param {number} every
 * @param {number[]} kinds the class of each row
 * @returns {boolean[]}
 */
function heldRows({ held }, every, kinds) {
  if (held?.some(Boolean)) return held;
  /** @type {Map<number, number>} */
  const met = new Map();
  // Counted class by class: where two of them take turns, every second row would be all of one.
  return kinds.map((kind) => {
    const number = (met.get(kind) ?? 0) + 1;
    met.set(kind, number);
    return every > 0 && number % every === 0;
  });
}

/**
 * Column by column (x − mean) / sd over the rows that are learned from; a column that never changes becomes 0.
 * @param {number[][]} x
 * @param {boolean[]} isHeld
 */
function standardized(x, isHeld) {
  const learned = x.filter((_, at) => !isHeld[at]);
  const rows = Math.max(1, learned.length);
  const means = x[0].map((_, c) => learned.reduce((sum, row) => sum + row[c] / rows, 0));
  const spreads = means.map((mean, c) =>
    Math.sqrt(learned.reduce((sum, row) => sum + (row[c] - mean) ** 2 / rows, 0)),
  );
  return x.map((row) =>
    row.map((value, c) =>
      spreads[c] > FLAT * Math.abs(means[c]) ? (value - means[c]) / spreads[c] : 0,
    ),
  );
}
