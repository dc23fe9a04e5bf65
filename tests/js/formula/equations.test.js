import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lookupChain,
  lookupIn,
  lookupLocal,
  lookupUpdate,
} from "../../../static/js/formula/numbers.js";
import { same, sides } from "../equations.js";
import { everyIteration } from "../support.js";

/** @typedef {import("../../../static/js/formula/math-view.js").Lookup} Lookup */

/**
 * @param {string} formula
 * @param {Lookup} lookup
 * @returns {number} 1 where the two sides were compared, 0 where one stands for nothing known
 */
function isTrue(formula, lookup) {
  const { left, right } = sides(formula, lookup);
  if (right.length === 0) return 0;
  // Of two that are equal each counts half: that is said beside the formula.
  const isShared = formula.includes("[") && left.flat().some((it) => it === 0.5 || it === 1 / 3);
  assert.ok(
    isShared || right.some((it) => same(left, it)),
    `${formula}: ${JSON.stringify(left)} is none of ${JSON.stringify(right)}`,
  );
  return 1;
}

const ALL = everyIteration().filter((it) => it.status === "ok");

test("every value's equation is true of its numbers", () => {
  let seen = 0;
  for (const iteration of ALL)
    for (const { formula } of iteration.nodes)
      if (formula && !/\[[\d:,]+\]$|^\S+ = (reshape|concat|stack|windows)/.test(formula))
        seen += isTrue(formula, lookupIn(iteration, true));
  assert.ok(seen > 300, String(seen));
});

test("the equations of every edge are true of their numbers, where a node is used at several places too", () => {
  let seen = 0;
  for (const iteration of ALL)
    for (const edge of iteration.edges) {
      if (edge.value.every((line) => line.every(Number.isFinite)))
        seen += isTrue(edge.formula, lookupLocal(iteration, edge, true));
      seen += isTrue(edge.chain, lookupChain(iteration, edge, true));
    }
  assert.ok(seen > 600, String(seen));
});

test("every line of an optimizer's rule is true of its numbers", () => {
  let seen = 0;
  for (const iteration of ALL)
    for (const update of iteration.updates)
      [...update.lines, update].forEach(({ formula }, at) => {
        seen += isTrue(formula, lookupUpdate(iteration, update, at, true));
      });
  assert.ok(seen > 100, String(seen));
});
