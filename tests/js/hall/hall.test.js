import assert from "node:assert/strict";
import { test } from "node:test";
import { sumsOf } from "../../../static/js/films/film.js";
import { hallCurveOf } from "../../../static/js/films/hall-curve.js";
import { arrange, ROW } from "../../../static/js/hall/arrange.js";
import { hallOf } from "../../../static/js/hall/hall.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { joined, same } from "../equations.js";
import { everyIteration, holds, iterationOf, MORE, randomIteration, written } from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */
/** @typedef {import("../../../static/js/hall/hall.js").Piece} Piece */

/** What of a hall's screen is the board's at 1280 × 720, in text sizes. */
const ROOM = { width: 43, height: 17 };

/**
 * The hall at a share of a beat of the lecture, or of another.
 * @param {string} subject
 * @param {number} [share]
 * @param {string} [name]
 * @param {string} [kind]
 */
function at(subject, share = 1, name = "lecture", kind = undefined) {
  const iteration = iterationOf(name);
  const beat =
    beatsOf(iteration).find((it) => it.subject === subject && (!kind || it.kind === kind)) ??
    assert.fail(subject);
  return hallOf(iteration, beat, share, sumsOf(iteration, beat));
}

/** @param {readonly Piece[]} pieces */
function said(pieces) {
  return pieces.map(({ before, name, turned }) => `${before}${name}${turned ? "ᵀ" : ""}`).join(" ");
}

/** @param {{ tokens: { text: string }[] }} hall */
function inNumbers({ tokens }) {
  return tokens.map((it) => it.text).join(" ");
}

test("each beat of the lecture is an equation of matrices", () => {
  assert.equal(said(at("m0").pieces), "x ·W0 =m0");
  assert.equal(said(at("a0").pieces), "m0 →a0");
  assert.equal(said(at("C").pieces), "a1 ,y →C");
  assert.equal(said(at("C>a1").pieces), "a1 ,y →∂C/∂a1");
  assert.equal(said(at("a1>m1").pieces), "∂C/∂a1 ⊙∂a1/∂m1 =∂C/∂m1");
  assert.equal(said(at("m1>W1").pieces), "a0ᵀ ·∂C/∂m1 =∂C/∂W1");
  assert.equal(said(at("m1>a0").pieces), "∂C/∂m1 ·W1ᵀ =∂C/∂a0");
  assert.equal(said(at("W1", 1, "lecture", "update").pieces), "W1 − 0.5 ·∂C/∂W1 =W1");
  assert.equal(said(at("m0", 1, "xor").pieces), "x ·W0 +b0 =m0");
});

test("a result is worked out entry by entry, and each stands there from its turn on", () => {
  const first = at("m0", 0.1);
  assert.equal(inNumbers(first), "0.5 · 0.4 + 0.8 · 0.3 = 0.44");
  assert.equal(first.pieces[2].known, 0);
  assert.deepEqual(first.pieces[0].ringed, [
    { row: 0, column: 0 },
    { row: 0, column: 1 },
  ]);
  assert.deepEqual(first.pieces[1].ringed, [
    { row: 0, column: 0 },
    { row: 1, column: 0 },
  ]);
  const second = at("m0", 0.4);
  assert.match(inNumbers(second), /= 0\.1$/);
  const last = at("m0");
  assert.equal(inNumbers(last), "0.5 · 0.2 + 0.8 · (−0.7) = −0.46");
  assert.equal(last.pieces[2].known, 3);
});

test("a transposed matrix is ringed where it is shown", () => {
  const { pieces } = at("m1>a0");
  const turned = pieces[1];
  assert.equal(turned.matrix.length, 2);
  // ∂C/∂a0[0,2] = ∂C/∂m1 · W1[2,:], which is the third column of W1 turned.
  assert.ok(turned.ringed.every((it) => it.column === 2));
  assert.equal(turned.ringed.length, 2);
});

test("an update says what a weight was, its push and what it is", () => {
  const hall = at("W1", 1, "lecture", "update");
  assert.equal(inNumbers(hall), "0.1 − 0.5 · 0.1118 = 0.0441");
});

/** @param {Iteration} iteration @param {(hall: import("../../../static/js/hall/hall.js").Hall) => void} check */
function everywhere(iteration, check) {
  for (const beat of [null, ...beatsOf(iteration)])
    for (const share of [0, 0.25, 0.5, 0.79, 0.8, 1])
      check(hallOf(iteration, beat, share, beat && sumsOf(iteration, beat)));
}

/** @param {import("../../../static/js/hall/hall.js").Hall} hall */
function isSound({ pieces, tokens }) {
  assert.ok(pieces.length > 0);
  assert.doesNotMatch(tokens.map((it) => it.text).join(" "), /undefined|null|\[object/);
  for (const { matrix, ringed, before, name } of pieces) {
    assert.match(name, /\S/);
    assert.doesNotMatch(before, /undefined|null|NaN/);
    for (const { row, column } of ringed) assert.notEqual(matrix[row]?.[column], undefined, name);
  }
  const letters = pieces.map(({ matrix }) =>
    Math.max(...matrix.flat().map((it) => it.toFixed(4).length)),
  );
  const { width, height, placed } = arrange(pieces, letters, ROOM);
  assert.ok(
    width <= ROOM.width && height <= ROOM.height,
    `${width} × ${height} ${pieces.map(
      (it) =>
        `${it.before}${it.name} ${it.matrix.length}×${it.matrix[0].length} ${
          it.matrix
            .flat()
            .map(String)
            .sort((a, b) => b.length - a.length)[0]
        }`,
    )}`,
  );
  for (const { at, rows, columns, cell, piece } of placed) {
    assert.ok(at.x >= 0 && at.x + (columns.to - columns.from) * cell <= width + 1e-9);
    assert.ok(at.y >= 0 && at.y + (rows.to - rows.from) * ROW <= height + 1e-9);
    const now = piece.ringed[0];
    if (now) assert.ok(now.row >= rows.from && now.row < rows.to);
    if (now) assert.ok(now.column >= columns.from && now.column < columns.to);
  }
}

test("whatever the beat, it fits a hall's screen, and what is worked out is in sight", () => {
  for (const iteration of everyIteration()) everywhere(iteration, isSound);
  holds(25, (random) => everywhere(randomIteration(random), isSound));
});

/** @type {import("../../../static/js/films/curves.js").CurveOf} */
const sigmoid = (_iteration, { op }) => {
  const m = Array.from({ length: 81 }, (_, k) => -8 + k / 5);
  return op === "sigmoid" ? { m, a: m.map((it) => 1 / (1 + Math.exp(-it))) } : null;
};

/** @param {string} subject the curve of a beat of the lecture at its entry @param {number} column */
function curveAt(subject, column) {
  const iteration = iterationOf("lecture");
  const beat = beatsOf(iteration).find((it) => it.subject === subject) ?? assert.fail(subject);
  const box = { x: 0, y: 0, width: 20, height: 10 };
  return hallCurveOf(iteration, beat, sigmoid)?.({ row: 0, column }, box, 1);
}

test("an activation has its curve in the hall, with the entry's point on it", () => {
  const marks = curveAt("a0", 2) ?? assert.fail("no curve");
  const dot = marks.find((it) => it.id === "dot") ?? assert.fail("no dot");
  const height = marks.find((it) => it.id === "height") ?? assert.fail("no height");
  assert.deepEqual(height.points.slice(2), [dot.x, dot.y]);
  // −0.46 lies left of 0, and its sigmoid below the curve's middle.
  assert.ok(dot.x < 10 && dot.y > 5);
  assert.equal(marks.filter((it) => it.kind === "dot").length, 3);
});

test("on the way back the tangent stands at the entry's point", () => {
  const marks = curveAt("a1>m1", 1) ?? assert.fail("no curve");
  const { points } = marks.find((it) => it.id === "tangent") ?? assert.fail("no tangent");
  const dot = marks.find((it) => it.id === "dot") ?? assert.fail("no dot");
  assert.ok(Math.abs((points[0] + points[2]) / 2 - dot.x) < 1e-9);
  assert.ok(points[2] > points[0] && points[3] < points[1]);
});

test("a beat that is no activation's has no curve", () => {
  for (const subject of ["m0", "C", "m1>W1", "C>a1"]) assert.ok(!curveAt(subject, 0), subject);
});

test("an equation in numbers has one line: what has no room is left out", () => {
  for (const iteration of [...everyIteration(), ...MORE.map((name) => iterationOf(name))])
    for (const beat of beatsOf(iteration))
      for (const share of [0.1, 0.5, 1]) {
        const hall = hallOf(iteration, beat, share, sumsOf(iteration, beat));
        assert.ok(inNumbers(hall).length <= 60, inNumbers(hall));
      }
});

test("what is added or multiplied says so", () => {
  assert.equal(said(at("C", 1, "penalized").pieces), "L +R =C");
  assert.equal(said(at("d0", 1, "dropped").pieces), "a0 ⊙k0 =d0");
  assert.match(inNumbers(at("R", 1, "penalized")), /^0\.02 \/ 2 · \( 0\.4² \+ \(−0\.6\)² \+ /);
  assert.match(inNumbers(at("d0", 1, "dropped")), /^0\.\d+ · \d = /);
  const rate = at("W0", 1, "dropped", "line");
  assert.equal(said(rate.pieces), "α");
  assert.equal(inNumbers(rate), "0.001 · 0.5⁰ = 0.001");
});

test("what stands on the board is true of its matrices, where it is an equation", () => {
  let seen = 0;
  for (const iteration of everyIteration().filter((it) => it.status === "ok"))
    for (const beat of beatsOf(iteration)) {
      const { pieces } = hallOf(iteration, beat, 1, sumsOf(iteration, beat));
      const signs = pieces.slice(1).map((it) => it.before.replace(/^\+ Σ$/, "+Σ"));
      if (signs.at(-1) !== "=" || pieces.some(({ name }) => name.includes(" of row "))) continue;
      if (!signs.every((it) => /^([·⊙+−/=]|\+Σ|− [\d.]+ ·)$/u.test(it))) continue;
      assert.ok(isEquation(pieces), pieces.map((it) => `${it.before} ${it.name}`).join(" "));
      seen += 1;
    }
  assert.ok(seen > 400, String(seen));
});

/** @typedef {{ sign: string, over: "all" | "rows" | "columns" | null, all: number[][][] }} Term one of a sum: what it may be */

/**
 * Products first, then sums; over what a Σ goes, the board does not say.
 * @param {readonly Piece[]} pieces
 */
function isEquation(pieces) {
  const result = pieces[pieces.length - 1].matrix;
  return /** @type {const} */ (["all", "rows", "columns"]).some((over) => {
    /** @type {{ sign: string, sums: boolean, all: number[][][] }[]} */
    const terms = [];
    for (const { before, matrix } of pieces.slice(0, -1)) {
      const scale = /^− ([\d.]+) ·$/u.exec(before);
      const last = terms[terms.length - 1];
      if (scale) {
        const scaled = matrix.map((row) => row.map((it) => Number(scale[1]) * it));
        terms.push({ sign: "−", sums: false, all: [scaled] });
      } else if (/[·⊙/]/u.test(before) && last) last.all = joined(before, last.all, [matrix]);
      else terms.push({ sign: before, sums: before.includes("Σ"), all: [matrix] });
    }
    const summed = terms.map(({ sign, sums, all }) => ({
      sign: sign.replace("Σ", "").trim(),
      all: sums ? all.map((it) => added(it, over)) : all,
    }));
    const found = summed.slice(1).reduce((all, it) => joined(it.sign, all, it.all), summed[0].all);
    return found.some((it) => same(result, it));
  });
}

/** @param {number[][]} matrix @param {"all" | "rows" | "columns"} over */
function added(matrix, over) {
  const sum = (/** @type {number[]} */ line) => line.reduce((a, b) => a + b, 0);
  if (over === "all") return [[sum(matrix.flat())]];
  if (over === "columns") return matrix.map((line) => [sum(line)]);
  return [matrix[0].map((_, at) => sum(matrix.map((line) => line[at])))];
}

test("what is read at several places is added up on the board, part by part", () => {
  const { iteration } = written("used-twice");
  const board = (/** @type {string} */ subject) => {
    const beat = beatsOf(iteration).find((it) => it.subject === subject) ?? assert.fail(subject);
    const hall = hallOf(iteration, beat, 1, sumsOf(iteration, beat));
    return [said(hall.pieces), inNumbers(hall)];
  };
  assert.deepEqual(board("q.1>s"), ["∂C/∂q.1 ⊙∂q.1/∂s =∂C/∂s so far", "0.7477 · (−1) = −0.7477"]);
  assert.deepEqual(board("p>s"), [
    "∂C/∂s so far +∂C/∂p ⊙s =∂C/∂s so far",
    "−0.7477 + 2.4824 · 1.2 = 2.2312",
  ]);
  assert.deepEqual(board("p>s:1"), [
    "∂C/∂s so far +∂C/∂p ⊙s =∂C/∂s",
    "2.2312 + 2.4824 · 1.2 = 5.2101",
  ]);
});

test("entries that were only moved go back", () => {
  const { iteration } = written("moved");
  const beat = beatsOf(iteration).find((it) => it.subject === "b>a") ?? assert.fail();
  const hall = hallOf(iteration, beat, 1, sumsOf(iteration, beat));
  assert.equal(said(hall.pieces), "∂C/∂b →∂C/∂a so far");
});
