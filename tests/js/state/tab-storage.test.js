import assert from "node:assert/strict";
import { test } from "node:test";
import { readBack, textOf } from "../../../static/js/state/tab-storage.js";
import { holds } from "../support.js";

/**
 * @param {import("../support.js").Generator} random
 * @param {unknown[]} pool parts that may stand in several places
 * @param {number} depth
 * @returns {unknown}
 */
function anything(random, pool, depth) {
  const plain = [null, true, "a", "", "NaN", random.double(), Number.NaN, -0, Infinity, -Infinity];
  if (depth === 0) return random.pick(plain);
  if (pool.length > 0 && random.chance(0.3)) return random.pick(pool);
  const count = random.whole(0, 4);
  const inner = () => anything(random, pool, depth - 1);
  const part = random.chance(0.5)
    ? Array.from({ length: count }, inner)
    : Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, inner()]));
  pool.push(part);
  return part;
}

test("what is kept as text reads back as it was, with what its parts share", () => {
  holds(300, (random) => {
    const value = anything(random, [], 5);
    assert.deepEqual(readBack(textOf(value)), value);
  });
  const shared = [1, 2, 3];
  const { a, b } = readBack(textOf({ a: shared, b: { c: shared } }));
  assert.equal(a, b.c);
});

test("a part that stands in many places is written once", () => {
  const data = Array.from({ length: 1000 }, (_, at) => at + 0.123456789);
  const many = Array.from({ length: 200 }, (_, at) => ({ at, data }));
  assert.ok(textOf(many).length < 2 * textOf(many.slice(0, 1)).length + 200 * 40);
});
