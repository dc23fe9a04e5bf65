import assert from "node:assert/strict";
import { test } from "node:test";
import { curvesIn } from "../../../static/js/films/curves.js";
import { filmOf, sumsOf } from "../../../static/js/films/film.js";
import { placesOf, spotOf } from "../../../static/js/films/places.js";
import { planCard } from "../../../static/js/graph/card.js";
import { layout } from "../../../static/js/layout/chain.js";
import { ARRIVAL, activeIn, beatsOf } from "../../../static/js/time/timeline.js";
import {
  catalog,
  close,
  everyIteration,
  holds,
  iterationOf,
  MORE,
  ODD,
  randomIteration,
  written,
} from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */
/** @typedef {import("../../../static/js/time/timeline.js").Beat} Beat */
/** @typedef {import("../../../static/js/films/marks.js").Mark} Mark */
/** @typedef {import("../../../static/js/films/places.js").Places} Places */

const curves = curvesIn(catalog());
const ALL = [...everyIteration(), ...[...ODD, ...MORE].map((name) => iterationOf(name))];
/** What nobody misses where it is not there. */
const FAINT = 0.12;

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {"across" | "down"} [direction]
 * @returns {Places}
 */
function placesIn(iteration, beat, direction = "across") {
  const cards = new Map(iteration.nodes.map((node) => [node.id, planCard(node)]));
  const sized = iteration.nodes.map(({ id, inputs }) => {
    const { width, height } = /** @type {import("../../../static/js/graph/card.js").CardPlan} */ (
      cards.get(id)
    );
    return { id, inputs, width, height };
  });
  const drawn = layout(sized, direction);
  const drawing = { cards, layout: drawn, groups: [], holder: new Map() };
  const window = { x: -6, y: -10, width: drawn.width + 12, height: drawn.height + 20 };
  const sight = /** @type {import("../../../static/js/graph/viewport-dom.js").Sight} */ (
    /** @type {unknown} */ ({ drawing, window })
  );
  const size = direction === "down" ? { width: 390, height: 900 } : { width: 1440, height: 380 };
  return placesOf(sight, size, beat.along, activeIn(iteration, beat));
}

/**
 * Holds a law against every film of many iterations.
 * @param {(film: import("../../../static/js/films/film.js").Film, places: Places, beat: Beat, iteration: Iteration) => void} law
 */
function always(law) {
  const all = (/** @type {Iteration} */ iteration, /** @type {"across" | "down"} */ direction) => {
    for (const beat of beatsOf(iteration))
      law(filmOf(iteration, beat, curves), placesIn(iteration, beat, direction), beat, iteration);
  };
  for (const iteration of ALL) all(iteration, "across");
  all(iterationOf("xor"), "down");
  holds(12, (random) => all(randomIteration(random), random.pick(["across", "down"])));
}

/**
 * The film of the lecture's beat of that subject.
 * @param {string} subject
 * @param {Beat["kind"]} kind
 */
function lectureFilm(subject, kind) {
  const iteration = iterationOf("lecture");
  const beat = beatsOf(iteration).find((it) => it.subject === subject && it.kind === kind);
  assert.ok(beat, subject);
  return { iteration, film: filmOf(iteration, beat, curves), places: placesIn(iteration, beat) };
}

/** @param {Mark[]} marks */
const numbers = (marks) => marks.filter((it) => it.kind === "number");

test("at 0 nothing has left", () => {
  always((film, places) => assert.deepEqual(film(0, places), []));
});

test("at 1 each result is exactly in its cell, and nothing else is there", () => {
  always((film, places, beat, iteration) => {
    const marks = film(1, places);
    const gradient = beat.kind === "edge";
    const node = iteration.node.get(beat.shows) ?? assert.fail();
    const block = places.block(node.id, gradient) ?? assert.fail();
    const isFar = [...activeIn(iteration, beat)].some(
      (id) => places.block(id, gradient)?.kind === "heat",
    );
    if (beat.kind === "line" || isFar) return assert.deepEqual(marks, []);
    assert.equal(marks.length, block.rows * block.columns);
    const spots = marks.map(({ kind, x, y, width, height, opacity }) => {
      assert.equal(kind, "number");
      assert.equal(opacity, 1);
      return [x, y, width, height];
    });
    for (let row = 0; row < block.rows; row += 1)
      for (let column = 0; column < block.columns; column += 1) {
        const cell = spotOf(places, { id: node.id, gradient, row, column }) ?? assert.fail();
        const { x, y, width, height } = cell;
        const found = spots.some((it) => [x, y, width, height].every((at, k) => at === it[k]));
        assert.ok(found, `${node.id}[${row},${column}]`);
      }
  });
});

test("all have landed when the card shows them", () => {
  always((film, places) => {
    const landed = numbers(film(ARRIVAL, places)).filter((it) => it.id.startsWith("result"));
    const end = new Map(film(1, places).map((it) => [it.id, it]));
    for (const { id, x, y } of landed) {
      close(x, end.get(id)?.x ?? Number.NaN, 1e-6);
      close(y, end.get(id)?.y ?? Number.NaN, 1e-6);
    }
    assert.equal(landed.length, end.size);
  });
});

test("no mark is NaN, or as many as would be a crowd, and no two have one id", () => {
  always((film, places) => {
    for (let t = 0; t <= 1; t += 0.03) {
      const marks = film(t, places);
      assert.ok(marks.length < 260, `${marks.length} marks`);
      assert.equal(new Set(marks.map((it) => it.id)).size, marks.length);
      for (const { id, x, y, width, height, size, opacity, emphasis, points, turn } of marks)
        for (const value of [x, y, width, height, size, opacity, emphasis, turn, ...points])
          assert.ok(Number.isFinite(value), `${id} at ${t}`);
    }
  });
});

test("nothing leaps: not from moment to moment, nor into or out of sight", () => {
  const moment = 1 / 240;
  always((film, places) => {
    const most = 0.035 * Math.hypot(places.sight.width, places.sight.height) + 12;
    /** @type {Map<string, Mark>} */
    let before = new Map();
    for (let k = 0; k <= 240; k += 1) {
      const now = new Map(film(k * moment, places).map((it) => [it.id, it]));
      for (const [id, mark] of now) {
        const last = before.get(id);
        if (!last) assert.ok(mark.opacity < 2 * FAINT, `${id} appears at ${k / 240}`);
        else if (Math.min(last.opacity, mark.opacity) > FAINT) {
          const far = Math.hypot(mark.x - last.x, mark.y - last.y);
          assert.ok(far <= most, `${id} leaps by ${far} at ${k / 240}`);
        }
      }
      for (const [id, { opacity }] of before)
        assert.ok(now.has(id) || opacity < 2 * FAINT, `${id} vanishes at ${k / 240}`);
      before = now;
    }
  });
});

test("its still is a moment at which something has come together and is not over", () => {
  always((film, places) => {
    assert.ok(film.still > 0 && film.still <= ARRIVAL);
    assert.ok(film(film.still, places).length > 0);
  });
});

test("a film is a pure function: asked in any order, it shows the same", () => {
  const { film, places } = lectureFilm("m0", "node");
  const early = film(0.3, places);
  film(0.9, places);
  film(0.1, { ...places, pixel: 2 * places.pixel });
  assert.deepEqual(film(0.3, places), early);
});

test("a row and a column lift off, meet in pairs, and their sum lands", () => {
  const { film, places } = lectureFilm("m0", "node");
  const cell = spotOf(places, { id: "x", gradient: false, row: 0, column: 0 }) ?? assert.fail();
  const at = (/** @type {number} */ t) => numbers(film(t, places));
  const lifted = at(0.02).find((it) => it.text === "0.5") ?? assert.fail();
  assert.ok(Math.hypot(lifted.x - cell.x, lifted.y - cell.y) < 10);
  const line = at(0.3)
    .filter((it) => it.id.startsWith("factor 0") || it.id === "sum 0")
    .map((it) => it.text);
  assert.deepEqual(line, ["0.5", "0.4", "0.8", "0.3", "0.44"]);
  const [first, second] = at(0.3).filter((it) => it.id.startsWith("factor 0"));
  close(first.y, second.y);
  assert.ok(second.x - first.x < 8 * first.size, "they stand beside one another");
  const goal = spotOf(places, { id: "m0", gradient: false, row: 0, column: 0 }) ?? assert.fail();
  const landed = at(ARRIVAL).find((it) => it.id === "result 0") ?? assert.fail();
  assert.deepEqual([landed.x, landed.y, landed.text], [goal.x, goal.y, "0.44"]);
});

test("a bias is added", () => {
  const iteration = iterationOf("xor");
  const [beat] = beatsOf(iteration);
  const texts = numbers(filmOf(iteration, beat, curves)(0.4, placesIn(iteration, beat)));
  const b0 = iteration.node.get("b0")?.value[0][0];
  assert.ok(
    texts.some((it) => it.id.startsWith("factor 0") && Number(it.text.replace("−", "-")) === b0),
  );
});

test("an activation's dots rise from m to the height a of its own curve", () => {
  const { film, places, iteration } = lectureFilm("a0", "node");
  const curve = film(0.5, places).find((it) => it.id === "curve") ?? assert.fail();
  const dot = film(ARRIVAL - 0.01, places).find((it) => it.id === "dot 0") ?? assert.fail();
  const near = Math.min(
    ...Array.from({ length: curve.points.length / 2 }, (_, k) =>
      Math.hypot(curve.points[2 * k] - dot.x, curve.points[2 * k + 1] - dot.y),
    ),
  );
  assert.ok(near < 8, `${near} from the curve`);
  const texts = numbers(film(0.6, places)).map((it) => it.text);
  assert.ok(texts.includes("0.6083"));
  assert.equal(iteration.node.get("a0")?.op, "sigmoid");
});

test("on the way back the slope is stamped on the chip and meets what arrives", () => {
  const { film, places } = lectureFilm("a1>m1", "edge");
  const chip = places.chip("a1>m1") ?? assert.fail();
  const marks = film(0.3, places);
  const stamp = marks.find((it) => it.id === "stamp 0") ?? assert.fail();
  assert.equal(stamp.text, "0.2430");
  assert.ok(Math.hypot(stamp.x - chip.x, stamp.y - chip.y) < 30);
  assert.ok(marks.some((it) => it.id.startsWith("tangent")));
  const line = numbers(marks).filter((it) => it.id.startsWith("factor 0"));
  assert.deepEqual(
    line.map((it) => it.text),
    ["−1.1671", "0.2430"],
  );
});

test("without a curve, or beyond it, what goes in meets and becomes what comes out", () => {
  const iteration = iterationOf("saturated");
  const beats = beatsOf(iteration);
  for (const beat of beats.filter((it) => it.kind === "node" && it.subject.startsWith("a"))) {
    const marks = filmOf(iteration, beat, curves)(0.5, placesIn(iteration, beat));
    const isBeyond =
      Math.abs(iteration.node.get(`m${beat.subject.slice(1)}`)?.value[0][0] ?? 0) > 6;
    assert.equal(
      marks.some((it) => it.id === "curve"),
      !isBeyond,
    );
    if (isBeyond) assert.ok(marks.some((it) => it.text === "sigmoid("));
  }
});

test("an activation whose options are others than its curve was drawn with has none", () => {
  const { activations } = catalog();
  const rows = activations.map((it) => ({ ...it, fields: it.fields, defaults: it.defaults }));
  const known = curvesIn({ activations: rows });
  const iteration = iterationOf("lecture");
  const a0 = {
    .../** @type {import("../../../static/js/trace/trace.js").Node} */ (iteration.node.get("a0")),
    op: "leaky_relu",
  };
  const layered = (/** @type {object} */ options) => {
    const [first, ...rest] = iteration.experiment.network?.layers ?? [];
    const layers = [{ ...first, activation: "leaky_relu", ...options }, ...rest];
    const network = { ...iteration.experiment.network, layers };
    return /** @type {Iteration} */ ({
      ...iteration,
      experiment: { ...iteration.experiment, network },
    });
  };
  assert.ok(known(layered({}), a0));
  assert.ok(known(layered({ slope: 0.01 }), a0));
  assert.equal(known(layered({ slope: 0.2 }), a0), null);
});

test("the squares of the gaps are as large as the parts of C that they are", () => {
  const { film, places, iteration } = lectureFilm("C", "node");
  const squares = film(0.56, places).filter((it) => it.id.startsWith("square"));
  const parts = film(0.56, places).filter((it) => it.id.startsWith("part"));
  assert.equal(squares.length, 2);
  for (const { width, height } of squares) close(width, height);
  const areas = squares.map((it) => it.width * it.height);
  const shares = parts.map((it) => Number(it.text));
  close(shares[0] + shares[1], iteration.cost, 2e-4);
  close(areas[0] / areas[1], shares[0] / shares[1], 1e-3);
});

test("−α times the gradient flies into its weight, and what it was stands under it", () => {
  const { film, places } = lectureFilm("W0", "update");
  const early = film(0.03, places).find((it) => it.id === "push 0") ?? assert.fail();
  assert.equal(early.text, "−0.5 · 0.0444");
  const from = spotOf(places, { id: "W0", gradient: true, row: 0, column: 0 }) ?? assert.fail();
  assert.ok(Math.hypot(early.x - from.x, early.y - from.y) < 30);
  const texts = film(0.8, places).map((it) => it.text);
  for (const text of ["was 0.4", "0.3778"]) assert.ok(texts.includes(text), text);
});

test("a heat map is swept row by row, without single numbers", () => {
  const iteration = iterationOf("lecture");
  const [beat] = beatsOf(iteration);
  const places = placesIn(iteration, beat);
  const film = filmOf(iteration, beat, curves);
  /** @type {Places} */
  const large = {
    ...places,
    block: (id, gradient) => {
      const block = places.block(id, gradient);
      return block && { ...block, kind: "heat", rows: 20 };
    },
  };
  const rings = [0.1, 0.3, 0.6].map(
    (t) => film(t, large).find((it) => it.id === "ring goal")?.y ?? 0,
  );
  assert.ok(rings[0] < rings[1] && rings[1] < rings[2]);
  for (let t = 0; t <= 1; t += 0.05) assert.deepEqual(numbers(film(t, large)), []);
  // Bands arrive before all has landed: the still has none on its way.
  const bands = (/** @type {number} */ t) =>
    film(t, large).filter((it) => it.id.startsWith("band"));
  assert.notEqual(bands(0.3).length, 0);
  for (const t of [film.still, ARRIVAL + 0.05]) assert.deepEqual(bands(t), []);
});

test("arrows run forward along the edges, and backward against them", () => {
  for (const [subject, kind, sign] of /** @type {const} */ ([
    ["a0", "node", 1],
    ["a0>m0", "edge", -1],
  ])) {
    const { film, places } = lectureFilm(subject, kind);
    const along = (/** @type {number} */ t) =>
      film(t, places).find((it) => it.id === "arrow 0 0")?.x ?? 0;
    assert.ok(sign * (along(0.22) - along(0.12)) > 0, subject);
  }
});

test("what is added or multiplied says so: a loss and a penalty, weights squared, a mask", () => {
  const textsOf = (/** @type {string} */ name, /** @type {string} */ subject) => {
    const iteration = iterationOf(name);
    const beat = beatsOf(iteration).find((it) => it.subject === subject && it.kind === "node");
    assert.ok(beat, subject);
    const marks = filmOf(iteration, beat, curves)(0.6, placesIn(iteration, beat));
    return { marks, texts: marks.map((it) => it.text) };
  };
  assert.ok(textsOf("penalized", "C").texts.includes("+"));
  assert.deepEqual(
    textsOf("penalized", "C").marks.filter((it) => it.id.startsWith("bar")),
    [],
  );
  assert.ok(textsOf("penalized", "L").marks.some((it) => it.id.startsWith("bar")));
  const { texts } = textsOf("penalized", "R");
  for (const text of ["0.02 / 2 · (", "0.4²", "(−0.6)²"]) assert.ok(texts.includes(text), text);
  assert.ok(textsOf("dropped", "d0").texts.includes("·"));
});

/** @param {string} text @param {Record<string, (...given: number[]) => number>} functions */
function computed(text, functions) {
  const names = Object.keys(functions);
  return new Function(...names, `return ${text}`)(...names.map((it) => functions[it]));
}

test("what an equation on the bench says is true of its numbers", () => {
  let seen = 0;
  for (const iteration of everyIteration().filter((it) => it.status === "ok"))
    for (const beat of beatsOf(iteration)) {
      const found = sumsOf(iteration, beat);
      for (const { terms, result, around } of found?.sums ?? []) {
        if (around || found?.open || (found?.between ?? "+") !== "+") continue;
        const products = terms.map((it) => it.reduce((all, { value }) => all * Number(value), 1));
        const sum = products.reduce((all, it) => all + it, 0);
        const size = products.reduce((most, it) => Math.max(most, Math.abs(it)), 1);
        if (terms.flat().every(({ value }) => typeof value === "number" && Number.isFinite(value)))
          assert.ok(Math.abs(sum - result) <= 1e-9 * size, `${beat.subject}: ${sum}, ${result}`);
        seen += 1;
      }
    }
  assert.ok(seen > 1000, String(seen));
});

test("of formulas an operation is written as its formula is, with the numbers in it", () => {
  const functions = {
    max: Math.max,
    min: Math.min,
    exp: Math.exp,
    ln: Math.log,
    sqrt: Math.sqrt,
    abs: Math.abs,
    tanh: Math.tanh,
    clip: (/** @type {number} */ x, /** @type {number} */ a, /** @type {number} */ b) =>
      Math.min(Math.max(x, a), b),
    where: (/** @type {number} */ holds, /** @type {number} */ u, /** @type {number} */ v) =>
      holds ? u : v,
  };
  let seen = 0;
  for (const iteration of everyIteration().filter((it) => it.status === "ok"))
    for (const beat of beatsOf(iteration))
      for (const { terms, result, around } of sumsOf(iteration, beat)?.sums ?? []) {
        if (!around) continue;
        const text = around
          .map((it, at) => `${it}${terms[at]?.[0].value ?? ""}`)
          .join("")
          .replaceAll("−", "-")
          .replaceAll(/[⊙·]/gu, "*")
          .replaceAll("^", "**")
          .replaceAll(/([\d.]+|\([-\d.e]+\))²/gu, "$1**2")
          .replaceAll(/(\([-\d.e]+\)|[\d.]+)³/gu, "$1**3");
        const wanted = Number(computed(text, functions));
        assert.ok(Math.abs(wanted - result) <= 2e-3 * Math.max(1, Math.abs(result)), text);
        seen += 1;
      }
  assert.ok(seen > 60, String(seen));
});

test("only a cost that compares has bars and gaps: a difference of formulas has not, be it to a target", () => {
  for (const [name, subject] of [
    ["recurrent", "C.1"],
    ["vectors", "C"],
    ["unread", "C"],
  ]) {
    const { iteration } = written(name);
    const beat = beatsOf(iteration).find((it) => it.subject === subject) ?? assert.fail(subject);
    const marks = filmOf(iteration, beat, curves)(0.5, placesIn(iteration, beat));
    assert.ok(!marks.some((it) => it.id.startsWith("bar")), `${name} ${subject}`);
  }
});

test("of formulas a curve is drawn of an activation without options alone", () => {
  const { iteration } = written("recurrent");
  const h1 = iteration.node.get("h1") ?? assert.fail();
  assert.ok(curves(iteration, h1));
  assert.equal(curves(iteration, { ...h1, op: "leaky_relu" }), null);
});
