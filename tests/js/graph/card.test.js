import assert from "node:assert/strict";
import { test } from "node:test";
import { full, narrow } from "../../../static/js/base/format.js";
import {
  CELL,
  cardOf,
  cellsOf,
  gridOf,
  HEAD,
  planCard,
  shownOf,
} from "../../../static/js/graph/card.js";
import { layout } from "../../../static/js/layout/chain.js";
import { beatsOf, momentAt } from "../../../static/js/time/timeline.js";
import * as zeros from "../../../static/js/trace/why-zero.js";
import { holds, iterationOf } from "../support.js";

/** @typedef {import("../../../static/js/graph/card.js").Block} Block */
/** @typedef {import("../../../static/js/graph/card.js").Card} Card */
/** @typedef {import("../../../static/js/graph/card.js").CardPlan} CardPlan */

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

/**
 * @param {string} name of a stored experiment
 * @param {number} t as far as there are beats
 * @param {Partial<import("../../../static/js/graph/card.js").Scene>} [change]
 * @returns {import("../../../static/js/graph/card.js").Scene}
 */
function sceneOf(name, t, change) {
  const iteration = iterationOf(name);
  const beats = beatsOf(iteration);
  const cards = new Map(iteration.nodes.map((node) => [node.id, planCard(node)]));
  const sized = iteration.nodes.map(({ id, inputs }) => {
    const { width, height } = /** @type {CardPlan} */ (cards.get(id));
    return { id, inputs, width, height };
  });
  return {
    iteration,
    moment: momentAt(iteration, beats, Math.min(t, beats.length)),
    selection: null,
    cursor: "x",
    active: new Set(),
    drawing: { cards, layout: layout(sized, "across"), groups: [], holder: new Map() },
    near: null,
    heat: null,
    zeros,
    highlights: undefined,
    changed: null,
    edit: null,
    ...change,
  };
}

/** @param {import("../../../static/js/graph/card.js").Scene} scene */
function records(scene) {
  return scene.iteration.nodes.map((node) =>
    Object.values(/** @type {Card} */ (cardOf(node, scene))),
  );
}

test("a card's record is another exactly where something else is shown of its node", () => {
  const scene = sceneOf("lecture", 4);
  const before = records(scene);
  /** @param {Partial<import("../../../static/js/graph/card.js").Scene>} change */
  const changed = (change) =>
    records({ ...scene, ...change }).flatMap((record, at) =>
      record.every((it, field) => it === before[at][field]) ? [] : scene.iteration.nodes[at].id,
    );
  assert.deepEqual(changed({}), []);
  assert.deepEqual(changed({ selection: "a0[0,1]" }), ["a0"]);
  assert.deepEqual(changed({ cursor: "W1" }), ["x", "W1"]);
  const highlights = new Map([
    ["W0[0,1]", "used"],
    ["∂m1[0,0]", "route"],
  ]);
  assert.deepEqual(changed({ highlights }), ["W0", "m1"]);
  assert.deepEqual(changed({ changed: new Map([["x[0,1]", "3"]]) }), ["x"]);
  assert.deepEqual(changed({ near: new Map() }), []);
});

test("a cell has its number short and in full, why it is 0, and what it was", () => {
  const changed = new Map([["W0[0,0]", "7"]]);
  const scene = sceneOf("zeros", Infinity, {
    changed,
    highlights: new Map([["W0[0,0]", "chosen"]]),
  });
  for (const node of scene.iteration.nodes) {
    const { value, gradient } = shownOf(/** @type {Card} */ (cardOf(node, scene)));
    for (const { name, cells, matrix } of [
      { name: node.id, cells: cellsOf(value), matrix: value.matrix },
      { name: `∂C/∂${node.id}`, cells: cellsOf(gradient), matrix: node.gradient },
    ]) {
      const numbers = matrix.flat();
      assert.equal(cells.length, numbers.length);
      cells.forEach((cell, at) => {
        assert.equal(cell.text, narrow(numbers[at]));
        assert.ok(cell.tip.startsWith(name) && cell.tip.includes(` = ${full(numbers[at])}`));
        assert.equal(cell.isZero, cell.tip.includes(" because "));
        assert.equal(cell.isChanged, cell.entry === "W0[0,0]");
        assert.ok(!cell.isZero || numbers[at] === 0);
      });
    }
  }
  const weights = /** @type {import("../../../static/js/trace/trace.js").Node} */ (
    scene.iteration.node.get("W0")
  );
  const [first] = cellsOf(shownOf(/** @type {Card} */ (cardOf(weights, scene))).value);
  assert.match(first.classes, /chosen/);
  assert.match(first.tip, /changed from 7$/);
});

test("an operation inside a line has room for how it is written, between its head and its numbers", () => {
  for (const shape of SHAPES) {
    const plain = planCard({ shape });
    const inner = planCard({ shape, id: "C.1", scope: "C", label: "O − Y" });
    const own = planCard({ shape, id: "C", scope: "C", label: "C" });
    assert.deepEqual(own, plain);
    const more = inner.height - plain.height;
    assert.ok(more > 10, `${shape}`);
    for (const part of /** @type {const} */ (["value", "gradient", "label"]))
      assert.deepEqual(inner[part], { ...plain[part], y: plain[part].y + more });
  }
});
