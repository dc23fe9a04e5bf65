import assert from "node:assert/strict";
import { test } from "node:test";
import { formOf, initialDesk, isOfThisRun } from "../../../static/js/compare/compare-setting.js";
import { CHART, curvesOf, sharedOf } from "../../../static/js/compare/curves.js";
import { problemWith, variantsOf } from "../../../static/js/compare/differences.js";
import {
  parting,
  partingSentence,
  toldApart,
} from "../../../static/js/compare/first-difference.js";
import {
  drawingOf,
  labelsOf,
  suggestionsOf,
  varied,
} from "../../../static/js/compare/other-run.js";
import { createWork } from "../../../static/js/compare/work.js";
import { initialState } from "../../../static/js/state/state.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import {
  allIterations,
  catalog,
  fixture,
  frozen,
  generator,
  holds,
  iterationOf,
  panelPage,
  randomIteration,
} from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */
/** @typedef {import("../../../static/js/trace/trace.js").Experiment} Experiment */

const known = catalog();
const EXPERIMENTS = ["lecture", "scalar", "xor", "softmax"].map(
  (name) => fixture(name).steps[0].experiment,
);

/**
 * The iteration with other numbers at some nodes and updates.
 * @param {Iteration} iteration
 * @param {{ value?: (id: string, value: number) => number, after?: (id: string, value: number, gradient: number) => number }} change
 * @returns {Iteration}
 */
function changed(iteration, { value = (_, it) => it, after = (_, it) => it }) {
  const nodes = iteration.nodes.map((it) => ({
    ...it,
    value: it.value.map((row) => row.map((number) => value(it.id, number))),
  }));
  const updates = iteration.updates.map((it) => ({
    ...it,
    after: it.after.map((row, r) =>
      row.map((number, c) => after(it.parameter, number, it.gradient[r][c])),
    ),
  }));
  return { ...iteration, nodes, updates, node: new Map(nodes.map((it) => [it.id, it])) };
}

test("a run compared with itself never parts", () => {
  for (const iteration of allIterations())
    assert.equal(parting(iteration, structuredClone(iteration)), null);
  holds(100, (random) => {
    const iteration = randomIteration(random);
    assert.equal(parting(iteration, structuredClone(iteration)), null);
  });
});

test("another learning rate parts at the first update beat whose gradient is not zero", () => {
  for (const iteration of allIterations()) {
    if (iteration.status === "diverged") continue;
    const other = changed(iteration, { after: (_, it, gradient) => it - gradient });
    const moving = iteration.updates.find((it) =>
      it.gradient.some((row, r) => row.some((g, c) => it.after[r][c] - g !== it.after[r][c])),
    );
    const found = parting(iteration, other);
    assert.equal(found?.beat?.subject, moving?.parameter);
    if (found) assert.equal(found.beat?.phase, "update");
  }
});

test("another activation of layer l parts at a_l, or before", () => {
  for (const iteration of allIterations()) {
    if (iteration.status === "diverged") continue;
    const layers = iteration.experiment.network.layers.length;
    for (let layer = 0; layer < layers; layer++) {
      const at = iteration.nodes.findIndex((it) => it.id === `a${layer}`);
      const computed = iteration.nodes.slice(at).filter((it) => it.role === "computed");
      const later = new Set(computed.map((it) => it.id));
      const other = changed(iteration, {
        value: (id, it) => (later.has(id) ? it + 1 : it),
      });
      assert.equal(parting(iteration, other)?.beat?.subject, `a${layer}`);
    }
  }
});

test("a leaf that is another parts before the first beat, and is named", () => {
  holds(100, (random) => {
    const iteration = randomIteration(random);
    const leaf = random.pick(iteration.nodes.filter((it) => it.role !== "computed"));
    const other = changed(iteration, { value: (id) => (id === leaf.id ? Number.NaN : 7) });
    const found = parting(changed(iteration, { value: () => 7 }), other);
    assert.deepEqual([found?.beat, found?.name], [null, leaf.id]);
    assert.match(
      partingSentence(/** @type {any} */ (found), 3),
      /before the first beat of iteration 3/,
    );
  });
});

test("whatever beat differs first is the one that is found, with both of its numbers", () => {
  holds(200, (random) => {
    const iteration = randomIteration(random);
    const beats = beatsOf(iteration);
    const beat = random.pick(beats);
    const other = structuredClone(iteration);
    for (const { kind, subject, line: name } of beats.slice(beat.index)) {
      const node = other.node.get(subject);
      const edge = other.edge.get(subject);
      const update = other.updates.find((it) => it.parameter === subject);
      if (kind === "node" && node) node.value = [[Number.NaN]];
      if (kind === "edge" && edge) edge.contribution = [[Number.NaN]];
      const line = update?.lines.find((it) => it.name === name);
      if (kind === "line" && line) line.value = [[Number.NaN]];
      if (kind === "update" && update) update.after = [[Number.NaN]];
    }
    const found = parting(iteration, other);
    assert.equal(found?.beat?.index, beat.index);
    assert.ok(Number.isNaN(found?.there));
  });
});

test("other rows are told by their shapes; a sentence says where they part", () => {
  const iteration = iterationOf("xor");
  const other = structuredClone(iteration);
  for (const node of other.nodes) if (node.id === "x") node.value = [[0, 0]];
  other.node = new Map(other.nodes.map((it) => [it.id, it]));
  const found = parting(iteration, other);
  assert.deepEqual(found?.shapes, ["4 × 2", "1 × 2"]);
  const beat = beatsOf(iteration).find((it) => it.subject === "W0" && it.kind === "update");
  const it = { beat: beat ?? null, name: "W0", entry: "W0[0,1]", here: 0.41, there: 0.44 };
  assert.equal(
    partingSentence({ ...it, shapes: null }, 0),
    `They part at beat ${(beat?.index ?? 0) + 1} of iteration 0: W0 is updated. W0[0,1] goes to 0.41 here and to 0.44 there.`,
  );
});

test("numbers that differ are written so that one sees it", () => {
  holds(300, (random) => {
    const here = random.double();
    const there = random.chance(0.5) ? here * (1 + 1e-12 * random.real()) : random.double();
    const [a, b] = toldApart(here, there);
    if (here !== there) assert.notEqual(a, b);
  });
});

test("each variant's offer gives another experiment that differs in that alone, and starts alike", () => {
  for (const experiment of EXPERIMENTS) {
    frozen(experiment);
    for (const { id, offer, kind } of variantsOf(experiment, known)) {
      if (kind === "seed") continue;
      const other = varied(experiment, { id, value: offer }, known);
      assert.notDeepEqual(other, experiment, id);
      assert.equal(other.iteration, experiment.iteration);
      assert.deepEqual(
        other.network.layers.map((it) => [it.weights, it.bias]),
        experiment.network.layers.map((it) => [it.weights, it.bias]),
      );
      assert.equal(other.data, experiment.data);
      const differs = /** @type {const} */ (["network", "optimizer", "batch_size"]).filter(
        (part) => JSON.stringify(other[part]) !== JSON.stringify(experiment[part]),
      );
      assert.equal(differs.length, 1, id);
    }
  }
});

test("every offer is allowed; what the run has already is not, nor what is no number", () => {
  for (const experiment of EXPERIMENTS) {
    for (const variant of variantsOf(experiment, known)) {
      assert.equal(problemWith(variant, variant.offer, String(variant.offer)), "", variant.id);
      if (variant.now !== null)
        assert.match(problemWith(variant, variant.now, String(variant.now)), /already/);
      if (variant.input === "number")
        assert.match(problemWith(variant, Number.NaN, "abc"), /“abc”; it must be/);
    }
  }
  const batch = variantsOf(EXPERIMENTS[2], known).find((it) => it.id === "batch");
  assert.ok(batch);
  assert.equal(
    problemWith(batch, 5, "5"),
    "The batch size is “5”; it must be a whole number from 1 to 4.",
  );
});

test("another seed takes the drawn numbers, and the iteration stays", () => {
  const experiment = { ...EXPERIMENTS[0], iteration: 12 };
  const drawn = structuredClone(experiment);
  drawn.network.layers[0].weights[0][0] = 99;
  const other = varied(experiment, { id: "seed", value: 3 }, known, drawn);
  assert.equal(other.network.layers[0].weights[0][0], 99);
  assert.deepEqual([other.iteration, other.optimizer_state], [12, null]);
  assert.equal(drawingOf(experiment, 3).seed, 3);
});

test("another optimizer keeps the learning rate only where that is wanted", () => {
  const [experiment] = EXPERIMENTS;
  const { learning_rate } = /** @type {{ learning_rate: number }} */ (experiment.optimizer);
  const rateOf = (/** @type {Experiment} */ it) =>
    /** @type {{ learning_rate: number }} */ (it.optimizer).learning_rate;
  const difference = { id: "optimizer", value: "adam" };
  assert.equal(rateOf(varied(experiment, { ...difference, sameRate: true }, known)), learning_rate);
  assert.equal(rateOf(varied(experiment, difference, known)), 0.001);
});

test("each suggestion is one of the variants, and allowed", () => {
  for (const experiment of EXPERIMENTS) {
    const variants = variantsOf(experiment, known);
    for (const { difference } of suggestionsOf(experiment, known)) {
      const variant = variants.find((it) => it.id === difference.id);
      assert.ok(variant, difference.id);
      assert.equal(problemWith(variant, difference.value, String(difference.value)), "");
      const { one, other } = labelsOf(
        variant,
        difference,
        experiment,
        varied(experiment, difference, known),
      );
      assert.notEqual(one, other);
    }
  }
});

/**
 * @param {ReturnType<typeof generator>} random
 * @returns {import("../../../static/js/compare/curves.js").Run}
 */
function randomRun(random) {
  const points = Array.from({ length: random.whole(1, 30) }, (_, iteration) => ({
    iteration,
    cost: random.chance(0.05) ? Infinity : Math.abs(random.double()),
  }));
  return { points, status: random.chance(0.2) ? "diverged" : "ok" };
}

test("both curves are drawn on one scale, whatever the costs", () => {
  holds(200, (random) => {
    const [one, other] = [randomRun(random), randomRun(random)];
    const curves = curvesOf(one, other, { log: random.chance(0.5) });
    for (const line of [curves.one, curves.other]) {
      assert.doesNotMatch(line.d, /NaN|Infinity|undefined/);
      assert.ok(line.end && line.end.y <= CHART.height && line.end.x <= CHART.width);
    }
    if (curves.apart) {
      const { one: here, other: there } = curves.apart;
      for (const it of sharedOf(one.points, other.points))
        if (Number.isFinite(it.one - it.other))
          assert.ok(Math.abs(it.one - it.other) <= Math.abs(here - there));
    }
    for (const name of curves.diverged) assert.notEqual(curves.lower, name);
  });
});

test("a run that shoots up leaves the other readable", () => {
  const calm = { points: [1, 0.5, 0.25].map((cost, iteration) => ({ iteration, cost })) };
  const wild = { points: [1, 1e9, 1e200].map((cost, iteration) => ({ iteration, cost })) };
  const curves = curvesOf({ ...calm, status: "ok" }, { ...wild, status: "diverged" });
  assert.ok(curves.other.out && !curves.one.out);
  assert.ok(curves.y(0.25) - curves.y(1) > 40);
  assert.deepEqual([curves.lower, curves.diverged], ["one", ["other"]]);
});

/**
 * A server of one weight, which moves by the learning rate from a given iteration on.
 * @param {number} moves
 */
function server(moves) {
  const { lean } = fixture("scalar").steps[0];
  const [parameter] = lean.updates;
  const weightOf = (/** @type {Experiment} */ it) => it.network.layers[0].weights[0][0];
  const next = (/** @type {Experiment} */ it) => {
    const iteration = it.iteration ?? 0;
    const by = iteration >= moves ? Number(it.optimizer?.learning_rate) : 0;
    const { network } = it;
    const layers = network.layers.with(0, {
      ...network.layers[0],
      weights: [[weightOf(it) - by]],
    });
    return { ...it, network: { ...network, layers }, iteration: iteration + 1 };
  };
  const traceOf = (/** @type {Experiment} */ it) => ({
    ...lean.trace,
    cost: weightOf(it) ** 2,
    nodes: lean.trace.nodes.map((node) =>
      node.id === parameter.parameter ? { ...node, value: [[weightOf(it)]] } : node,
    ),
  });
  return {
    "/step": (/** @type {Experiment} */ it) => {
      const experiment = next(it);
      const updates = lean.updates.with(0, { ...parameter, after: [[weightOf(experiment)]] });
      return { ...lean, trace: traceOf(it), updates, experiment };
    },
    "/trace": (/** @type {Experiment} */ it) => traceOf(it),
    "/train": async (
      /** @type {Experiment} */ it,
      /** @type {URLSearchParams} */ query,
      /** @type {AbortSignal} */ signal = new AbortController().signal,
    ) => {
      await new Promise((later) => setTimeout(later, 1));
      if (signal.aborted) throw new Error("stopped");
      const lines = [];
      let experiment = it;
      for (let k = 0; k < Number(query.get("steps")); k++) {
        lines.push({ iteration: experiment.iteration ?? 0, cost: weightOf(experiment) ** 2 });
        experiment = next(experiment);
      }
      const { iteration } = experiment;
      const last = { iteration, cost: weightOf(experiment) ** 2, status: "ok", experiment };
      return [...lines, last].map((line) => `${JSON.stringify(line)}\n`).join("");
    },
    "/initialize": () => fixture("scalar").steps[0].experiment,
  };
}

/**
 * @param {number} moves
 * @param {Parameters<typeof panelPage>[2]} [other] answers of the server
 */
async function workOf(moves, other = {}) {
  const { ports, calls, state, replaced } = panelPage("compare", iterationOf("scalar"), {
    ...server(moves),
    ...other,
  });
  const work = createWork(ports);
  await work.refresh();
  const desk = () =>
    /** @type {import("../../../static/js/compare/compare-setting.js").Desk} */ (
      state().desks.compare
    );
  return { work, desk, calls, state, replaced };
}

/** @param {() => import("../../../static/js/compare/compare-setting.js").Desk} desk */
async function idle(desk) {
  for (let k = 0; k < 500 && desk().running; k++)
    await new Promise((later) => setTimeout(later, 2));
  assert.equal(desk().running, null);
}

test("two runs are trained side by side; where they part late, the iteration is still found", async () => {
  for (const moves of [0, 2, 4, 5, 6, 137, 199]) {
    const { work, desk, calls, state, replaced } = await workOf(moves);
    work.act.start();
    await idle(desk);
    const { result } = desk();
    assert.ok(result && result.looked === "found", `moves at ${moves}`);
    assert.equal(result.parted?.iteration, moves);
    assert.equal(result.parted?.parting.beat?.kind, "update");
    assert.deepEqual(
      [result.one, result.other].map((it) => it.points.at(-1)?.iteration),
      [200, 200],
    );
    assert.ok(isOfThisRun(state(), result));
    work.act.goToParting();
    work.act.openOther();
    await new Promise((later) => setTimeout(later));
    const beat = (result.parted?.parting.beat?.index ?? 0) + 1;
    assert.deepEqual(calls, [
      `go to ${moves}, ${beat}`,
      `replace: the run with ${result.labels.other}`,
    ]);
    assert.deepEqual(replaced(), result.other.start);
  }
  const { work, desk } = await workOf(1000);
  work.act.start();
  await idle(desk);
  assert.equal(desk().result?.looked, "never");
});

test("the newest comparison wins; a stopped one keeps what it has", async () => {
  const { work, desk } = await workOf(0);
  work.act.start();
  work.act.suggest({ id: "field:learning_rate", value: 0.125 });
  await idle(desk);
  assert.equal(desk().result?.labels.other, "α = 0.125");
  work.act.set({ steps: "1000000" });
  work.act.start();
  while ((desk().running?.done ?? 0) < 50) await new Promise((on) => setTimeout(on, 1));
  work.act.stop();
  await idle(desk);
  const { result, error } = desk();
  assert.ok(result?.stopped);
  assert.equal(error, null);
  assert.equal(result.one.points.at(-1)?.iteration, result.other.points.at(-1)?.iteration);
});

test("a failure is told, what is typed stays, and one may try again", async () => {
  let down = true;
  const { "/train": train } = server(0);
  const { work, desk, state } = await workOf(0, {
    "/train": async (...asked) => {
      if (down) throw new Error("down");
      return train(...asked);
    },
  });
  work.act.set({ typed: { "field:learning_rate": "0.7" } });
  work.act.start();
  await idle(desk);
  assert.match(desk().error ?? "", /^The server does not answer/);
  assert.equal(formOf(state(), desk())?.text, "0.7");
  down = false;
  work.act.start();
  await idle(desk);
  assert.equal(desk().error, null);
  assert.ok(desk().result);
});

test("nothing is asked for what is not allowed: the form says why", async () => {
  const { work, desk, state } = await workOf(0, {
    "/train": async () => assert.fail("asked"),
  });
  work.act.set({ steps: "0" });
  work.act.start();
  assert.equal(desk().running, null);
  assert.match(formOf(state(), desk())?.problems.steps ?? "", /whole number from 1 to 1000000/);
  assert.equal(formOf(initialState(), initialDesk()), null);
});
