import assert from "node:assert/strict";
import { test } from "node:test";
import { along } from "../../../static/js/films/motion.js";
import { close } from "../support.js";

/** A level line, then one down at a right angle, as long again. */
const CORNER = [0, 0, 10, 0, 20, 0, 30, 0, 30, 10, 30, 20, 30, 30];

test("along a curve of several pieces, from its beginning to its end, as far in each as it is long", () => {
  for (const [way, x, y, turn] of [
    [0, 0, 0, 0],
    [0.25, 15, 0, 0],
    [0.75, 30, 15, 90],
    [1, 30, 30, 90],
  ]) {
    const at = along(CORNER, way);
    for (const [found, wanted] of [
      [at.x, x],
      [at.y, y],
      [at.turn, turn],
    ])
      close(found, wanted);
  }
});

test("along a curve of one piece its share is that of the piece", () => {
  const { x, y } = along(CORNER.slice(0, 8), 0.5);
  assert.deepEqual([x, y], [15, 0]);
});
