import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../../static/js/formula/formula.js";
import { edgesTo, formulasOf } from "../../../static/js/weight/matrices.js";
import { allIterations, close, holds, iterationOf, randomIteration } from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */

test("the chain in matrices leads from the cost to the parameter, each edge once, and its formulas can be set", () => {
  for (const iteration of allIterations())
    for (const { id } of iteration.nodes.filter((it) => it.role === "parameter")) {
      const edges = edgesTo(iteration, id);
      assert.equal(new Set(edges).size, edges.length);
      assert.equal(edges[0].of, iteration.output);
      assert.equal(edges[edges.length - 1].wrt, id);
      const reached = new Set([iteration.output]);
      for (const edge of edges) {
        assert.ok(reached.has(edge.of), edge.key);
        reached.add(edge.wrt);
      }
      for (const it of formulasOf(iteration, id)) assert.notEqual(parse(it), null, it);
    }
});

test("the lecture's boxed equation for W1, in matrices", () => {
  assert.deepEqual(formulasOf(iterationOf("lecture"), "W1"), [
    "∂C/∂W1 = a0ᵀ · ((2 · (a1 − y)) ⊙ (a1 ⊙ (1 − a1)))",
  ]);
});

test("what is penalized gets a part from the penalty too", () => {
  const iteration = iterationOf("penalized");
  assert.deepEqual(formulasOf(iteration, "W1"), [
    "∂C/∂W1 = 0.02 · W1 + a0ᵀ · ((2 · (a1 − y)) ⊙ (a1 ⊙ (1 − a1)))",
  ]);
});

/**
 * Every local partial a number of its own, the gradients as they follow from them.
 * @param {Iteration} iteration
 * @param {import("../support.js").Generator} random
 */
function inScalars(iteration, random) {
  for (const edge of iteration.edges) {
    edge.value = [[random.whole(-6, 6) / 4]];
    edge.formula = `∂${edge.of}/∂${edge.wrt} = ${spelled(edge.value[0][0])}`;
    edge.chain = `∂${iteration.output}/∂${edge.wrt} = ∂${iteration.output}/∂${edge.of} ⊙ ∂${edge.of}/∂${edge.wrt}`;
  }
  /** @type {Map<string, number>} */
  const gradients = new Map([[iteration.output, 1]]);
  for (const { of, wrt, value } of iteration.edges)
    gradients.set(wrt, (gradients.get(wrt) ?? 0) + (gradients.get(of) ?? 0) * value[0][0]);
  return gradients;
}

/** @param {number} value */
function spelled(value) {
  return String(value).replace("-", "−");
}

/**
 * @param {string} text of numbers, "⊙", "+" and brackets
 * @returns {number}
 */
function worth(text) {
  const inner = /\(([^()]*)\)/.exec(text);
  if (inner) return worth(text.replace(inner[0], spelled(worth(inner[1]))));
  return text
    .split(" + ")
    .map((term) =>
      term.split(" ⊙ ").reduce((product, it) => product * Number(it.replace("−", "-")), 1),
    )
    .reduce((sum, it) => sum + it, 0);
}

test("of any graph, whatever is used at several places, the formulas give the gradient", () => {
  let sums = 0;
  holds(200, (random) => {
    const iteration = randomIteration(random);
    const gradients = inScalars(iteration, random);
    for (const { id } of iteration.nodes.filter((it) => it.inputs.length === 0)) {
      const formulas = formulasOf(iteration, id).map((it) => it.split(" = "));
      sums += formulas.length > 1 ? 1 : 0;
      /** @type {Map<string, number>} */
      const known = new Map();
      for (const [name, made] of formulas.toReversed()) {
        const text = made.replaceAll(/∂[^\s()]+/g, (it) => spelled(known.get(it) ?? Number.NaN));
        known.set(name, worth(text));
      }
      const found = known.get(`∂${iteration.output}/∂${id}`) ?? Number.NaN;
      close(found, gradients.get(id) ?? 0, 1e-9);
    }
  });
  assert.ok(sums > 50, `${sums}`);
});
