import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, inked, stroke, walked } from "../../../static/js/data/drawing.js";
import {
  asking,
  askingInParts,
  askingWhy,
  gridOf,
  placeOf,
  SIDE,
  surfaceOf,
  tooFarApart,
  whyOf,
} from "../../../static/js/data/surface.js";
import { influences } from "../../../static/js/trace/scores.js";
import { fixture, holds } from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Experiment} Experiment */

const { experiment } = fixture("xor").steps[0];

/**
 * @param {number[]} sizes
 * @param {number} rows
 * @returns {Experiment}
 */
function network(sizes, rows = 4) {
  const layers = sizes.slice(1).map((gives, at) => ({
    weights: Array.from({ length: sizes[at] }, () => new Array(gives).fill(0.1)),
    bias: null,
    activation: "tanh",
  }));
  const x = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: sizes[0] }, (_, c) => r * 2 + c),
  );
  const y = x.map(() => new Array(sizes[sizes.length - 1]).fill(0));
  return { ...experiment, network: { ...experiment.network, layers }, data: { x, y } };
}

test("the grid covers the data with room around, from the upper left line by line", () => {
  const grid = gridOf(experiment.data, experiment);
  assert.ok(grid);
  assert.equal(grid.side, SIDE);
  assert.equal(grid.x.length, SIDE * SIDE);
  for (const row of experiment.data.x) {
    const { x, y } = placeOf(grid, row, { width: 100, height: 100 });
    assert.ok(x > 0 && x < 100 && y > 0 && y < 100);
  }
  assert.deepEqual(placeOf(grid, grid.x[0], { width: 90, height: 50 }), { x: 0, y: 0 });
  assert.deepEqual(placeOf(grid, grid.x[SIDE * SIDE - 1], { width: 90, height: 50 }), {
    x: 90,
    y: 50,
  });
});

test("a curve for one input, nothing for three, a coarser grid for a large network", () => {
  assert.equal(gridOf(network([1, 3, 1]).data, network([1, 3, 1]))?.x.length, 201);
  assert.equal(gridOf(network([3, 3, 1]).data, network([3, 3, 1])), null);
  const large = network([2, ...new Array(10).fill(64), 2]);
  const side = gridOf(large.data, large)?.side ?? 0;
  assert.ok(side >= 2 && side < SIDE, String(side));
});

test("the grid of data that never change has a width all the same", () => {
  holds(100, (random) => {
    const value = random.double();
    const it = network([2, 2, 1]);
    const grid = gridOf({ x: [[value, 0]], y: [[0]] }, it);
    assert.ok(grid?.ranges.every(({ low, high }) => low < high) ?? Math.abs(value) > 1e308);
  });
});

test("there is no grid over inputs whose range, or the room around it, is beyond a number", () => {
  const it = network([2, 2, 1]);
  /** @param {number[]} inputs of the second column */
  const data = (...inputs) => ({ x: inputs.map((value) => [0, value]), y: inputs.map(() => [0]) });
  for (const inputs of [[-1e308, 1e308], [-8e307, 8e307], [1.7e308], [1e308, -1e308, 0]]) {
    assert.equal(tooFarApart(data(...inputs)), 1);
    assert.equal(gridOf(data(...inputs), it), null);
  }
  const held = { ...data(1e308), held_back: data(-1e308) };
  assert.equal(gridOf(held, it), null);
  for (const inputs of [[-6e307, 6e307], [1e308], [1, 2]]) {
    assert.equal(tooFarApart(data(...inputs)), -1);
    assert.ok(
      gridOf(data(...inputs), it)
        ?.x.flat()
        .every(Number.isFinite),
    );
  }
});

test("what is asked is an experiment: the same network, a target for each row, nothing else", () => {
  const asked = asking(experiment, [[1, 2]]);
  assert.deepEqual(Object.keys(asked).sort(), ["data", "iteration", "network"]);
  assert.equal(asked.network, experiment.network);
  assert.equal(asked.data.y[0].length, experiment.data.y[0].length);
  const it = network([64, 16, 2], 1);
  const rows = { x: new Array(10_000).fill(it.data.x[0]), y: new Array(10_000).fill(it.data.y[0]) };
  const parts = askingInParts({ ...it, data: rows });
  assert.equal(
    parts.reduce((sum, part) => sum + part.data.x.length, 0),
    10_000,
  );
  assert.ok(parts.length > 1);
});

test("why: one row for each class, whose gradient is about that class", () => {
  const it = network([3, 2, 4]);
  const asked = askingWhy(it, [1, 2, 3]);
  assert.deepEqual(
    asked.data.x,
    [0, 1, 2, 3].map(() => [1, 2, 3]),
  );
  assert.deepEqual(asked.data.y[2], [0, 0, 1, 0]);
  assert.equal(asked.network.reduction, "sum");
  const answer = /** @type {import("../../../static/js/trace/trace.js").TraceAnswer} */ (
    /** @type {unknown} */ ({
      nodes: [
        { id: "x", role: "input", gradient: [[1, "NaN"]], value: [[1, 2]], inputs: [] },
        { id: "a0", role: "computed", value: [[0.25]], inputs: ["x"] },
        { id: "C", role: "computed", value: 1, inputs: ["a0", "y"] },
      ],
      partials: [{ of: "C", wrt: "a0", uses: ["a0", "y"] }],
      prediction: "a0",
      probabilities: null,
      row_costs: [],
    })
  );
  assert.deepEqual(whyOf(answer), { outputs: [0.25], gradients: [[1, Number.NaN]] });
  assert.deepEqual(influences([0.5, 0, 1], [-2, 5, 3]), [1, 0, -3]);
});

test("a surface is a class and how sure it is, between 0 and 1", () => {
  const { classes, sure } = surfaceOf([
    [0.1, 0.9],
    [0.5, 0.5],
    [3, -9],
    [Number.NaN, 1],
  ]);
  assert.deepEqual(classes.slice(0, 3), [1, 0, 0]);
  assert.deepEqual(
    sure.map((it) => Number(it.toFixed(9))),
    [0.8, 0, 1, 0],
  );
  assert.deepEqual(surfaceOf([[0.9], [0.25]]), { classes: [1, 0], sure: [0.8, 0.5] });
});

test("drawing: a stroke leaves no gap, arrows stay inside, inks go round", () => {
  holds(200, (random) => {
    const shape = /** @type {const} */ ([random.whole(1, 9), random.whole(1, 9)]);
    const size = shape[0] * shape[1];
    const [from, to] = [random.whole(0, size - 1), random.whole(0, size - 1)];
    const pixels = stroke(shape, from, to);
    assert.ok(pixels.includes(from) && pixels.includes(to));
    pixels.forEach((pixel, at) => {
      const last = pixels[Math.max(0, at - 1)];
      assert.ok(Math.abs((pixel % shape[1]) - (last % shape[1])) <= 1);
      assert.ok(Math.abs(Math.floor(pixel / shape[1]) - Math.floor(last / shape[1])) <= 1);
    });
    const key = random.pick(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
    const next = walked(shape, from, key) ?? -1;
    assert.ok(next >= 0 && next < size);
  });
  const pixels = blank([2, 2]);
  assert.equal(inked(pixels, 1, 0), pixels);
  assert.deepEqual(inked(pixels, 1, 1), [0, 1, 0, 0]);
});
