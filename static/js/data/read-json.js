/**
 * A JSON text as a table: a list of objects, a list of lists, or {x, y} with or without names, as an experiment has them.
 */

import { hopeless, tableOf } from "./table.js";

/** @typedef {import("./table.js").Table} Table */
/** @typedef {import("./table.js").Limits} Limits */
/** @typedef {import("./table.js").Cell} Cell */
/** @typedef {Record<string, unknown>} Given */

const FORMS =
  "Give a list of rows, such as [[0.5, 0.8, 1], …], a list of objects with the same names, or {x: […], y: […]}.";

/**
 * @param {string} text
 * @param {Limits} limits
 * @returns {Table}
 */
export function jsonTable(text, limits) {
  /** @type {unknown} */
  let given;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return hopeless(`This begins like JSON, but is not valid: ${where(text, error)}`);
  }
  if (Array.isArray(given)) return listTable(given, limits);
  const found = dataIn(/** @type {Given} */ (given));
  return found ? dataTable(found, limits) : hopeless(`There are no rows in this JSON. ${FORMS}`);
}

/**
 * The place that the parser complains of, where it names one.
 * @param {string} text
 * @param {unknown} error
 */
function where(text, error) {
  const message = error instanceof Error ? error.message : "";
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined)
    return "it ends too early, or a bracket, comma or quotation mark is missing.";
  const before = text.slice(0, Number(position)).split("\n");
  const line = before.length;
  return `look at line ${line}, character ${before[line - 1].length + 1}. Often a comma or a quotation mark is missing there, or one is too many.`;
}

/**
 * A whole experiment has the data inside.
 * @param {Given} given
 * @returns {Given | null}
 */
function dataIn(given) {
  /** @type {unknown} */
  let within = given;
  while (within && typeof within === "object" && !Array.isArray(within)) {
    const { x, y, data, experiment } = /** @type {Given} */ (within);
    if (Array.isArray(x) && Array.isArray(y)) return /** @type {Given} */ (within);
    within = data ?? /** @type {Given | undefined} */ (experiment)?.data;
  }
  return null;
}

/**
 * @param {unknown[]} list
 * @param {Limits} limits
 */
function listTable(list, limits) {
  const lines = list.map((_, index) => index + 1);
  if (list.length > 0 && list.every((it) => Array.isArray(it)))
    return tableOf(list.map(cells), lines, { limits, unit: "row" });
  if (list.length === 0 || !list.every((it) => it && typeof it === "object" && !Array.isArray(it)))
    return hopeless(
      `${list.length === 0 ? "The list is empty." : "Not every row of this JSON is a list, nor is every one an object."} ${FORMS}`,
    );
  const objects = /** @type {Given[]} */ (list);
  const names = [...new Set(objects.flatMap((it) => Object.keys(it)))];
  const records = objects.map((it) => names.map((name) => cell(it[name])));
  return tableOf(records, lines, { limits, names, unit: "row" });
}

/**
 * x and y side by side, then the rows held back.
 * @param {Given} given
 * @param {Limits} limits
 */
function dataTable(given, limits) {
  const held = /** @type {Given} */ (given.held_back ?? {});
  const [x, y] = [given.x, given.y].map(matrix);
  const [heldX, heldY] = [held.x ?? [], held.y ?? []].map(matrix);
  if (!x || !y || !heldX || !heldY)
    return hopeless("x and y must be lists of rows, such as x: [[0.5, 0.8]], y: [[1, 0]].");
  if (x.length !== y.length)
    return hopeless(
      `x has ${x.length} rows, but y has ${y.length}: each row of x needs its row of y.`,
    );
  if (heldX.length !== heldY.length)
    return hopeless(
      `held_back has ${heldX.length} rows of x, but ${heldY.length} of y: each row of x needs its row of y.`,
    );
  const records = [
    ...x.map((row, at) => [...row, ...y[at]]),
    ...heldX.map((row, at) => [...row, ...heldY[at]]),
  ];
  const inputs = x[0]?.length ?? 0;
  const outputs = y[0]?.length ?? 0;
  const names = [...namesOf(given.features, inputs, "x"), ...namesOf(given.classes, outputs, "y")];
  const lines = records.map((_, index) => index + 1);
  const table = tableOf(records, lines, { limits, names, unit: "row" });
  if (table.problem) return table;
  const roles = names.map((_, at) => (at < inputs ? /** @type {const} */ ("input") : "target"));
  return { ...table, roles, held: table.lines.map((line) => line > x.length) };
}

/**
 * @param {unknown} value
 * @param {number} width
 * @param {string} letter
 */
function namesOf(value, width, letter) {
  const names = Array.isArray(value) && value.length === width ? value : null;
  return Array.from({ length: width }, (_, at) => (names ? String(names[at]) : `${letter}${at}`));
}

/**
 * A list of numbers counts as a column.
 * @param {unknown} value
 * @returns {Cell[][] | null}
 */
function matrix(value) {
  if (!Array.isArray(value)) return null;
  return value.map((row) => (Array.isArray(row) ? cells(row) : [cell(row)]));
}

/** @param {unknown[]} row */
function cells(row) {
  return row.map(cell);
}

/**
 * Yes and no are words; what is nested is written out, to be told as a fault.
 * @param {unknown} value
 * @returns {Cell}
 */
function cell(value) {
  if (typeof value === "number" || typeof value === "string") return value;
  return value === null || value === undefined ? null : written(value);
}

/** @param {unknown} value */
function written(value) {
  try {
    return JSON.stringify(value);
  } catch {
    return "[…]"; // nested more deeply than can be written
  }
}
