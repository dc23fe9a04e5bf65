import assert from "node:assert/strict";
import { test } from "node:test";
import { whyZeroGradient, whyZeroValue } from "../../../static/js/trace/why-zero.js";
import { everyIteration, iterationOf, written } from "../support.js";

/**
 * @param {string} name
 * @param {string} id
 * @param {number} [row]
 * @param {number} [column]
 */
function why(name, id, row = 0, column = 0) {
  return whyZeroGradient(iterationOf(name), id, row, column);
}

test("there is a reason exactly where a gradient is exactly zero", () => {
  let zeros = 0;
  for (const iteration of everyIteration())
    for (const { id, gradient } of iteration.nodes)
      gradient.forEach((line, row) => {
        line.forEach((value, column) => {
          const reason = whyZeroGradient(iteration, id, row, column);
          assert.equal(reason !== null, value === 0, `${id}[${row},${column}] = ${value}`);
          if (reason !== null) zeros += 1;
          assert.doesNotMatch(reason ?? "", /undefined|NaN|null/);
        });
      });
  assert.ok(zeros > 20);
});

test("what C does not depend on", () => {
  const { iteration } = written("attention");
  assert.equal(
    whyZeroGradient(iteration, "mask", 0, 0),
    "what is computed from it does not go into C, or only compares it",
  );
});

test("the output hits its target", () => {
  assert.equal(why("zeros", "a1"), "the output hits its target exactly");
});

test("a gate is closed", () => {
  assert.equal(why("zeros", "m0", 0, 1), "the gate is closed: m0[0,1] = −2 is not above 0");
});

test("an input is zero", () => {
  assert.equal(why("zeros", "W0", 1, 0), "x[0,1] is 0");
  assert.equal(why("zeros", "W1", 1, 1), "a0[0,1] is 0");
});

test("what arrives is zero", () => {
  assert.equal(
    why("zeros", "m1"),
    "what arrives, ∂C/∂a1[0,0], is 0: the output hits its target exactly",
  );
  assert.equal(
    why("zeros", "W0", 0, 1),
    "what arrives, ∂C/∂m0[0,1], is 0: the gate is closed: m0[0,1] = −2 is not above 0",
  );
});

test("terms that are zero for different reasons are told each with its own", () => {
  assert.equal(
    why("different_zeros", "W0", 0, 0),
    "each of the 2 terms is 0 for a reason of its own: x[0,0] is 0; what arrives, ∂C/∂m0[1,0], is 0: the gate is closed: m0[1,0] = −2.5 is not above 0",
  );
});

test("routes cancel, each with its number", () => {
  assert.equal(
    why("zeros", "x", 0, 1),
    "the routes cancel: 1.5 via m0[0,0], −1.5 via m0[0,2] add up to 0",
  );
});

test("a sigmoid is saturated", () => {
  assert.match(
    why("saturated", "m0") ?? "",
    /^sigmoid is saturated: at m0\[0,0\] = 3000 its slope is too small for a double$/,
  );
});

/**
 * Formulas with some of their slopes, and some of their values, exactly 0.
 * @param {string} id
 * @param {number} column
 */
function whyOf(id, column) {
  const iteration = iterationOf("nothing");
  return [whyZeroGradient(iteration, id, 0, column), whyZeroValue(iteration, id, 0, column)];
}

test("a product, a square and a largest say by which number they are 0", () => {
  assert.deepEqual(whyOf("u", 0), ["the weight that leads on is 0: z[0]", null]);
  assert.deepEqual(whyOf("p", 0), [null, "of u[0] = 2 and z[0] = 0"]);
  assert.deepEqual(whyOf("z", 1), ["u[1] is 0", null]);
  assert.deepEqual(whyOf("u", 1), [null, "of x[1] = 1 and k = 1"]);
  assert.deepEqual(whyOf("s", 0), [null, "of q[0] = 0"]);
  assert.equal(whyOf("q", 0)[0], "∂s/∂q[0] is 0 at q[0] = 0");
  assert.equal(whyOf("v", 1)[0], "∂m/∂v[1] is 0 at v[1] = −1");
  assert.equal(whyOf("w", 1)[0], "the weight that leads on is 0: y[1]");
});

test("an entry that is not there has no reason", () => {
  assert.equal(why("zeros", "nothing"), null);
  assert.equal(why("zeros", "x", 5, 5), null);
});

test("a cost that does not look at an output says so", () => {
  assert.equal(why("softmax", "a1", 0, 1), "y[0,1] is 0");
  assert.equal(why("softmax", "a1", 1, 0), "y[1,0] is 0");
});

/** @param {string} name @param {string} id @param {number} [row] @param {number} [column] */
function whyWritten(name, id, row = 0, column = 0) {
  return whyZeroGradient(written(name).iteration, id, row, column);
}

test("at the output of formulas a gradient is told by what it is made of, and not by itself", () => {
  // C = C.1 + C.2 + u @ o, and s = (q − t)²
  assert.equal(
    whyWritten("zeroed", "u", 0, 1),
    "it is 0 on each of the 2 ways: by way of C.5, o[1] is 0; by way of q, what arrives, ∂C/∂q[1], is 0: ∂s/∂s.1[1] is 0 at s.1[1] = 0",
  );
  assert.equal(
    whyWritten("zeroed", "z"),
    "it is 0 on each of the 2 ways: by way of C.3, C.2 is 0; by way of C.2, what arrives, ∂C/∂C.2, is 0: the weight that leads on is 0: z",
  );
});

test("with a penalty too, a target that is hit says so", () => {
  const iteration = iterationOf("penalized");
  const said = iteration.node.get("a1")?.value[0][0] ?? 0;
  const nodes = iteration.nodes.map((it) => {
    if (it.id === "y") return { ...it, value: [[said]] };
    return it.id === "a1" || it.id === "m1" ? { ...it, gradient: [[0]] } : it;
  });
  const edges = iteration.edges.map((it) =>
    it.of === "L" ? { ...it, value: [[0]], contribution: [[0]] } : it,
  );
  const hit = { ...iteration, nodes, edges, node: new Map(nodes.map((it) => [it.id, it])) };
  assert.equal(whyZeroGradient(hit, "a1", 0, 0), "the output hits its target exactly");
});

test("what is not taken of a matrix says so", () => {
  const iteration = written("moved").iteration;
  const edge = iteration.edge.get("a.1>X") ?? assert.fail();
  const nodes = iteration.nodes.map((it) =>
    it.id === "X" ? { ...it, gradient: it.value.map((row) => row.map(() => 0)) } : it,
  );
  const alone = {
    ...iteration,
    nodes,
    edges: [edge],
    node: new Map(nodes.map((it) => [it.id, it])),
  };
  assert.equal(whyZeroGradient(alone, "X", 2, 1), "a.1 takes other entries of X");
});
