import assert from "node:assert/strict";
import { test } from "node:test";
import { proposal } from "../../../static/js/data/fit-network.js";
import { costFor, remedyOf } from "../../../static/js/experiment/architecture.js";
import { beatsOf, momentAt } from "../../../static/js/time/timeline.js";
import { accuracy, perExample } from "../../../static/js/trace/scores.js";
import { number } from "../../../static/js/trace/trace.js";
import { whyZeroGradient } from "../../../static/js/trace/why-zero.js";
import { tableOf } from "../../../static/js/weight/chain.js";
import { catalog, chains, close, iterationOf, ODD } from "../support.js";

/**
 * @param {string} name
 * @param {string} query
 */
function table(name, query = "parameter=W0&row=0&column=0") {
  const iteration = iterationOf(name);
  const beats = beatsOf(iteration);
  const end = beats.filter((it) => it.phase !== "update").length;
  const answer = chains()[name][query];
  return {
    answer,
    iteration,
    ...tableOf(answer, iteration, beats, momentAt(iteration, beats, end)),
  };
}

/** @param {import("../../../static/js/data/edit-data.js").Data} data */
const suited = (data) => ({ data, cost: "binary_cross_entropy", activation: "sigmoid" });

test("where a has rounded the numbers are right, and the edge says how they came to be", () => {
  const { cost, status, node, edge } = iterationOf("rounded");
  assert.deepEqual([cost, status], [40, "ok"]);
  close(node.get("W0")?.gradient[0][0] ?? Number.NaN, 40, 1e-13);
  assert.match(edge.get("a0>m0")?.remarks[0] ?? "", /^a0\[0,0\] is 1 to all 16 digits/);
  assert.match(node.get("C")?.note ?? "", /^Computed from m0/);
});

test("∂C/∂a beyond the doubles is no divergence", () => {
  const { status, divergence, cost, node } = iterationOf("straight");
  assert.deepEqual([status, divergence, cost], ["ok", null, 1000]);
  assert.deepEqual(node.get("a0")?.gradient, [[Number.POSITIVE_INFINITY]]);
});

test("a route that goes straight to m has a factor for the two, and says why", () => {
  const { columns, groups } = table("straight");
  assert.deepEqual(
    columns.map((it) => [it.wrt, it.straight]),
    [
      ["m0", true],
      ["W0", false],
    ],
  );
  assert.equal(groups[0].lines[0].cells[0].over, "a0[0,0] has rounded to 1; so from m0 straight");
  assert.equal(groups[0].lines[0].product, 1000);
});

test("beside routes as usual, the straight factor covers the columns of those it stands for", () => {
  const { columns, groups, answer } = table("straight_softmax", "parameter=W0&row=0&column=1");
  assert.deepEqual(
    columns.map((it) => it.wrt),
    ["a0", "m0", "W0"],
  );
  const lines = groups.flatMap((it) => it.lines);
  assert.ok(lines.some((it) => it.cells[0].span === 2));
  assert.ok(lines.some((it) => it.cells.every((cell) => cell.span === 1)));
  for (const { cells } of lines)
    assert.equal(
      cells.reduce((sum, it) => sum + it.span, 0),
      3,
    );
  const sum = lines.reduce((all, it) => all + it.product, 0);
  close(sum, number(answer.gradient), 1e-9);
});

test("no reason for a zero is given where there is none, and none is made of what is no number", () => {
  for (const name of ODD) {
    const iteration = iterationOf(name);
    for (const { id, gradient } of iteration.nodes)
      gradient.forEach((line, row) => {
        line.forEach((value, column) => {
          const reason = whyZeroGradient(iteration, id, row, column);
          assert.equal(reason !== null, value === 0, `${name} ${id}[${row},${column}]`);
          assert.doesNotMatch(reason ?? "", /undefined|NaN|null|∞/);
        });
      });
  }
});

test("the costs of single rows add up to C, by logits too", () => {
  for (const name of ODD.filter((it) => it !== "unfit")) {
    const iteration = iterationOf(name);
    const costs = perExample(iteration).map((it) => it?.cost ?? Number.NaN);
    close(
      costs.reduce((sum, it) => sum + it, 0),
      iteration.cost,
      1e-12 * iteration.cost,
    );
  }
});

test("logits are told as probabilities, and judged as such", () => {
  const { said } = iterationOf("logits");
  assert.notDeepEqual(said.predictions, said.outputs);
  for (const row of said.predictions)
    close(
      row.reduce((sum, it) => sum + it, 0),
      1,
      1e-15,
    );
  const binary = { outputs: [[0.2]], predictions: [[0.55]], logits: [[0.2]], costs: [0.6] };
  const { experiment, ...rest } = iterationOf("rounded");
  const data = { ...experiment.data, y: [[1]] };
  const nodes = rest.nodes.map((it) => (it.id === "y" ? { ...it, value: [[1]] } : it));
  const it = { ...rest, nodes, said: binary, experiment: { ...experiment, data } };
  assert.deepEqual(accuracy(perExample(it)), { right: 1, of: 1, share: 1 });
});

test("what does not fit together is told, and a last activation proposed", () => {
  const unfit = iterationOf("unfit");
  assert.ok(unfit.warnings.some(({ pointer }) => pointer === "/network/cost"));
  assert.deepEqual(remedyOf(unfit, catalog()), { layer: 0, activation: "sigmoid" });
  const logits = iterationOf("logits");
  assert.ok(logits.warnings.length > 0);
  assert.equal(remedyOf(logits, catalog()), null);
  const { experiment } = iterationOf("rounded");
  const network = { ...experiment.network, cost: "binary_cross_entropy_from_logits" };
  const proposed = proposal(suited(experiment.data), { ...experiment, network }, catalog());
  assert.equal(proposed.activations.at(-1), "identity");
  assert.equal(proposed.cost, "binary_cross_entropy_from_logits");
});

test("what only takes some targets is not proposed for others, and what is made for softmax stays", () => {
  const { experiment } = iterationOf("rounded");
  const hinge = { ...experiment, network: { ...experiment.network, cost: "hinge" } };
  const other = proposal(suited(experiment.data), hinge, catalog());
  assert.equal(other.cost, "squared_error");
  assert.ok(other.changes.some((it) => it.endsWith("as its targets are -1 or 1 only")));
  const signs = { ...experiment.data, y: experiment.data.y.map((row) => row.map(() => -1)) };
  assert.equal(proposal(suited(signs), hinge, catalog()).cost, "hinge");
  const { experiment: softmax } = iterationOf("straight_softmax");
  const asked = ["squared_error", "kl_divergence", "cross_entropy"].map((cost) =>
    costFor({ ...softmax, network: { ...softmax.network, cost } }, catalog()),
  );
  assert.deepEqual(asked, ["cross_entropy", null, null]);
});
