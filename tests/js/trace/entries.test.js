import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf } from "../../../static/js/base/format.js";
import { parse } from "../../../static/js/formula/formula.js";
import { lookupIn } from "../../../static/js/formula/numbers.js";
import {
  edgeFormula,
  gradientFormula,
  keyOf,
  madeOf,
  updateFormula,
  valueFormula,
} from "../../../static/js/trace/entries.js";
import { entriesAcross, partialBetween } from "../../../static/js/trace/rule.js";
import { same, sides } from "../equations.js";
import { entriesOf, everyIteration, iterationOf, written } from "../support.js";

/** @typedef {import("../../../static/js/base/format.js").Entry} Entry */

/** @param {string} name */
function entry(name) {
  return /** @type {Entry} */ (entryOf(name));
}

test("an entry's gradient is the sum of what it is made of", () => {
  for (const iteration of everyIteration().filter((it) => it.status === "ok"))
    for (const node of iteration.nodes.filter((it) => it.id !== iteration.output))
      for (const it of entriesOf(iteration, node.id)) {
        let sum = 0;
        for (const edge of iteration.edges.filter((edge) => edge.wrt === node.id))
          for (const of of entriesAcross(iteration, edge, "wrt", it)) {
            const g = iteration.node.get(of.id)?.gradient[of.row][of.column] ?? Number.NaN;
            sum += g * partialBetween(edge, of, it);
          }
        const gradient = node.gradient[it.row][it.column];
        // The order of adding differs from the engine's.
        assert.ok(Math.abs(sum - gradient) <= 1e-12 * Math.max(1, Math.abs(gradient)), keyOf(it));
      }
});

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

test("an entry has an index for each axis of its node, and what is stretched its own", () => {
  const iteration = iterationOf("written");
  const told = (/** @type {string} */ id, /** @type {number} */ column) => {
    const node = iteration.node.get(id) ?? assert.fail(id);
    const it = { id, row: 0, column };
    return [valueFormula(iteration, node, it), gradientFormula(iteration, node, it)].map(
      (line) => line?.formula,
    );
  };
  assert.deepEqual(told("h", 1), [
    "h[1] = h.1[1] + b[1]",
    "∂C/∂h[1] = ∂C/∂d[1] + ∂C/∂d.1 · (1 / 3)",
  ]);
  assert.deepEqual(told("d", 2), ["d[2] = h[2] − d.1", "∂C/∂d[2] = ∂C/∂z.1 · w[2]"]);
  assert.equal(told("w", 1)[1], "∂C/∂w[1] = ∂C/∂z.1 · d[1]");
  assert.equal(told("W", 1)[1], "∂C/∂W[0,1] = ∂C/∂h.1[1] · x[0]");
  assert.equal(told("k", 0)[1], "∂C/∂k = ∂C/∂z · z.1");
  const update = iteration.updates.find((it) => it.parameter === "b") ?? assert.fail();
  assert.equal(updateFormula(iteration, update, entry("b[1]")), "b[1] ← b[1] − α · v");
});

test("every equation of an entry is true of its numbers: what is used twice, stretched, a vector, and at the cost", () => {
  let seen = 0;
  for (const iteration of everyIteration().filter((it) => it.status === "ok"))
    for (const node of iteration.nodes)
      for (const it of entriesOf(iteration, node.id)) {
        const lines = [
          valueFormula(iteration, node, it),
          gradientFormula(iteration, node, it),
        ].filter((line) => line?.left === 0 && !/\[[\d:,]*:[\d:,]*\]/.test(line.formula));
        for (const line of lines) {
          const { left, right } = sides(line?.formula ?? "", lookupIn(iteration, true));
          if (right.length === 0) continue;
          // Of two that are equal each counts half: that is said beside the formula.
          const isShared = /[<>=] .*\]/.test(line?.formula.slice(2) ?? "");
          const isTrue = right.some((found) => same(left, found));
          assert.ok(isTrue || isShared, `${line?.formula}: ${left}, ${right[0]}`);
          seen += 1;
        }
      }
  assert.ok(seen > 2000, String(seen));
});

test("what is used at two places of one operation has both slopes written out", () => {
  const { iteration } = written("slots");
  const of = (/** @type {string} */ id) => {
    const node = iteration.node.get(id) ?? assert.fail(id);
    return gradientFormula(iteration, node, { id, row: 0, column: 0 })?.formula;
  };
  assert.match(of("v") ?? "", /∂C\/∂p · \(v · v\^\(v − 1\)\) \+ ∂C\/∂p · \(ln\(v\) · p\)/);
  assert.match(of("w") ?? "", /∂C\/∂d \+ ∂C\/∂d · \(−1\)/);
});

test("of formulas, a largest, a mean and a cost of a row are told in the entries that they are made of", () => {
  const { iteration } = written("axes");
  const lines = (
    /** @type {string} */ id,
    /** @type {number} */ row,
    /** @type {number} */ column,
  ) => {
    const node = iteration.node.get(id) ?? assert.fail(id);
    const it = { id, row, column };
    return [
      valueFormula(iteration, node, it)?.formula,
      gradientFormula(iteration, node, it)?.formula,
    ];
  };
  assert.equal(lines("b", 1, 0)[0], "b = Σ b.1 / 3");
  const edge = iteration.edge.get("c>X") ?? assert.fail();
  const [of, wrt] = [entry("c[1]"), entry("X[1,2]")];
  assert.equal(edgeFormula(iteration, edge, of, wrt), "∂c[1]/∂X[1,2] = [X[1,2] = c[1]]");
  const vectors = written("vectors").iteration;
  const into = vectors.edge.get("m>X") ?? assert.fail();
  assert.equal(edgeFormula(vectors, into, entry("m[1]"), entry("X[2,1]")), "∂m[1]/∂X[2,1] = w[2]");
  const stretched = written("stretched").iteration;
  const divided = stretched.edge.get("U>T") ?? assert.fail();
  assert.equal(
    edgeFormula(stretched, divided, entry("U[1,2]"), entry("T[1,2]")),
    "∂U[1,2]/∂T[1,2] = −col[1,0] / T[1,2]²",
  );
});

test("every equation of an entry can be read back by the grammar", () => {
  for (const iteration of everyIteration())
    for (const node of iteration.nodes)
      for (const it of entriesOf(iteration, node.id)) {
        for (const line of [
          valueFormula(iteration, node, it),
          gradientFormula(iteration, node, it),
        ])
          if (line) assert.notEqual(parse(line.formula), null, line.formula);
        for (const edge of iteration.edges.filter((edge) => edge.wrt === node.id))
          for (const of of entriesAcross(iteration, edge, "wrt", it).slice(0, 1)) {
            const formula = edgeFormula(iteration, edge, of, it);
            assert.notEqual(parse(formula), null, formula);
          }
      }
});
