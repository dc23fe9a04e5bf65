import assert from "node:assert/strict";
import { test } from "node:test";
import { short } from "../../../static/js/base/format.js";
import { beatsOf, momentAt } from "../../../static/js/time/timeline.js";
import { number } from "../../../static/js/trace/trace.js";
import { isPointed, spoken, tableOf } from "../../../static/js/weight/chain.js";
import { chains, iterationOf } from "../support.js";

const LECTURE = "parameter=W0&row=1&column=2";

/**
 * @param {string} name
 * @param {string} query
 * @param {number} [t] the moment; the end of the backward pass where nothing is said
 */
function table(name, query, t) {
  const iteration = iterationOf(name);
  const beats = beatsOf(iteration);
  const end = beats.filter((it) => it.phase !== "update").length;
  const answer = chains()[name][query];
  return { answer, table: tableOf(answer, iteration, beats, momentAt(iteration, beats, t ?? end)) };
}

const ALL = Object.entries(chains()).flatMap(([name, answers]) =>
  Object.keys(answers).map((query) => ({ name, query })),
);

test("a line's product is that of its numbers, and the lines add up to the gradient", () => {
  for (const { name, query } of ALL.filter((it) => it.name !== "diverged")) {
    const { answer, table: it } = table(name, query);
    let sum = 0;
    for (const line of it.groups.flatMap((group) => group.lines)) {
      const product = line.cells.reduce((made, cell) => made * cell.value, 1);
      assert.ok(Math.abs(product - line.product) <= 1e-12 * Math.abs(line.product));
      sum += line.product;
    }
    const gradient = number(answer.gradient);
    assert.ok(Math.abs(sum - gradient) <= 1e-12 * Math.max(Math.abs(gradient), 1e-3), query);
    assert.equal(it.lines, answer.terms.length);
  }
});

test("a line has a number for each column, and its group what it passes through", () => {
  for (const { name, query } of ALL) {
    const { table: it } = table(name, query);
    for (const group of it.groups)
      for (const line of group.lines) {
        const covered = line.cells.reduce((sum, cell) => sum + cell.span, 0);
        assert.equal(covered, it.columns.length, name);
        assert.equal(line.through, group.through);
      }
  }
});

test("the routes of the lecture are told by their class", () => {
  const { table: it } = table("lecture", LECTURE);
  assert.deepEqual(
    it.groups.flatMap((group) => group.lines).map((line) => line.label),
    ["face", "car"],
  );
});

test("the routes of an experiment are told apart", () => {
  for (const { name, query } of ALL) {
    const lines = table(name, query).table.groups.flatMap((group) => group.lines);
    const labels = lines.map((line) => `${line.through} ${line.label}`);
    assert.equal(new Set(labels).size, labels.length, `${name} ${query}: ${labels}`);
  }
});

test("a factor says which cached number it is made of, and in which beat that was computed", () => {
  const { table: it } = table("lecture", LECTURE);
  assert.deepEqual(
    it.columns.map(({ cached }) => cached.map(({ id, beat }) => `${id} ${beat}`).join(", ")),
    ["a1 4, y 0", "a1 4, m1 3", "W1 0", "a0 2, m0 1", "x 0"],
  );
});

test("a factor is known once its edge has been walked, and not before", () => {
  const known = [5, 6, 7, 9, 10, 11].map((t) => {
    const { table: it } = table("lecture", LECTURE, t);
    assert.equal(
      it.known,
      it.columns.every((column) => column.known),
    );
    return it.columns.filter((column) => column.known).length;
  });
  assert.deepEqual(known, [0, 1, 2, 3, 4, 5]);
});

test("a folded chain begins with the cached gradient", () => {
  const { table: it } = table("lecture", `${LECTURE}&fold=m1`);
  assert.equal(it.columns[0].edge, null);
  assert.equal(it.columns[0].wrt, "m1");
  assert.equal(it.columns.length, 4);
});

test("a factor is pointed at by itself, and by its edge", () => {
  const [face, car] = table("lecture", LECTURE).table.groups.flatMap((group) => group.lines);
  const cell = face.cells[2];
  assert.deepEqual(cell.point, ["m1>a0", "∂m1[0,0]", "∂a0[0,2]", "W1[2,0]"]);
  assert.ok(isPointed(cell, cell.point));
  assert.ok(!isPointed(car.cells[2], cell.point));
  for (const it of [cell, car.cells[2]]) assert.ok(isPointed(it, ["m1>a0"]));
  assert.ok(!isPointed(cell, []));
});

test("the table is told as a sentence", () => {
  const { answer, table: it } = table("lecture", LECTURE);
  const told = spoken(answer, it, "W0[1,2]", short);
  assert.match(
    told,
    /^W0\[1,2\] reaches C by 2 routes\. Through face: −1\.1671 times 0\.2430 times/,
  );
  assert.match(told, /through car: .* Their sum is 0\.0539\.$/);
  const early = table("lecture", LECTURE, 6);
  assert.match(spoken(early.answer, early.table, "W0[1,2]", short), /Not all factors are computed/);
});
