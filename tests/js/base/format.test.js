import assert from "node:assert/strict";
import { test } from "node:test";
import {
  brief,
  entryKey,
  entryName,
  full,
  indexed,
  nameParts,
  narrow,
  shapeText,
  short,
  spokenMatrix,
} from "../../../static/js/base/format.js";
import { holds, readBack } from "../support.js";

const CASES = 3000;

test("the full number reads back to the same bits", () => {
  holds(CASES, (random) => {
    const value = random.double();
    assert.equal(readBack(full(value)), value === 0 ? 0 : value);
  });
});

test("the short number is within the rounding that it promises", () => {
  holds(CASES, (random) => {
    const value = Math.min(random.double(), 1e300);
    const size = Math.abs(value);
    const within = size >= 1e5 || size < 5e-4 ? 0.051 * size : Math.max(5.1e-5, size * 6e-5);
    assert.ok(
      Math.abs(readBack(short(value)) - value) <= within,
      `${value} became ${short(value)}`,
    );
  });
});

test("only zero is written as 0", () => {
  assert.equal(short(0), "0");
  assert.equal(short(-0), "0");
  assert.equal(full(-0), "0");
  holds(CASES, (random) => {
    const value = random.double();
    assert.equal(readBack(short(value)) === 0, value === 0);
  });
});

test("the opposite number is the same text after a minus sign", () => {
  holds(CASES, (random) => {
    const value = Math.abs(random.double());
    if (value > 0) assert.equal(short(-value), `−${short(value)}`);
  });
});

test("a narrow number is the short one, with one digit where a cell has no room for two", () => {
  assert.equal(narrow(-0.12345), "−0.1235");
  assert.equal(narrow(-1.2e-4), "−1.2e−4");
  assert.equal(narrow(-7.94e298), "−8e298");
  assert.equal(narrow(1.26e-299), "1e−299");
  assert.equal(narrow(-1.6e-299), "−2e−299");
  assert.equal(narrow(Number.NEGATIVE_INFINITY), "−∞");
  holds(CASES, (random) => {
    const value = random.double();
    const text = narrow(value);
    assert.ok(text.length <= 8, text);
    if (text.length > 7) assert.equal(text, short(value));
  });
});

test("a short number has nine characters at most, and no hyphen", () => {
  holds(CASES, (random) => {
    const text = short(random.double());
    assert.ok(text.length <= 9, text);
    assert.doesNotMatch(text, /-/);
  });
});

test("trailing zeros say that it was rounded, and a short number stays short", () => {
  assert.equal(short(0.5), "0.5");
  assert.equal(short(0.50001), "0.5000");
  assert.equal(short(0.1 + 0.2), "0.3");
  assert.equal(short(2), "2");
  assert.equal(short(123.456789), "123.46");
});

test("large and small numbers are written with an exponent", () => {
  assert.equal(short(123456), "1.2e5");
  assert.equal(short(100000), "1e5");
  assert.equal(short(-0.000123), "−1.2e−4");
});

test("what is not finite is written as such", () => {
  assert.equal(short(Number.POSITIVE_INFINITY), "∞");
  assert.equal(short(Number.NEGATIVE_INFINITY), "−∞");
  assert.equal(short(Number.NaN), "NaN");
  assert.equal(full(Number.NEGATIVE_INFINITY), "−∞");
});

test("a number whose short form is the full one reads back from it", () => {
  holds(CASES, (random) => {
    const value = random.double();
    if (short(value) === full(value)) assert.equal(readBack(short(value)), value === 0 ? 0 : value);
  });
  assert.equal(short(0.25), full(0.25));
  assert.notEqual(short(1 / 3), full(1 / 3));
});

test("a name is its letters and its index", () => {
  assert.deepEqual(nameParts("W0"), ["W", "0"]);
  assert.deepEqual(nameParts("x"), ["x", ""]);
  assert.deepEqual(nameParts("m12"), ["m", "12"]);
});

test("shapes and entries are named", () => {
  assert.equal(shapeText([]), "a number");
  assert.equal(shapeText([2, 3]), "2 × 3");
  assert.equal(entryKey("b0", 0, 1), "b0[0,1]");
  assert.equal(entryName({ id: "m0", shape: [1, 2] }, 0, 1), "m0[0,1]");
  assert.equal(entryName({ id: "b0", shape: [2] }, 0, 1), "b0[1]");
  assert.equal(entryName({ id: "C", shape: [] }, 0, 0), "C");
  assert.equal(indexed("b", [null, 1]), "b[1]");
  assert.equal(indexed("k", [null, undefined]), "k");
});

test("a small matrix is spoken in full, a large one by its shape", () => {
  assert.equal(
    spokenMatrix([
      [1, -2],
      [0.5, 0],
    ]),
    "1, −2; 0.5, 0",
  );
  const large = Array.from({ length: 4 }, () => [1, 2, 3, 4]);
  assert.equal(spokenMatrix(large), "4 by 4 numbers");
});

test("a brief number has at most two digits that count, and at most five characters", () => {
  for (const [value, text] of /** @type {[number, string][]} */ ([
    [0, "0"],
    [0.5, "0.5"],
    [0.1779, "0.18"],
    [-1.1898, "−1.2"],
    [0.0123, "0.012"],
    [-0.00042, "−4e−4"],
    [123456, "1e5"],
  ])) {
    assert.equal(brief(value), text);
  }
});
