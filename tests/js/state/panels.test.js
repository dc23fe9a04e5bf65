import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, commandOf } from "../../../static/js/app/keys.js";
import { PANELS, panelOf, questionOf } from "../../../static/js/state/panels.js";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { iterationOf } from "../support.js";
import "../template-text.js"; // so that views can be loaded

test("each panel is a row: an id of its own, a key that nothing else has, modules that are there", async () => {
  const ids = PANELS.map(({ id }) => id);
  assert.deepEqual([...new Set(ids)], ids);
  for (const { id, key, load, work, sheets } of PANELS) {
    assert.match(id, /^[a-z]+$/);
    assert.equal(panelOf(id).id, id);
    if (key) {
      assert.ok(!(key in COMMANDS) && PANELS.filter((it) => it.key === key).length === 1, key);
      const change = (/** @type {object} */ it) => assert.deepEqual(it, { panel: id });
      commandOf(key)(/** @type {any} */ ({ change }));
    }
    assert.ok(Object.keys(await load()).length > 0);
    if (work) assert.equal(typeof (await work()).createWork, "function");
    assert.ok(sheets.every((it) => /^[a-z]+$/.test(it)));
  }
});

test("a panel about one weight asks about one, and about the first where none is selected", () => {
  const state = reduce(initialState(), { type: "iterated", iteration: iterationOf("lecture") });
  for (const { id, ofWeight } of PANELS) {
    const open = reduce(state, { type: "set", change: { panel: id } });
    assert.equal(open.selection, ofWeight ? "W0[0,0]" : null);
    if (ofWeight) assert.match(questionOf(open)?.path ?? "", /parameter=W0&row=0&column=0/);
  }
});
