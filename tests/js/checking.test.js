import assert from "node:assert/strict";
import { test } from "node:test";
import { comparable } from "../../static/js/checking.js";
import { iterationOf } from "./support.js";

/** @typedef {import("../../static/js/checking.js").Checked} Checked */

/**
 * @param {Partial<Checked>} [change]
 * @returns {Checked}
 */
function entry(change = {}) {
  const plain = { parameter: "W0", row: 0, column: 0, analytic: 1, numeric: 1 };
  return { ...plain, absolute: 0, relative: 0, kink: false, ...change };
}

/**
 * The lecture's iteration with another number at W0[0,0].
 * @param {number} weight
 */
function withWeight(weight) {
  const iteration = iterationOf("lecture");
  const nodes = iteration.nodes.map((it) =>
    it.id === "W0" ? { ...it, value: [[weight, ...it.value[0].slice(1)], it.value[1]] } : it,
  );
  return { ...iteration, nodes, node: new Map(nodes.map((it) => [it.id, it])) };
}

/**
 * @param {Checked[]} entries
 * @param {number} step
 */
function answer(entries, step = 1e-6) {
  const worst = entries[0].relative;
  return { entries, step, worst, kinks: 0, resolution: 1e-10, status: /** @type {const} */ ("ok") };
}

test("a weight that h does not change is no verdict, and is not the worst", () => {
  const lost = entry({ numeric: "NaN", absolute: "NaN", relative: "NaN" });
  const other = entry({ column: 1, relative: 0.25 });
  for (const weight of [1e308, -1e308, 1e12]) {
    const found = comparable(answer([lost, other]), withWeight(weight));
    assert.deepEqual([...found.still], [lost]);
    assert.deepEqual([found.judged, found.worst], [1, 0.25]);
  }
  const none = comparable(answer([lost]), withWeight(1e308));
  assert.deepEqual([none.judged, none.worst], [0, 0]);
});

test("what overflows at a weight that h does change is not taken for that", () => {
  const lost = entry({ numeric: "NaN", absolute: "NaN", relative: "NaN" });
  const found = comparable(answer([lost, entry({ column: 1 })]), withWeight(0.5));
  assert.equal(found.still.size, 0);
  assert.deepEqual([found.judged, found.worst], [2, Number.NaN]);
  const corner = comparable(answer([entry({ kink: true })]), withWeight(0.5));
  assert.equal(corner.judged, 0);
});
