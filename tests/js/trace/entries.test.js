import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf } from "../../../static/js/base/format.js";
import { parse } from "../../../static/js/formula/formula.js";
import {
  edgeFormula,
  gradientFormula,
  madeOf,
  nameOf,
  reached,
  touched,
  used,
  valueFormula,
} from "../../../static/js/trace/entries.js";
import { allIterations, iterationOf } from "../support.js";

/** @typedef {import("../../../static/js/base/format.js").Entry} Entry */
/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @returns {Entry[]}
 */
function entriesOf(iteration, id) {
  const value = iteration.node.get(id)?.value ?? [];
  return value.flatMap((line, row) => line.map((_, column) => ({ id, row, column })));
}

/** @param {string} name */
function entry(name) {
  return /** @type {Entry} */ (entryOf(name));
}

test("what an entry touches is what reaches back to it, on every edge", () => {
  for (const iteration of allIterations())
    for (const edge of iteration.edges) {
      const up = entriesOf(iteration, edge.wrt).flatMap((wrt) =>
        touched(iteration, edge, wrt).map((of) => `${nameOf(of)} ${nameOf(wrt)}`),
      );
      const down = entriesOf(iteration, edge.of).flatMap((of) =>
        reached(iteration, edge, of).map((wrt) => `${nameOf(of)} ${nameOf(wrt)}`),
      );
      assert.deepEqual(up.toSorted(), down.toSorted(), edge.key);
    }
});

test("an entry's gradient is the sum of what it is made of", () => {
  for (const iteration of allIterations().filter((it) => it.status === "ok"))
    for (const node of iteration.nodes.filter((it) => it.id !== iteration.output))
      for (const it of entriesOf(iteration, node.id)) {
        let sum = 0;
        for (const edge of iteration.edges.filter((edge) => edge.wrt === node.id))
          for (const of of touched(iteration, edge, it)) {
            const g = iteration.node.get(of.id)?.gradient[of.row][of.column] ?? Number.NaN;
            sum += g * local(iteration, edge, of, it);
          }
        const gradient = node.gradient[it.row][it.column];
        // The order of adding differs from the engine's.
        assert.ok(Math.abs(sum - gradient) <= 1e-12 * Math.max(1, Math.abs(gradient)), nameOf(it));
      }
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
  if (edge.rule === "elementwise") return edge.value[wrt.row][wrt.column];
  const [cached] = used(edge, of, wrt);
  return iteration.node.get(cached.id)?.value[cached.row][cached.column] ?? Number.NaN;
}

test("what m0[0,1] and its gradient are made of", () => {
  const iteration = iterationOf("lecture");
  assert.deepEqual(madeOf(iteration, "m0", entry("m0[0,1]"), false), [
    "W0[0,1]",
    "W0[1,1]",
    "x[0,0]",
    "x[0,1]",
  ]);
  assert.deepEqual(madeOf(iteration, "W1", entry("W1[2,1]"), true), ["∂m1[0,1]", "a0[0,2]"]);
});

test("equations of single entries, written out", () => {
  const iteration = iterationOf("lecture");
  /** @param {string} name */
  const value = (name) => {
    const it = entry(name);
    const node = iteration.node.get(it.id);
    return node && valueFormula(iteration, node, it)?.formula;
  };
  /** @param {string} name */
  const gradient = (name) => {
    const it = entry(name);
    const node = iteration.node.get(it.id);
    return node && gradientFormula(iteration, node, it)?.formula;
  };
  assert.equal(value("m0[0,1]"), "m0[0,1] = x[0,0] · W0[0,1] + x[0,1] · W0[1,1]");
  assert.equal(value("a0[0,2]"), "a0[0,2] = 1 / (1 + exp(−m0[0,2]))");
  assert.equal(value("C[0,0]"), "C = Σ (a1 − y)²");
  assert.equal(value("x[0,0]"), undefined);
  assert.equal(gradient("a1[0,1]"), "∂C/∂a1[0,1] = 2 · (a1[0,1] − y[0,1])");
  assert.equal(gradient("a0[0,2]"), "∂C/∂a0[0,2] = ∂C/∂m1[0,0] · W1[2,0] + ∂C/∂m1[0,1] · W1[2,1]");
  assert.equal(gradient("m0[0,2]"), "∂C/∂m0[0,2] = ∂C/∂a0[0,2] · ∂a0[0,2]/∂m0[0,2]");
  assert.equal(gradient("W1[2,1]"), "∂C/∂W1[2,1] = ∂C/∂m1[0,1] · a0[0,2]");
});

test("every equation of an entry can be read back by the grammar", () => {
  for (const iteration of allIterations())
    for (const node of iteration.nodes)
      for (const it of entriesOf(iteration, node.id)) {
        for (const line of [
          valueFormula(iteration, node, it),
          gradientFormula(iteration, node, it),
        ])
          if (line) assert.notEqual(parse(line.formula), null, line.formula);
        for (const edge of iteration.edges.filter((edge) => edge.wrt === node.id)) {
          const formula = edgeFormula(edge, touched(iteration, edge, it)[0], it);
          assert.notEqual(parse(formula), null, formula);
        }
      }
});
