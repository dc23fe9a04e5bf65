/**
 * A pasted text, or the bytes of a file, as a table: CSV or JSON, whatever it is; and where it is neither, what to do.
 */

import { count, spaced } from "../base/format.js";
import { sampled } from "../base/random-subset.js";
import { delimiterOf, reading } from "./read-csv.js";
import { jsonTable } from "./read-json.js";
import { hopeless, tableOf } from "./table.js";

/** @typedef {import("./table.js").Table} Table */
/** @typedef {import("./table.js").Limits} Limits */
/** @typedef {{ limits: Limits, delimiter?: string | null, header?: boolean | null }} Options null: guessed */

/** Bytes of a file: more than the rows that fit would ever take. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** What the first bytes of a file say that it is. @type {{ bytes: number[], kind: string, advice: string }[]} */
const SIGNATURES = [
  {
    bytes: [0x50, 0x4b, 3, 4],
    kind: "a spreadsheet (xlsx, ods) or a zip archive",
    advice: "Open it where it was made, choose Save as… CSV, and open that file here.",
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    kind: "an old spreadsheet (xls)",
    advice: "Open it where it was made, choose Save as… CSV, and open that file here.",
  },
  {
    bytes: [0x89, 0x50, 0x4e, 0x47],
    kind: "a picture (PNG)",
    advice:
      "Draw a picture of your own under Draw, or open a CSV file with one number for each pixel.",
  },
  {
    bytes: [0xff, 0xd8, 0xff],
    kind: "a picture (JPEG)",
    advice:
      "Draw a picture of your own under Draw, or open a CSV file with one number for each pixel.",
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46],
    kind: "a PDF",
    advice: "Select the table in it, copy it, and paste it here.",
  },
  {
    bytes: [0x1f, 0x8b],
    kind: "a compressed file (gzip)",
    advice: "Unpack it first, then open what was inside.",
  },
];

/**
 * The text in a file's bytes; or why there is none, and what to do.
 * @param {Uint8Array} bytes
 * @returns {{ text: string, note: string | null } | { problem: string }}
 */
export function textIn(bytes) {
  if (bytes.length > MOST_BYTES)
    return {
      problem: `This file has ${spaced(Math.round(bytes.length / 1024 / 1024))} MB; at most ${MOST_BYTES / 1024 / 1024} can be read. Keep a part of its lines.`,
    };
  const known = SIGNATURES.find((it) => it.bytes.every((byte, at) => bytes[at] === byte));
  if (known) return { problem: `This is ${known.kind}, not text. ${known.advice}` };
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : null;
  if (wide) return { text: new TextDecoder(wide).decode(bytes), note: null };
  if (bytes.includes(0)) return { problem: NOT_TEXT };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), note: null };
  } catch {
    // Older spreadsheets write one byte a letter; what has control characters in it is no text at all.
    if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return { problem: NOT_TEXT };
    const text = new TextDecoder("windows-1252").decode(bytes);
    return {
      text,
      note: "The file is not in UTF-8; it was read as Windows-1252. Where letters look wrong, save it as CSV UTF-8.",
    };
  }
}

const NOT_TEXT =
  "This file is not text. What can be opened is CSV (one example a line, commas between the cells) or JSON. From a spreadsheet: Save as… CSV.";

/**
 * The table in a text, a slice at a time: it yields how much is read, from 0 to 1.
 * @param {string} text
 * @param {Options} options
 * @returns {Generator<number, Table>}
 */
export function* readingTable(text, options) {
  if (text.includes("\0")) return hopeless(NOT_TEXT);
  const start = text.trimStart()[0] ?? "";
  if (start === "")
    return hopeless(
      "There is nothing in it. Paste rows of numbers, one example a line, with commas between them.",
    );
  if (start === "{" || start === "[")
    return limited(jsonTable(text, options.limits), options.limits);
  const delimiter = options.delimiter ?? delimiterOf(text);
  const { records, lines, empty, faults } = yield* reading(text, delimiter);
  yield 1;
  const decimalComma = delimiter !== ",";
  const { limits, header } = options;
  const table = tableOf(records, lines, { limits, header, faults, decimalComma });
  const notes = empty.length > 0 ? [...table.notes, emptied(empty)] : table.notes;
  return limited({ ...table, notes }, limits);
}

/** @param {number[]} lines */
function emptied(lines) {
  const shown = lines.slice(0, 5).map(spaced).join(", ");
  if (lines.length === 1) return `Line ${shown} holds delimiters only: it is empty, and left out.`;
  return `${count(lines.length, "line")} hold delimiters only (${shown}${lines.length > 5 ? ", …" : ""}): they are empty, and left out.`;
}

/**
 * No more rows than fit, drawn at random: files are often sorted by class, or go from one class to the next in turn.
 * @param {Table} table
 * @param {Limits} limits
 * @returns {Table}
 */
function limited(table, { rows: most }) {
  const { length } = table.rows;
  if (length <= most) return table;
  const kept = sampled(length, most);
  const note = `${count(length, "row")} are more than the ${spaced(most)} that fit: ${spaced(most)} of them are taken, drawn at random, the same each time, in the order of the file.`;
  return {
    ...table,
    rows: kept.map((at) => table.rows[at]),
    lines: kept.map((at) => table.lines[at]),
    held: table.held && kept.map((at) => table.held?.[at] ?? false),
    notes: [note, ...table.notes],
  };
}
