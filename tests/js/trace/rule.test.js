import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf } from "../../../static/js/trace/entries.js";
import {
  cachedAsItStands,
  cachedBetween,
  entriesAcross,
  isEntrywise,
  meetingOf,
  partialBetween,
} from "../../../static/js/trace/rule.js";
import { edgeKey } from "../../../static/js/trace/trace.js";
import { allIterations, entriesOf, holds, randomIteration } from "../support.js";

/** @typedef {import("../../../static/js/base/format.js").Entry} Entry */
/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */

test("what an entry touches is what reaches back to it, on every edge", () => {
  for (const iteration of allIterations())
    for (const edge of iteration.edges) {
      const up = entriesOf(iteration, edge.wrt).flatMap((wrt) =>
        entriesAcross(iteration, edge, "wrt", wrt).map((of) => `${keyOf(of)} ${keyOf(wrt)}`),
      );
      const down = entriesOf(iteration, edge.of).flatMap((of) =>
        entriesAcross(iteration, edge, "of", of).map((wrt) => `${keyOf(of)} ${keyOf(wrt)}`),
      );
      assert.deepEqual(up.toSorted(), down.toSorted(), edge.key);
    }
});

test("the local partial between two entries is what each rule by its name says", () => {
  for (const iteration of allIterations())
    for (const edge of iteration.edges)
      for (const wrt of entriesOf(iteration, edge.wrt))
        for (const of of entriesAcross(iteration, edge, "wrt", wrt))
          assert.equal(partialBetween(edge, of, wrt), local(iteration, edge, of, wrt), edge.key);
});

/**
 * @param {Iteration} iteration
 * @param {import("../../../static/js/trace/trace.js").Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 */
function local(iteration, edge, of, wrt) {
  if (edge.rule === "sum_rows") return 1;
  if (edge.rule === "jacobian") return edge.jacobians[of.row][of.column][wrt.column];
  if (edge.rule === "elementwise" || edge.rule === "spread") return edge.value[wrt.row][wrt.column];
  const [cached] = cachedBetween(edge, of, wrt);
  return iteration.node.get(cached.id)?.value[cached.row][cached.column] ?? Number.NaN;
}

test("how an upstream gradient meets a local partial, part by part", () => {
  const parts = {
    elementwise: "upstream ⊙ local",
    matmul_left: "turned · upstream",
    matmul_right: "upstream · turned",
    sum_rows: "Σ upstream",
    jacobian: "upstream · local",
    spread: "upstream ⊙ local",
    gather: "moved(upstream)",
  };
  for (const iteration of allIterations())
    for (const edge of iteration.edges.filter((it) => it.of !== iteration.output)) {
      assert.equal(meetingOf(edge).join(" "), parts[edge.rule], edge.chain);
      const isOfNumber = iteration.node.get(edge.of)?.shape.length === 0; // one entry, which all of the input meet
      assert.equal(isEntrywise(edge), edge.rule === "elementwise" || isOfNumber);
      const [cached] = edge.uses;
      const asItStands =
        /matmul/.test(edge.rule) || edge.formula === `∂${edge.of}/∂${edge.wrt} = ${cached}`;
      assert.equal(cachedAsItStands(edge), asItStands ? cached : undefined);
    }
});

test("two edges between the same two nodes are two, each with its slot", () => {
  assert.equal(edgeKey({ id: "s", inputs: ["x", "x", "y"] }, 0), "s>x");
  assert.equal(edgeKey({ id: "s", inputs: ["x", "x", "y"] }, 1), "s>x:1");
  assert.equal(edgeKey({ id: "s", inputs: ["x", "x", "y"] }, 2), "s>y");
  let doubles = 0;
  holds(50, (random) => {
    const iteration = randomIteration(random);
    assert.equal(iteration.edge.size, iteration.edges.length);
    doubles += iteration.edges.filter((it) => it.key.includes(":")).length;
  });
  assert.ok(doubles > 10);
});
