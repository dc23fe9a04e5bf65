import assert from "node:assert/strict";
import { test } from "node:test";
import { fitZoom } from "../../../static/js/graph/camera.js";
import {
  fold,
  foldsOf,
  opened,
  openStages,
  readLayers,
  stagesOf,
} from "../../../static/js/graph/fold.js";
import { FoldedDrawing } from "../../../static/js/graph/folded-drawing.js";
import { draw } from "../../../static/js/graph/viewport-dom.js";
import { edgeKey } from "../../../static/js/trace/trace.js";
import { holds } from "../support.js";
import { GRAPHS } from "./graphs.js";

/** @typedef {import("../../../static/js/graph/fold.js").Place} Place */

/**
 * A graph of any form: each node computed from some before it, and leaves between.
 * @param {import("../support.js").Generator} random
 * @returns {Place[]}
 */
function randomGraph(random) {
  /** @type {Place[]} */
  const nodes = [{ id: "n0", inputs: [], shape: [1, 2] }];
  for (let at = 1; at < random.whole(4, 40); at++) {
    const near = Math.max(0, at - random.whole(1, 4));
    const inputs = random.real() < 0.4 ? [] : [`n${near}`, `n${random.whole(near, at - 1)}`];
    nodes.push({ id: `n${at}`, inputs: [...new Set(inputs)], shape: [1, 2] });
  }
  return nodes;
}

/**
 * @param {number} count of layers
 * @returns {Place[]}
 */
function network(count) {
  const shape = [1, 2];
  const layers = Array.from({ length: count }, (_, at) => [
    { id: `W${at}`, inputs: [], shape },
    { id: `b${at}`, inputs: [], shape },
    { id: `m${at}`, inputs: [at === 0 ? "x" : `a${at - 1}`, `W${at}`, `b${at}`], shape },
    { id: `a${at}`, inputs: [`m${at}`], shape },
  ]);
  return [
    { id: "x", inputs: [], shape },
    ...layers.flat(),
    { id: "y", inputs: [], shape },
    { id: "C", inputs: [`a${count - 1}`, "y"], shape: [] },
  ];
}

test("the stages of a network are its layers, and the cost with its target", () => {
  const { stages, loose } = stagesOf(network(3));
  assert.deepEqual(
    stages.map((it) => it.toSorted().join(" ")),
    ["W0 a0 b0 m0 x", "W1 a1 b1 m1", "W2 a2 b2 m2", "C y"],
  );
  assert.deepEqual(loose, []);
});

test("a leaf of two layers is in neither; a way past a node is no place to cut", () => {
  const nodes = network(4);
  nodes.splice(1, 1); // W0 is gone: the first layer uses the second's
  nodes[2] = { ...nodes[2], inputs: ["x", "W1", "b0"] };
  const shared = stagesOf([
    ...nodes.filter((it) => it.id === "W1"),
    ...nodes.filter((it) => it.id !== "W1"),
  ]);
  assert.deepEqual(shared.loose, ["W1"]);
  const skipping = network(4).map((it) =>
    it.id === "m2" ? { ...it, inputs: [...it.inputs, "a0"] } : it,
  );
  assert.ok(stagesOf(skipping).stages.some((it) => it.includes("m1") && it.includes("m2")));
});

test("every node is in exactly one place", () => {
  holds(300, (random) => {
    const nodes = randomGraph(random);
    const found = stagesOf(nodes);
    const all = [...found.stages.flat(), ...found.loose].toSorted();
    assert.deepEqual(all, nodes.map((it) => it.id).toSorted());
    const open = new Set(found.stages.flatMap((_, at) => (random.real() < 0.4 ? [at] : [])));
    const { items, groups, holder } = fold(nodes, found, open);
    const members = groups.flatMap((it) => it.members);
    const shown = items.filter((it) => !groups.some((group) => group.id === it.id));
    assert.deepEqual(
      [...members, ...shown.map((it) => it.id)].toSorted(),
      nodes.map((it) => it.id).toSorted(),
    );
    for (const group of groups)
      for (const id of group.members) assert.equal(holder.get(id), group.id);
  });
});

test("an edge is within a group, or kept, or joined with those between the same two", () => {
  holds(300, (random) => {
    const nodes = randomGraph(random);
    const found = stagesOf(nodes);
    const { items, holder, joined } = fold(nodes, found, new Set([0, random.whole(1, 9)]));
    const kept = [...joined.values()].flat();
    const before = new Set();
    for (const { id, inputs } of items) {
      for (const [slot, input] of inputs.entries()) {
        assert.ok(before.has(input), `${input} comes before ${id}`);
        assert.ok(joined.has(edgeKey({ id, inputs }, slot)));
      }
      before.add(id);
    }
    for (const { id, inputs } of nodes) {
      for (const [slot, input] of inputs.entries()) {
        const inside = holder.has(id) && holder.get(id) === holder.get(input);
        const key = edgeKey({ id, inputs }, slot);
        assert.equal(kept.filter((it) => it === key).length, inside ? 0 : 1);
      }
    }
  });
});

test("the first, the last with the cost, and those that are looked at stay open", () => {
  const nodes = network(10);
  const found = stagesOf(nodes);
  const { groups } = fold(nodes, found, openStages(found, ["m5", null], []));
  assert.deepEqual(
    groups.map((it) => it.id),
    ["layers 1–4", "layers 6–8"],
  );
  assert.deepEqual(groups[0].lines[0], { name: "m1 → a1", shape: "1 × 2" });
  const wide = fold(nodes, found, openStages(found, [], [])).groups[0];
  assert.equal(wide.lines.length, 6);
  assert.equal(wide.lines[4].name, "… 3 more");
  assert.deepEqual(readLayers(opened("auto:9", groups[0])), { way: "auto", open: [1, 2, 3, 4, 9] });
  assert.deepEqual(readLayers("all"), { way: "all", open: [] });
});

test("the lines of a text fold to their own nodes; each edge from outside leads there, once", () => {
  const nodes = GRAPHS["attention head"];
  const found = foldsOf(nodes);
  assert.deepEqual(found.stages, [
    ["S.1", "S.2", "S"],
    ["C.1", "C.2", "C"],
  ]);
  const { items, groups, holder, joined } = fold(nodes, found, openStages(found, [], []));
  assert.deepEqual(Object.fromEntries(holder), { "S.1": "S", "S.2": "S", "C.1": "C", "C.2": "C" });
  assert.deepEqual(items.find(({ id }) => id === "S")?.inputs, ["K", "Q"]);
  assert.deepEqual(items.find(({ id }) => id === "C")?.inputs, ["O", "Y"]);
  assert.deepEqual(joined.get("S>K"), ["S.1>K"]);
  assert.equal(items.length, nodes.length - 4);
  assert.deepEqual(
    groups.map(({ id, members }) => [id, members.length]),
    [
      ["S", 2],
      ["C", 2],
    ],
  );
  for (const [at, { inputs }] of items.entries())
    for (const input of inputs) assert.ok(items.slice(0, at).some(({ id }) => id === input));
});

test("what a line hides opens it, its own node does not; a line that is opened by hand stays open", () => {
  const found = foldsOf(GRAPHS["attention head"]);
  assert.deepEqual([...openStages(found, ["S.1", "C", null], [])], [0]);
  const { groups } = fold(GRAPHS["attention head"], found, new Set());
  const { open } = readLayers(opened("auto", groups[1]));
  assert.deepEqual([...openStages(found, ["Q"], open)], [1]);
});

test("a folded line is one card with one edge from each that it is computed from, in every graph", () => {
  for (const [name, nodes] of Object.entries(GRAPHS)) {
    const { items, joined } = fold(nodes, foldsOf(nodes), new Set());
    assert.deepEqual(
      items.map(({ id }) => id),
      nodes.filter(({ id, scope }) => !scope || scope === id).map(({ id }) => id),
      name,
    );
    const kept = [...joined.values()].flat().length;
    const outside = nodes.flatMap(({ scope, inputs }) =>
      inputs.filter((input) => nodes.find(({ id }) => id === input)?.scope !== scope),
    );
    assert.equal(kept, outside.length, name);
  }
});

test("an attention head that is too long opens folded by line, and its numbers can be read", () => {
  const nodes = GRAPHS["attention head"];
  const iteration = /** @type {any} */ ({ nodes, experiment: {}, output: "C" });
  const whole = draw(iteration, "across");
  const moment = /** @type {any} */ ({ beat: null });
  const room = { size: { width: 1280, height: 330 }, screen: 720, gap: undefined };
  /** @param {object} change */
  const at = (change) => {
    const state = /** @type {any} */ ({ layers: "auto", selection: null, ...change });
    return new FoldedDrawing().at(
      whole,
      iteration,
      moment,
      state,
      { direction: "across", ...room },
      null,
    );
  };
  const { drawing, folding } = at({});
  assert.equal(folding, "folded");
  assert.deepEqual([...drawing.layout.boxes.keys()].sort().join(" "), "A C K O Q S V WK WQ WV X Y");
  const zoom = fitZoom(drawing.layout, room.size);
  assert.ok(13 * zoom >= 9, `${13 * zoom} px`);
  assert.equal(drawing.layout.links.find(({ of }) => of === "S.1")?.key, "S.1>K");
  const chosen = at({ selection: "C.1>O" }).drawing;
  assert.ok(chosen.layout.boxes.has("C.1") && !chosen.layout.boxes.has("S.1"));
  assert.equal(at({ layers: "all" }).drawing, whole);
});
