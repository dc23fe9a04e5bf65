import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapped } from "../../../static/js/share/frames-dom.js";
import { timesOf } from "../../../static/js/share/moving-picture-work.js";
import { codeOf, MOST_IN_A_HALL } from "../../../static/js/share/qr-work.js";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { iterationOf } from "../support.js";

const STATE = reduce(initialState(), { type: "iterated", iteration: iterationOf("lecture") });

test("the iteration begins empty and ends at its end, each beat moves and then stands", () => {
  const times = timesOf(STATE, "iteration", false);
  assert.equal(times[0].t, 0);
  assert.equal(times[times.length - 1].t, 15);
  assert.equal(times.filter((it) => Number.isInteger(it.t)).length, 16);
  for (const { t, delay } of times.slice(1))
    assert.ok(Number.isInteger(t) ? delay >= 800 && delay <= 2000 : delay < 100, `${t}: ${delay}`);
  const seconds = times.reduce((sum, it) => sum + it.delay, 0) / 1000;
  assert.ok(seconds > 30 && seconds < 60, String(seconds));
});

test("a beat is the one under way, and a calm reader has it as a still", () => {
  const times = timesOf({ ...STATE, t: 3 }, "beat", false);
  assert.ok(times.every(({ t }) => t > 2 && t <= 3));
  assert.deepEqual(
    timesOf({ ...STATE, t: 3 }, "beat", true).map((it) => it.t),
    [2, 3],
  );
  assert.deepEqual(
    new Set(timesOf({ ...STATE, t: 0 }, "beat", true).map((it) => it.t)),
    new Set([0, 1]),
  );
});

test("words are set in lines", () => {
  const measure = (/** @type {string} */ text) => text.length;
  assert.deepEqual(wrapped("one two three four", measure, 9), ["one two", "three", "four"]);
  assert.deepEqual(wrapped("longerthanthat a", measure, 5), ["longerthanthat", "a"]);
});

test("a code leads to the view, or to the page where the view's link is too long for a hall", () => {
  const short = codeOf("http://192.168.1.5:8000/#beat=3");
  assert.deepEqual([short.whole, short.text], [true, "http://192.168.1.5:8000/#beat=3"]);
  assert.ok(short.size < 50 && short.path.startsWith("M4 4h7v1h-7z"), short.path.slice(0, 20));
  const long = codeOf(`http://192.168.1.5:8000/#x=1.${"a".repeat(MOST_IN_A_HALL)}`);
  assert.deepEqual([long.whole, long.text], [false, "http://192.168.1.5:8000/"]);
  const longest = codeOf(`http://192.168.1.5:8000/#${"a".repeat(MOST_IN_A_HALL - 25)}`);
  assert.ok(longest.whole && longest.size <= 77, String(longest.size));
});
