import assert from "node:assert/strict";
import { test } from "node:test";
import {
  moved,
  rowsOf,
  withCell,
  withClass,
  withNewRow,
  withoutRow,
} from "../../../static/js/data/edit-data.js";
import { lastsOf, misfit, offer, proposal, resets } from "../../../static/js/data/fit-network.js";
import {
  accuracy,
  aimOf,
  className,
  perExample,
  scoresOf,
} from "../../../static/js/trace/scores.js";
import {
  allIterations,
  catalog,
  close,
  fixture,
  frozen,
  holds,
  iterationOf,
  saidAs,
} from "../support.js";

/** @typedef {import("../../../static/js/data/edit-data.js").Data} Data */

/** @returns {Data} */
function some() {
  return frozen({
    x: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    y: [
      [1, 0],
      [0, 1],
      [1, 0],
    ],
    features: ["a", "b"],
    classes: ["p", "q"],
    held_back: { x: [[7, 8]], y: [[0, 1]] },
  });
}

test("an edit shares all that it does not change, and changes nothing of the old", () => {
  const data = some();
  const edited = withCell(data, { held: false, row: 1 }, "x", 0, 9);
  assert.deepEqual(edited.x, [
    [1, 2],
    [9, 4],
    [5, 6],
  ]);
  assert.equal(edited.y, data.y);
  assert.equal(edited.x[0], data.x[0]);
  assert.equal(edited.held_back, data.held_back);
  const held = withCell(data, { held: true, row: 0 }, "y", 1, 0);
  assert.equal(held.x, data.x);
  assert.equal(held.held_back?.x, data.held_back?.x);
  assert.equal(withCell(data, { held: false, row: 0 }, "x", 0, 1), data);
  const classed = withClass(data, { held: false, row: 0 }, 1);
  assert.deepEqual(classed.y[0], [0, 1]);
  assert.equal(classed.x, data.x);
  assert.equal(classed.y[1], data.y[1]);
});

test("rows come, go, are held back and come again; one to learn from stays", () => {
  holds(200, (random) => {
    let data = some();
    const count = () => data.x.length + rowsOf(data, true).x.length;
    for (let k = 0; k < 20; k++) {
      const before = count();
      const held = random.chance(0.4) && rowsOf(data, true).x.length > 0;
      const place = { held, row: random.whole(0, rowsOf(data, held).x.length - 1) };
      const kind = random.pick(["new", "gone", "moved"]);
      if (kind === "new") data = withNewRow(data, random.chance(0.5));
      if (kind === "gone") data = withoutRow(data, place);
      if (kind === "moved") data = moved(data, place);
      frozen(data);
      const change = kind === "new" ? 1 : kind === "moved" ? 0 : held || before > count() ? -1 : 0;
      assert.equal(count(), before + change);
      assert.ok(data.x.length >= 1 && data.x.length === data.y.length);
      assert.equal(data.held_back?.x.length, data.held_back?.y.length);
      assert.notEqual(data.held_back?.x.length, 0);
    }
  });
});

test("the costs of the rows make up the cost of the iteration, but for a penalty", () => {
  for (const iteration of allIterations()) {
    if (!Number.isFinite(iteration.cost)) continue;
    const scores = perExample(iteration).filter((it) => it !== null);
    const total = scores.reduce((sum, it) => sum + it.cost, 0);
    const mean = (iteration.experiment.network.reduction ?? "mean") === "mean";
    const cost = mean ? total / scores.length : total;
    const penalized = iteration.node.get("L"); // then C = L + R, and R has no rows
    const ofRows = penalized ? Number(penalized.value[0][0]) : iteration.cost;
    close(cost, ofRows, 1e-9 * Math.max(1, Math.abs(ofRows)));
  }
});

test("a batch is a part of the rows, and wraps", () => {
  const iteration = iterationOf("xor");
  const experiment = { ...iteration.experiment, batch_size: 3, iteration: 1 };
  const node = new Map(iteration.node);
  const three = { ...iteration, experiment, number: 1, node, batchRows: [3, 0, 1] };
  const scores = perExample({
    ...three,
    nodes: iteration.nodes.map((it) => ({ ...it, value: it.value.slice(0, 3) })),
  });
  assert.deepEqual(
    scores.map((it) => it === null),
    [false, false, true, false],
  );
});

test("right and wrong: the largest output, a half for a single one, none for numbers", () => {
  assert.deepEqual(
    accuracy(
      scoresOf(
        saidAs([
          [0.9, 0.2],
          [0.6, 0.4],
        ]),
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ),
    { right: 1, of: 2, share: 0.5 },
  );
  assert.deepEqual(
    scoresOf(saidAs([[0.5], [0.49]]), [[1], [1]]).map((it) => it.right),
    [true, false],
  );
  assert.equal(accuracy(scoresOf(saidAs([[0.5]]), [[0.7]])), null);
  assert.equal(scoresOf(saidAs([[Number.NaN, 0]]), [[1, 0]])[0].right, false);
  assert.deepEqual(
    ["classes", "yes or no", "numbers"],
    [aimOf([[1, 0]]), aimOf([[1], [0]]), aimOf([[1, 1]])],
  );
  assert.equal(className(0, ["ring"], 1), "not ring");
});

/**
 * Data, and what suits them: here what the open network of most tests has.
 * @param {Data} data
 * @param {string} [cost]
 * @param {string} [activation]
 */
const made = (data, cost = "squared_error", activation = "sigmoid") => ({ data, cost, activation });

test("what the network would have to change is said before it happens", () => {
  const { experiment } = fixture("lecture").steps[0];
  const same = proposal(made(experiment.data), experiment, catalog());
  assert.equal(misfit(same), "");
  assert.equal(
    offer(experiment.data, same),
    "Use this 1 row: the network stays as it is, training begins at iteration 0",
  );
  /** @type {Data} */
  const data = { x: [[1, 2, 3, 4]], y: [[1, 0, 0]] };
  const other = proposal(made(data), experiment, catalog());
  assert.equal(
    misfit(other),
    "The network changes: inputs 2 → 4; outputs 2 → 3. Its weights start anew.",
  );
  assert.equal(
    offer(data, other),
    "Use this 1 row: the network gets 4 inputs and 3 outputs; its weights start anew",
  );
  const far = proposal(made({ x: [[1, 2]], y: [[-3, 12]] }), experiment, catalog());
  assert.match(
    misfit(far),
    /sigmoid → identity, as the targets go from -3 to 12\. Its weights stay/,
  );
  const { sizes, activations, anew } = other;
  assert.deepEqual([sizes[0], sizes[sizes.length - 1], anew], [4, 3, true]);
  assert.equal(activations.length, sizes.length - 1);
});

test("a network that begins anew gets the cost that suits the targets, unless its reader keeps the old one", () => {
  const { experiment } = fixture("lecture").steps[0];
  const three = made({ x: [[1, 2]], y: [[1, 0, 0]] }, "cross_entropy", "softmax");
  const last = ({ activations, cost } = proposal(three, experiment, catalog())) => [
    activations.at(-1),
    cost,
  ];
  assert.deepEqual(last(), ["softmax", "cross_entropy"]);
  assert.match(
    misfit(proposal(three, experiment, catalog())),
    /last activation sigmoid → softmax and cost squared_error → cross_entropy, which suit these targets\. Its/,
  );
  const kept = proposal(three, experiment, catalog(), false);
  assert.deepEqual(last(kept), ["sigmoid", "squared_error"]);
  const two = made({ x: [[1, 2]], y: [[1, 0]] }, "cross_entropy", "softmax");
  assert.deepEqual(last(proposal(two, experiment, catalog())), ["sigmoid", "squared_error"]);
  assert.deepEqual(last(proposal(two, experiment, catalog(), true)), ["softmax", "cross_entropy"]);
  const { present, fitting } = lastsOf(two, experiment, catalog());
  assert.deepEqual([present.reasons, fitting.reasons.length], [[], 1]);
});

test("what begins from the start is said, and the rows held back are counted apart", () => {
  const { experiment } = fixture("lecture").steps[0];
  const [x, y] = [
    [1, 2],
    [-3, 12],
  ];
  const data = { x: [x, x, x], y: [y, y, y], held_back: { x: [x, x], y: [y, y] } };
  assert.equal(
    offer(data, proposal(made(data), experiment, catalog())),
    "Use these 3 rows, 2 held back: the weights stay, training begins at iteration 0",
  );
  assert.equal(resets(experiment), "Training begins at iteration 0.");
  const { experiment: trained } = fixture("adam").steps[1];
  assert.equal(
    resets(trained),
    "Training begins at iteration 0, and the optimizer's memory is emptied.",
  );
});
