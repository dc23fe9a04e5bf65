import assert from "node:assert/strict";
import { test } from "node:test";
import { secondsToRead } from "../../../static/js/time/pace.js";
import { sentence } from "../../../static/js/time/sentences.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { allIterations } from "../support.js";

test("four words are read in a second, and nothing in less than two", () => {
  assert.equal(secondsToRead(""), 2);
  assert.equal(secondsToRead("It is kept."), 2);
  assert.equal(secondsToRead(Array(8).fill("word").join(" ")), 2);
  assert.equal(secondsToRead(Array(14).fill("word").join(" ")), 3.5);
  assert.equal(secondsToRead(Array(40).fill("word").join("  ")), 10);
});

test("signs alone are no words, a symbol is one", () => {
  const eight = "Chain rule: ∂C/∂a1 · ∂a1/∂m1 = ∂C/∂m1 , cached a1 – here";
  assert.equal(secondsToRead(`${eight} ${eight}`), 4);
});

test("every beat of every iteration has its time", () => {
  for (const iteration of allIterations()) {
    const beats = beatsOf(iteration);
    for (const beat of beats) {
      const seconds = secondsToRead(sentence(iteration, beats, beat));
      assert.ok(seconds >= 2 && seconds < 30, `${beat.subject}: ${seconds} s`);
    }
  }
});
