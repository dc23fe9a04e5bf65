/**
 * Records as a table of numbers and words: which columns hold numbers, what they are called, and which cells cannot be
 * used. A line with a bad cell is told and left out; the others stay usable.
 */

import { count, spaced } from "../base/format.js";
import { sampled } from "../base/random-subset.js";
import { doubtful, numberOf, slip } from "../base/typed-number.js";
import { cut, MOST_FAULTS } from "./read-csv.js";

/** @typedef {import("./read-csv.js").Fault} Fault */
/** @typedef {"number" | "text"} Kind */
/** @typedef {"input" | "target" | "class" | "ignore"} Role what becomes of a column */
/** @typedef {{ rows: number, width: number, text_characters: number }} Limits of the catalog */
/**
 * @typedef {object} Table
 * @property {string[]} columns          their names
 * @property {Kind[]} kinds
 * @property {(number | string)[][]} rows the good ones
 * @property {number[]} lines            where each good row stands
 * @property {Fault[]} faults            the first hundred
 * @property {number} faultCount         all of them
 * @property {number} badRows            rows that are left out for a fault
 * @property {string[]} notes            what was done with the text that its reader should know
 * @property {string | null} problem     why nothing can be used, and what to do; null where rows can
 * @property {"line" | "row"} unit       what `line` of a fault counts
 * @property {Role[] | null} roles       where the text itself says them
 * @property {boolean[] | null} held     rows that the text itself holds back
 * @property {boolean} header            whether the first record was taken for names
 */
/** @typedef {import("../base/typed-number.js").Cell} Cell */

const MOSTLY = 0.5;
const SAMPLE_ROWS = 1000;
const MANY_COLUMNS = 200;
const MOST_NAME = 200;

/**
 * @param {string} problem
 * @param {Partial<Table>} [more]
 * @returns {Table}
 */
export function hopeless(problem, more = {}) {
  return { ...EMPTY, ...more, problem };
}

/** @type {Table} */
const EMPTY = {
  columns: [],
  kinds: [],
  rows: [],
  lines: [],
  faults: [],
  faultCount: 0,
  badRows: 0,
  notes: [],
  problem: null,
  unit: "line",
  roles: null,
  held: null,
  header: false,
};

/**
 * @param {Cell[][]} records
 * @param {number[]} lines where each of them stands
 * @param {{ limits: Limits, decimalComma?: boolean, header?: boolean | null, names?: string[] | null, faults?: Fault[], unit?: "line" | "row" }} options
 *   header: null means to see for oneself; names: those of the columns, where the text has them elsewhere
 * @returns {Table}
 */
export function tableOf(records, lines, options) {
  const { limits, decimalComma = false, names = null, unit = "line" } = options;
  const faults = [...(options.faults ?? [])];
  const header =
    !names && records.length > 0 && (options.header ?? hasHeader(records, decimalComma));
  const body = header ? records.slice(1) : records;
  const bodyLines = header ? lines.slice(1) : lines;
  const told = { faults, faultCount: faults.length, unit, header };
  const width = names?.length ?? widthOf(header ? [records[0]] : body);
  const columns = named(names ?? (header ? records[0].map(String) : []), width);
  if (body.length === 0)
    return hopeless(
      header
        ? `There is a line of names (${columns.slice(0, 4).join(", ")}${columns.length > 4 ? ", …" : ""}), and no row of numbers below it. Add at least one row.`
        : faults.length > 0
          ? "No line could be read. Mend what is told below."
          : "There is nothing in it. Paste rows of numbers, one example a line, with commas between them.",
      { ...told, columns },
    );
  if (width < 2)
    return hopeless(
      "There is only one column. A row needs at least one input and a target: put commas, semicolons or tabs between them.",
      { ...told, columns },
    );
  if (width > limits.width + 1)
    return hopeless(
      `There are ${spaced(width)} columns; a network takes at most ${spaced(limits.width)} inputs. Leave out columns, then open it again.`,
      { ...told, columns },
    );
  const tallies = columns.map((_, column) => tallyOf(body, column, decimalComma));
  const kinds = tallies.map((it) => it.kind);
  const table = checked(body, bodyLines, columns, kinds, decimalComma, faults, limits);
  const notes = width >= MANY_COLUMNS ? [wide(width)] : [];
  const mixed = columns.filter((_, at) => kinds[at] === "text" && tallies[at].numbers > 0);
  if (mixed.length > 0) notes.push(mixture(mixed));
  notes.push(...tallies.flatMap(({ doubt }) => doubt ?? []).slice(0, 1));
  const problem =
    table.rows.length === 0
      ? `Of ${spaced(body.length)} ${body.length === 1 ? "row" : "rows"} none can be used. Mend what is told below, then try again.`
      : null;
  return { ...EMPTY, ...told, columns, kinds, notes, problem, ...table };
}

/** @param {number} width */
function wide(width) {
  return `${spaced(width)} columns are many: the matrices are drawn as heat maps, and training takes longer. Set aside those that do not matter.`;
}

/** @param {string[]} names */
function mixture(names) {
  const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
  return `Numbers stand beside words in ${names.slice(0, 4).join(", ")}${more}, and are no more than half: all is read as words there.`;
}

/**
 * Rows and faults, cell by cell.
 * @param {Cell[][]} records
 * @param {number[]} at
 * @param {string[]} columns
 * @param {Kind[]} kinds
 * @param {boolean} decimalComma
 * @param {Fault[]} faults
 * @param {Limits} limits
 */
function checked(records, at, columns, kinds, decimalComma, faults, limits) {
  const { text_characters: most } = limits;
  /** @type {(number | string)[][]} */
  const rows = [];
  /** @type {number[]} */
  const lines = [];
  let faultCount = faults.length;
  let badRows = faults.length;
  /** @param {Fault} fault */
  const tell = (fault) => {
    faultCount += 1;
    if (faults.length < MOST_FAULTS) faults.push(fault);
  };
  const width = columns.length;
  records.forEach((record, index) => {
    const line = at[index];
    const before = faultCount;
    if (record.length !== width && !onlyBlank(record, width)) {
      const message = `This row has ${count(record.length, "cell")}, but there are ${width} columns.`;
      tell({ line, column: null, text: cut(record.join(", ")), message });
    }
    const row = [];
    for (let column = 0; column < width && faultCount === before; column++) {
      const cell = record[column];
      const value = kinds[column] === "number" ? numberOf(cell, decimalComma) : word(cell, most);
      row.push(value);
    }
    if (faultCount === before)
      row.forEach((value, column) => {
        if (value !== "" && !Number.isNaN(value)) return;
        const text = cut(String(record[column] ?? "").trim());
        tell({
          line,
          column: column + 1,
          text,
          message: complaint(text, columns[column], kinds[column]),
        });
      });
    if (faultCount > before) badRows += 1;
    else {
      rows.push(row);
      lines.push(line);
    }
  });
  faults.sort((a, b) => a.line - b.line);
  return { rows, lines, faults, faultCount, badRows };
}

/**
 * @param {string} text
 * @param {string} name
 * @param {Kind} kind
 */
function complaint(text, name, kind) {
  if (text === "") return `${name} is empty. Put a ${kind === "number" ? "number" : "word"} there.`;
  const wrong = slip(text);
  if (wrong) return `${name} is “${text}”, which ${wrong}.`;
  return `${name} is “${text}”, but this column holds numbers. Write a number such as 0.5.`;
}

/**
 * As long as a name may be: words that begin alike are not taken for one.
 * @param {Cell} cell
 * @param {number} most
 */
function word(cell, most) {
  const text = String(cell ?? "").trim();
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * Whether a record is too long by nothing but empty cells, as spreadsheets leave them.
 * @param {Cell[]} record
 * @param {number} width
 */
function onlyBlank(record, width) {
  return (
    record.length > width && record.slice(width).every((cell) => String(cell ?? "").trim() === "")
  );
}

/**
 * A column holds numbers where more than half of its cells that are not empty are numbers, or are meant as such.
 * @param {Cell[][]} records
 * @param {number} column
 * @param {boolean} decimalComma
 * @returns {{ kind: Kind, numbers: number, doubt: string | null }} doubt: about what a comma within a number means
 */
function tallyOf(records, column, decimalComma) {
  let [numbers, meant, cells] = [0, 0, 0];
  let digits = false;
  let doubt = null;
  for (const row of sampled(records.length, SAMPLE_ROWS)) {
    const cell = records[row][column] ?? "";
    if (String(cell).trim() === "") continue;
    cells += 1;
    if (!Number.isNaN(numberOf(cell, decimalComma))) {
      numbers += 1;
      if (decimalComma) doubt ??= doubtful(cell);
    } else if (slip(cell)) {
      meant += 1;
      digits ||= /\d/.test(String(cell));
    }
  }
  // "inf" and "nan" alone, without one digit in the column, are words like any others.
  const some = numbers > 0 || digits;
  const kind = (some && numbers + meant > cells * MOSTLY) || cells === 0 ? "number" : "text";
  return { kind, numbers, doubt };
}

/**
 * @param {Cell} cell
 * @param {boolean} decimalComma
 */
function meansNumber(cell, decimalComma) {
  return !Number.isNaN(numberOf(cell, decimalComma)) || slip(cell) !== null;
}

/**
 * The first record is a line of names where none of its cells is a number, and either a column below it holds numbers or
 * none of its words comes again.
 * @param {Cell[][]} records
 * @param {boolean} decimalComma
 */
function hasHeader([first, ...rest], decimalComma) {
  if (!first || first.some((cell) => meansNumber(cell, decimalComma))) return false;
  if (first.every((cell) => typeof cell !== "string" || cell.trim() === "")) return false;
  if (rest.length === 0) return true;
  if (first.some((_, column) => tallyOf(rest, column, decimalComma).kind === "number")) return true;
  return first.every((cell, column) => !rest.some((record) => record[column] === cell));
}

/**
 * The number of cells that most records have.
 * @param {Cell[][]} records
 */
function widthOf(records) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((best, it) => (it[1] > best[1] ? it : best), [0, 0])[0];
}

/**
 * Names for the columns: none is empty, none comes twice.
 * @param {string[]} names
 * @param {number} width
 */
function named(names, width) {
  /** @type {Set<string>} */
  const taken = new Set();
  return Array.from({ length: width }, (_, column) => {
    const plain = (names[column] ?? "").trim().slice(0, MOST_NAME - 6) || `column ${column + 1}`;
    let name = plain;
    for (let again = 2; taken.has(name); again++) name = `${plain} (${again})`;
    taken.add(name);
    return name;
  });
}
