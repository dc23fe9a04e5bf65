import assert from "node:assert/strict";
import { test } from "node:test";
import { planCard } from "../../../static/js/graph/card.js";
import { isChain, layout, pathData, pointOn } from "../../../static/js/layout/chain.js";
import { edgeKey } from "../../../static/js/trace/trace.js";
import { allIterations, close, holds, randomGraph } from "../support.js";

/** @typedef {import("../../../static/js/layout/chain.js").Card} Card */
/** @typedef {import("../../../static/js/layout/chain.js").Box} Box */
/** @typedef {import("../../../static/js/layout/chain.js").Direction} Direction */
/** @typedef {import("../../../static/js/layout/chain.js").Layout} Layout */

const GRAPHS = 300;
const CHIP = { width: 34, height: 44 };
/** @type {Direction[]} */
const DIRECTIONS = ["across", "down"];

/**
 * @param {import("../support.js").Generator} random
 * @returns {Card[]}
 */
function randomCards(random) {
  return randomGraph(random).map(({ id, inputs }) => ({
    id,
    inputs,
    width: random.whole(96, 240),
    height: random.whole(60, 200),
  }));
}

/**
 * @param {import("../../../static/js/trace/trace.js").Iteration} iteration
 * @returns {Card[]}
 */
function cardsOf(iteration) {
  return iteration.nodes.map((node) => {
    const { width, height } = planCard(node);
    return { id: node.id, inputs: node.inputs, width, height };
  });
}

/**
 * A chain of layers, some with a bias, the widths of their cards random.
 * @param {import("../support.js").Generator} random
 * @returns {Card[]}
 */
function randomNetwork(random) {
  /** @type {{ id: string, inputs: string[] }[]} */
  const nodes = [{ id: "x", inputs: [] }];
  const depth = random.whole(1, 12);
  for (let l = 0; l < depth; l++) {
    const bias = random.chance(0.5);
    nodes.push({ id: `W${l}`, inputs: [] });
    if (bias) nodes.push({ id: `b${l}`, inputs: [] });
    nodes.push({
      id: `m${l}`,
      inputs: [l > 0 ? `a${l - 1}` : "x", `W${l}`, ...(bias ? [`b${l}`] : [])],
    });
    nodes.push({ id: `a${l}`, inputs: [`m${l}`] });
  }
  nodes.push({ id: "y", inputs: [] }, { id: "C", inputs: [`a${depth - 1}`, "y"] });
  return nodes.map((it) => {
    const { width, height } = planCard({ shape: [random.whole(1, 8), random.whole(1, 8)] });
    return { ...it, width, height };
  });
}

/**
 * @param {(cards: Card[], direction: Direction, result: Layout) => void} law
 */
function always(law) {
  for (const direction of DIRECTIONS) {
    holds(GRAPHS, (random) => {
      const cards = randomCards(random);
      law(cards, direction, layout(cards, direction));
    });
    holds(GRAPHS, (random) => {
      const cards = randomNetwork(random);
      law(cards, direction, layout(cards, direction));
    });
    for (const iteration of allIterations()) {
      const cards = cardsOf(iteration);
      law(cards, direction, layout(cards, direction));
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

/**
 * @param {Layout} result
 * @param {string} id
 */
function boxOf(result, id) {
  const box = result.boxes.get(id);
  assert.ok(box, id);
  return box;
}

/**
 * @param {[number, number]} point
 * @param {Box} box
 */
function onSide([x, y], box) {
  const near = 1e-6;
  const within =
    x >= box.x - near &&
    x <= box.x + box.width + near &&
    y >= box.y - near &&
    y <= box.y + box.height + near;
  const onEdge = [x - box.x, box.x + box.width - x, y - box.y, box.y + box.height - y].some(
    (distance) => Math.abs(distance) <= near,
  );
  return within && onEdge;
}

/** @param {[number, number]} middle */
function chipBox([x, y]) {
  return { x: x - CHIP.width / 2, y: y - CHIP.height / 2, ...CHIP };
}

test("no two cards overlap", () => {
  always((cards, direction, result) => {
    cards.forEach((card, i) => {
      for (const other of cards.slice(i + 1)) {
        const clear = !overlap(boxOf(result, card.id), boxOf(result, other.id));
        assert.ok(clear, `${direction}: ${card.id} and ${other.id}`);
      }
    });
  });
});

test("every card keeps its size and lies within the drawing", () => {
  always((cards, direction, result) => {
    for (const { id, width, height } of cards) {
      const box = boxOf(result, id);
      assert.deepEqual([box.width, box.height], [width, height]);
      assert.ok(box.x >= 0 && box.x + width <= result.width + 1e-9, `${direction}: ${id}`);
      assert.ok(box.y >= 0 && box.y + height <= result.height + 1e-9, `${direction}: ${id}`);
    }
  });
});

test("every edge has one link, and no link is made up", () => {
  always((cards, _, result) => {
    const wanted = cards.flatMap((card) => card.inputs.map((_, slot) => edgeKey(card, slot)));
    assert.deepEqual(result.links.map((it) => it.key).toSorted(), wanted.toSorted());
    for (const { key, of, wrt } of result.links)
      assert.equal(key.replace(/:\d+$/, ""), `${of}>${wrt}`);
  });
});

test("every edge begins at its earlier card's side and ends at its later card's side", () => {
  always((_, direction, result) => {
    for (const { key, of, wrt, curve } of result.links) {
      assert.ok(
        onSide([curve[0], curve[1]], boxOf(result, wrt)),
        `${direction}: ${key} begins off ${wrt}`,
      );
      assert.ok(
        onSide([curve[6], curve[7]], boxOf(result, of)),
        `${direction}: ${key} ends off ${of}`,
      );
    }
  });
});

test("across, every edge leads to the right of the card that it comes from", () => {
  always((_, direction, result) => {
    if (direction === "down") return;
    for (const { key, of, wrt } of result.links) {
      const from = boxOf(result, wrt);
      assert.ok(from.x + from.width < boxOf(result, of).x, key);
    }
  });
});

test("down, what is computed stands below all computed cards that it comes from", () => {
  always((cards, direction, result) => {
    if (direction === "across") return;
    const computed = new Set(cards.filter((it) => it.inputs.length > 0).map((it) => it.id));
    for (const { key, of, wrt } of result.links) {
      if (computed.has(wrt)) assert.ok(boxOf(result, wrt).y < boxOf(result, of).y, key);
    }
  });
});

test("in a network, no chip lies on a card or on another chip", () => {
  for (const direction of DIRECTIONS) {
    holds(GRAPHS, (random) => {
      const { boxes, links } = layout(randomNetwork(random), direction);
      links.forEach(({ key, chip }, i) => {
        for (const [id, box] of boxes)
          assert.ok(!overlap(chipBox(chip), box), `${direction}: ${key} on ${id}`);
        for (const other of links.slice(i + 1))
          assert.ok(
            !overlap(chipBox(chip), chipBox(other.chip)),
            `${direction}: ${key} on ${other.key}`,
          );
      });
    });
  }
});

test("across, the way from x to C is a straight line", () => {
  for (const iteration of allIterations()) {
    if (!isChain(iteration.nodes)) continue;
    const { boxes } = layout(cardsOf(iteration), "across");
    const middles = iteration.nodes
      .filter((it) => it.role === "computed" || it.id === "x")
      .map((it) => /** @type {Box} */ (boxes.get(it.id)))
      .map((box) => box.y + box.height / 2);
    for (const middle of middles) close(middle, middles[0]);
  }
});

test("the same cards are laid out the same, and left as they were", () => {
  holds(20, (random) => {
    const cards = randomCards(random);
    const before = structuredClone(cards);
    assert.deepEqual(layout(cards, "across"), layout(cards, "across"));
    assert.deepEqual(cards, before);
  });
});

test("a curve begins and ends at its ends, and its middle is the chip's place", () => {
  always((_, __, { links }) => {
    for (const { curve, chip } of links) {
      assert.deepEqual(pointOn(curve, 0), [curve[0], curve[1]]);
      assert.deepEqual(pointOn(curve, 1), [curve[6], curve[7]]);
      assert.deepEqual(pointOn(curve, 0.5), chip);
    }
  });
});

test("path data holds the eight numbers of the curve, rounded to hundredths", () => {
  assert.equal(pathData([0, 1, 2.0049, 3, 4, 5.006, 6, 7]), "M0 1C2 3 4 5.01 6 7");
});
