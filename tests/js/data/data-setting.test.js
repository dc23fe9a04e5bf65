import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellComplaint,
  cellName,
  cellOf,
  chosen,
  nudged,
  rowsWithScores,
  typedWithout,
} from "../../../static/js/data/data-setting.js";
import { gridOf } from "../../../static/js/data/surface.js";
import {
  curveOfOne,
  dotPaths,
  drawn,
  nearest,
  runs,
} from "../../../static/js/data/surface-paths.js";
import { createWork } from "../../../static/js/data/work.js";
import { close, fixture, holds, iterationOf, panelPage, saidAs, tabStorage } from "../support.js";

/** @typedef {import("../../../static/js/data/edit-data.js").Data} Data */
/** @typedef {import("../../../static/js/data/data-setting.js").Desk} Desk */
/** @typedef {import("../../../static/js/data/data-setting.js").Row} Row */

test("a cell's name leads back to it", () => {
  holds(100, (random) => {
    const place = { held: random.chance(0.5), row: random.whole(0, 9999) };
    const [side, column] = /** @type {["x" | "y", number]} */ ([
      random.pick(["x", "y"]),
      random.whole(0, 99),
    ]);
    assert.deepEqual(cellOf(cellName(place, side, column)), { place, side, column });
  });
});

test("what is typed goes along when a row before it goes", () => {
  const typed = { "x:seen:1:0": "a", "x:seen:2:1": "b", "y:held:2:0": "c", "x:seen:3:0": "d" };
  assert.deepEqual(typedWithout(typed, { held: false, row: 2 }), {
    "x:seen:1:0": "a",
    "y:held:2:0": "c",
    "x:seen:2:0": "d",
  });
});

test("an emptied cell is told as one where a number is missing", () => {
  assert.match(cellComplaint("   "), /^a number is missing here, so the old one stays in use/);
  assert.match(cellComplaint(""), /^a number is missing here/);
  assert.match(cellComplaint("abc"), /^“abc” is not a number, .*Type one such as 0\.5/);
});

test("the arrow keys change a number by a small round step, and back", () => {
  assert.deepEqual(
    [nudged(0.5, 1), nudged(0, -1), nudged(5.1, 1), nudged(250, -1)],
    [0.6, -0.1, 5.2, 240],
  );
  assert.equal(nudged(0.1, -1), 0);
  holds(200, (random) => {
    const value = Math.round((random.real() - 0.5) * 18 * 1e6) / 1e6;
    close(nudged(nudged(value, 1), -1), value, 1e-9);
  });
});

test("all rows with what the network says of them, those held back too; worked out once", () => {
  const iteration = iterationOf("xor");
  const { data } = iteration.experiment;
  const heldData = { ...data, held_back: { x: [[9, 9]], y: [[1]] } };
  const it = { ...iteration, experiment: { ...iteration.experiment, data: heldData } };
  const said = { ...saidAs([[0.75]]), costs: [0.0625] };
  const rows = rowsWithScores(it, said, null);
  assert.equal(rows.length, 5);
  assert.deepEqual(rows[4].place, { held: true, row: 0 });
  assert.deepEqual([rows[4].score?.cost, rows[4].score?.right], [0.0625, true]);
  assert.equal(rowsWithScores(it, said, null), rows);
  assert.notEqual(rowsWithScores(it, null, null), rows);
  assert.deepEqual(chosen(rows, "held", "given"), [rows[4]]);
  assert.ok(chosen(rows, "wrong", "given").every((row) => row.score?.right === false));
  const costs = chosen(rows, "all", "costly").map((row) => row.score?.cost ?? Infinity);
  assert.deepEqual(
    costs,
    costs.toSorted((a, b) => b - a),
  );
});

test("the patches cover the grid once, but where there is no number", () => {
  holds(60, (random) => {
    const side = random.whole(2, 12);
    const outputs = random.whole(1, 3);
    let gaps = 0;
    const said = Array.from({ length: side * side }, () => {
      const gap = random.chance(0.1);
      if (gap) gaps += 1;
      return Array.from({ length: outputs }, () => (gap ? Number.NaN : random.real()));
    });
    const { patches } = runs(said, side, "classes");
    const cells = patches
      .flatMap(({ d }) => [...d.matchAll(/h(\d+)v1/g)])
      .reduce((sum, found) => sum + Number(found[1]), 0);
    assert.equal(cells, side * side - gaps);
    for (const { d } of patches) assert.doesNotMatch(d, /NaN|undefined/);
  });
});

test("the mark of a row is found where it is clicked; of very many rows a part is drawn", () => {
  const { experiment } = fixture("xor").steps[0];
  const grid = gridOf(experiment.data, experiment);
  assert.ok(grid);
  const rows = rowsWithScores(iterationOf("xor"), null, null);
  const { places, dots } = dotPaths(rows, grid, { width: 300, height: 300 }, "yes or no", null);
  assert.ok(dots.length > 1 && dots.every((it) => it.wrong === (it.d.ring !== "")));
  for (const spot of places)
    assert.equal(nearest(places, { x: spot.x + 2, y: spot.y }, 9)?.place, spot.place);
  assert.equal(nearest(places, { x: -99, y: 0 }, 9), null);
  const many = drawn(Array.from({ length: 10_000 }, () => rows[0]));
  assert.equal(many.length, 1500);
});

test("the fitted curve has a gap where there is no number", () => {
  const grid = { ranges: [{ low: 0, high: 2 }], side: 3, x: [[0], [1], [2]] };
  const surface = {
    grid,
    said: [[1], [Number.NaN], [3]],
    experiment: fixture("xor").steps[0].experiment,
  };
  /** @type {Row[]} */
  const rows = [{ place: { held: false, row: 0 }, x: [1], y: [2], score: null }];
  const { lines, places } = curveOfOne(surface, rows, { width: 100, height: 100 });
  assert.equal(lines[0].match(/M/g)?.length, 2);
  assert.deepEqual([places[0].x, places[0].y], [50, 50]);
});

/** The Data panel of a page whose iterations see so many rows. */
function page(batch = /** @type {number | null} */ (null)) {
  const one = iterationOf("xor");
  const batchRows = batch ? [0, 1, 2, 3].slice(0, batch) : null;
  const iteration = { ...one, batchRows, experiment: { ...one.experiment, batch_size: batch } };
  tabStorage();
  const around = panelPage("data", iteration, {
    "/trace": () => fixture("xor").steps[0].lean.trace,
  });
  const work = createWork(around.ports);
  const desk = () => /** @type {Desk} */ (around.state().desks.data);
  const data = () => /** @type {Data} */ (around.state().iteration?.experiment.data);
  return { work, desk, data };
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  for (let k = 0; k < 200 && !isSo(); k++) await new Promise((later) => setTimeout(later, 5));
  assert.ok(isSo());
}

test("edits reach the data; a drawing becomes a row of its class", () => {
  const { work, desk, data } = page();
  work.act.setCell({ held: false, row: 1 }, "x", 0, 7);
  assert.equal(data().x[1][0], 7);
  work.act.set({ pixels: [0.5, 1] });
  work.act.addDrawing(1);
  assert.deepEqual(data().x[4], [0.5, 1]);
  assert.deepEqual(data().y[4], [1]);
  work.act.set({ typed: { "x:seen:3:0": "abc" } });
  work.act.moveRow({ held: false, row: 0 });
  assert.equal(data().held_back?.x.length, 1);
  assert.deepEqual(desk().typed, { "x:seen:2:0": "abc" });
  work.act.addRow(false);
  assert.equal(data().x.length, 5);
});

test("the surface is asked once for an experiment", async () => {
  const { work, desk } = page();
  work.refresh();
  work.refresh();
  await until(() => desk().surface !== null);
  const { surface } = desk();
  work.refresh();
  await new Promise((later) => setTimeout(later, 20));
  assert.equal(desk().surface, surface);
});

test("where an iteration sees a batch only, all rows are asked about", async () => {
  const { work, desk } = page(2);
  work.refresh();
  await until(() => desk().said !== null);
  assert.equal(desk().said?.outputs.length, 4);
});

test("a curve that runs away does not press the targets into one line", () => {
  const grid = { ranges: [{ low: 0, high: 1 }], side: 2, x: [[0], [1]] };
  const surface = { grid, said: [[-1e58], [1e58]], experiment: fixture("xor").steps[0].experiment };
  /** @type {Row[]} */
  const rows = [0, 2].map((y, row) => ({
    place: { held: false, row },
    x: [row],
    y: [y],
    score: null,
  }));
  const { frame } = curveOfOne(surface, rows, { width: 100, height: 100 });
  assert.ok(frame.up.low > -3 && frame.up.high < 5);
});
