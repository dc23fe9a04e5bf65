import assert from "node:assert/strict";
import { test } from "node:test";
import { CELL, gridOf, HEAD, planCard } from "../../../static/js/graph/card.js";
import { holds } from "../support.js";

/** @typedef {import("../../../static/js/graph/card.js").Block} Block */

const SHAPES = [
  [],
  [1],
  [3],
  [7],
  ...Array.from({ length: 12 }, (_, i) => i + 1).flatMap((r) =>
    [1, 2, 3, 4, 5, 16, 64].map((c) => [r, c]),
  ),
];

/**
 * @param {Block} a
 * @param {Block} b
 */
function apart(a, b) {
  return (
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
  );
}

test("value and gradient lie within the card, under its head, and apart from each other", () => {
  for (const shape of SHAPES) {
    const { width, height, value, gradient } = planCard({ shape });
    for (const block of [value, gradient]) {
      assert.ok(block.x >= 0 && block.x + block.width <= width, `${shape}`);
      assert.ok(block.y >= HEAD && block.y + block.height <= height, `${shape}`);
    }
    assert.ok(apart(value, gradient), `${shape}`);
  }
});

test("the gradient's label stands directly over the gradient, clear of the value", () => {
  for (const shape of SHAPES) {
    const { value, gradient, label } = planCard({ shape });
    assert.ok(label.y < gradient.y && label.y > gradient.y - 24, `${shape}`);
    assert.ok(
      label.y - 10 >= value.y + value.height || label.x >= value.x + value.width,
      `${shape}`,
    );
  }
});

test("value and gradient are drawn alike", () => {
  for (const shape of SHAPES) {
    const { value, gradient } = planCard({ shape });
    for (const name of /** @type {const} */ (["kind", "width", "height", "rows", "columns"]))
      assert.equal(value[name], gradient[name]);
  }
});

test("numbers stand in whole cells; what has too many becomes a heat map", () => {
  for (const shape of SHAPES) {
    const { value } = planCard({ shape });
    const [rows, columns] = gridOf(shape);
    assert.deepEqual([value.rows, value.columns], [rows, columns]);
    assert.equal(value.kind, rows <= 4 && columns <= 3 ? "numbers" : "heat");
    if (value.kind === "numbers")
      assert.deepEqual([value.width, value.height], [columns * CELL.width, rows * CELL.height]);
  }
});

test("a card stays small, however large its matrix", () => {
  holds(200, (random) => {
    const { width, height } = planCard({ shape: [random.whole(1, 1000), random.whole(1, 1000)] });
    assert.ok(width <= 300 && height <= 240, `${width} × ${height}`);
  });
});

test("a number is drawn as 1 × 1, a vector as one row", () => {
  assert.deepEqual(gridOf([]), [1, 1]);
  assert.deepEqual(gridOf([5]), [1, 5]);
  assert.deepEqual(gridOf([2, 3]), [2, 3]);
});
