import assert from "node:assert/strict";
import { test } from "node:test";
import { commandsOf, found } from "../../../static/js/menu/menu.js";
import { PANELS } from "../../../static/js/state/panels.js";
import { initialState } from "../../../static/js/state/state.js";

/** Remembers what was asked of it. @param {unknown[][]} asked */
function recording(asked) {
  return /** @type {import("../../../static/js/app/page-view.js").Actions} */ (
    /** @type {unknown} */ (
      new Proxy(
        {},
        {
          get: (_, name) =>
            name === "take"
              ? { open: () => asked.push(["take"]) }
              : (/** @type {unknown[]} */ ...given) => asked.push([name, ...given]),
        },
      )
    )
  );
}

/** @param {Partial<import("../../../static/js/state/state.js").State>} [change] */
function commands(change = {}) {
  /** @type {unknown[][]} */
  const asked = [];
  return { all: commandsOf({ ...initialState(), ...change }, recording(asked)), asked };
}

test("every panel is in the menu, and no two commands are called the same", () => {
  const { all } = commands();
  for (const { name } of PANELS) assert.ok(all.some((it) => it.words === name));
  assert.equal(new Set(all.map((it) => it.words)).size, all.length);
});

test("what is typed is found in any order, whatever the case, by other words too", () => {
  const { all } = commands();
  const words = (/** @type {string} */ typed) => found(all, typed).map((it) => it.words);
  assert.equal(words("").length, all.length);
  assert.deepEqual(words("100,000 TRAIN"), ["Train 100,000 iterations"]);
  assert.deepEqual(words("numpy"), ["Copy as …"]);
  assert.ok(words("chain").length === 0 && words("gradient").includes("Which way?"));
  assert.deepEqual(words("no such thing"), []);
});

test("what is chosen now is marked, and a command does what it says", () => {
  const { all, asked } = commands({ speed: 4, panel: "chain" });
  const on = all.filter((it) => it.isOn).map((it) => it.words);
  assert.ok(on.includes("Speed 4×") && on.includes("Which way?") && !on.includes("Speed 1×"));
  for (const words of ["Speed 8×", "Train 100 iterations", "Wait for me", "Phase on"])
    all.find((it) => it.words === words)?.run();
  assert.deepEqual(asked, [
    ["setSpeed", 8],
    ["setGoal", 100],
    ["toggleTraining"],
    ["change", { waits: true }],
    ["phase", 1],
  ]);
});
