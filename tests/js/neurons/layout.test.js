import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnSynapses, neuronPicture, shortened } from "../../../static/js/neurons/layout.js";
import { allIterations, close, iterationOf } from "../support.js";

const WIDTHS = [false, true];

/**
 * The scalar network with other shapes.
 * @param {Record<string, number[]>} shapes
 * @param {[number, number]} [picture]
 * @returns {import("../../../static/js/trace/trace.js").Iteration}
 */
function shaped(shapes, picture) {
  const iteration = iterationOf("scalar");
  const nodes = iteration.nodes.map((it) => ({ ...it, shape: shapes[it.id] ?? it.shape }));
  const data = { ...iteration.experiment.data, image_shape: picture };
  const node = new Map(nodes.map((it) => [it.id, it]));
  return { ...iteration, nodes, node, experiment: { ...iteration.experiment, data } };
}

const PICTURE = shaped({ x: [1, 64], W0: [64, 1] }, [8, 8]);
const WIDE = shaped({ W0: [1, 64], m0: [1, 64], a0: [1, 64], W1: [64, 1] });

const ALL = [...allIterations(), PICTURE, WIDE];

test("there is a neuron for every input and every activation, and a link for every weight", () => {
  for (const compact of WIDTHS)
    for (const iteration of ALL) {
      const { neurons, synapses } = neuronPicture(iteration, compact);
      const wanted = ["x", "a0", "a1"].map((id) => iteration.node.get(id)?.shape[1] ?? 0);
      assert.equal(neurons.length, wanted[0] + wanted[1] + wanted[2]);
      assert.equal(synapses.length, wanted[0] * wanted[1] + wanted[1] * wanted[2]);
      const named = new Set(synapses.map((it) => `${it.weights}[${it.row},${it.column}]`));
      assert.equal(named.size, synapses.length);
    }
});

test("layers stand left to right: input, hidden, output", () => {
  for (const compact of WIDTHS)
    for (const iteration of ALL) {
      const { columns } = neuronPicture(iteration, compact);
      assert.deepEqual(
        columns.map((it) => [it.title, it.pre, it.activation]),
        [
          ["input layer", null, "x"],
          ["hidden layer", "m0", "a0"],
          ["output layer", "m1", "a1"],
        ],
      );
      assert.ok(columns[0].x < columns[1].x && columns[1].x < columns[2].x);
    }
});

test("no two neurons overlap, and all are within the picture", () => {
  for (const compact of WIDTHS)
    for (const iteration of ALL) {
      const { width, height, neurons } = neuronPicture(iteration, compact);
      neurons.forEach((one, i) => {
        assert.ok(one.r > 0 && one.x - one.r >= 0 && one.x + one.r <= width);
        assert.ok(one.y - one.r >= 0 && one.y + one.r <= height);
        for (const other of neurons.slice(i + 1))
          assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= one.r + other.r - 1e-9);
      });
    }
});

test("every link runs from the right side of one neuron to the left side of another", () => {
  for (const compact of WIDTHS)
    for (const iteration of ALL) {
      const { neurons, synapses } = neuronPicture(iteration, compact);
      const sources = { W0: "x", W1: "a0" };
      const goals = { W0: "a0", W1: "a1" };
      for (const { weights, row, column, x0, y0, x1, y1 } of synapses) {
        const layer = /** @type {"W0" | "W1"} */ (weights);
        const from = neurons.find((it) => it.id === sources[layer] && it.unit === row);
        const to = neurons.find((it) => it.id === goals[layer] && it.unit === column);
        assert.ok(from && to);
        close(x0, from.x + from.r);
        close(y0, from.y);
        close(x1, to.x - to.r);
        close(y1, to.y);
        assert.ok(x0 < x1);
      }
    }
});

test("the input of a picture stands as that picture, row by row", () => {
  const { neurons } = neuronPicture(PICTURE, false);
  const pixels = neurons.filter((it) => it.id === "x");
  assert.equal(pixels.length, 64);
  for (const { unit, x, y } of pixels) {
    if (unit % 8 > 0) assert.ok(x > pixels[unit - 1].x && y === pixels[unit - 1].y);
    if (unit >= 8) assert.ok(y > pixels[unit - 8].y && x === pixels[unit - 8].x);
  }
});

test("of many links the strongest into each neuron are drawn, and all of the one that is looked at", () => {
  const many = shaped({ x: [1, 64], W0: [64, 16], m0: [1, 16], a0: [1, 16], W1: [16, 1] });
  const picture = neuronPicture(many, false);
  const sizeOf = (/** @type {import("../../../static/js/neurons/layout.js").Synapse} */ it) =>
    Math.abs(Math.sin(it.row * 16 + it.column));
  const { drawn, strongest, of } = drawnSynapses(picture, sizeOf, () => false);
  assert.deepEqual([drawn.length, strongest, of], [16 * 3 + 3, 3, 64]);
  for (let column = 0; column < 16; column++) {
    const into = picture.synapses.filter((it) => it.weights === "W0" && it.column === column);
    const weakest = Math.min(...drawn.filter((it) => into.includes(it)).map(sizeOf));
    assert.equal(into.filter((it) => sizeOf(it) >= weakest).length, 3);
  }
  const wanted = drawnSynapses(picture, sizeOf, (it) => it.weights === "W0" && it.column === 4);
  assert.equal(wanted.drawn.length, 16 * 3 + 3 + 61);
  const few = neuronPicture(ALL[0], false);
  assert.equal(drawnSynapses(few, sizeOf, () => false).drawn, few.synapses);
});

test("a long name is cut where its room ends, and the picture has that room", () => {
  const long = "a kind with a name that goes on and on and on".repeat(2);
  for (const kind of /** @type {const} */ (["class", "feature"]))
    for (const compact of WIDTHS) {
      const cut = shortened(long, kind, compact);
      assert.ok(cut.endsWith("…") && long.startsWith(cut.slice(0, -1)), cut);
      assert.ok(cut.length > 8 && cut.length < 40, cut);
      const wide = shortened("W".repeat(80), kind, compact);
      assert.ok(wide.length < cut.length);
      assert.equal(shortened("versicolor", kind, compact), "versicolor");
    }
  const plain = iterationOf("lecture");
  /** @param {import("../../../static/js/server/wire.js").components["schemas"]["Data"]} data */
  const withData = (data) => ({ ...plain, experiment: { ...plain.experiment, data } });
  const { data } = plain.experiment;
  for (const compact of WIDTHS) {
    const before = neuronPicture(withData(data), compact);
    const named = neuronPicture(withData({ ...data, features: [long, "b"] }), compact);
    assert.ok(named.columns[0].x > before.columns[0].x);
    const wider = neuronPicture(withData({ ...data, classes: [long, "b"] }), compact);
    assert.equal(wider.width > before.width, !compact);
    assert.equal(wider.columns[0].x, before.columns[0].x);
  }
});
