import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../../static/js/formula/formula.js";
import { lookupUpdate } from "../../../static/js/formula/numbers.js";
import { rememberedOf } from "../../../static/js/inspect/optimizer-state.js";
import { beatsOf, momentAt } from "../../../static/js/time/timeline.js";
import { close, fixture, iterationOf, written } from "../support.js";

/** @typedef {import("../../../static/js/formula/formula.js").Tree} Tree */
/** @typedef {import("../../../static/js/formula/math-view.js").Lookup} Lookup */
/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */

const OPTIMIZERS = ["lecture", "momentum", "nesterov", "rmsprop", "adam"];
const KEPT = {
  lecture: [],
  momentum: ["v"],
  nesterov: ["v"],
  rmsprop: ["s"],
  adam: ["t", "v", "s"],
};

/**
 * What a formula comes to at an entry, with what its names stand for.
 * @param {Tree} tree
 * @param {(name: { id: string } | { of: string, wrt: string }) => number} number
 * @returns {number}
 */
function worked(tree, number) {
  /** @param {Tree} part */
  const at = (part) => worked(part, number);
  switch (tree.kind) {
    case "number":
      return Number(tree.text);
    case "name":
      return number({ id: tree.id });
    case "ratio":
      return number({ of: tree.of, wrt: tree.wrt });
    case "group":
      return at(tree.inside);
    case "power":
      return at(tree.base) ** (tree.mark === "t" ? number({ id: "t" }) : Number(tree.mark));
    case "fraction":
      return at(tree.top) / at(tree.bottom);
    case "call":
      assert.equal(tree.name, "sqrt");
      return Math.sqrt(at(tree.arguments[0]));
    case "binary":
      if (tree.sign === "+") return at(tree.left) + at(tree.right);
      return tree.sign === "−" ? at(tree.left) - at(tree.right) : at(tree.left) * at(tree.right);
    default:
      return assert.fail(tree.kind);
  }
}

/**
 * @param {ReturnType<Lookup>} found
 * @param {number} row
 * @param {number} column
 */
function entry(found, row, column) {
  if (typeof found === "number") return found;
  assert.ok(Array.isArray(found), String(found));
  return found[row]?.[column] ?? found[0][0];
}

/** @param {string} name */
function iterations(name) {
  return fixture(name).steps.map((_, index) => iterationOf(name, index));
}

test("every line, worked out by hand from the numbers under its symbols, gives what stands left", () => {
  for (const iteration of OPTIMIZERS.flatMap(iterations))
    for (const update of iteration.updates)
      for (const [at, { formula }] of [...update.lines, update].entries()) {
        const tree = parse(formula);
        assert.ok(tree?.kind === "binary" && tree.sign === "←", formula);
        assert.ok(tree.left.kind === "name");
        const lookup = lookupUpdate(iteration, update, at, true);
        const result = lookup({ id: tree.left.id }, true);
        assert.ok(Array.isArray(result));
        result.forEach((line, row) => {
          line.forEach((value, column) => {
            const made = worked(tree.right, (it) => entry(lookup(it, false), row, column));
            close(made, value, 1e-12);
          });
        });
      }
});

test("before a line has arrived its result is not told", () => {
  const iteration = iterationOf("adam");
  const [update] = iteration.updates;
  for (const at of [0, 3, update.lines.length])
    assert.equal(lookupUpdate(iteration, update, at, false)({ id: "v" }, true), "unknown");
});

test("what is remembered begins at 0 and is what the experiments carry from update to update", () => {
  for (const name of OPTIMIZERS)
    for (const iteration of iterations(name)) {
      const beats = beatsOf(iteration);
      const { done } = momentAt(iteration, beats, beats.length);
      for (const { parameter } of iteration.updates) {
        const start = rememberedOf(iteration, { done: 0, beats }, parameter);
        const end = rememberedOf(iteration, { done, beats }, parameter);
        for (const [kept, { optimizer_state: state }] of /** @type {const} */ ([
          [start, iteration.experiment],
          [end, iteration.next],
        ])) {
          const names = kept.map((it) => it.name);
          assert.deepEqual(names, KEPT[/** @type {keyof typeof KEPT} */ (name)]);
          for (const { name: what, value } of kept) {
            const known = /** @type {Record<string, unknown> | undefined} */ (state?.[parameter]);
            const flat = known ? [known[what]].flat(2) : value.flat().map(() => 0);
            assert.deepEqual(value.flat(), flat);
          }
        }
        assert.ok(start.every((it) => !it.isNew) && end.every((it) => it.isNew));
      }
    }
});

test("each line brings its own number up to date, and no other parameter's", () => {
  const iteration = iterationOf("adam", 1);
  const beats = beatsOf(iteration);
  const first = beats.findIndex((it) => it.kind === "line");
  /** @param {number} done @param {string} id */
  const fresh = (done, id) =>
    rememberedOf(iteration, { done, beats }, id).map(({ isNew }) => isNew);
  assert.deepEqual(fresh(first, "W0"), [false, false, false]);
  assert.deepEqual(fresh(first + 2, "W0"), [true, true, false]);
  assert.deepEqual(fresh(first + 6, "W0"), [true, true, true]);
  assert.deepEqual(fresh(first + 6, "W1"), [false, false, false]);
  assert.deepEqual(rememberedOf(iteration, { done: 0, beats }, "x"), []);
});

test("a letter of the rule that is the parameter's own name has a prime, and is found all the same", () => {
  const { iteration } = written("named");
  const beats = beatsOf(iteration);
  /** @param {string} id */
  const names = (id) =>
    rememberedOf(iteration, { done: beats.length, beats }, id).map(({ name }) => name);
  assert.deepEqual(names("v"), ["t", "vʹ", "s"]);
  assert.deepEqual(names("t"), ["tʹ", "v", "s"]);
  assert.deepEqual(names("g"), ["t", "v", "s"]);
  const [{ value }] = rememberedOf(iteration, { done: 0, beats }, "v");
  assert.deepEqual(value, [[0]], "before the first update it is 0, and not the parameter");
});
