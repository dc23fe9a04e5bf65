import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf } from "../../../static/js/base/format.js";
import { addressOfStop, STOPS } from "../../../static/js/lecture/walk.js";
import { LAST_STOP, read, refused, write } from "../../../static/js/state/address.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { iterationOf } from "../support.js";

test("each stop is an address that the page can be set to", () => {
  const iteration = iterationOf("lecture");
  const beats = beatsOf(iteration);
  STOPS.forEach((_, stop) => {
    const address = addressOfStop(stop);
    assert.equal(address.stop, stop);
    assert.deepEqual(refused(write(address)), []);
    assert.deepEqual(read(write(address)), address);
    assert.ok((address.t ?? 0) <= beats.length);
    const { selection } = address;
    const place = selection === null ? null : entryOf(selection);
    if (place) assert.ok(iteration.node.has(place.id), String(selection));
  });
});

test("a link may name any stop, and no other", () => {
  assert.equal(LAST_STOP, STOPS.length - 1);
});

test("the walk goes in the lecture's order, in few and plain words", () => {
  const order = STOPS.map((it) => it.title).join(" | ");
  assert.match(order, /Input.*Layers.*Forward.*Cost.*graph.*Direction.*rate.*W1.*W0.*cache/);
  for (const { words } of STOPS) assert.ok(words.split(" ").length <= 50, words);
  assert.match(STOPS.map((it) => it.note ?? "").join(""), /2 a1 − y/);
});

test("the lecture's sums are set where they are spoken of", () => {
  const sums = STOPS.map((_, stop) => addressOfStop(stop).slope).filter((it) => it.sum !== null);
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
    assert.equal(beats[Number(addressOfStop(stop).t) - 1].shows, id, title);
    const named = `${title} ${words}`.match(/W\d/g)?.[0];
    if (named) assert.equal(named, id, title);
  });
});
