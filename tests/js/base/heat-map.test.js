import assert from "node:assert/strict";
import { test } from "node:test";
import { largest, share, tint } from "../../../static/js/base/format.js";
import { condensed, heatPaths } from "../../../static/js/base/heat-map.js";
import { holds } from "../support.js";

/**
 * @param {import("../support.js").Generator} random
 */
function randomMatrix(random) {
  const columns = random.whole(1, 9);
  return Array.from({ length: random.whole(1, 9) }, () =>
    Array.from({ length: columns }, () => random.double()),
  );
}

test("the largest is the size of an entry, and no finite entry is larger", () => {
  holds(300, (random) => {
    const matrix = randomMatrix(random);
    const sizes = matrix.flat().map(Math.abs);
    assert.equal(largest(matrix), Math.max(...sizes));
  });
  assert.equal(largest([[Number.NaN, Number.NEGATIVE_INFINITY, -2]]), 2);
  assert.equal(largest([[Number.POSITIVE_INFINITY]]), 0);
  assert.equal(largest([[0, 0]]), 0);
});

test("a share is from 0 to 1: 1 for the largest, 0 for zero and for no number", () => {
  holds(300, (random) => {
    const matrix = randomMatrix(random);
    const most = largest(matrix);
    for (const value of matrix.flat()) {
      const of = share(value, most);
      assert.ok(of >= 0 && of <= 1);
      assert.equal(of === 1 && value !== 0, Math.abs(value) === most && most > 0);
    }
  });
  assert.equal(share(Number.NaN, 1), 0);
  assert.equal(share(0, 0), 0);
  assert.equal(share(Number.POSITIVE_INFINITY, 0), 1);
});

test("tints go from 0 to 5, grow with size, and only zero has none", () => {
  holds(300, (random) => {
    const sizes = randomMatrix(random)
      .flat()
      .map(Math.abs)
      .toSorted((a, b) => a - b);
    const tints = sizes.map((it) => tint(it, sizes[sizes.length - 1]));
    tints.forEach((it, i) => {
      assert.ok(Number.isInteger(it) && it >= 0 && it <= 5);
      assert.equal(it === 0, sizes[i] === 0);
      if (i > 0) assert.ok(it >= tints[i - 1]);
    });
  });
  assert.equal(tint(-3, 3), 5);
});

test("a heat map has one square for each positive entry, a hollow one for each negative, none for zero", () => {
  const { positive, negative } = heatPaths(
    [
      [1, -1, 0, 2],
      [0, -2, -0, 0.5],
    ],
    80,
    40,
  );
  assert.equal(positive.match(/M/g)?.length, 3);
  assert.equal(negative.match(/M/g)?.length, 2 * 2);
});

test("a heat map's squares lie within it, and their area is in proportion to size", () => {
  holds(100, (random) => {
    const matrix = randomMatrix(random);
    const [width, height] = [random.whole(20, 110), random.whole(20, 92)];
    const { positive } = heatPaths(matrix, width, height);
    const side = Math.min(width / matrix[0].length, height / matrix.length);
    const most = largest(matrix);
    const sides = [...positive.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)].map((it) =>
      it.slice(1).map(Number),
    );
    const wanted = matrix
      .flat()
      .filter((it) => it > 0 && side * 0.94 * Math.sqrt(it / most) >= 0.05);
    assert.equal(sides.length, wanted.length);
    sides.forEach(([x, y, s], i) => {
      assert.ok(x >= 0 && y >= 0 && x + s <= width + 0.02 && y + s <= height + 0.02);
      assert.ok(Math.abs((s / (0.94 * side)) ** 2 - wanted[i] / most) < 0.03);
    });
  });
});

test("a matrix too fine to draw keeps the largest entry of each block, and a small one all of them", () => {
  holds(100, (random) => {
    const [rows, columns] = [random.whole(1, 60), random.whole(1, 60)];
    const matrix = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => random.real() - 0.5),
    );
    const small = condensed(matrix, 20, 10);
    assert.ok(small.length <= 10 && small[0].length <= 20);
    const size = (/** @type {number[][]} */ it) => Math.max(...it.flat().map(Math.abs));
    assert.equal(size(small), size(matrix));
    assert.ok(small.flat().every((it) => matrix.some((row) => row.includes(it))));
    assert.equal(condensed(matrix, columns, rows), matrix);
  });
});
