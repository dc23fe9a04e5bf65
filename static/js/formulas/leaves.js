/**
 * The values that a text of formulas reads: which names it has, what shape a value is of, and another shape for it that keeps
 * what fits. What a text means is the server's to say.
 */

/** @typedef {number | number[] | number[][]} Value */
/** @typedef {Record<string, Value>} Values */
/** @typedef {{ text: string, parameters: Values, constants: Values }} Draft */
/** @typedef {{ pointer: string, detail: string, line?: number | null, column?: number | null }} Fault */

/** What new entries of a value are: small, and no two neighbours alike, so that gradients differ. */
const FIRST_ENTRIES = [0.5, -0.3, 0.8, 0.2, -0.6, 0.4, -0.1, 0.7];
/** What numbers of such names are, that cannot be just any. @type {Record<string, number>} */
const USUAL = { eps: 1e-5, epsilon: 1e-5, tau: 1, temperature: 1, lam: 0.01, lambda_: 0.01 };
/** Along one axis, of what is typed in by hand. */
export const MOST_TYPED = 12;

/**
 * The words of a text that may be names, comments left out.
 * @param {string} text
 * @returns {Set<string>}
 */
export function wordsIn(text) {
  const bare = text.replace(/#.*$/gm, "");
  return new Set(bare.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
}

/** A line that gives a name a value: `z = …`, not `z == …`. */
const ASSIGNED = /^[ \t]*([\p{L}_][\p{L}\p{N}_]*)[ \t]*(?::[^=\n]*)?=(?!=)/u;

/** Names that lines give a value. @param {string} text */
function assignedIn(text) {
  return new Set(text.split("\n").flatMap((line) => ASSIGNED.exec(line)?.[1] ?? []));
}

/**
 * By line, the name that it is of; one that goes on in brackets is of the same. "" before the first, and of comments.
 * @param {string} text
 */
export function lineNames(text) {
  let name = "";
  return text.split("\n").map((line) => {
    if (/^\s*(#|$)/.test(line)) return "";
    name = ASSIGNED.exec(line)?.[1] ?? name;
    return name;
  });
}

/**
 * The values whose names stand in the text, and get none from a line: what is left over waits until its name comes back.
 * @param {Values} values
 * @param {string} text
 * @returns {Values}
 */
export function readOf(values, text) {
  const [words, assigned] = [wordsIn(text), assignedIn(text)];
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => words.has(name) && !assigned.has(name)),
  );
}

/**
 * The names that faults say have no value.
 * @param {readonly Fault[]} faults
 * @returns {string[]}
 */
export function missingIn(faults) {
  const names = faults.flatMap(
    ({ detail }) => /`([^`]+)` is read in line \d+ but has no value/.exec(detail)?.[1] ?? [],
  );
  return [...new Set(names)];
}

/** @param {Value} value @returns {number[]} none of a number, one of a vector */
export function shapeOf(value) {
  if (!Array.isArray(value)) return [];
  return Array.isArray(value[0]) ? [value.length, value[0].length] : [value.length];
}

/** @param {Value} value "2 × 3", "3", "number" */
export function shapeWords(value) {
  const shape = shapeOf(value);
  return shape.length === 0 ? "number" : shape.join(" × ");
}

/**
 * A shape as it is typed: "2 × 3", "2x3", "2, 3", "3", "number" or nothing.
 * @param {string} typed
 * @returns {number[] | null} null where it is none
 */
export function shapeIn(typed) {
  const text = typed.trim().toLowerCase();
  if (text === "" || text === "number" || text === "()") return [];
  const found = /^[([]?\s*(\d{1,4})\s*(?:(?:×|x|\*|,|by|\s)\s*(\d{1,4})?)?\s*[)\]]?$/.exec(text);
  if (!found) return null;
  const shape = found.slice(1).flatMap((it) => (it === undefined ? [] : [Number(it)]));
  return shape.every((size) => size >= 1) ? shape : null;
}

/**
 * The value in another shape: entries that remain keep their places.
 * @param {Value} value
 * @param {readonly number[]} shape
 * @returns {Value}
 */
export function reshaped(value, shape) {
  const old = rowsOf(value);
  return filled(shape, (row, column) => old[row]?.[column] ?? firstEntry(3 * row + column));
}

/** @param {number} at */
function firstEntry(at) {
  return FIRST_ENTRIES[at % FIRST_ENTRIES.length];
}

/**
 * A value to begin with.
 * @param {string} name
 * @param {readonly number[]} shape
 * @param {number} seed another makes other numbers
 * @returns {Value}
 */
export function newValue(name, shape, seed) {
  if (shape.length === 0 && name in USUAL) return USUAL[name];
  return filled(shape, (row, column) => firstEntry(3 * row + column + seed));
}

/**
 * @param {readonly number[]} shape
 * @param {(row: number, column: number) => number} entry
 * @returns {Value}
 */
function filled(shape, entry) {
  const line = (/** @type {number} */ row, /** @type {number} */ length) =>
    Array.from({ length }, (_, column) => entry(row, column));
  if (shape.length === 0) return entry(0, 0);
  if (shape.length === 1) return line(0, shape[0]);
  return Array.from({ length: shape[0] }, (_, row) => line(row, shape[1]));
}

/** @param {Value} value @returns {number[][]} as a matrix: a number is 1 × 1, a vector one row */
export function rowsOf(value) {
  if (!Array.isArray(value)) return [[value]];
  return Array.isArray(value[0])
    ? /** @type {number[][]} */ (value)
    : [/** @type {number[]} */ (value)];
}

/**
 * The text line by line, each with the faults that are in it.
 * @param {string} text
 * @param {readonly Fault[]} faults
 */
export function linesOf(text, faults) {
  return text.split("\n").map((line, at) => ({
    line,
    number: at + 1,
    faults: faults.filter((it) => it.line === at + 1),
  }));
}

/** A fault's sentence without its place, for where it stands beside it. @param {Fault} fault */
export function sentenceOf({ detail }) {
  const [name] = missingIn([{ pointer: "", detail }]);
  if (name) return `${name} has no value yet`;
  const said = detail.replace(/^line \d+, column \d+: /, "");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** Names that people give to what is not learned: inputs, targets, small numbers. */
const GIVEN =
  /^(x|y|t|X|Y|T|E|x_?\d+|y_?\d+|t_?\d+|inputs?|targets?|labels?|mask|eps|epsilon|tau|temperature|lam|lambda_?)$/;

/**
 * Whether a step moves a new value of that name, until the reader says otherwise.
 * @param {string} name
 */
export function isLearnedAtFirst(name) {
  return !GIVEN.test(name);
}

/**
 * Numbers that are pasted: `[[1, 2], [3, 4]]` as Python writes it, or rows of a table with tabs, commas or spaces between.
 * @param {string} text
 * @returns {Value | null} null where they are none, or rows of different length
 */
export function pastedValue(text) {
  const rows = text.trim().startsWith("[") ? listed(text) : tabled(text);
  if (rows === null) return null;
  const isEven = rows.every((row) => row.length === rows[0].length && row.length > 0);
  const isNumbers = rows.flat().every((it) => typeof it === "number" && Number.isFinite(it));
  if (!isEven || !isNumbers || rows.flat().length < 2) return null;
  const isVector = rows.length === 1 && !/^\s*\[\s*\[/.test(text);
  return isVector ? rows[0] : rows;
}

/** @param {string} text @returns {number[][] | null} */
function listed(text) {
  try {
    const found = JSON.parse(text.trim().replace(/(\d)\.(?=[\s,\]])/g, "$1.0"));
    return Array.isArray(found[0]) ? found : [found];
  } catch {
    return null;
  }
}

/** @param {string} text */
function tabled(text) {
  const lines = text.trim().split(/\r?\n/);
  return lines.map((line) =>
    line
      .trim()
      .split(/[\t,; ]+/)
      .map((it) => (it === "" ? Number.NaN : Number(it))),
  );
}
