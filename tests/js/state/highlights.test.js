import assert from "node:assert/strict";
import { test } from "node:test";
import { highlightsOf } from "../../../static/js/state/highlights.js";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { routesOf } from "../../../static/js/trace/routes.js";
import { iterationOf } from "../support.js";

/** @param {Partial<import("../../../static/js/state/state.js").State>} change */
function lit(change) {
  const state = reduce(initialState(), { type: "iterated", iteration: iterationOf("lecture") });
  const highlights = highlightsOf({ ...state, ...change });
  assert.ok(highlights);
  return highlights;
}

test("both routes of a weight of W0 light up, and the cached numbers along them", () => {
  const { edges, cells } = lit({ selection: "W0[1,2]" });
  assert.deepEqual([...edges.keys()].toSorted(), ["C>a1", "a0>m0", "a1>m1", "m0>W0", "m1>a0"]);
  const route = [...cells]
    .filter(([, highlight]) => highlight.includes("route"))
    .map(([name]) => name);
  assert.deepEqual(route.toSorted(), [
    "∂C[0,0]",
    "∂W0[1,2]",
    "∂a0[0,2]",
    "∂a1[0,0]",
    "∂a1[0,1]",
    "∂m0[0,2]",
    "∂m1[0,0]",
    "∂m1[0,1]",
  ]);
  const used = [...cells]
    .filter(([, highlight]) => highlight.includes("used"))
    .map(([name]) => name);
  assert.deepEqual(used.toSorted(), [
    "W1[2,0]",
    "W1[2,1]",
    "a0[0,2]",
    "a1[0,0]",
    "a1[0,1]",
    "m0[0,2]",
    "m1[0,0]",
    "m1[0,1]",
    "x[0,1]",
    "y[0,0]",
    "y[0,1]",
  ]);
  assert.match(cells.get("W0[1,2]") ?? "", /chosen/);
});

test("a cell of a gradient lights what made it", () => {
  const { cells } = lit({ pointed: ["∂W1[2,1]"] });
  assert.deepEqual([...cells.keys()].toSorted(), ["a0[0,2]", "∂W1[2,1]", "∂m1[0,1]"]);
});

test("an edge that is pointed at lights up alone; nothing pointed at, nothing lit", () => {
  assert.deepEqual([...lit({ pointed: ["m1>a0"] }).edges], [["m1>a0", "pointed"]]);
  const dark = lit({});
  assert.equal(dark.edges.size + dark.cells.size, 0);
  assert.equal(lit({ pointed: ["nothing[3,4]"] }).edges.size, 0);
});

test("in a batch every example is a route", () => {
  const iteration = iterationOf("xor");
  const rows = iteration.node.get("m0")?.value.length ?? 0;
  const cells = [...routesOf(iteration, "W0[0,0]").cells].filter((it) => it.startsWith("m0"));
  assert.equal(cells.length, rows);
});

test("a chosen number that is no weight lights what it and its gradient are made of", () => {
  const { cells } = lit({ selection: "a0[0,2]" });
  assert.deepEqual(Object.fromEntries([...cells].toSorted()), {
    "W1[2,0]": "used",
    "W1[2,1]": "used",
    "a0[0,2]": "chosen",
    "m0[0,2]": "used",
    "∂a0[0,2]": "chosen",
    "∂m1[0,0]": "route",
    "∂m1[0,1]": "route",
  });
});
