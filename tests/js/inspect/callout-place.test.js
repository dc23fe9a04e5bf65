import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderOf, overlap, placeOf } from "../../../static/js/inspect/callout-place.js";
import { holds } from "../support.js";

/** @param {number} left @param {number} top @param {number} width @param {number} height */
const box = (left, top, width, height) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const AREA = box(8, 8, 1264, 480);

/** @param {Partial<import("../../../static/js/inspect/callout-place.js").Surroundings>} change */
const around = (change) => ({
  size: { width: 300, height: 160 },
  area: AREA,
  about: [box(400, 100, 60, 20)],
  own: null,
  operands: [],
  others: [],
  stage: AREA,
  isSheet: false,
  last: null,
  ...change,
});

test("it never covers what it is about where there is any other place, and stays in its area", () => {
  holds(300, (random) => {
    const about = [
      box(random.whole(8, 1212), random.whole(8, 460), 60, 20),
      box(random.whole(8, 1212), random.whole(8, 460), 60, 20),
    ].slice(0, random.whole(1, 2));
    const size = { width: random.whole(120, 420), height: random.whole(60, 220) };
    const operands = Array.from({ length: random.whole(0, 9) }, () =>
      box(random.whole(8, 1212), random.whole(8, 460), 60, 20),
    );
    const isSheet = random.chance(0.3);
    const { left, top } = placeOf(around({ about, size, operands, isSheet }));
    const place = box(left, top, size.width, size.height);
    for (const it of about) assert.equal(overlap(place, it), 0);
    assert.ok(left >= AREA.left && top >= AREA.top);
    assert.ok(place.right <= AREA.right && place.bottom <= AREA.bottom);
  });
});

test("it stands beside what it is about, and goes to another side for the operands", () => {
  const { left, top } = placeOf(around({}));
  const near = leaderOf(box(left, top, 300, 160), around({}).about);
  assert.ok(near.length <= 12);
  const operands = [box(380, 140, 300, 60), box(300, 140, 80, 60)];
  const other = placeOf(around({ operands }));
  const covered = operands.map((it) => overlap(box(other.left, other.top, 300, 160), it));
  assert.ok(covered[0] + covered[1] < 500); // of 22,800
});

test("it stays where it stood while that is good", () => {
  const last = placeOf(around({}));
  const { left, top } = placeOf(around({ last, others: [box(last.left, last.top, 40, 40)] }));
  assert.deepEqual([left, top], [last.left, last.top]);
});

test("on a phone it is a sheet at the end, unless what it is about is there", () => {
  const area = box(8, 8, 374, 560);
  const size = { width: 374, height: 200 };
  const sheet = placeOf(around({ area, size, isSheet: true, about: [box(60, 100, 60, 20)] }));
  assert.deepEqual([sheet.left, sheet.top], [8, 368]);
  const about = [box(60, 500, 60, 20)];
  const above = placeOf(around({ area, size, isSheet: true, about }));
  assert.equal(overlap(box(above.left, above.top, 374, 200), about[0]), 0);
});
