import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isLearnedAtFirst,
  missingIn,
  pastedValue,
  readOf,
  reshaped,
  shapeIn,
  shapeOf,
  shapeWords,
} from "../../../static/js/formulas/leaves.js";

test("a shape is typed as one would write it, and read back", () => {
  for (const [typed, shape] of /** @type {const} */ ([
    ["2 × 3", [2, 3]],
    ["2x3", [2, 3]],
    ["(2, 3)", [2, 3]],
    ["(2,3)", [2, 3]],
    ["3", [3]],
    ["(3,)", [3]],
    ["number", []],
    ["", []],
  ]))
    assert.deepEqual(shapeIn(typed), shape, typed);
  for (const typed of ["0", "2 × 0", "a", "2 × 3 × 4", "-1"]) assert.equal(shapeIn(typed), null);
  assert.deepEqual([1, [1, 2], [[1, 2]]].map(shapeOf), [[], [2], [1, 2]]);
  assert.deepEqual([1, [1, 2], [[1, 2]]].map(shapeWords), ["number", "2", "1 × 2"]);
});

test("another shape keeps the entries that remain", () => {
  const value = reshaped(
    [
      [1, 2],
      [3, 4],
    ],
    [3, 1],
  );
  assert.deepEqual(/** @type {number[][]} */ (value)[0], [1]);
  assert.deepEqual(shapeOf(value), [3, 1]);
  assert.equal(reshaped([7, 8], []), 7);
});

test("the names that have no value are read from what is said of them", () => {
  const detail = "line 1, column 5: `k` is read in line 1 but has no value; give it one";
  assert.deepEqual(
    missingIn([
      { pointer: "", detail },
      { pointer: "", detail },
    ]),
    ["k"],
  );
});

test("a name that a line assigns has no value beside the text, until the line goes", () => {
  const values = { V: [[1]], x: 2 };
  assert.deepEqual(readOf(values, "V = x * 2\nC = V"), { x: 2 });
  assert.deepEqual(readOf(values, "C = V * x"), values);
  assert.deepEqual(readOf(values, "C = where(V == x, V, x)"), values);
  assert.deepEqual(readOf({ b: 1 }, "  b: float = 3\nC = b"), {});
});

test("what a step moves at first follows from what people call inputs and targets", () => {
  for (const name of ["W", "b1", "U", "gain", "yaw", "Wq", "theta"])
    assert.ok(isLearnedAtFirst(name), name);
  for (const name of ["x", "X", "y", "t", "x1", "target", "labels", "eps", "tau", "mask"])
    assert.ok(!isLearnedAtFirst(name), name);
});

test("numbers are pasted as Python writes them, and as a table has them", () => {
  assert.deepEqual(pastedValue("[[1, 2.], [3, -4e2]]"), [
    [1, 2],
    [3, -400],
  ]);
  assert.deepEqual(pastedValue("[1, 2, 3]"), [1, 2, 3]);
  assert.deepEqual(pastedValue("[[1, 2, 3]]"), [[1, 2, 3]]);
  assert.deepEqual(pastedValue("1\t2\r\n3\t4\r\n"), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(pastedValue("1 2 3"), [1, 2, 3]);
  for (const text of ["", "7", "[[1, 2], [3]]", "a b", "[1, null]", "[]", "[[[1]]]", "1 2\n3"])
    assert.equal(pastedValue(text), null, text);
});
