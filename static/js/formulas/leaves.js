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

/**
 * The values whose names stand in the text: what is left over waits until its name comes back.
 * @param {Values} values
 * @param {string} text
 * @returns {Values}
 */
export function readOf(values, text) {
  const words = wordsIn(text);
  return Object.fromEntries(Object.entries(values).filter(([name]) => words.has(name)));
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
  const entry = (/** @type {number} */ row, /** @type {number} */ column) =>
    old[row]?.[column] ?? FIRST_ENTRIES[(3 * row + column) % FIRST_ENTRIES.length];
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
  const said = detail.replace(/^line \d+, column \d+: /, "");
  return said.charAt(0).toUpperCase() + said.slice(1);
}
