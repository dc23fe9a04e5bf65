import assert from "node:assert/strict";
import { test } from "node:test";
import {
  linear,
  linePath,
  logarithmic,
  logTicks,
  round,
  ticks,
} from "../../../static/js/base/axis.js";
import { close, holds } from "../support.js";

test("the ends of a scale are its places, and it leads back to the value", () => {
  holds(300, (random) => {
    const low = (random.real() - 0.5) * 10 ** random.whole(-6, 6);
    /** @type {[number, number]} */
    const values = [low, low + 0.1 + random.real() * Math.max(1, Math.abs(low))];
    /** @type {[number, number]} */
    const places = [random.whole(-500, 500), random.whole(501, 900)];
    const scale = linear(values, places);
    close(scale(values[0]), places[0]);
    close(scale(values[1]), places[1], 1e-6);
    const back = linear(places, values);
    const at = values[0] + random.real() * (values[1] - values[0]);
    close(back(scale(at)), at, 1e-9 * Math.max(1, Math.abs(at)));
  });
});

test("on a logarithmic scale equal factors are equal distances", () => {
  const scale = logarithmic([-2, 2], [400, 0]);
  assert.deepEqual([0.01, 0.1, 1, 10, 100].map(scale), [400, 300, 200, 100, 0]);
  assert.equal(scale(0), Number.POSITIVE_INFINITY);
});

test("the marks of an axis are few, round and within it", () => {
  holds(300, (random) => {
    const low = random.real() * 10 ** random.whole(-6, 6);
    const high = low + (0.1 + random.real()) * 10 ** random.whole(-6, 6);
    if (high - low < 1e-9 * high) return;
    const marks = ticks([low, high]);
    assert.ok(marks.length >= 1 && marks.length <= 7, `${low} ${high}: ${marks}`);
    for (const it of marks) assert.ok(it >= low - 1e-9 * high && it <= high + 1e-9 * high);
  });
});

test("on a logarithmic axis the marks are powers of ten, and round numbers where these are too few", () => {
  assert.deepEqual(logTicks([-3, 2]), [0.001, 0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(logTicks([-200, 100]), [1e-180, 1e-120, 1e-60, 1, 1e60]);
  assert.deepEqual(logTicks([0, 1]), [2, 4, 6, 8, 10]);
  holds(300, (random) => {
    const low = random.whole(-300, 280) + random.real();
    const high = low + 0.2 + 20 * random.real();
    const marks = logTicks([low, high]);
    assert.ok(marks.length <= 7, `${low} ${high}: ${marks}`);
    for (const it of marks) {
      const exponent = Math.log10(it);
      assert.ok(exponent >= low - 1e-9 && exponent <= high + 1e-9, `${low} ${high}: ${it}`);
    }
  });
});

test("a line has a gap where a point is nowhere, and one alone is a dot", () => {
  const path = linePath([
    [0, 1.23456],
    [1, 2],
    [2, Number.NaN],
    [3, 4],
    [4, Number.POSITIVE_INFINITY],
  ]);
  assert.equal(path, "M0 1.23h0L1 2M3 4h0");
  assert.equal(linePath([]), "");
});

test("a place is rounded to hundredths, and stays within what a drawing can hold", () => {
  assert.equal(round(1.23456), 1.23);
  assert.equal(round(-1e300), -9999);
});
