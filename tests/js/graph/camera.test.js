import assert from "node:assert/strict";
import { test } from "node:test";
import {
  automatic,
  fitZoom,
  MARGIN,
  neighbour,
  windowOn,
} from "../../../static/js/graph/camera.js";
import { zoomed, zoomedAt } from "../../../static/js/graph/camera-moves.js";
import { planCard } from "../../../static/js/graph/card.js";
import { layout } from "../../../static/js/layout/chain.js";
import { allIterations, close, holds } from "../support.js";

/** @typedef {import("../../../static/js/graph/camera.js").Window} Window */

/** @param {import("../support.js").Generator} random */
function randomSize(random) {
  return { width: random.whole(300, 2000), height: random.whole(200, 1200) };
}

/** @param {import("../support.js").Generator} random */
function randomDrawing(random) {
  const [width, height] = [random.whole(200, 6000), random.whole(100, 900)];
  return { width, height, boxes: new Map(), links: [] };
}

/** @param {import("../support.js").Generator} random */
function randomCamera(random) {
  return { x: random.whole(-500, 500), y: random.whole(-500, 500), zoom: 0.1 + 3 * random.real() };
}

/**
 * @param {Window} window
 * @param {import("../../../static/js/layout/chain.js").Box} box
 */
function sees(window, box) {
  const near = 1e-6;
  return (
    window.x <= box.x + near &&
    window.y <= box.y + near &&
    window.x + window.width >= box.x + box.width - near &&
    window.y + window.height >= box.y + box.height - near
  );
}

test("at the fitting zoom the whole drawing is in sight, with its margin", () => {
  holds(300, (random) => {
    const [drawing, size] = [randomDrawing(random), randomSize(random)];
    const zoom = fitZoom(drawing, size);
    assert.ok(zoom > 0);
    assert.ok((drawing.width + 2 * MARGIN) * zoom <= size.width + 1e-9);
    assert.ok((drawing.height + 2 * MARGIN) * zoom <= size.height + 1e-9);
  });
});

test("the window has the viewport's proportions", () => {
  holds(300, (random) => {
    const [drawing, size] = [randomDrawing(random), randomSize(random)];
    const camera = random.chance(0.5) ? randomCamera(random) : null;
    const window = windowOn(drawing, size, camera, undefined);
    close(window.width / window.height, size.width / size.height);
  });
});

test("left to itself, the camera keeps the beat's card in sight", () => {
  holds(500, (random) => {
    const [drawing, size] = [randomDrawing(random), randomSize(random)];
    const [width, height] = [random.whole(96, 190), random.whole(60, 90)];
    const x = random.whole(0, drawing.width - width);
    const y = random.whole(0, drawing.height - height);
    const focus = { x, y, width, height };
    assert.ok(sees(windowOn(drawing, size, null, focus), focus));
  });
});

test("left to itself, the camera shows a drawing that can be read whole, whatever the beat", () => {
  const size = { width: 1000, height: 500 };
  const drawing = { width: 1100, height: 300, boxes: new Map(), links: [] };
  const whole = { x: 0, y: 0, width: 1100, height: 300 };
  for (const x of [0, 500, 1000]) {
    const window = windowOn(drawing, size, null, { x, y: 0, width: 100, height: 100 });
    assert.ok(sees(window, whole));
  }
});

test("left to itself, the camera shows nothing but a margin beyond a drawing larger than the viewport", () => {
  holds(300, (random) => {
    const size = randomSize(random);
    const drawing = { ...randomDrawing(random), width: 8000, height: 4000 };
    const focus = { x: random.whole(0, 7900), y: random.whole(0, 3900), width: 100, height: 100 };
    const window = windowOn(drawing, size, null, focus);
    assert.ok(window.x >= -MARGIN - 1e-6 && window.x + window.width <= 8000 + MARGIN + 1e-6);
    assert.ok(window.y >= -MARGIN - 1e-6 && window.y + window.height <= 4000 + MARGIN + 1e-6);
    assert.ok(automatic(drawing, size, focus).zoom > 0);
  });
});

test("zooming keeps the point under the pointer where it is", () => {
  holds(300, (random) => {
    const camera = randomCamera(random);
    const [dx, dy] = [random.whole(-400, 400), random.whole(-300, 300)];
    const next = zoomedAt(camera, 0.5 + 1.5 * random.real(), dx, dy);
    close(next.x + dx / next.zoom, camera.x + dx / camera.zoom, 1e-6);
    close(next.y + dy / next.zoom, camera.y + dy / camera.zoom, 1e-6);
  });
});

test("zoom has a least and a most, and stays put at the middle", () => {
  let camera = { x: 3, y: 4, zoom: 1 };
  for (let i = 0; i < 100; i++) camera = zoomed(camera, 2);
  const most = camera.zoom;
  assert.ok(most > 1 && most < 100);
  for (let i = 0; i < 100; i++) camera = zoomed(camera, 0.5);
  assert.ok(camera.zoom > 0 && camera.zoom < 1);
  assert.deepEqual([camera.x, camera.y], [3, 4]);
});

const OPPOSITE = [
  ["ArrowRight", 1, 0],
  ["ArrowLeft", -1, 0],
  ["ArrowDown", 0, 1],
  ["ArrowUp", 0, -1],
];

test("an arrow key leads in its direction, or nowhere", () => {
  holds(200, (random) => {
    const centres = new Map(
      Array.from({ length: random.whole(1, 12) }, (_, i) => [
        `n${i}`,
        { x: random.whole(0, 500), y: random.whole(0, 500) },
      ]),
    );
    for (const [key, across, down] of /** @type {[string, number, number][]} */ (OPPOSITE)) {
      const found = neighbour(centres, "n0", key);
      const here = /** @type {{ x: number, y: number }} */ (centres.get("n0"));
      const ahead = [...centres.values()].filter(
        (it) => (it.x - here.x) * across + (it.y - here.y) * down > 1,
      );
      if (found === undefined) assert.equal(ahead.length, 0);
      else assert.ok(ahead.includes(/** @type {{ x: number, y: number }} */ (centres.get(found))));
    }
  });
  assert.equal(neighbour(new Map(), "n0", "ArrowUp"), undefined);
});

test("arrow keys lead from the first card to every card and every chip", () => {
  for (const direction of /** @type {const} */ (["across", "down"])) {
    for (const iteration of allIterations()) {
      const cards = iteration.nodes.map((it) => ({ ...it, ...planCard(it) }));
      const { boxes, links } = layout(cards, direction);
      const centres = new Map(links.map(({ key, chip: [x, y] }) => [key, { x, y }]));
      for (const [id, box] of boxes)
        centres.set(id, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
      const reached = new Set([iteration.nodes[0].id]);
      for (const id of reached)
        for (const [key] of OPPOSITE) {
          const next = neighbour(centres, id, String(key));
          if (next !== undefined) reached.add(next);
        }
      assert.deepEqual(
        [...reached].toSorted(),
        [...centres.keys()].toSorted(),
        `${direction}: ${iteration.experiment.title}`,
      );
    }
  }
});
