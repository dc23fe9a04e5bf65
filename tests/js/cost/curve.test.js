import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CURVE_START,
  costPath,
  frameOf,
  halved,
  iterationAt,
  lastTenth,
  reading,
  SIDE,
  shownRange,
  summary,
  whyNoLog,
  within,
} from "../../../static/js/cost/curve.js";
import { close, frozen, holds } from "../support.js";

/**
 * @param {number[]} costs
 * @param {number} [first]
 * @param {number} [every]
 */
function past(costs, first = 0, every = 1) {
  return costs.map((cost, at) => ({ iteration: first + at * every, cost, experiment: null }));
}

/** @param {import("../support.js").Generator} random */
function randomPast(random) {
  let iteration = random.whole(0, 1e6);
  return Array.from({ length: random.whole(2, 60) }, () => {
    iteration += random.whole(1, 1000);
    const cost = random.chance(0.1)
      ? random.pick([Number.NaN, Number.POSITIVE_INFINITY])
      : Math.abs(random.double());
    return { iteration, cost, experiment: null };
  });
}

const DOWN = past([8, 4, 2, 1, 0.5]);

test("all that is shown stands within the square, marks too, on either scale", () => {
  holds(300, (random) => {
    const points = frozen(randomPast(random));
    for (const log of [false, true]) {
      const frame = frameOf(points, { log, range: null });
      assert.equal(frame.log, log && whyNoLog(points) === null);
      for (const { iteration, cost } of points) {
        assert.ok(frame.x(iteration) >= 0 && frame.x(iteration) <= SIDE);
        if (!Number.isFinite(cost)) continue;
        const y = frame.y(cost);
        assert.ok(y >= -1e-6 && y <= SIDE + 1e-6, `${cost} at ${y}`);
      }
      for (const { at } of [...frame.across, ...frame.up])
        assert.ok(at >= -1e-6 && at <= SIDE + 1e-6, String(at));
      assert.ok(frame.up.length <= 7 && frame.across.length <= 7);
      assert.doesNotMatch(costPath(points, frame), /NaN|Infinity/);
    }
  });
});

test("the smaller cost stands lower, the later iteration further right", () => {
  for (const log of [false, true]) {
    const { x, y } = frameOf(DOWN, { log, range: null });
    DOWN.slice(1).forEach(({ iteration, cost }, at) => {
      assert.ok(y(cost) > y(DOWN[at].cost));
      assert.ok(x(iteration) > x(DOWN[at].iteration));
    });
  }
});

test("by powers of ten, halving is the same way down each time", () => {
  const { y } = frameOf(DOWN, { log: true, range: null });
  close(y(4) - y(8), y(0.5) - y(1), 1e-9);
});

test("the whole run is shown from 0 on, a part of it as tight as it lies", () => {
  assert.equal(frameOf(DOWN, { log: false, range: null }).y(0), SIDE);
  const { y } = frameOf(DOWN, { log: false, range: [2, 4] });
  assert.ok(y(2) < 0.1 * SIDE && y(0.5) > 0.9 * SIDE);
});

test("marks are round: whole iterations, powers of ten, costs with few digits", () => {
  const points = past([1e3, 1, 1e-3, 1e-6, 1e-9], 0, 25_000);
  const frame = frameOf(points, { log: true, range: null });
  assert.deepEqual(
    frame.across.map((it) => it.text),
    ["0", "20000", "40000", "60000", "80000", "100000"],
  );
  assert.deepEqual(
    frame.up.map((it) => it.text),
    ["1e−9", "1e−6", "0.001", "1", "1000"],
  );
  const two = frameOf(past([1, 2, 3], 7), { log: false, range: null });
  assert.deepEqual(
    two.across.map((it) => it.text),
    ["7", "8", "9"],
  );
});

test("a log scale is for costs above 0, and the first that is not is named", () => {
  assert.equal(whyNoLog(DOWN), null);
  assert.equal(whyNoLog(past([1, Number.NaN, Number.POSITIVE_INFINITY])), null);
  assert.match(whyNoLog(past([1, 0, 0])) ?? "", /C is 0 at iteration 1/);
  assert.equal(frameOf(past([1, 0]), { log: true, range: null }).log, false);
});

test("where the cost is not finite the line has a gap, and it is told", () => {
  const points = past([3, 2, Number.NaN, 2, Number.POSITIVE_INFINITY, 1, 1]);
  const path = costPath(points, frameOf(points, { log: false, range: null }));
  assert.equal(path.match(/M/g)?.length, 3);
  assert.match(summary(points), /At 2 points, first at iteration 2, C is no finite number/);
  assert.match(summary(past([1, Number.NaN])), /At iteration 1 C is no finite number/);
  assert.match(summary(past([1, Number.NaN]), "f"), /At iteration 1 f is no finite number/);
  assert.match(whyNoLog(past([1, -1]), "f") ?? "", /but f is −1 at iteration 1/);
  assert.doesNotMatch(summary(DOWN), /gap|Lowest/);
  assert.match(
    summary(past([3, 1, 2])),
    /From 3 at iteration 0 to 2 at iteration 2\. Lowest: 1 at 1\./,
  );
  assert.doesNotMatch(summary(past([Number.NaN, Number.NaN])), /From|undefined/);
});

test("a range is what the run has of it; where it has nothing, all is shown", () => {
  assert.deepEqual(shownRange(DOWN, null), [0, 4]);
  assert.deepEqual(shownRange(DOWN, [1, 9]), [1, 4]);
  assert.deepEqual(shownRange(DOWN, [7, 9]), [0, 4]);
  assert.deepEqual(CURVE_START.range, null);
});

test("the line goes on to either side of what is shown", () => {
  const points = past([5, 4, 3, 2, 1], 0, 10);
  /** @param {[number, number]} range */
  const shown = (range) => within(points, range).map((it) => it.iteration);
  assert.deepEqual(shown([12, 28]), [10, 20, 30]);
  assert.deepEqual(shown([10, 30]), [10, 20, 30]);
  assert.deepEqual(shown([0, 40]), [0, 10, 20, 30, 40]);
  assert.deepEqual(shown([13, 17]), [10, 20]);
});

test("any whole number in sight can be pointed at, and a known one catches what is near", () => {
  const points = past([5, 4, 3], 0, 100);
  const frame = frameOf(points, { log: false, range: null });
  assert.equal(iterationAt(points, frame, 0.25, 0.01), 50);
  assert.equal(iterationAt(points, frame, 0.495, 0.01), 100);
  assert.equal(iterationAt(points, frame, -3, 0.01), 0);
  assert.equal(iterationAt(points, frame, 3, 0.01), 200);
  holds(200, (random) => {
    const some = randomPast(random);
    const range = frameOf(some, { log: false, range: null }).range;
    const at = iterationAt(some, frameOf(some, CURVE_START), random.real(), 0.02);
    assert.ok(Number.isInteger(at) && at >= range[0] && at <= range[1]);
  });
});

test("what is read off is the cost of the iteration, or those it lies between", () => {
  const points = past([5, 4, 3], 0, 100);
  assert.equal(reading(points, 100), "Iteration 100: C = 4");
  assert.equal(reading(points, 100, "loss"), "Iteration 100: loss = 4");
  assert.doesNotMatch(reading(points, 150, "loss"), /\bC\b/);
  assert.equal(reading(points, 150), "Iteration 150: between C = 4 (100) and 3 (200)");
});

test("zooming in stays within what was shown, in whole numbers, and ends at two iterations", () => {
  holds(300, (random) => {
    const from = random.whole(0, 1e5);
    const to = from + random.whole(2, 1e5);
    for (const [first, last] of [
      lastTenth([from, to]),
      halved([from, to], random.whole(0, 2e5)),
      halved([from, to], from),
    ]) {
      assert.ok(Number.isInteger(first) && Number.isInteger(last));
      assert.ok(first >= from && last <= to && last - first >= 2, `${first} to ${last}`);
      assert.ok(last - first < to - from || to - from <= 3);
    }
  });
  assert.deepEqual(lastTenth([0, 1000]), [900, 1000]);
  assert.deepEqual(halved([0, 1000], 100), [0, 500]);
  assert.deepEqual(halved([0, 1000], 600), [350, 850]);
  assert.deepEqual(halved([0, 1000], 5000), [250, 750]);
});
