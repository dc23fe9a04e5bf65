import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf } from "../../../static/js/base/format.js";
import {
  lastStopOf,
  read,
  refused,
  STOP_COUNTS,
  walkBegun,
} from "../../../static/js/state/address.js";
import { write } from "../../../static/js/state/address-text.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { barsOf, endingAfter, endingOf, MORE_STEPS } from "../../../static/js/walk/ending.js";
import { addressOfStop, WALKS, walkOf } from "../../../static/js/walk/walk.js";
import { iterationOf } from "../support.js";

const STOPS = walkOf("lecture").stops;
const LAST_STOP = lastStopOf("lecture");
/** @param {number} stop */
const addressAt = (stop) => addressOfStop("lecture", stop);

test("each stop is an address that the page can be set to", () => {
  const iteration = iterationOf("lecture");
  const beats = beatsOf(iteration);
  STOPS.forEach((_, stop) => {
    const address = addressAt(stop);
    assert.equal(address.stop, stop);
    assert.deepEqual(refused(write(address)), []);
    assert.deepEqual(read(write(address)), address);
    assert.ok((address.t ?? 0) <= beats.length);
    const { selection } = address;
    const place = selection === null ? null : entryOf(selection);
    if (place) assert.ok(iteration.node.has(place.id), String(selection));
  });
});

test("each walk is known to a link by its example and the number of its stops", () => {
  for (const [example, { stops }] of Object.entries(WALKS)) {
    assert.equal(STOP_COUNTS[example], stops.length);
    for (const stop of stops.keys()) {
      const address = addressOfStop(example, stop);
      assert.equal(address.example, example);
      assert.deepEqual(refused(write(address)), []);
      assert.deepEqual(read(write(address)), address);
    }
  }
  assert.deepEqual(Object.keys(STOP_COUNTS), Object.keys(WALKS));
});

test("what has no walk of its own leads into the lecture, and so does one's own experiment", () => {
  const begun = { example: "attention", departed: false, stop: null };
  assert.equal(walkBegun(begun), "attention");
  assert.equal(walkBegun({ ...begun, example: "moons" }), "lecture");
  assert.equal(walkBegun({ ...begun, example: "__proto__" }), "lecture");
  assert.equal(walkBegun({ ...begun, departed: true }), "lecture");
  assert.equal(walkBegun({ ...begun, departed: true, stop: 3 }), "attention");
});

test("every walk has few and plain words", () => {
  for (const walk of Object.values(WALKS))
    for (const { title, words } of [...walk.stops, ...endingOf(walk)]) {
      assert.ok(words.split(" ").length <= 50, words);
      assert.ok(title.length <= 48, title);
    }
});

test("the walk goes in the lecture's order, in few and plain words", () => {
  const order = STOPS.map((it) => it.title).join(" | ");
  assert.match(order, /Input.*Layers.*Forward.*Cost.*graph.*Direction.*rate.*W1.*W0.*cache/);
  for (const { words } of STOPS) assert.ok(words.split(" ").length <= 50, words);
  assert.match(STOPS.map((it) => it.note ?? "").join(""), /2 a1 − y/);
});

test("the lecture's sums are set where they are spoken of", () => {
  const sums = STOPS.map((_, stop) => addressAt(stop).slope).filter((it) => it.sum !== null);
  assert.deepEqual(
    sums.map(({ sum, weight, rate }) => [sum, weight, rate]),
    [
      ["rising", 2, 0.05],
      ["falling", 5, 0.05],
    ],
  );
});

test("a stop about a weight stands at the beat that brings its gradient, and its words speak of that weight", () => {
  const beats = beatsOf(iterationOf("lecture"));
  STOPS.forEach(({ words, title, shows }, stop) => {
    if (!["chain", "slope", "cache"].includes(shows.panel ?? "")) return;
    const id = entryOf(shows.selection ?? "")?.id ?? "";
    assert.equal(beats[Number(addressAt(stop).t) - 1].shows, id, title);
    const named = `${title} ${words}`.match(/W\d/g)?.[0];
    if (named) assert.equal(named, id, title);
  });
});

test("the last stop begins before the update, and has its words for every number of steps", () => {
  const beats = beatsOf(iterationOf("lecture"));
  const last = addressAt(LAST_STOP);
  assert.equal(beats[last.t ?? 0].phase, "update");
  assert.equal(beats[(last.t ?? 0) - 1].phase, "backward");
  assert.deepEqual(
    [0, 1, 2, MORE_STEPS, MORE_STEPS + 1, 5000].map(
      (steps) => endingAfter(walkOf("lecture"), steps).next,
    ),
    ["Take the step", "A hundred more", "To the end", "To the end", "Finish", "Finish"],
  );
  for (const { words } of endingOf(walkOf("lecture")))
    assert.ok(words.split(" ").length <= 50, words);
});

test("the end shows C at first, after one step and now, as far as they are known", () => {
  const iteration = { ...iterationOf("lecture"), number: 101, cost: 0.01 };
  const past = [0, 1, 50].map((at) => ({ iteration: at, cost: 1 / (at + 1), experiment: null }));
  const names = (/** @type {typeof past} */ history) =>
    barsOf(history, iteration).map((it) => it.name);
  assert.deepEqual(names(past), ["C at first", "after 1 step", "after 101 steps"]);
  assert.deepEqual(names(past.slice(2)), ["after 101 steps"]);
  const start = barsOf([], { ...iteration, number: 0, cost: 0.7 });
  assert.deepEqual(start, [{ name: "C at first", cost: 0.7 }]);
  assert.deepEqual(barsOf([], { ...iteration, cost: Number.NaN }), []);
});
