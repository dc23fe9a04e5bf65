import assert from "node:assert/strict";
import { test } from "node:test";
import { sampled } from "../../../static/js/base/random-subset.js";
import {
  doubtful,
  misread,
  numberOf,
  slip,
  typedNumber,
} from "../../../static/js/base/typed-number.js";
import {
  csvOf,
  DELIMITERS,
  delimiterOf,
  finished,
  recordsOf,
} from "../../../static/js/data/read-csv.js";
import { readingTable, textIn } from "../../../static/js/data/read-text.js";
import { holds } from "../support.js";

/** @typedef {import("../support.js").Generator} Generator */

const limits = { rows: 10_000, width: 1024, text_characters: 200 };

/**
 * @param {string} text
 * @param {Partial<import("../../../static/js/data/read-text.js").Options>} [options]
 */
function table(text, options = {}) {
  return finished(readingTable(text, { limits, ...options }));
}

/** @param {Generator} random */
function anyCell(random) {
  const letters = ["a", "ß", '"', "\n", "\r\n", ",", ";", "\t", " ", "1", "🙂"];
  return `x${Array.from({ length: random.whole(0, 8) }, () => random.pick(letters)).join("")}`;
}

test("what is written reads back, whatever quotes, line breaks and delimiters are in the cells", () => {
  holds(300, (random) => {
    const delimiter = random.pick(DELIMITERS);
    const width = random.whole(1, 6);
    const written = Array.from({ length: random.whole(1, 12) }, () =>
      Array.from({ length: width }, () => anyCell(random)),
    );
    const { records, faults } = recordsOf(csvOf(written, delimiter), delimiter);
    assert.deepEqual(records, written);
    assert.deepEqual(faults, []);
  });
});

test("random tables of numbers read back to the last bit, under any delimiter, line end and mark at the beginning", () => {
  holds(200, (random) => {
    const width = random.whole(2, 6);
    const rows = Array.from({ length: random.whole(1, 12) }, () =>
      Array.from({ length: width }, () => random.double() + 0),
    );
    const names = Array.from({ length: width }, (_, at) => `name ${at}`);
    const text = csvOf([names, ...rows], random.pick(DELIMITERS));
    const ends = text.replaceAll("\r\n", random.pick(["\n", "\r", "\r\n", "\n\n"]));
    const read = table(random.chance(0.3) ? `\ufeff${ends}` : ends);
    assert.equal(read.problem, null);
    assert.deepEqual(read.columns, names);
    assert.deepEqual(read.rows, rows);
  });
});

test("bad cells at random places are each told with their line and column, and the other rows stay", () => {
  holds(200, (random) => {
    const [height, width] = [random.whole(6, 20), random.whole(2, 5)];
    const rows = Array.from({ length: height }, () =>
      Array.from({ length: width }, () => String(random.whole(-99, 99) / 8)),
    );
    /** @type {Set<string>} */
    const bad = new Set();
    for (let k = random.whole(1, 2); k > 0; k--) {
      // One in a row: a row of nothing but empty cells counts as blank.
      const [row, column] = [
        random.whole(1, Math.floor(height / 2)) * 2 - k,
        random.whole(0, width - 1),
      ];
      rows[row][column] = random.pick(["", "abc", "1.2.3", "NaN", "Infinity", "0x10", "1 2"]);
      bad.add(`${row + 2}:${column + 1}`);
    }
    const header = Array.from({ length: width }, (_, at) => `n${at}`);
    const read = table(csvOf([header, ...rows]));
    assert.deepEqual(new Set(read.faults.map((it) => `${it.line}:${it.column}`)), bad);
    const badLines = new Set([...bad].map((it) => Number(it.split(":")[0])));
    assert.equal(read.rows.length, height - badLines.size);
    assert.equal(read.badRows, badLines.size);
    for (const line of read.lines) assert.ok(!badLines.has(line));
  });
});

test("a fault says where, what stands there, and what to write", () => {
  const { faults, rows } = table("petal,class\n1,a\nwide,b\n3\n4,\n5,a\n6,b\n7,a\n");
  assert.deepEqual(
    faults.map(({ line, column, message }) => [line, column, message]),
    [
      [3, 1, "petal is “wide”, but this column holds numbers. Write a number such as 0.5."],
      [4, null, "This row has 1 cell, but there are 2 columns."],
      [5, 2, "class is empty. Put a word there."],
    ],
  );
  assert.equal(rows.length, 4);
});

test("what is meant as a number and is none is told, and what to write; its column stays one of numbers", () => {
  const { kinds, faults, rows } = table("a,b\n1,1\ninf,2\n1e400,3\n2,4\n");
  assert.deepEqual(kinds, ["number", "number"]);
  assert.deepEqual(
    faults.map(({ line, column, message }) => [line, column, message]),
    [
      [3, 1, "a is “inf”, which is no finite number: write one such as 0.5."],
      [4, 1, "a is “1e400”, which is too large: a number is at most about 1.8e308."],
    ],
  );
  assert.equal(rows.length, 2);
  const thousands = table('a,b\n"1,000",1\n1_000,2\n"2,000",3\n7,4\n');
  assert.deepEqual(thousands.kinds, ["number", "number"]);
  assert.deepEqual(
    thousands.faults.map((it) => [it.line, it.message]),
    [
      [2, "a is “1,000”, which has a comma: write 1000."],
      [3, "a is “1_000”, which has an underscore: write 1000."],
      [4, "a is “2,000”, which has a comma: write 2000."],
    ],
  );
  assert.equal(table('"1,000",1\n"2,000",2\n').header, false);
  for (const [text, mended] of [
    ["−1,234,567.5", "−1234567.5"],
    ["1.234,5", "1234.5"],
    ["0,5", "0.5"],
    ["12 000", "12000"],
    ["3'000", "3000"],
  ])
    assert.match(slip(text) ?? "", new RegExp(`write ${mended}$`));
  for (const plain of ["1", "0.5", "red", "", "1 2", "a,b", "2024-01-02"])
    assert.equal(slip(plain), null);
});

test("what is suggested in place of a number's slip is a number", () => {
  holds(300, (random) => {
    const signs = [..."0123456789,._ '-+eE"];
    const text = Array.from({ length: random.whole(1, 9) }, () => random.pick(signs)).join("");
    const advice = /write (\S+)$/.exec(slip(text) ?? "")?.[1];
    if (advice) assert.ok(!Number.isNaN(numberOf(advice)), `${text} → ${advice}`);
  });
});

test("a number that is typed is read as it is meant, or not at all, and its reader is told what to write", () => {
  for (const [text, value] of /** @type {const} */ ([
    ["0,5", 0.5],
    ["−1,25", -1.25],
    ["0,125", 0.125],
    [" 1e3 ", 1000],
    ["1.000", 1],
    ["1234,567", 1234.567],
    ["1/3", 1 / 3],
    ["−2 / 0,5", -4],
  ])) {
    assert.equal(typedNumber(text), value);
    assert.equal(misread(text), null);
  }
  for (const [text, words] of /** @type {const} */ ([
    ["1,000", "1,000 may be 1000 or 1.000: write the one that is meant"],
    ["-12,345", "-12,345 may be -12345 or -12.345: write the one that is meant"],
    ["1,234,567", "1,234,567 has a comma: write 1234567"],
    ["1_000", "1_000 has an underscore: write 1000"],
    ["Infinity", "Infinity is no finite number: write one such as 0.5"],
    ["0x10", null],
    ["1/0", "1/0 divides by 0"],
    ["1/2/3", null],
    ["abc", null],
    ["1e999", "1e999 is too large: a number is at most about 1.8e308"],
    ["NaN", "NaN is no number: write one such as 0.5"],
    ["", null],
  ])) {
    assert.equal(typedNumber(text), Number.NaN);
    assert.equal(misread(text), words);
  }
});

test("lines of delimiters only are noted where they stand between rows, and are no fault", () => {
  const read = table('a,b\n1,2\n,\n3,4\n\n"",\n5,6\n,\n,\n');
  assert.equal(read.rows.length, 3);
  assert.deepEqual([read.faultCount, read.badRows], [0, 0]);
  assert.deepEqual(read.notes, [
    "2 lines hold delimiters only (3, 6): they are empty, and left out.",
  ]);
  assert.deepEqual(table("1,2\n,\n3,4").notes, [
    "Line 2 holds delimiters only: it is empty, and left out.",
  ]);
  assert.deepEqual(table("1,2\n\n  \n3,4\n,\n").notes, []);
});

test("numbers among words, and commas that may mean thousands, are noted", () => {
  const mixed = table("a,b\n1,1\nred,2\nblue,3\n");
  assert.deepEqual(mixed.kinds, ["text", "number"]);
  assert.match(mixed.notes[0], /Numbers stand beside words in a, .*read as words/);
  assert.deepEqual(table("a,b\nred,1\nnan,2\n").notes, []);
  assert.match(table("a\tb\n1,000\t1\n2,5\t2\n").notes[0], /1,000 is read as 1: .*write 1000\./);
  assert.equal(doubtful("0,125"), null);
});

test("a quotation mark that never closes costs its own line only", () => {
  const { rows, faults } = table('a,b\n1,2\n"3,4\n5,6\n"7"8,9\n10,11\n');
  assert.deepEqual(rows, [
    [1, 2],
    [5, 6],
    [10, 11],
  ]);
  assert.deepEqual(
    faults.map((it) => it.line),
    [3, 5],
  );
});

test("the decimal comma is read where the comma is no delimiter; blank lines and cells at the end are passed over", () => {
  assert.deepEqual(table("a;b\n0,5;1\n\n−1,25;2e3\n;\n").rows, [
    [0.5, 1],
    [-1.25, 2000],
  ]);
  assert.deepEqual(table("a,b,,\n1,2,,\n3,4,,\n").rows.length, 0);
  assert.deepEqual(table("a,b\n1,2,,\n3,4,,\n").rows, [
    [1, 2],
    [3, 4],
  ]);
  assert.equal(delimiterOf("a;b\n1,5;2\n"), ";");
  assert.equal(delimiterOf('"x;y;z",1\n"p;q;r",2\n'), ",");
  assert.equal(numberOf("1,5"), Number.NaN);
});

test("the line of names is found; the reader may say otherwise", () => {
  assert.equal(table("a,b\n1,2").header, true);
  assert.equal(table("1,2\n3,4").header, false);
  assert.equal(table("1,2,red\n3,4,blue").header, false);
  assert.equal(table("red,yes\nblue,no\nred,no").header, false);
  assert.equal(table("1,2\n3,4", { header: true }).rows.length, 1);
  assert.deepEqual(table("a,a,\n1,2,3").columns, ["a", "a (2)", "column 3"]);
});

test("of more than a hundred faults the first hundred are told, and how many there are", () => {
  const lines = Array.from({ length: 800 }, (_, at) => (at % 2 ? "x,1" : "1,1"));
  const read = table(`a,b\n${lines.join("\n")}\n2,2`);
  assert.equal(read.faults.length, 100);
  assert.equal(read.faultCount, 400);
});

test("what cannot be used says what to do", () => {
  assert.match(table("").problem ?? "", /nothing in it\. Paste rows/);
  assert.match(table(" \n\n").problem ?? "", /nothing in it/);
  assert.match(
    table("a,b\n").problem ?? "",
    /line of names \(a, b\), and no row of numbers below it\. Add/,
  );
  assert.match(table("1\n2\n").problem ?? "", /only one column.*put commas/);
  assert.match(table("a\0b").problem ?? "", /not text.*CSV/);
  const wide = Array.from({ length: 1200 }, (_, at) => at).join(",");
  assert.match(table(wide).problem ?? "", /1,200 columns; a network takes at most 1,024 inputs/);
  const many = Array.from({ length: 200 }, (_, at) => at).join(",");
  assert.match(table(many).notes[0], /200 columns are many/);
  assert.equal(table(many).problem, null);
  const long = table(Array.from({ length: 25_000 }, (_, at) => `${at},1`).join("\n"));
  assert.equal(long.rows.length, 10_000);
  assert.match(long.notes[0], /25,000 rows are more than the 10,000 that fit/);
  assert.match(long.notes[0], /drawn at random, the same each time/);
});

test("of too many rows a random part is taken: in order, the same each time, and no class is lost that comes in turn", () => {
  for (const turn of [2, 3, 5]) {
    const text = Array.from({ length: 20_000 + turn }, (_, at) => `${at},c${at % turn}`).join("\n");
    const read = table(text);
    assert.equal(read.rows.length, 10_000);
    assert.deepEqual(table(text).rows, read.rows);
    const places = read.rows.map((row) => Number(row[0]));
    assert.deepEqual(
      places,
      [...new Set(places)].toSorted((a, b) => a - b),
    );
    assert.deepEqual(
      read.lines,
      places.map((at) => at + 1),
    );
    for (let k = 0; k < turn; k++) {
      const share = read.rows.filter((row) => row[1] === `c${k}`).length / 10_000;
      assert.ok(Math.abs(share - 1 / turn) < 0.03);
    }
  }
});

test("a sample has as many as are wanted, each about as often as any other", () => {
  holds(100, (random) => {
    const [length, most] = [random.whole(0, 300), random.whole(0, 300)];
    const taken = sampled(length, most);
    assert.equal(taken.length, Math.min(length, most));
    assert.ok(taken.every((at, k) => at >= 0 && at < length && (k === 0 || at > taken[k - 1])));
  });
  const half = sampled(20_000, 10_000).filter((at) => at < 10_000).length;
  assert.ok(Math.abs(half - 5000) < 250);
});

test("JSON: objects, lists, {x, y}, a whole experiment", () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];
  assert.deepEqual(table(JSON.stringify(rows)).rows, rows);
  const objects = table('[{"a": 1, "b": 2}, {"b": 4, "a": 3}, {"a": 5}, {"a": [1], "b": 1}]');
  assert.deepEqual(objects.columns, ["a", "b"]);
  assert.deepEqual(objects.rows, rows);
  assert.deepEqual(
    objects.faults.map((it) => it.line),
    [3, 4],
  );
  assert.equal(objects.unit, "row");
  const data = { x: [[1], [2]], y: [[0], [1]], features: ["f"], held_back: { x: [[9]], y: [[1]] } };
  for (const document of [data, { network: {}, data }]) {
    const read = table(JSON.stringify(document));
    assert.deepEqual(read.roles, ["input", "target"]);
    assert.deepEqual(read.columns, ["f", "y0"]);
    assert.deepEqual(read.held, [false, false, true]);
  }
  assert.match(table('{"x": [[1]], "y": []}').problem ?? "", /x has 1 rows, but y has 0/);
  assert.match(table("[[1, 2],\n[3, 4").problem ?? "", /not valid/);
  assert.match(table('{"a": 1}').problem ?? "", /no rows in this JSON/);
  assert.match(table("[]").problem ?? "", /empty/);
  assert.match(table("[1, [2]]").problem ?? "", /Not every row/);
});

test("no text at all, from random bytes, makes it throw", () => {
  holds(300, (random) => {
    const bytes = Uint8Array.from({ length: random.whole(0, 200) }, () => random.whole(0, 255));
    const read = textIn(bytes);
    if ("text" in read) table(read.text);
    else assert.match(read.problem, /not text|\. /);
    const signs = Array.from({ length: random.whole(0, 60) }, () =>
      random.pick([...'{}[]",;\n\t x1.:']),
    );
    table(signs.join(""));
  });
});

test("a file that is not text says what it is and what to do", () => {
  /** @param {number[]} bytes */
  const problem = (...bytes) => {
    const read = textIn(Uint8Array.from(bytes));
    return "problem" in read ? read.problem : "";
  };
  assert.match(problem(0x50, 0x4b, 3, 4), /spreadsheet.*Save as… CSV/);
  assert.match(problem(0x89, 0x50, 0x4e, 0x47, 1), /picture \(PNG\)/);
  assert.match(problem(65, 0, 66), /not text/);
  assert.match(problem(0xff, 1, 2), /not text/);
  const old = textIn(Uint8Array.from([0x67, 0x72, 0xfc, 0x6e]));
  assert.ok("text" in old && old.text === "grün" && old.note?.includes("Windows-1252"));
  const wide = textIn(Uint8Array.from([0xff, 0xfe, 0x31, 0, 0x2c, 0, 0x32, 0]));
  assert.ok("text" in wide && table(wide.text).rows[0][1] === 2);
});
