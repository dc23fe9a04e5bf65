/** Files that nobody exported: every one gives rows or a report of what is wrong, never a fault; and no row is lost unsaid. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf, DELIMITERS, finished, recordsOf } from "../../../static/js/data/read-csv.js";
import { readingTable, textIn } from "../../../static/js/data/read-text.js";
import { dataOf, guessRoles } from "../../../static/js/data/table-to-data.js";
import { generator, holds } from "../support.js";

/** @typedef {import("../support.js").Generator} Generator */
/** @typedef {import("../../../static/js/data/table.js").Table} Table */

const FILES = Number(process.env.BACKPROP_FUZZ ?? 500);
const FIRST = process.env.BACKPROP_FUZZ ? Math.floor(Date.now() / 86_400_000) * 100_000 : 0;
const limits = { rows: 10_000, width: 1024, text_characters: 200 };
const CELLS = [
  "1",
  "0.5",
  "−2",
  "1e-3",
  "1,5",
  "1,000",
  "NaN",
  "inf",
  "",
  " ",
  "red",
  "blau",
  "é🙂",
];
const ODD = [
  'a"b',
  '"',
  '""',
  "a\nb",
  "\u0000",
  "\u2028",
  "\ud800",
  "=1+1",
  "<b>",
  "9".repeat(400),
];
const SPOILERS = [
  '"',
  '""',
  "\n",
  "\r",
  "\r\n",
  ",",
  ";",
  "\t",
  " ",
  "\ufeff",
  "{",
  "[",
  "\u0000",
  "x",
];

/** @param {Generator} random */
function spoiledText(random) {
  const width = random.whole(1, 6);
  const cells = random.chance(0.3) ? [...CELLS, ...ODD] : CELLS;
  const rows = Array.from({ length: random.whole(0, 12) }, () =>
    Array.from({ length: random.chance(0.9) ? width : random.whole(0, 9) }, () =>
      random.chance(0.5) ? String(random.whole(-9, 9)) : random.pick(cells),
    ),
  );
  let text = csvOf(rows, random.pick(DELIMITERS));
  if (random.chance(0.3)) text = text.replaceAll("\r\n", random.pick(["\n", "\r"]));
  for (let spoils = random.pick([0, 0, 1, 2, 5]); spoils > 0; spoils--) {
    const at = random.whole(0, text.length);
    text = text.slice(0, at) + random.pick(SPOILERS) + text.slice(at + random.whole(0, 2));
  }
  return text;
}

/**
 * @param {Generator} random
 * @param {string} text
 * @returns {Uint8Array}
 */
function encoded(random, text) {
  const units = Uint16Array.from(text, (it) => it.charCodeAt(0));
  const wide = new Uint8Array(units.buffer);
  switch (random.whole(0, 4)) {
    case 0:
      return Uint8Array.from([0xff, 0xfe, ...wide]);
    case 1:
      return Uint8Array.from([
        0xfe,
        0xff,
        ...wide.map((_, at) => wide[at % 2 === 0 ? at + 1 : at - 1]),
      ]);
    case 2: // one byte a letter, as older programs write
      return Uint8Array.from(text, (it) => it.charCodeAt(0) & 0xff);
    default: {
      const bytes = new TextEncoder().encode(text);
      if (random.chance(0.3) && bytes.length > 0)
        bytes[random.whole(0, bytes.length - 1)] = random.whole(0, 255);
      return random.chance(0.2) ? bytes.slice(0, random.whole(0, bytes.length)) : bytes;
    }
  }
}

/**
 * Rows that are whole, or words that say what is wrong.
 * @param {Table} table
 */
function isWhole(table) {
  const { rows, lines, kinds, columns, faults, faultCount, problem } = table;
  if (problem !== null) return assert.match(problem, /^[A-Z“].{15,600}\.$/s);
  assert.ok(rows.length > 0 && columns.length > 1);
  assert.equal(lines.length, rows.length);
  assert.equal(kinds.length, columns.length);
  assert.ok(lines.every((it, at) => at === 0 || it > lines[at - 1]));
  for (const row of rows)
    row.forEach((cell, at) => {
      assert.ok(kinds[at] === "number" ? Number.isFinite(cell) : typeof cell === "string");
    });
  for (const row of rows) assert.equal(row.length, columns.length);
  assert.equal(faults.length, Math.min(faultCount, 100));
  for (const { line, message } of faults) assert.ok(line > 0 && message.length < 400, message);
}

test("any bytes give rows or a report, and rows make data or say why not", () => {
  holds(FILES, (seeded) => {
    const random = generator(FIRST + seeded.whole(0, 2 ** 31));
    const read = textIn(encoded(random, spoiledText(random)));
    if ("problem" in read) return assert.match(read.problem, /\w.*\./);
    const table = finished(
      readingTable(read.text, {
        limits,
        header: random.pick([null, true, false]),
        delimiter: random.pick([null, null, ...DELIMITERS]),
      }),
    );
    isWhole(table);
    if (table.problem !== null) return;
    const made = dataOf(table, {
      roles: random.chance(0.5)
        ? guessRoles(table)
        : table.columns.map(() => random.pick(["input", "target", "class", "ignore"])),
      heldEvery: random.whole(0, 5),
      scale: random.chance(0.5),
    });
    if ("problem" in made) return assert.match(made.problem, /\w.*\./);
    const { x, y, held_back: back } = made.data;
    assert.equal(x.length + (back?.x.length ?? 0), table.rows.length);
    assert.equal(y.length, x.length);
    assert.ok([...x, ...y, ...(back?.x ?? [])].flat().every(Number.isFinite));
  });
});

test("every record is a row, the names, or told as a fault: none is lost", () => {
  holds(FILES, (seeded) => {
    const random = generator(FIRST + seeded.whole(0, 2 ** 31));
    const text = spoiledText(random);
    if (/^\s*[[{]/.test(text)) return;
    const delimiter = random.pick(DELIMITERS);
    const { lines } = recordsOf(text, delimiter);
    const table = finished(readingTable(text, { limits, delimiter }));
    if (table.problem !== null) return;
    const told = new Set([...table.lines, ...table.faults.map((it) => it.line)]);
    const rest = lines.filter((it) => !told.has(it));
    assert.deepEqual(rest, table.header ? [lines[0]] : [], JSON.stringify(text));
  });
});

test("huge lines, and quotation marks without end, are read or reported in time that grows with their length", () => {
  const many = 200_000;
  for (const text of [
    "1".repeat(5 * many),
    "1,".repeat(many),
    `a,b\n1,${"x".repeat(5 * many)}\n`,
    `"${"a".repeat(5 * many)}`,
    '"'.repeat(2 * many + 1),
    '"a\n'.repeat(many),
    'a"b,1\n'.repeat(many),
    '"""x\n'.repeat(many),
    `"${'""'.repeat(many)}\n`.repeat(3),
    `x,"${"\n".repeat(many)}`,
    ",\n".repeat(many),
    "\r".repeat(many),
    `${"[".repeat(many)}${"]".repeat(many)}`,
    `[${'{"a":'.repeat(many)}1${"}".repeat(many)}]`,
    `${'{"data":'.repeat(many)}1${"}".repeat(many)}`,
    `[${'{"a":1},'.repeat(many / 10)}{"b":2}]`,
  ])
    isWhole(finished(readingTable(text, { limits })));
});
