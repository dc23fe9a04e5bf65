import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BEGINNINGS,
  costAt,
  curveOf,
  rangeOf,
  slopeAt,
} from "../../../static/js/experiment/lecture-sums.js";
import {
  beyond,
  curvePath,
  direction,
  following,
  frameOf,
  journey,
  outcome,
  PLOT,
  SPANS,
  sum,
} from "../../../static/js/weight/slope.js";
import { close, holds, readBack } from "../support.js";

/** @param {Parameters<typeof frameOf>[0]} curve */
function framed(curve) {
  const frame = frameOf(curve);
  assert.ok(frame);
  return frame;
}

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
    const curve = {
      weight: low,
      weights: [low, low + 1 + random.real()],
      costs: [0, 1],
      cost: 0.5,
    };
    if (Math.abs(low) > 1e6) return;
    const frame = framed(curve);
    const weight = low + random.real();
    close(frame.weightAt(frame.x(weight)), weight, 1e-6 * Math.max(1, Math.abs(low)));
    assert.ok(frame.x(weight) >= PLOT.left && frame.x(weight) <= PLOT.width - PLOT.right);
    for (const cost of curve.costs)
      assert.ok(frame.y(cost) >= PLOT.top && frame.y(cost) <= PLOT.height - PLOT.bottom);
  });
});

test("a flat curve, and one that is not finite, still have a picture", () => {
  const flat = framed({ weight: 0, weights: [0, 1], costs: [2, 2], cost: 2 });
  assert.ok(Number.isFinite(flat.y(2)));
  const curve = {
    ...curveOf(2, 0.05),
    weights: [0, 1, 2],
    costs: [1, Number.POSITIVE_INFINITY, 2],
  };
  assert.doesNotMatch(curvePath(curve, framed(curve)), /NaN|Infinity/);
  assert.equal(curvePath(curve, framed(curve)).match(/M/g)?.length, 2);
  assert.ok(
    Number.isFinite(
      framed({ weight: 0, weights: [0, 1], costs: [Number.NaN], cost: Number.NaN }).y(0),
    ),
  );
});

test("what has diverged, or is too large for a double to tell from the weights beside it, has no picture", () => {
  const fine = { weight: 0, weights: [-1, 1], costs: [0, 1], cost: 1 };
  assert.ok(frameOf({ ...fine, cost: Number.POSITIVE_INFINITY }));
  assert.equal(frameOf({ ...fine, weight: Number.NaN }), null);
  assert.equal(frameOf({ ...fine, weights: [Number.NEGATIVE_INFINITY, 1] }), null);
  assert.equal(frameOf({ ...fine, weight: 1e300, weights: [1e300, 1e300] }), null);
});

test("the point is followed, and the landing while it is not too far", () => {
  const range = { center: 0, span: 4 };
  assert.deepEqual(following(range, 1, -2), range);
  assert.deepEqual(following(range, 100, 100.5), { center: 100, span: 4 });
  assert.deepEqual(following(range, 1, 7), { center: 0, span: 8 });
  assert.deepEqual(following(range, 1, 1e6), range);
  assert.deepEqual(following(range, Number.NaN, 0), range);
  assert.deepEqual(following(rangeOf(null, 4), 2, 1.85), rangeOf(null, 4));
  holds(300, (random) => {
    const asked = { center: random.real() * 20, span: SPANS[random.whole(0, SPANS.length - 1)] };
    const [weight, next] = [random.real() * 100, random.real() * 100];
    const { center, span } = following(asked, weight, next);
    assert.ok(Math.abs(weight - center) <= span && span >= asked.span && span <= SPANS[0]);
  });
});

test("what is out of the picture is told at the side beyond which it is", () => {
  const frame = framed(curveOf(2, 0.05));
  assert.equal(beyond(2, frame), null);
  assert.deepEqual(beyond(50, frame), { side: "right", text: "50 →" });
  assert.deepEqual(beyond(-20, frame), { side: "left", text: "← −20" });
  const out = framed({ ...curveOf(50, 0.05) });
  assert.deepEqual(out.costs, frame.costs);
});

test("the words say which way the step goes, and why", () => {
  assert.match(direction(curveOf(2, 0.05), "w"), /positive: C rises with w, so the step goes left/);
  assert.match(direction(curveOf(5, 0.05), "w"), /negative: C is falling, so the step goes right/);
  assert.match(direction(curveOf(1, 0.05), "w"), /slope is 0/);
  assert.match(direction({ ...curveOf(2, 0.05), slope: Number.NaN }, "w"), /diverged/);
});

test("a step that is not α times the slope is not written as if it were", () => {
  const curve = { ...curveOf(2, 0.05), next: 1.9 };
  assert.equal(
    direction(curve, "w"),
    "The slope is positive: C rises with w, so the step goes left, as long as the optimizer's rule makes it: from 2 to 1.9.",
  );
  const up = { ...curve, next: 2.25, nextCost: curve.cost + 0.5 };
  assert.match(
    direction(up, "w"),
    /C rises with w; yet the step goes right, .* from 2 to 2\.25\.$/,
  );
  assert.match(outcome(up), /goes up this slope/);
  assert.doesNotMatch(outcome(up), /overshoots|smaller/);
  const flat = { ...curveOf(1, 0.05), slope: 0, next: 1.2 };
  assert.match(direction(flat, "w"), /flat here; yet the step goes right/);
});

test("what no step moves is not said to be moved, and the output has its own name", () => {
  const curve = { ...curveOf(2, 0.05), next: 2, output: "loss", fixed: "a constant" };
  assert.equal(
    direction(curve, "x"),
    "The slope is positive: loss rises with x. No step moves x: it is a constant.",
  );
  assert.equal(outcome(curve), "");
  const learned = { ...curveOf(2, 0.05), output: "loss" };
  for (const words of [direction(learned, "w"), outcome(learned), journey(learned)])
    assert.doesNotMatch(words, /\bC\b/);
});

test("the outcome compares what was predicted with what comes", () => {
  const small = curveOf(2, 0.001);
  assert.match(outcome(small), /They agree to/);
  assert.equal(outcome({ ...small, slope: Number.NaN }), "");
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
