import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { frozen, holds, iterationOf, randomIteration, saidAs } from "../support.js";

/** @typedef {import("../../../static/js/state/state.js").State} State */
/** @typedef {import("../../../static/js/state/state.js").Action} Action */

/**
 * @param {State} state
 * @param {Action[]} actions
 */
function after(state, ...actions) {
  return actions.reduce(reduce, state);
}

const opened = after(
  initialState(),
  { type: "opened", example: "lecture" },
  { type: "iterated", iteration: iterationOf("lecture", 0) },
);

/**
 * @param {import("../support.js").Generator} random
 * @returns {Action}
 */
function randomAction(random) {
  /** @type {Action[]} */
  const actions = [
    { type: "examples", examples: [{ id: "a", title: "A", description: "", kind: "network" }] },
    { type: "opened", example: "xor" },
    { type: "iterated", iteration: randomIteration(random) },
    { type: "went", t: random.whole(-3, 60) },
    {
      type: "set",
      change: { playing: random.chance(0.5), selection: random.pick([null, "m0", "C"]) },
    },
    { type: "set", change: { row: 2, view: "table", error: "no" } },
  ];
  return random.pick(actions);
}

test("a change makes a new state and leaves the old one as it was", () => {
  holds(100, (random) => {
    let state = frozen(initialState());
    for (let i = 0; i < 12; i++) {
      const action = frozen(randomAction(random));
      const [first, second] = [reduce(state, action), reduce(state, action)];
      assert.notEqual(first, state);
      assert.deepEqual(first, second);
      state = frozen(first);
    }
  });
});

test("whatever happens, time is within the iteration and what is selected exists", () => {
  holds(200, (random) => {
    let state = initialState();
    for (let i = 0; i < 20; i++) {
      const action = randomAction(random);
      state = reduce(state, action);
      assert.ok(state.t >= 0 && state.t <= state.beats.length);
      const { iteration, selection } = state;
      if (action.type === "iterated" && iteration && selection !== null)
        assert.ok(iteration.node.has(selection) || iteration.edge.has(selection));
    }
  });
});

test("an iteration opens with its forward pass done, with its beats", () => {
  const state = after(
    opened,
    { type: "went", t: 9 },
    { type: "iterated", iteration: iterationOf("lecture", 1) },
  );
  assert.equal(state.t, 5);
  assert.equal(state.beats[4].phase, "cost");
  assert.equal(state.iteration?.number, 1);
  assert.deepEqual(state.beats, beatsOf(iterationOf("lecture", 1)));
});

test("an iteration that is there clears the error and the wait", () => {
  const state = after(
    opened,
    { type: "set", change: { error: "no answer", waiting: true } },
    { type: "iterated", iteration: iterationOf("lecture", 1) },
  );
  assert.equal(state.error, null);
  assert.equal(state.waiting, false);
});

test("history holds each iteration once, also when one is shown again", () => {
  const shown = [1, 2, 1, 0, 2].map((index) => iterationOf("lecture", index));
  const state = after(
    opened,
    ...shown.map((iteration) => /** @type {Action} */ ({ type: "iterated", iteration })),
  );
  assert.deepEqual(state.history.map((it) => it.iteration).toSorted(), [0, 1, 2]);
  for (const { iteration, cost, experiment } of state.history) {
    assert.equal(cost, iterationOf("lecture", iteration).cost);
    assert.deepEqual(experiment, iterationOf("lecture", iteration).experiment);
  }
});

test("an iteration's next experiment shares its data", () => {
  const iteration = iterationOf("lecture", 0);
  assert.equal(iteration.next.data, iteration.experiment.data);
});

test("to open another example is to forget the history, the selection and the row of the last", () => {
  const state = after(
    opened,
    { type: "set", change: { selection: "m0", row: 3, heldBack: saidAs([[1]]) } },
    { type: "opened", example: "xor" },
  );
  assert.deepEqual(
    [state.example, state.history, state.selection, state.row, state.heldBack],
    ["xor", [], null, 0, null],
  );
});

test("a selection stays from iteration to iteration while it exists", () => {
  const next = iterationOf("lecture", 1);
  for (const selection of ["m0", "a1>m1"])
    assert.equal(
      after(opened, { type: "set", change: { selection } }, { type: "iterated", iteration: next })
        .selection,
      selection,
    );
  const gone = after(
    opened,
    { type: "set", change: { selection: "b0" } },
    { type: "iterated", iteration: next },
  );
  assert.equal(gone.selection, null);
});

test("the row that is looked at exists", () => {
  const xor = iterationOf("xor");
  const at = (/** @type {number} */ row) =>
    after(initialState(), { type: "set", change: { row } }, { type: "iterated", iteration: xor })
      .row;
  assert.equal(at(2), 2);
  assert.equal(at(40), 3);
});

test("a selection opens no panel: one that explains it follows, any other stays", () => {
  const at = (/** @type {string} */ panel, /** @type {string | null} */ selection) => {
    const set = { panel, selection: panel === "chain" ? "W1[0,0]" : null };
    const state = after(opened, { type: "set", change: set }, { type: "selected", selection });
    return [state.panel, state.selection];
  };
  assert.deepEqual(at("beat", "W0[1,2]"), ["beat", "W0[1,2]"]);
  assert.deepEqual(at("check", "m0[0,1]"), ["check", "m0[0,1]"]);
  assert.deepEqual(at("inspect", "W0[1,2]"), ["inspect", "W0[1,2]"]);
  assert.deepEqual(at("chain", "W0[1,2]"), ["chain", "W0[1,2]"]);
  assert.deepEqual(at("chain", "m0[0,1]"), ["inspect", "m0[0,1]"]);
  assert.deepEqual(at("chain", null), ["beat", null]);
  assert.deepEqual(at("check", null), ["check", null]);
});

test("what was refused in a cell is still typed when something else is selected", () => {
  const editing = { name: "W0[0,0]", typed: "abc", refused: "abc is not a number." };
  const change = { type: /** @type {const} */ ("set"), change: { editing } };
  const select = { type: /** @type {const} */ ("selected"), selection: "m0" };
  assert.deepEqual(after(opened, change, select).editing, editing);
  const typing = { ...change, change: { editing: { ...editing, refused: undefined } } };
  assert.equal(after(opened, typing, select).editing, null);
});
