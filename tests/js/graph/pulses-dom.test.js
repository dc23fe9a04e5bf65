import assert from "node:assert/strict";
import { test } from "node:test";
import { pointOn } from "../../../static/js/graph/layout.js";
import { dotsOn } from "../../../static/js/graph/pulses-dom.js";
import { close, holds } from "../support.js";

/** @typedef {import("../../../static/js/graph/layout.js").Curve} Curve */

/** @type {Curve} */
const LINE = [0, 0, 100, 0, 200, 0, 300, 0];

/**
 * @param {import("../support.js").Generator} random
 * @returns {Curve}
 */
function randomCurve(random) {
  const at = () => random.whole(-500, 500);
  return [at(), at(), at(), at(), at(), at(), at(), at()];
}

/**
 * @param {Curve} curve
 * @param {{ x: number, y: number }} point
 */
function distance(curve, point) {
  const samples = Array.from({ length: 4001 }, (_, i) => pointOn(curve, i / 4000));
  return Math.min(...samples.map(([x, y]) => Math.hypot(x - point.x, y - point.y)));
}

test("dots are on their edge, or on the gradient's line beside it", () => {
  holds(15, (random) => {
    const curve = randomCurve(random);
    const share = random.real();
    for (const dot of dotsOn(curve, share, false)) assert.ok(distance(curve, dot) < 2);
    for (const dot of dotsOn(curve, share, true))
      assert.ok(distance(curve, { ...dot, y: dot.y - 6 }) < 2);
  });
});

test("forward they go from the earlier card, backward from the later one", () => {
  const at = (/** @type {number} */ share, /** @type {boolean} */ backward) =>
    dotsOn(LINE, share, backward)[0].x;
  assert.equal(at(0, false), 0);
  assert.equal(at(0, true), 300);
  assert.ok(at(0.4, false) > at(0.2, false));
  assert.ok(at(0.4, true) < at(0.2, true));
});

test("the way back is the way there, mirrored", () => {
  for (let share = 0; share <= 1; share += 0.05) {
    const [there, back] = [dotsOn(LINE, share, false), dotsOn(LINE, share, true)];
    assert.equal(there.length, back.length);
    there.forEach((dot, i) => {
      close(dot.x, 300 - back[i].x);
      assert.equal(dot.size, back[i].size);
    });
  }
});

test("there are few dots, the first is the largest, and they are in a row", () => {
  for (let share = 0; share <= 1; share += 0.01) {
    const dots = dotsOn(LINE, share, false);
    assert.ok(dots.length <= 5 && (dots.length > 0 || share > 0.9), `${dots.length} at ${share}`);
    dots.slice(1).forEach((dot, i) => {
      assert.ok(dot.size < dots[i].size && dot.x < dots[i].x);
      assert.ok(dot.size > 0);
    });
  }
});

test("all dots have arrived when the beat's result does, and not much sooner", () => {
  assert.equal(dotsOn(LINE, 1, false).length, 0);
  assert.ok(dotsOn(LINE, 0.85, false).length > 0);
});
