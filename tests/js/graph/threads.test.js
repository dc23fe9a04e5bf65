import assert from "node:assert/strict";
import { test } from "node:test";
import { threadsOf, widthsOf } from "../../../static/js/graph/threads.js";
import { routesDrawn, standingOf } from "../../../static/js/state/drawn-routes.js";
import { questionOf } from "../../../static/js/state/panels.js";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { chains, holds, iterationOf } from "../support.js";

await import("../template-text.js");
const { draw } = await import("../../../static/js/graph/viewport-dom.js");

/** @param {string} name @param {string} selection @param {string} query */
function shown(name, selection, query) {
  const opened = reduce(initialState(), { type: "iterated", iteration: iterationOf(name) });
  const state = { ...opened, selection, panel: "chain" };
  const { path } = /** @type {{ path: string }} */ (questionOf(state));
  const document = chains()[name][query];
  const experiment = /** @type {any} */ (state.iteration).experiment;
  return { ...state, answer: { path, experiment, document, error: null } };
}

const LECTURE = shown("lecture", "W0[1,2]", "parameter=W0&row=1&column=2");

test("of the lecture's two routes the larger is the thicker, each with a look of its own", () => {
  const { routes, of } = /** @type {any} */ (routesDrawn(LECTURE));
  assert.equal(of, 2);
  assert.deepEqual(
    routes.map((/** @type {any} */ it) => [it.name, it.look, it.path.length]),
    [
      ["route:0", "route1", 6],
      ["route:1", "route2", 6],
    ],
  );
  const iteration = /** @type {any} */ (LECTURE.iteration);
  const [face, car] = threadsOf(routes, draw(iteration, "across"), true);
  assert.ok(face.width > car.width);
  assert.notEqual(face.d, car.d);
  assert.doesNotMatch(face.d + car.d, /NaN|undefined/);
  // They part at a1 and m1 only.
  assert.equal(face.knots.length, 2);
  const unknown = threadsOf(routes, draw(iteration, "down"), false);
  assert.equal(unknown[0].width, unknown[1].width);
});

test("an answer about another weight is not drawn", () => {
  assert.equal(routesDrawn({ ...LECTURE, selection: "W0[0,0]" }), null);
  assert.equal(routesDrawn({ ...LECTURE, panel: "slope" }), null);
});

test("a larger product is never thinner, and together they stay within a cell", () => {
  holds(200, (random) => {
    const sizes = Array.from({ length: random.whole(1, 12) }, () => random.real());
    const widths = widthsOf(sizes);
    for (const [a, size] of sizes.entries())
      for (const [b, other] of sizes.entries()) if (size > other) assert.ok(widths[a] >= widths[b]);
    assert.ok(widths.every((it) => it > 0));
    assert.ok(widths.reduce((sum, it) => sum + it, 0) <= 18);
  });
});

test("of folded layers a thread passes the card", () => {
  const iteration = /** @type {any} */ (LECTURE.iteration);
  const whole = draw(iteration, "across");
  const holder = new Map([
    ["a0", "layers 0–1"],
    ["m1", "layers 0–1"],
  ]);
  const boxes = new Map([
    ...whole.layout.boxes,
    ["layers 0–1", { x: 500, y: 0, width: 200, height: 90 }],
  ]);
  const { routes } = /** @type {any} */ (routesDrawn(LECTURE));
  const [thread] = threadsOf(
    routes,
    { ...whole, holder, layout: { ...whole.layout, boxes } },
    true,
  );
  const points = thread.d.split("C").length;
  assert.equal(points, 5); // C, a1, the card, m0, W0
  assert.match(thread.d, / 600 4\d/);
});

test("what is pointed at is lit, and the others are dim", () => {
  assert.equal(standingOf("route:1", ["route:1"]), "lit");
  assert.equal(standingOf("route:0", ["C>a1", "route:1"]), "dim");
  assert.equal(standingOf("route:0", ["C>a1"]), "");
});
