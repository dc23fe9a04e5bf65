import assert from "node:assert/strict";
import { test } from "node:test";
import { beatsOf, momentAt } from "../../../static/js/time/timeline.js";
import { everyIteration, iterationOf, written } from "../support.js";
import { textOf } from "../template-text.js";

const { matricesView } = await import("../../../static/js/weight/matrices-view.js");

/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */

/** @param {Iteration} iteration @param {string} id @returns {string[]} the products, in markup */
function products(iteration, id) {
  const beats = beatsOf(iteration);
  const moment = momentAt(iteration, beats, beats.length);
  const view = matricesView(iteration, { id, row: 0, column: 0 }, moment, null);
  return textOf(view).split("<li>").slice(1);
}

/** @param {string} item @returns {number[][]} rows and columns of each matrix that stands in it */
function sizes(item) {
  return item
    .split('<table class="matrix"')
    .slice(1)
    .map((it) => {
      const rows = it.split("</table>")[0].split("<tr>").slice(1);
      return [rows.length, rows[0].split("<td").length - 1];
    });
}

test("matrices that are multiplied fit together, and make one of the shape of the result", () => {
  let found = 0;
  for (const iteration of everyIteration())
    for (const { id, role } of iteration.nodes)
      for (const item of role === "computed" ? [] : products(iteration, id)) {
        if (!/<i>\s*·\s*<\/i>/u.test(item)) continue;
        const [result, left, right] = sizes(item);
        if (String(left) === "1,1" || String(right) === "1,1") continue;
        assert.deepEqual([left[1], left[0], right[1]], [right[0], ...result], `${id}: ${item}`);
        found += 1;
      }
  assert.ok(found > 20);
});

test("a sum says what it is over", () => {
  const col = products(written("stretched").iteration, "col").join("");
  assert.match(col, /Σ columns of/);
  assert.doesNotMatch(col, /Σ rows of/);
  assert.match(products(written("stretched").iteration, "k").join(""), /Σ all of/);
  assert.match(products(iterationOf("xor"), "b0").join(""), /Σ rows of/);
});

test("of a part that comes straight from the output it is not said to be the whole", () => {
  // loss = s · s + C, and s is made of C, too.
  const parts = products(written("named").iteration, "v").filter((it) => it.includes("by way of"));
  const [straight] = parts.filter((it) => !it.includes("<figure", it.indexOf("</figure>")));
  assert.match(straight, /by way of/);
  assert.doesNotMatch(straight, /class="equation/);
});
