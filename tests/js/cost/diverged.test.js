import assert from "node:assert/strict";
import { test } from "node:test";
import { halfRate, howItGrew, waysBack } from "../../../static/js/cost/diverged.js";
import { iterationOf } from "../support.js";

const LOST = iterationOf("diverged");
const FINE = iterationOf("lecture");

/** @param {[number, number][]} costs by iteration */
function past(costs) {
  return costs.map(([iteration, cost]) => ({
    iteration,
    cost,
    experiment: iteration === 0 ? FINE.experiment : null,
  }));
}

test("how the numbers grew is told from the run's start to its last finite cost", () => {
  const history = past([
    [0, 2],
    [1, 5],
    [2, 1e300],
    [3, Number.POSITIVE_INFINITY],
  ]);
  const words = howItGrew({ ...FINE, number: 3 }, history);
  assert.match(
    words,
    /cost went from 2 at iteration 0 to 1e300 at iteration 2, the largest weight/,
  );
  assert.match(howItGrew(LOST, past([[0, Number.POSITIVE_INFINITY]])), /No step was taken yet/);
});

test("the ways back lead to the lowest cost and to the last that was finite, each once", () => {
  const history = past([
    [0, 2],
    [1, 0.5],
    [2, 1e300],
    [3, Number.NaN],
  ]);
  const ways = waysBack({ ...FINE, number: 3 }, history);
  assert.deepEqual(
    ways.map((it) => it.iteration),
    [1, 2],
  );
  assert.match(ways[0].name, /Back to iteration 1, where C was lowest: 0\.5/);
  assert.equal(waysBack({ ...FINE, number: 1 }, history).length, 1);
  assert.deepEqual(waysBack({ ...FINE, number: 0 }, history), []);
});

test("half the learning rate is offered where steps were taken, or this one would be too long", () => {
  const history = past([
    [0, 2],
    [1, Number.NaN],
  ]);
  assert.equal(halfRate({ ...FINE, number: 1 }, history), 0.25);
  assert.equal(halfRate(FINE, past([[0, 2]])), 0.25);
  assert.equal(halfRate(LOST, past([[0, Number.POSITIVE_INFINITY]])), null);
});

test("by a schedule it is half of what the run began with, not of what the rate has come to", () => {
  const dropped = iterationOf("dropped", 2);
  assert.equal(dropped.updates[0].lines[0].value[0][0], 0.0005);
  assert.equal(
    halfRate(
      dropped,
      past([
        [0, 2],
        [1, 3],
      ]),
    ),
    0.0005,
  );
});
