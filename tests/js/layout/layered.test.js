import assert from "node:assert/strict";
import { test } from "node:test";
import { planCard } from "../../../static/js/graph/card.js";
import { isChain, layout, pointOn } from "../../../static/js/layout/chain.js";
import { layered } from "../../../static/js/layout/layered.js";
import { edgeKey } from "../../../static/js/trace/trace.js";
import { GRAPHS } from "../graph/graphs.js";
import { close, holds, randomGraph } from "../support.js";

/** @typedef {import("../../../static/js/layout/chain.js").Card} Card */
/** @typedef {import("../../../static/js/layout/chain.js").Box} Box */
/** @typedef {import("../../../static/js/layout/chain.js").Direction} Direction */
/** @typedef {import("../../../static/js/layout/chain.js").Layout} Layout */

const COUNT = 300;
const CHIP = { width: 34, height: 44 };
/** @type {Direction[]} */
const DIRECTIONS = ["across", "down"];
/** So many points of each piece of a curve are looked at. */
const POINTS = 24;

/**
 * Any graph: some with short edges only, some with long ones, values used twice by one node, leaves in between.
 * @param {import("../support.js").Generator} random
 * @returns {Card[]}
 */
function randomCards(random) {
  const sized = (/** @type {{ id: string, inputs: string[] }} */ { id, inputs }) => {
    const size = { width: random.whole(96, 240), height: random.whole(60, 200) };
    return { id, inputs, ...size };
  };
  if (random.chance(0.3)) return randomGraph(random).map(sized);
  const reach = random.pick([2, 5, 100]);
  /** @type {{ id: string, inputs: string[] }[]} */
  const nodes = [{ id: "n0", inputs: [] }];
  for (let at = 1; at < random.whole(2, 40); at++) {
    const count = random.chance(0.3) ? 0 : random.whole(1, 4);
    const inputs = Array.from(
      { length: count },
      () => `n${random.whole(Math.max(0, at - reach), at - 1)}`,
    );
    nodes.push({ id: `n${at}`, inputs });
  }
  return nodes.map(sized);
}

/** @param {string} name @returns {Card[]} */
function cardsOf(name) {
  return GRAPHS[name].map(({ id, inputs, shape }) => {
    const { width, height } = planCard({ shape });
    return { id, inputs, width, height };
  });
}

/**
 * @param {(result: Layout, cards: Card[], told: string) => void} law
 */
function always(law) {
  for (const direction of DIRECTIONS) {
    holds(COUNT, (random) => {
      const cards = randomCards(random);
      law(layered(cards, direction), cards, direction);
    });
    for (const name of Object.keys(GRAPHS)) {
      const cards = cardsOf(name);
      law(layered(cards, direction), cards, `${name}, ${direction}`);
    }
  }
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** @param {readonly [number, number]} middle */
function chipBox([x, y]) {
  return { x: x - CHIP.width / 2, y: y - CHIP.height / 2, ...CHIP };
}

/**
 * The pieces of a curve, and points all along them.
 * @param {readonly number[]} curve
 */
function pointsOf(curve) {
  assert.equal(curve.length % 6, 2);
  const points = [];
  for (let at = 0; at + 8 <= curve.length; at += 6) {
    const piece = curve.slice(at, at + 8);
    for (let k = 0; k <= POINTS; k++) points.push(pointOn(piece, k / POINTS));
  }
  return points;
}

/**
 * @param {readonly [number, number]} point
 * @param {Box} box
 * @param {number} [within] so far inside of its border
 */
function isIn([x, y], box, within = 0.01) {
  return (
    x > box.x + within &&
    x < box.x + box.width - within &&
    y > box.y + within &&
    y < box.y + box.height - within
  );
}

test("no two cards overlap; each keeps its size and lies within the drawing", () => {
  always(({ boxes, width, height }, cards, told) => {
    assert.equal(boxes.size, cards.length);
    for (const [i, card] of cards.entries()) {
      const box = /** @type {Box} */ (boxes.get(card.id));
      assert.deepEqual([box.width, box.height], [card.width, card.height]);
      assert.ok(box.x > -1e-6 && box.x + box.width < width + 1e-6, `${told}: ${card.id}`);
      assert.ok(box.y > -1e-6 && box.y + box.height < height + 1e-6, `${told}: ${card.id}`);
      for (const other of cards.slice(i + 1))
        assert.ok(
          !overlap(box, /** @type {Box} */ (boxes.get(other.id))),
          `${told}: ${card.id}, ${other.id}`,
        );
    }
  });
});

test("every edge has one link, from the side of its earlier card to the side of its later one", () => {
  always(({ boxes, links }, cards, told) => {
    const wanted = cards.flatMap((card) => card.inputs.map((_, slot) => edgeKey(card, slot)));
    assert.deepEqual(links.map((it) => it.key).toSorted(), wanted.toSorted());
    for (const { key, of, wrt, curve } of links) {
      assert.equal(key.replace(/:\d+$/, ""), `${of}>${wrt}`);
      for (const [id, x, y] of /** @type {[string, number, number][]} */ ([
        [wrt, curve[0], curve[1]],
        [of, curve.at(-2), curve.at(-1)],
      ])) {
        const box = /** @type {Box} */ (boxes.get(id));
        const { width, height } = box;
        const around = {
          x: box.x - 0.02,
          y: box.y - 0.02,
          width: width + 0.04,
          height: height + 0.04,
        };
        assert.ok(isIn([x, y], around, 0) && !isIn([x, y], box), `${told}: ${key} at ${id}`);
      }
    }
  });
});

test("no edge runs under a card, its own ones included", () => {
  always(({ boxes, links }, _, told) => {
    for (const { key, curve } of links)
      for (const point of pointsOf(curve))
        for (const [id, box] of boxes) assert.ok(!isIn(point, box), `${told}: ${key} under ${id}`);
  });
});

test("no chip lies on a card, nor on another chip, nor on another's edge, and each on its own", () => {
  always(({ boxes, links }, _, told) => {
    const curves = links.map(({ curve }) => pointsOf(curve));
    for (const [i, { key, chip }] of links.entries()) {
      const place = chipBox(chip);
      for (const [id, box] of boxes) assert.ok(!overlap(place, box), `${told}: ${key} on ${id}`);
      for (const [j, other] of links.entries()) {
        if (j > i) assert.ok(!overlap(place, chipBox(other.chip)), `${told}: ${key}, ${other.key}`);
        if (j !== i)
          assert.ok(!curves[j].some((it) => isIn(it, place)), `${told}: ${key} over ${other.key}`);
      }
      const near = Math.min(...curves[i].map(([x, y]) => Math.hypot(x - chip[0], y - chip[1])));
      assert.ok(near < 12, `${told}: ${key} passes its chip by ${near}`);
    }
  });
});

test("across, every edge leads to the right; down, what is computed stands below what it is computed from", () => {
  always(({ boxes, links }, cards, told) => {
    const leaves = new Set(cards.flatMap((it) => (it.inputs.length === 0 ? [it.id] : [])));
    for (const { key, of, wrt } of links) {
      const [from, to] = [boxes.get(wrt), boxes.get(of)];
      assert.ok(from && to);
      if (told.endsWith("across")) assert.ok(from.x + from.width < to.x, `${told}: ${key}`);
      else if (!leaves.has(wrt)) assert.ok(from.y + from.height < to.y, `${told}: ${key}`);
    }
  });
});

test("the same cards are laid out the same, and left as they were", () => {
  holds(20, (random) => {
    const cards = randomCards(random);
    const before = structuredClone(cards);
    for (const direction of DIRECTIONS)
      assert.deepEqual(layered(cards, direction), layered(cards, direction));
    assert.deepEqual(cards, before);
  });
});

test("a chain with leaves beside it is one; what is used twice, skips or joins is none", () => {
  const card = (/** @type {string} */ id, /** @type {string[]} */ ...inputs) => ({
    id,
    inputs,
    width: 96,
    height: 98,
  });
  const chain = [
    card("x"),
    card("W"),
    card("m", "x", "W"),
    card("a", "m"),
    card("y"),
    card("C", "a", "y"),
  ];
  assert.ok(isChain(chain));
  assert.ok(isChain(cardsOf("softmax with cross-entropy")));
  assert.ok(!isChain([...chain.slice(0, 5), card("C", "a", "y", "m")]));
  assert.ok(!isChain([...chain.slice(0, 5), card("C", "a", "a")]));
  assert.ok(!isChain([...chain.slice(0, 5), card("C", "a", "W")]));
  assert.ok(!isChain([card("x"), card("W"), card("a", "x"), card("b", "W"), card("C", "a", "b")]));
  assert.ok(!isChain(cardsOf("attention head")));
});

test("where it could be a chain, its way is straight here too", () => {
  const cards = cardsOf("softmax with cross-entropy");
  const [plain, general] = [layout(cards, "across"), layered(cards, "across")];
  const way = cards.filter(({ inputs }) => inputs.length > 0).map(({ id }) => id);
  for (const { boxes } of [plain, general]) {
    const middles = way
      .map((id) => /** @type {Box} */ (boxes.get(id)))
      .map(({ y, height }) => y + height / 2);
    for (const middle of middles) close(middle, middles[0]);
  }
});

test("a recurrent net: a step's input stands by its step, and the state goes on in a line", () => {
  const { boxes } = layered(cardsOf("recurrent net, three steps"), "across");
  const at = (/** @type {string} */ id) => /** @type {Box} */ (boxes.get(id));
  assert.ok(at("x1").x < at("h1").x && at("h1.4").x <= at("x2").x && at("h1").x < at("x3").x);
  const middles = ["h1", "h2", "h3"].map((id) => at(id).y + at(id).height / 2);
  assert.ok(Math.max(...middles) - Math.min(...middles) < 40);
});
