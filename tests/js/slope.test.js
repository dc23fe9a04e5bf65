import assert from "node:assert/strict";
import { test } from "node:test";
import {
  curvePath,
  direction,
  frameOf,
  journey,
  outcome,
  PLOT,
  sum,
  ticks,
} from "../../static/js/slope.js";
import { BEGINNINGS, costAt, curveOf, slopeAt } from "../../static/js/sums.js";
import { close, holds, readBack } from "./support.js";

test("the lecture's two sums: 2 − 0.05 · 3 = 1.85 and 5 − 0.05 · (−2) = 5.1", () => {
  assert.equal(slopeAt(BEGINNINGS.rising), 3);
  assert.equal(slopeAt(BEGINNINGS.falling), -2);
  const [rising, falling] = [curveOf(2, 0.05), curveOf(5, 0.05)];
  assert.equal(rising.next, 1.85);
  assert.equal(falling.next, 5.1);
  assert.equal(sum(2, 0.05, 3, rising.next), "2 − 0.05 · 3 = 1.85");
  assert.equal(sum(5, 0.05, -2, falling.next), "5 − 0.05 · (−2) = 5.1");
  assert.ok(rising.nextCost < rising.cost && falling.nextCost < falling.cost);
});

test("the slope of the sums' curve is its derivative, everywhere", () => {
  holds(200, (random) => {
    const w = random.real() * 9 - 0.7;
    const h = 1e-5;
    // A central difference of a polynomial of degree 4: off by h² and by rounding.
    close((costAt(w + h) - costAt(w - h)) / (2 * h), slopeAt(w), 1e-7);
    assert.ok(costAt(w) > 0);
  });
});

test("a place in the picture leads back to its weight", () => {
  holds(200, (random) => {
    const low = random.double();
    const curve = { weights: [low, low + 1 + random.real()], costs: [0, 1], cost: 0.5 };
    if (Math.abs(low) > 1e6) return;
    const frame = frameOf(curve);
    const weight = low + random.real();
    close(frame.weightAt(frame.x(weight)), weight, 1e-6 * Math.max(1, Math.abs(low)));
    assert.ok(frame.x(weight) >= PLOT.left && frame.x(weight) <= PLOT.width - PLOT.right);
    for (const cost of curve.costs)
      assert.ok(frame.y(cost) >= PLOT.top && frame.y(cost) <= PLOT.height - PLOT.bottom);
  });
});

test("a flat curve, and one that is not finite, still have a picture", () => {
  const flat = frameOf({ weights: [0, 1], costs: [2, 2], cost: 2 });
  assert.ok(Number.isFinite(flat.y(2)));
  const curve = {
    ...curveOf(2, 0.05),
    weights: [0, 1, 2],
    costs: [1, Number.POSITIVE_INFINITY, 2],
  };
  assert.doesNotMatch(curvePath(curve, frameOf(curve)), /NaN|Infinity/);
  assert.equal(curvePath(curve, frameOf(curve)).match(/M/g)?.length, 2);
  assert.ok(
    Number.isFinite(frameOf({ weights: [0, 1], costs: [Number.NaN], cost: Number.NaN }).y(0)),
  );
});

test("the marks of an axis are few, round and within it", () => {
  holds(300, (random) => {
    const low = random.real() * 10 ** random.whole(-6, 6);
    const high = low + (0.1 + random.real()) * 10 ** random.whole(-6, 6);
    if (high - low < 1e-9 * high) return;
    const marks = ticks([low, high]);
    assert.ok(marks.length >= 1 && marks.length <= 7, `${low} ${high}: ${marks}`);
    for (const it of marks) assert.ok(it >= low - 1e-9 * high && it <= high + 1e-9 * high);
  });
});

test("the words say which way the step goes, and why", () => {
  assert.match(direction(curveOf(2, 0.05), "w"), /positive: C rises with w, so the step goes left/);
  assert.match(direction(curveOf(5, 0.05), "w"), /negative: C is falling, so the step goes right/);
  assert.match(direction(curveOf(1, 0.05), "w"), /slope is 0/);
  assert.match(direction({ ...curveOf(2, 0.05), slope: Number.NaN }, "w"), /diverged/);
});

test("the outcome compares what was predicted with what comes", () => {
  const small = curveOf(2, 0.001);
  assert.match(outcome(small), /They agree to/);
  assert.match(outcome(curveOf(2, 0.3)), /bends away/);
  assert.match(outcome(curveOf(2, 2)), /overshoots/);
  const said = outcome(small).match(/ΔC = (\S+); it will be (\S+)\./);
  assert.ok(said);
  close(readBack(said[1]), small.slope * (small.next - small.weight), 1e-4);
  close(readBack(said[2]), small.nextCost - small.cost, 1e-4);
});

test("a large learning rate is told to diverge, a small one is not", () => {
  assert.match(journey(curveOf(2, 0.05)), /^8 steps of this weight alone/);
  assert.doesNotMatch(journey(curveOf(2, 0.05)), /diverges|too large/);
  assert.match(journey(curveOf(2, 1.2)), /diverges|too large/);
  assert.equal(journey({ ...curveOf(2, 0.05), descent: [] }), "");
});
