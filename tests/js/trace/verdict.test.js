import assert from "node:assert/strict";
import { test } from "node:test";
import { short } from "../../../static/js/base/format.js";
import { verdictOf } from "../../../static/js/trace/verdict.js";
import { fixture, iterationOf } from "../support.js";

/** @param {string} name @param {Partial<import("../../../static/js/trace/trace.js").Iteration>} [change] */
function told(name, change = {}) {
  const { begins, said, ends, truth } = verdictOf({ ...iterationOf(name), ...change }) ?? {};
  return `${begins}${said}${ends} ${truth}`;
}

test("how wrong the network is, C says; with a penalty what is compared alone", () => {
  assert.match(told("lecture"), /C = 0\.7048 tells how wrong that is\.$/);
  const iteration = iterationOf("penalized");
  const { L, C } = Object.fromEntries(
    ["L", "C"].map((id) => [id, iteration.node.get(id)?.value[0][0]]),
  );
  assert.notEqual(L, C);
  assert.ok(told("penalized").endsWith(`L = ${short(L ?? 0)} tells how wrong that is.`));
});

test("of a batch it speaks of the rows that were taken", () => {
  const { experiment } = fixture("xor").steps[0];
  const iteration = iterationOf("xor");
  const half = (/** @type {number[][]} */ rows) => rows.slice(0, 2);
  const { said } = iteration;
  const nodes = iteration.nodes.map((it) =>
    it.role === "target" ? { ...it, value: half(it.value) } : it,
  );
  const batch = {
    batchRows: [0, 1],
    experiment: { ...experiment, batch_size: 2 },
    nodes,
    said: { ...said, predictions: half(said.predictions), costs: said.costs.slice(0, 2) },
  };
  assert.match(told("xor", batch), /^The network gets \d of 2 of this batch right\./);
  const y = experiment.data.y.map((row) => row.map((it) => it + 0.25));
  const targets = nodes.map((it) =>
    it.role === "target" ? { ...it, value: it.value.map((row) => row.map((v) => v + 0.25)) } : it,
  );
  const numbers = {
    ...batch,
    nodes: targets,
    experiment: { ...batch.experiment, data: { ...experiment.data, y } },
  };
  assert.match(
    told("xor", numbers),
    /^The network misses its 2 targets of this batch by C = [\d.]+\./,
  );
});
