import assert from "node:assert/strict";
import { test } from "node:test";
import { edgeBetween } from "../../../static/js/trace/rule.js";
import { decode, matrix, saidOf } from "../../../static/js/trace/trace.js";
import { allIterations, close, fixture, iterationOf, NAMES } from "../support.js";

/** @typedef {number[][]} Matrix */

/**
 * @param {Matrix} a
 * @param {Matrix} b
 */
function product(a, b) {
  return a.map((row) =>
    b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)),
  );
}

/** @param {Matrix} a */
function transposed(a) {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

/**
 * @param {Matrix} actual
 * @param {Matrix} expected
 */
function same(actual, expected) {
  assert.deepEqual([actual.length, actual[0].length], [expected.length, expected[0].length]);
  actual.forEach((row, r) => {
    row.forEach((value, c) => {
      close(value, expected[r][c], 1e-12 * Math.max(1, Math.abs(value)));
    });
  });
}

const FINITE = NAMES.filter((name) => name !== "diverged");

test("a lean answer and a full one are the same after decoding", () => {
  for (const name of NAMES)
    for (const { experiment, lean, full } of fixture(name).steps)
      assert.deepEqual(decode(experiment, lean), decode(experiment, full));
});

test("a lean answer is in fact shorter", () => {
  for (const name of NAMES)
    for (const { lean, full } of fixture(name).steps)
      assert.ok(JSON.stringify(lean).length < JSON.stringify(full).length);
});

test("decoding leaves the answer as it was", () => {
  const { experiment, lean } = fixture("softmax").steps[0];
  const before = structuredClone(lean);
  decode(experiment, lean);
  assert.deepEqual(lean, before);
});

test("every number of the page is a number, also the infinite ones", () => {
  for (const { cost, nodes, edges, updates } of allIterations()) {
    const matrices = [
      ...nodes.flatMap((it) => [it.value, it.gradient]),
      ...edges.flatMap((it) => [it.value, it.contribution, ...it.jacobians]),
      ...updates.flatMap((it) => [it.before, it.gradient, it.delta, it.after]),
      [[cost]],
    ];
    for (const rows of matrices) {
      assert.ok(rows.length > 0 && rows[0].length > 0);
      for (const value of rows.flat()) assert.equal(typeof value, "number");
    }
  }
  const { cost, node, status } = iterationOf("diverged");
  assert.equal(status, "diverged");
  assert.equal(cost, Number.POSITIVE_INFINITY);
  assert.deepEqual(node.get("y")?.gradient, [[Number.NEGATIVE_INFINITY]]);
});

test("a gradient has the shape of its value", () => {
  for (const { nodes } of allIterations())
    for (const { value, gradient } of nodes)
      assert.deepEqual([gradient.length, gradient[0].length], [value.length, value[0].length]);
});

test("contributions into a node add up to its gradient", () => {
  for (const name of FINITE) {
    const { nodes, edges } = iterationOf(name);
    for (const { id, gradient } of nodes) {
      const into = edges.filter((it) => it.wrt === id);
      if (into.length === 0) continue;
      const sum = gradient.map((row, r) =>
        row.map((_, c) => into.reduce((all, it) => all + it.contribution[r][c], 0)),
      );
      same(sum, gradient);
    }
  }
});

test("a contribution is the local partial applied to what arrives, by its rule", () => {
  for (const name of FINITE) {
    const { edges, node } = iterationOf(name);
    for (const { of, rule, value, jacobians, contribution } of edges) {
      const g = node.get(of)?.gradient ?? [];
      /** @type {Record<string, () => Matrix>} */
      const rules = {
        elementwise: () => value.map((row, r) => row.map((it, c) => it * (g[r]?.[c] ?? g[0][0]))),
        matmul_right: () => product(g, transposed(value)),
        matmul_left: () => product(transposed(value), g),
        sum_rows: () => [g[0].map((_, c) => g.reduce((sum, row) => sum + row[c], 0))],
        jacobian: () =>
          jacobians.map((rows, r) =>
            rows[0].map((_, j) => g[r].reduce((sum, it, i) => sum + it * rows[i][j], 0)),
          ),
      };
      same(contribution, rules[rule]());
    }
  }
});

test("an update begins at the parameter's value and ends where the next iteration begins", () => {
  for (const name of FINITE) {
    const [first, second] = [iterationOf(name, 0), iterationOf(name, 1)];
    for (const { parameter, before, after, gradient } of first.updates) {
      assert.deepEqual(before, first.node.get(parameter)?.value);
      assert.deepEqual(gradient, first.node.get(parameter)?.gradient);
      assert.deepEqual(after, second.node.get(parameter)?.value);
    }
  }
});

test("nodes and edges are found by name, the output and the prediction too", () => {
  for (const iteration of allIterations()) {
    for (const it of iteration.nodes) assert.equal(iteration.node.get(it.id), it);
    for (const it of iteration.edges) assert.equal(edgeBetween(iteration, it.of, it.wrt), it);
    assert.equal(iteration.output, "C");
    assert.equal(iteration.prediction, "a1");
  }
});

test("an iteration has the number of the experiment that was posted", () => {
  for (const name of NAMES)
    assert.deepEqual(
      fixture(name).steps.map((it, index) => [
        iterationOf(name, index).number,
        it.experiment.iteration ?? 0,
      ]),
      fixture(name).steps.map((it) => [it.experiment.iteration ?? 0, it.experiment.iteration ?? 0]),
    );
});

test("softmax has a matrix of local partials for each row, the other rules have none", () => {
  const { edges } = iterationOf("softmax");
  for (const { rule, jacobians, value } of edges) {
    assert.equal(jacobians.length, rule === "jacobian" ? 2 : 0);
    if (rule === "jacobian") assert.deepEqual(value, jacobians[0]);
  }
  assert.ok(edges.some((it) => it.rule === "jacobian"));
});

test("what the network says of rows held back is read from the node that the cost looks at", () => {
  const { trial } = fixture("softmax");
  assert.ok(trial);
  const said = saidOf(trial).predictions;
  assert.equal(said.length, 3);
  for (const row of said)
    close(
      row.reduce((sum, it) => sum + it, 0),
      1,
    );
});

test("any tensor becomes rows", () => {
  assert.deepEqual(matrix(3), [[3]]);
  assert.deepEqual(matrix([1, 2]), [[1, 2]]);
  assert.deepEqual(matrix([[1], [2]]), [[1], [2]]);
  assert.deepEqual(matrix(["NaN", "-Infinity"]), [[Number.NaN, Number.NEGATIVE_INFINITY]]);
});
