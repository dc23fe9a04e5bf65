import assert from "node:assert/strict";
import { test } from "node:test";
import { short } from "../../../static/js/base/format.js";
import { called, list, PHASE_NAMES, reason, sentence } from "../../../static/js/time/sentences.js";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { allIterations, holds, iterationOf, MORE, randomIteration } from "../support.js";

/**
 * The sentences of an iteration, the one at its start first.
 * @param {import("../../../static/js/trace/trace.js").Iteration} iteration
 */
function told(iteration) {
  const beats = beatsOf(iteration);
  return [null, ...beats].map((beat) => ({
    beat,
    text: sentence(iteration, beats, beat),
    why: reason(iteration, beats, beat),
  }));
}

/**
 * @param {string} name
 * @param {string} subject
 */
function toldOf(name, subject) {
  const found = told(iterationOf(name)).find((it) => it.beat?.subject === subject);
  return found?.text ?? "";
}

/**
 * @param {string} name
 * @param {string} subject
 */
function whyOf(name, subject) {
  return told(iterationOf(name)).find((it) => it.beat?.subject === subject)?.why ?? "";
}

/** As a reader counts them: signs alone are none. @param {string} text */
function wordsIn(text) {
  return text.split(/\s+/).filter((it) => /[\p{L}\p{N}∂]/u.test(it)).length;
}

test("a sentence has at most fourteen words, and what it leaves out is told behind it", () => {
  for (const iteration of [...allIterations(), ...MORE.map((name) => iterationOf(name))])
    for (const { text } of told(iteration)) assert.ok(wordsIn(text) <= 14, text);
  holds(30, (random) => {
    for (const { text } of told(randomIteration(random))) assert.ok(wordsIn(text) <= 14, text);
  });
  const whys = told(iterationOf("lecture")).map((it) => it.why);
  assert.ok(whys.every((it) => wordsIn(it) > 3));
});

test("every beat is a whole sentence that a machine did not leave holes in", () => {
  const check = (/** @type {string} */ text) => {
    assert.match(text, /^[A-Z]/, text);
    assert.match(text, /\.$/, text);
    assert.doesNotMatch(text, /undefined|null|NaN|\[object| {2}|,,| \./, text);
  };
  for (const iteration of allIterations().filter((it) => it.status === "ok"))
    for (const { text, why } of told(iteration)) [text, why].filter(Boolean).forEach(check);
  holds(50, (random) => {
    for (const { text, why } of told(randomIteration(random)))
      [text, why].filter(Boolean).forEach(check);
  });
});

test("every sentence names what its beat brings", () => {
  for (const iteration of allIterations())
    for (const { beat, text } of told(iteration)) {
      if (!beat) assert.match(text, new RegExp(`Iteration ${iteration.number} begins`));
      else assert.match(text, new RegExp(`\\b${beat.shows}\\b`), text);
    }
});

test("no two beats of an iteration read the same", () => {
  for (const iteration of allIterations()) {
    const texts = told(iteration).map((it) => it.text);
    assert.equal(new Set(texts).size, texts.length);
  }
});

test("the cost is told without its number, which is not there before its beat ends", () => {
  const { cost } = iterationOf("lecture");
  assert.match(toldOf("lecture", "C"), /Compare a1 with the target y: the cost C/);
  assert.ok(!toldOf("lecture", "C").includes(short(cost)));
});

test("each rule by which a gradient passes back is told in its own words", () => {
  assert.match(toldOf("lecture", "m1>W1"), /meets a0, transposed/);
  assert.match(whyOf("lecture", "m1>W1"), /Transposed, so that every weight meets its own/);
  assert.match(toldOf("lecture", "m1>a0"), /comes back through W1, transposed/);
  assert.match(whyOf("lecture", "m1>a0"), /Each entry of a0 adds up/);
  assert.match(toldOf("lecture", "a1>m1"), /entry by entry/);
  assert.match(toldOf("xor", "m0>b0"), /added up over the rows/);
  assert.match(whyOf("xor", "m0>b0"), /All rows share b0/);
});

test("a bias is named where there is one", () => {
  assert.match(toldOf("xor", "m0"), /add the bias b0/);
  assert.doesNotMatch(toldOf("lecture", "m0"), /bias/);
});

test("a cached number is told with the beat that it comes from", () => {
  assert.match(whyOf("lecture", "m1>W1"), /cached a0 from beat 2/);
  assert.match(whyOf("lecture", "m0>W0"), /made of x/);
});

test("of data it is said that nothing is learned from it, of a parameter that it is its slope", () => {
  for (const id of ["m0>x", "C>y"])
    assert.match(whyOf("lecture", id), /Nothing is learned from it/);
  assert.match(whyOf("lecture", "m0>W0"), /slope for every entry of W0/);
});

test("what is read at several places is told to get a part from each, and which one this is", () => {
  let parts = 0;
  holds(30, (random) => {
    const iteration = randomIteration(random);
    const beats = beatsOf(iteration).filter((it) => it.kind === "edge");
    const wrtOf = (/** @type {string} */ id) => iteration.edge.get(id)?.wrt;
    for (const { beat, text: said, why } of told(iteration).filter(
      (it) => it.beat?.kind === "edge",
    )) {
      const those = beats.filter((it) => wrtOf(it.subject) === wrtOf(beat?.subject ?? ""));
      const place = those.findIndex((it) => it.subject === beat?.subject) + 1;
      const isPart = those.length > 1 && iteration.edge.get(beat?.subject ?? "")?.of !== "C";
      assert.equal(/ part of ∂/.test(said), isPart, said);
      assert.equal(why.includes(`this is number ${place},`), isPart, why);
      parts += isPart ? 1 : 0;
    }
  });
  assert.ok(parts > 0);
});

test("the update tells the learning rate, and once that all slopes are old ones", () => {
  assert.match(toldOf("lecture", "W0"), /learning rate 0\.5 /);
  const all = told(iterationOf("lecture")).filter((it) => it.beat?.kind === "update");
  assert.equal(all.filter((it) => /old parameters/.test(it.why)).length, 1);
});

test("each line of an optimizer's rule is told in words of its own, the move as what it is made of", () => {
  /** @param {string} name */
  const update = (name) =>
    told(iterationOf(name))
      .filter(({ beat }) => beat?.phase === "update" && beat.subject === "W1")
      .map((it) => `${it.text} ${it.why}`);
  const [count, mean, square, trueMean, trueSquare, move] = update("adam");
  assert.match(count, /Count the updates of W1/);
  assert.match(mean, /share β1 .*fading mean of ∂C\/∂W1/);
  assert.match(square, /share β2 .*fading mean of \(∂C\/∂W1\)²/);
  assert.match(trueMean, /1 − β1ᵗ.*v̂.*began at 0/);
  assert.match(trueSquare, /1 − β2ᵗ.*ŝ/);
  assert.match(move, /^From W1 take the learning rate times v̂, divided by √ŝ/);
  assert.match(update("momentum").join(" "), /velocity v of W1 fades.*times the velocity v/);
  assert.match(
    update("nesterov").join(" "),
    /velocity v.*direction d.*Nesterov.*times the direction d/,
  );
  assert.match(update("rmsprop").join(" "), /share ρ of s.*rate times the slope, divided by √s/);
});

test("a line that no words are kept for is told all the same", () => {
  const iteration = iterationOf("momentum");
  const updates = iteration.updates.map((it) => ({
    ...it,
    lines: it.lines.map((line) => ({ ...line, note: "" })),
  }));
  const other = { ...iteration, updates };
  const beat = beatsOf(iteration).find((it) => it.kind === "line") ?? assert.fail();
  assert.match(sentence(other, beatsOf(iteration), beat), /Work out v for the weights W0/);
});

test("names and phases are plain words", () => {
  const [iteration] = allIterations();
  assert.equal(called(iteration, "m0"), "pre-activation m0");
  assert.equal(called(iteration, "C"), "cost C");
  assert.equal(called(iteration, "q7"), "q7");
  assert.deepEqual(Object.keys(PHASE_NAMES), ["forward", "cost", "backward", "update"]);
});

test("a list reads as one would say it", () => {
  assert.equal(list([]), "");
  assert.equal(list(["a"]), "a");
  assert.equal(list(["a", "b"]), "a and b");
  assert.equal(list(["a", "b", "c"]), "a, b and c");
});
