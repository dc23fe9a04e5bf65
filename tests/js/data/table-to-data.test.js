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
import { misfit, offer, proposal, resets, tooLarge } from "../../../static/js/data/fit-network.js";
import { finished } from "../../../static/js/data/read-csv.js";
import { readingTable } from "../../../static/js/data/read-text.js";
import { classesOf, dataOf, guessRoles } from "../../../static/js/data/table-to-data.js";
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
/** @typedef {import("../../../static/js/data/table-to-data.js").Made} Made */

const limits = { rows: 10_000, width: 1024, text_characters: 200, body_bytes: 8 * 1024 * 1024 };
const FLOWERS = "long,wide,kind\n1,2,rose\n3,4,lily\n5,6,rose\n7,8,lily\n9,10,rose\n11,12,lily\n";

/** @param {string} text */
const read = (text) => finished(readingTable(text, { limits }));

/**
 * @param {string} text
 * @param {Partial<import("../../../static/js/data/table-to-data.js").Choice>} [choice]
 * @returns {Made}
 */
function made(text, choice = {}) {
  const table = read(text);
  return dataOf(table, { roles: guessRoles(table), heldEvery: 0, scale: false, ...choice });
}

/** @param {Made} it */
function dataIn(it) {
  if ("problem" in it) throw new Error(it.problem);
  return it.data;
}

/** @param {Made} it */
const problemIn = (it) => ("problem" in it ? it.problem : "");

test("classes that begin alike for long are not taken for one", () => {
  const long = "a label whose first forty characters are those of another";
  const table = read(`a,kind\n${[0, 1, 2, 3].map((it) => `${it},${long} ${it % 2}`).join("\n")}`);
  assert.deepEqual(classesOf(table, 1), [`${long} 0`, `${long} 1`]);
  const beyond = read(`a,kind\n1,${"x".repeat(300)}\n2,y`);
  assert.equal(String(classesOf(beyond, 1)[0]).length, limits.text_characters);
});

test("the class is guessed: words, or a few whole numbers; else the last column is the target", () => {
  assert.deepEqual(guessRoles(read(FLOWERS)), ["input", "input", "class"]);
  assert.deepEqual(guessRoles(read("kind,a,b\nx,1,2\ny,3,4\nx,5,6")), ["class", "input", "input"]);
  const few = Array.from({ length: 9 }, (_, at) => `${at / 8},${at % 3}`).join("\n");
  assert.deepEqual(guessRoles(read(few)), ["input", "class"]);
  assert.deepEqual(guessRoles(read("1,2.5\n2,3.5\n3,9")), ["input", "target"]);
  const names = Array.from({ length: 30 }, (_, at) => `name${at},${at},${at / 7}`).join("\n");
  assert.deepEqual(guessRoles(read(names)), ["ignore", "input", "target"]);
});

test("a class becomes one output for each value, and every n-th row of each is held back", () => {
  const data = dataIn(made(FLOWERS, { heldEvery: 3 }));
  assert.deepEqual(data.classes, ["rose", "lily"]);
  assert.deepEqual(data.features, ["long", "wide"]);
  assert.deepEqual(data.y, [
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ]);
  assert.deepEqual(data.held_back, {
    x: [
      [9, 10],
      [11, 12],
    ],
    y: [
      [1, 0],
      [0, 1],
    ],
  });
});

test("held back are as many of each class, in whatever order they come, and it is said how many", () => {
  holds(100, (random) => {
    const every = random.whole(2, 5);
    const kinds = Array.from({ length: 40 }, (_, at) =>
      random.chance(0.5) ? `c${at % 2}` : `c${random.whole(0, 1)}`,
    );
    kinds.push("c0", "c1");
    const it = made(kinds.map((kind, at) => `${at / 7},${kind}`).join("\n"), { heldEvery: every });
    const data = dataIn(it);
    const notes = "notes" in it ? it.notes.join(" ") : "";
    data.classes?.forEach((name, at) => {
      const all = kinds.filter((kind) => kind === name).length;
      const held = data.held_back?.y.filter((row) => row[at] === 1).length ?? 0;
      assert.equal(held, Math.floor(all / every));
      if (data.held_back) assert.ok(notes.includes(`${name} ${held} of ${all}`));
    });
  });
  const numbers = made("1,2.5\n2,3.5\n3,9\n4,9.5\n5,1", { heldEvery: 2 });
  assert.deepEqual(dataIn(numbers).held_back?.x, [[2], [4]]);
  assert.deepEqual("notes" in numbers && numbers.notes, ["Held back: 2 of 5 rows."]);
  const few = made(FLOWERS, { heldEvery: 4 });
  assert.deepEqual("notes" in few && few.notes, ["No row is held back: no class has 4 rows."]);
});

test("scaled inputs have mean 0 and standard deviation 1 over the rows that are learned from", () => {
  holds(100, (random) => {
    const rows = Array.from(
      { length: random.whole(3, 20) },
      () => `${random.real()},${random.real() * 900},7,${random.real()}`,
    );
    const data = dataIn(made(rows.join("\n"), { scale: true, heldEvery: random.whole(0, 1) * 3 }));
    for (const column of [0, 1]) {
      const values = data.x.map((row) => row[column]);
      const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
      const variance = values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / values.length;
      close(mean, 0);
      close(variance, 1);
    }
    assert.ok(data.x.every((row) => row[2] === 0));
  });
});

test("a choice that cannot be says what to choose", () => {
  assert.match(
    problemIn(made(FLOWERS, { roles: ["ignore", "ignore", "class"] })),
    /No column is an input/,
  );
  assert.match(problemIn(made(FLOWERS, { roles: ["input", "input", "ignore"] })), /should learn/);
  assert.match(
    problemIn(made(FLOWERS, { roles: ["input", "input", "target"] })),
    /kind holds words/,
  );
  assert.match(
    problemIn(made(FLOWERS, { roles: ["input", "target", "class"] })),
    /either a class \(kind\) or targets \(wide\)/,
  );
  assert.match(problemIn(made("1,a\n2,a")), /same in every row/);
  assert.match(problemIn(made(FLOWERS, { heldEvery: 1 })), /Every row is held back/);
});

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

test("the costs of the rows make up the cost of the iteration", () => {
  for (const iteration of allIterations()) {
    if (!Number.isFinite(iteration.cost)) continue;
    const scores = perExample(iteration).filter((it) => it !== null);
    const total = scores.reduce((sum, it) => sum + it.cost, 0);
    const mean = (iteration.experiment.network.reduction ?? "mean") === "mean";
    const cost = mean ? total / scores.length : total;
    close(cost, iteration.cost, 1e-9 * Math.max(1, Math.abs(iteration.cost)));
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

test("what the network would have to change is said before it happens", () => {
  const { experiment } = fixture("lecture").steps[0];
  assert.equal(misfit(experiment.data, experiment, catalog()), "");
  assert.equal(
    offer(experiment.data, experiment, catalog()),
    "Use this 1 row: the network stays as it is, training begins at iteration 0",
  );
  /** @type {Data} */
  const data = { x: [[1, 2, 3, 4]], y: [[1, 0, 0]] };
  assert.equal(
    misfit(data, experiment, catalog()),
    "The network changes: inputs 2 → 4; outputs 2 → 3. Its weights start anew.",
  );
  assert.equal(
    offer(data, experiment, catalog()),
    "Use this 1 row: the network gets 4 inputs and 3 outputs; its weights start anew",
  );
  const far = { x: [[1, 2]], y: [[-3, 12]] };
  assert.match(
    misfit(far, experiment, catalog()),
    /sigmoid → identity, as the targets go from -3 to 12\. Its weights stay/,
  );
  const { sizes, activations, anew } = proposal(data, experiment, catalog());
  assert.deepEqual([sizes[0], sizes[sizes.length - 1], anew], [4, 3, true]);
  assert.equal(activations.length, sizes.length - 1);
});

test("what begins from the start is said, and the rows held back are counted apart", () => {
  const { experiment } = fixture("lecture").steps[0];
  const [x, y] = [
    [1, 2],
    [-3, 12],
  ];
  const data = { x: [x, x, x], y: [y, y, y], held_back: { x: [x, x], y: [y, y] } };
  assert.equal(
    offer(data, experiment, catalog()),
    "Use these 3 rows, 2 held back: the weights stay, training begins at iteration 0",
  );
  assert.equal(resets(experiment), "Training begins at iteration 0.");
  const { experiment: trained } = fixture("adam").steps[1];
  assert.equal(
    resets(trained),
    "Training begins at iteration 0, and the optimizer's memory is emptied.",
  );
});

test("data too large for a request say how many rows to keep", () => {
  const row = Array.from({ length: 200 }, (_, at) => Math.sin(at));
  const data = { x: new Array(10_000).fill(row), y: new Array(10_000).fill([1]) };
  assert.match(
    tooLarge(data, limits) ?? "",
    /take about \d+ MB; at most 8 MB can be sent\. Keep 1,\d{3} rows/,
  );
  assert.equal(tooLarge({ x: data.x.slice(0, 100), y: data.y.slice(0, 100) }, limits), null);
});
