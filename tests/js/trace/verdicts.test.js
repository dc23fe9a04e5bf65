import assert from "node:assert/strict";
import { test } from "node:test";
import {
  outcomeOf,
  stepsOf,
  tally,
  VERDICTS,
  verdictOf,
} from "../../../static/js/trace/verdicts.js";
import { checks } from "../support.js";

/** @typedef {import("../../../static/js/trace/verdicts.js").Checked} Checked */
/** @typedef {import("../../../static/js/trace/verdicts.js").Verdict} Verdict */

/**
 * @param {Verdict} verdict
 * @param {Partial<Checked>} [change]
 * @returns {Checked}
 */
function entry(verdict, change = {}) {
  const plain = { parameter: "W0", row: 0, column: 0, analytic: 1, numeric: 1, step: 0.01 };
  const kink = verdict === "kink";
  return { ...plain, absolute: 0, relative: 0, error: 1e-9, kink, verdict, ...change };
}

/** @param {Checked[]} entries as the server has sorted them */
function answer(entries) {
  const verdicts = { agrees: 0, differs: 0, kink: 0, "too small": 0, "too coarse": 0 };
  for (const { verdict } of entries) verdicts[verdict] += 1;
  const compared = entries.filter((it) => it.verdict === "agrees" || it.verdict === "differs");
  const worst = Math.max(0, ...compared.map((it) => Number(it.relative)));
  const [formula, kinks, status] = ["", verdicts.kink, /** @type {const} */ ("ok")];
  return { step: 0.01, formula, worst, verdicts, entries, resolution: 1e-10, kinks, status };
}

const ALL = answer([
  entry("differs", { column: 1, analytic: -2, numeric: 2, relative: 2 }),
  entry("too coarse"),
  entry("agrees"),
  entry("too small"),
  entry("kink"),
]);

test("a gradient that differs is told first, loudly, with the worst by name", () => {
  const { kind, head, rest } = outcomeOf(ALL);
  assert.equal(kind, "wrong");
  assert.match(
    head,
    /^✗ 1 of 2 gradients DIFFERS from what was measured\. .*∂C\/∂W0\[0,1\]: −2, measured 2\.$/,
  );
  assert.equal(rest.length, 3);
  assert.equal(
    tally(ALL.verdicts),
    "1 differs · 1 agrees · 1 where C is too coarse · 1 too small to compare · 1 at a corner",
  );
});

test("right is only what was compared and agrees", () => {
  const some = outcomeOf(answer([entry("agrees", { relative: 1e-7 }), entry("too small")]));
  assert.equal(some.kind, "right");
  assert.match(some.head, /^✓ 1 of 2 gradients agree .* These are right\.$/);
  assert.match(some.rest[0], /^1 gradient was not compared, too small/);
  const none = outcomeOf(answer([entry("too coarse"), entry("too small"), entry("kink")]));
  assert.deepEqual([none.kind, none.head], ["open", "Nothing could be compared."]);
  assert.equal(none.rest.length, 3);
  assert.doesNotMatch([none.head, ...none.rest].join(" "), /✓|is right|are right/);
});

test("every verdict has its words in the table and beside one number", () => {
  for (const verdict of /** @type {Verdict[]} */ (Object.keys(ALL.verdicts))) {
    assert.ok(VERDICTS[verdict]);
    assert.equal(verdictOf(verdict, "W0[0,0]").includes("✓"), verdict === "agrees");
    assert.equal(verdictOf(verdict, "W0[0,0]").includes("✗"), verdict === "differs");
  }
});

test("what the server says of stored experiments", () => {
  const { lecture, rounded, straight, diverged } = checks();
  for (const it of [lecture, rounded, straight]) {
    assert.equal(outcomeOf(it).kind, "right");
    assert.equal(it.verdicts.agrees, it.entries.length);
  }
  assert.notEqual(outcomeOf(diverged).kind, "right");
  assert.match(outcomeOf(diverged).rest.join(" "), /has diverged/);
});

test("h is told as one number, or from the least to the largest", () => {
  assert.equal(stepsOf(answer([entry("agrees")])), "0.01");
  assert.equal(stepsOf(answer([entry("agrees"), entry("agrees", { step: 0.5 })])), "0.01 … 0.5");
});
