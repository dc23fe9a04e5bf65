import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_LINK, pack } from "../../../static/js/state/packed-experiment.js";
import { historyFrom, packRun, runOf, unpackRun } from "../../../static/js/state/packed-run.js";
import { fixture } from "../support.js";

/** @typedef {import("../../../static/js/state/history.js").Past} Past */

const FIRST = fixture("lecture").steps[0].experiment;
const EDITED = { ...FIRST, iteration: 3, title: "edited" };
const NOW = { ...FIRST, iteration: 300 };

/** @type {Past[]} */
const HISTORY = Array.from({ length: 401 }, (_, iteration) => ({
  iteration,
  cost: 1 / (iteration + 1),
  experiment: iteration === 0 ? FIRST : iteration === 3 ? EDITED : iteration === 300 ? NOW : null,
  ...(iteration === 3 ? { edited: true } : {}),
}));

test("a link's run has the curve, its first experiment and what was edited", async () => {
  const text = await packRun(HISTORY, NOW);
  assert.ok(text.length > 0 && text.length < 2500, String(text.length));
  const back = await unpackRun(text, NOW);
  assert.ok(back.length > 50 && back.length <= 65);
  assert.deepEqual(back[0], { iteration: 0, cost: 1, experiment: FIRST });
  assert.equal(back[back.length - 1].iteration, 400);
  assert.equal(back[0].experiment?.data, NOW.data, "data is not written twice");
});

test("a file's run has every point", () => {
  const back = historyFrom(JSON.parse(JSON.stringify(runOf(HISTORY, NOW))), NOW);
  assert.equal(back.length, HISTORY.length);
  assert.deepEqual(back[3], { iteration: 3, cost: 0.25, experiment: EDITED, edited: true });
  assert.equal(back[300].experiment, NOW);
});

test("a run that has no room comes with its points alone, or not at all", async () => {
  const all = await packRun(HISTORY, NOW);
  const fewer = await packRun(HISTORY, NOW, all.length - 1);
  assert.ok(fewer.length > 0 && fewer.length < all.length);
  const [start] = await unpackRun(fewer, NOW);
  assert.equal(start.experiment, null);
  assert.equal(await packRun(HISTORY, NOW, 10), "");
  assert.equal(await packRun(HISTORY.slice(0, 1), NOW, MOST_LINK), "");
});

test("costs that are no numbers travel", async () => {
  /** @type {Past[]} */
  const lost = [HISTORY[0], { iteration: 1, cost: Number.NaN, experiment: NOW }];
  const back = await unpackRun(await packRun(lost, NOW), NOW);
  assert.ok(Number.isNaN(back[1].cost));
});

test("what is no run is none, and the experiment opens without it", async () => {
  assert.deepEqual(await unpackRun("", NOW), []);
  assert.deepEqual(await unpackRun("1.damaged", NOW), []);
  assert.deepEqual(await unpackRun(await pack(NOW), NOW), []);
  const run = runOf(HISTORY.slice(0, 3), NOW);
  const layers = [{ weights: "none" }];
  for (const odd of [
    null,
    { ...run, points: [[0, "1"]] },
    { ...run, points: [[-1, 1]] },
    { ...run, points: 7 },
    { ...run, edited: undefined },
    { ...run, experiments: [{ network: { layers } }] },
    { ...run, experiments: [null] },
  ])
    assert.deepEqual(historyFrom(odd, NOW), [], JSON.stringify(odd));
});
