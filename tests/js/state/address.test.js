import assert from "node:assert/strict";
import { test } from "node:test";
import { lastStopOf, read, START, selectionIn } from "../../../static/js/state/address.js";
import { addressOf, write } from "../../../static/js/state/address-text.js";
import { initialState, reduce, SLOPE_START } from "../../../static/js/state/state.js";
import { holds, iterationOf } from "../support.js";

/** @typedef {import("../../../static/js/state/address.js").Address} Address */

/**
 * @param {import("../support.js").Generator} random
 * @returns {Address}
 */
function randomAddress(random) {
  return {
    example: random.pick(["lecture", "scalar", "xor", "face-or-car", "attention"]),
    iteration: random.pick([0, 10_000, random.whole(0, 10_000)]),
    t: random.pick([0, random.whole(0, 500)]),
    view: random.pick(/** @type {const} */ (["graph", "neurons", "both", "table"])),
    layers: random.pick(["auto", "all", "folded", "auto:2,3,14"]),
    selection: random.pick([
      null,
      "x",
      "W12",
      "a1>m1",
      "m63>b63",
      "W0[1,2]",
      "S.2[1,0]",
      "h1.2[1]",
      "C.2>C.1:1",
      "größe",
    ]),
    panel: random.pick(
      /** @type {const} */ ([
        "beat",
        "inspect",
        "chain",
        "slope",
        "cache",
        "check",
        "build",
        "data",
      ]),
    ),
    form: random.pick(/** @type {const} */ (["routes", "matrices"])),
    fold: random.pick([null, "C", "m1"]),
    slope: random.pick([
      SLOPE_START,
      { ...SLOPE_START, sum: /** @type {const} */ ("falling"), weight: -1.5e-7, rate: 0.3 },
      { ...SLOPE_START, center: random.whole(-9, 9), span: 0.02, nudge: 1e-9 },
    ]),
    stop: random.pick([null, 0, lastStopOf("lecture")]),
    row: random.pick([0, random.whole(0, 100)]),
    trained: random.pick([null, random.whole(0, 10_000)]),
    step: random.pick([null, 1e-2, 1e-6, 1e-10]),
    curve: random.pick(
      /** @type {Address["curve"][]} */ ([
        {},
        { log: true },
        { range: [20, 60] },
        { log: true, range: [0, random.whole(1, 999_999)] },
      ]),
    ),
    comparison: random.pick([
      null,
      { what: "seed", value: "7", steps: 200, from: "start", sameRate: false },
      { what: "field:learning_rate", value: "-1.5e-7", steps: 1, from: "here", sameRate: true },
    ]),
  };
}

test("write then read of an address gives it back", () => {
  holds(2000, (random) => {
    const address = randomAddress(random);
    assert.deepEqual(read(write(address)), address);
  });
});

test("two different addresses are written differently", () => {
  holds(500, (random) => {
    const [one, other] = [randomAddress(random), randomAddress(random)];
    assert.equal(write(one) === write(other), JSON.stringify(one) === JSON.stringify(other));
  });
});

test("the start needs no words", () => {
  assert.equal(write(START), "#");
  assert.deepEqual(read(""), START);
  assert.deepEqual(read("#"), START);
});

test("an address reads like what it says", () => {
  const address = {
    ...START,
    example: "xor",
    iteration: 2,
    t: 5,
    view: /** @type {const} */ ("table"),
    selection: "m0",
    panel: /** @type {const} */ ("inspect"),
  };
  assert.equal(write(address), "#example=xor&iteration=2&beat=5&view=table&select=m0");
  assert.equal(
    write({ ...START, selection: "W0[1,2]", panel: "chain", fold: "m1" }),
    "#select=W0[1,2]&panel=chain&fold=m1",
  );
});

test("a link from before there were panels opens the inspector on what it selects", () => {
  assert.equal(read("#select=m0").panel, "inspect");
  assert.equal(read("#beat=3").panel, "beat");
});

test("what is not allowed is as at the start, and the rest holds", () => {
  const wrong = [
    "iteration=-1",
    "iteration=1.5",
    "iteration=1e3",
    "iteration=1000000",
    "iteration=",
    "curve=60-20",
    "curve=,20-60",
    "curve=log,20",
    "h=1e-9",
    "h=0.01",
    "beat=NaN",
    "view=graphs",
    "view=__proto__",
    "select=<script>",
    "select=a>b>c",
    "select=atoolongnameforanythingthatisshowninagraph",
    "row=∞",
    "example=../../etc",
    "example=UPPER",
    "unknown=1",
  ];
  for (const text of wrong) {
    assert.deepEqual(read(`#${text}`), START, text);
    const row = text.startsWith("row") ? 0 : 3;
    assert.deepEqual(read(`#${text}&row=${row}`).row, row, text);
  }
});

test("no fragment at all makes reading fail", () => {
  holds(500, (random) => {
    const text = Array.from({ length: random.whole(0, 40) }, () =>
      random.pick([
        "%",
        "#",
        "&",
        "=",
        "example",
        "iteration",
        "beat",
        "9",
        "%zz",
        "\u0000",
        "é",
        "<",
        " ",
      ]),
    ).join("");
    const { iteration, t, row, view } = read(`#${text}`);
    for (const it of [iteration, t ?? 0, row]) assert.ok(Number.isInteger(it) && it >= 0);
    assert.ok(["graph", "neurons", "table"].includes(view));
  });
});

test("the address of a state is the end of the beat under way", () => {
  const state = reduce(initialState(), { type: "iterated", iteration: iterationOf("lecture", 2) });
  const address = addressOf({
    ...state,
    t: 3.2,
    selection: "a0>m0",
    view: "neurons",
    example: "lecture",
  });
  assert.deepEqual(address, {
    ...START,
    iteration: 2,
    t: 4,
    view: "neurons",
    selection: "a0>m0",
  });
});

test("what is selected is called in a link as on the page, and found again by its key", () => {
  const iteration = iterationOf("written");
  const state = reduce(initialState(), { type: "iterated", iteration });
  for (const [key, name] of [
    ["w[0,1]", "w[1]"],
    ["k[0,0]", "k"],
    ["W[1,2]", "W[1,2]"],
    ["w", "w"],
    ["h>b", "h>b"],
    [null, null],
  ]) {
    assert.equal(addressOf({ ...state, selection: key }).selection, name);
    assert.equal(selectionIn(iteration, name), key);
    assert.equal(selectionIn(iteration, key), key);
  }
  assert.equal(selectionIn(iteration, "nothing[0]"), "nothing[0]");
});

test("the address says how far the run went, where it went on from what is shown", () => {
  const opened = reduce(initialState(), { type: "iterated", iteration: iterationOf("lecture", 2) });
  const passed = [{ iteration: 9, cost: 0.1, experiment: null }];
  const state = reduce(opened, { type: "passed", passed });
  assert.equal(write(addressOf(state)), "#iteration=2&trained=9");
  assert.equal(addressOf({ ...state, departed: true }).trained, null);
});

test("a comparison that no page has written is refused", () => {
  for (const text of [
    "",
    "seed",
    "seed,1,x,start",
    "seed,1,5,there",
    "a b,1,5,start",
    "seed,,5,start",
  ])
    assert.equal(read(`#compare=${text}`).comparison, null, text);
});
