import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlayer } from "../../../static/js/time/clock.js";
import { handClock } from "../support.js";

/** @param {(passed: number) => boolean} [goesOn] */
function started(goesOn = () => true) {
  const clock = handClock();
  /** @type {number[]} */
  const moves = [];
  const player = createPlayer(clock, (seconds) => {
    moves.push(seconds);
    return goesOn(moves.reduce((sum, it) => sum + it, 0));
  });
  player.start();
  return { clock, moves, player };
}

test("time moves by what the clock says", () => {
  const { clock, moves } = started();
  for (const milliseconds of [1000, 16, 17, 33]) clock.turn(milliseconds);
  assert.deepEqual(moves, [0, 0.016, 0.017, 0.033]);
});

test("a tab that slept does not leap when it wakes", () => {
  const { clock, moves } = started();
  clock.turn(16);
  clock.turn(60_000);
  assert.deepEqual(moves, [0, 0.1]);
});

test("stopped is stopped, and time in between does not count", () => {
  const { clock, moves, player } = started();
  clock.turn(16);
  clock.turn(16);
  player.stop();
  assert.equal(clock.waiting, 0);
  clock.turn(50);
  player.start();
  clock.turn(40);
  clock.turn(16);
  assert.deepEqual(moves, [0, 0.016, 0, 0.016]);
});

test("to start twice is to start once", () => {
  const { clock, moves, player } = started();
  player.start();
  assert.equal(clock.waiting, 1);
  clock.turn(16);
  clock.turn(16);
  assert.equal(moves.length, 2);
});

test("it ends by itself when there is nowhere to go, and can start again", () => {
  const { clock, moves, player } = started((passed) => passed < 0.03);
  for (let i = 0; i < 9; i++) clock.turn(16);
  assert.equal(moves.length, 3);
  assert.equal(clock.waiting, 0);
  player.start();
  clock.turn(16);
  assert.equal(moves.length, 4);
});
