import assert from "node:assert/strict";
import { test } from "node:test";
import { between, following, handled } from "../../../static/js/graph/camera-moves.js";
import { CELL, planCard } from "../../../static/js/graph/card.js";
import {
  entryBox,
  INDEX,
  levelOf,
  nearOf,
  rulersOf,
  zoomOf,
} from "../../../static/js/graph/level-of-detail.js";
import { close, holds } from "../support.js";

/** @typedef {import("../support.js").Generator} Generator */

/** @param {Generator} random */
function randomHeat(random) {
  return planCard({ shape: [random.whole(5, 200), random.whole(1, 80)] }).value;
}

/** @param {Generator} random */
function randomCamera(random) {
  return {
    x: random.whole(-500, 500),
    y: random.whole(-500, 500),
    zoom: 0.1 + 30 * random.real(),
  };
}

const LEVELS = ["squares", "brief", "full"];

test("nearer never shows less, and at its own zoom an entry is a whole cell", () => {
  holds(200, (random) => {
    const heat = randomHeat(random);
    const zooms = Array.from({ length: 8 }, () => 60 * random.real()).toSorted((a, b) => a - b);
    const levels = zooms.map((zoom) => LEVELS.indexOf(levelOf(heat, zoom)));
    assert.deepEqual(levels, levels.toSorted());
    assert.equal(levelOf(heat, zoomOf(heat)), "full");
    assert.equal(levelOf(heat, zoomOf(heat) / 20), "squares");
  });
});

test("exactly the entries that meet the window are shown as numbers", () => {
  holds(200, (random) => {
    const heat = randomHeat(random);
    const card = { x: random.whole(0, 300), y: random.whole(0, 300) };
    const zoom = zoomOf(heat) * (0.9 + random.real());
    const window = {
      x: card.x + heat.x + heat.width * (random.real() - 0.5),
      y: card.y + heat.y + heat.height * (random.real() - 0.5),
      width: 900 / zoom,
      height: 400 / zoom,
    };
    const near = nearOf(heat, card, window, zoom);
    for (let row = 0; row < heat.rows; row += 3) {
      for (let column = 0; column < heat.columns; column += 2) {
        const box = entryBox(heat, card, { row, column });
        const meets =
          box.x + box.width > window.x + 1e-9 &&
          box.x < window.x + window.width - 1e-9 &&
          box.y + box.height > window.y + 1e-9 &&
          box.y < window.y + window.height - 1e-9;
        const shown =
          near !== null &&
          row >= near.top &&
          row < near.bottom &&
          column >= near.left &&
          column < near.right;
        assert.equal(shown, meets, `${row},${column}`);
      }
    }
  });
});

test("a cell that is near is no smaller than a small matrix's, and fills its entry's place", () => {
  holds(200, (random) => {
    const heat = randomHeat(random);
    const window = { x: 0, y: 0, width: 300, height: 300 };
    const near = nearOf(heat, { x: 0, y: 0 }, window, zoomOf(heat));
    assert.ok(near && near.level === "full");
    assert.ok(near.width >= CELL.width - 1e-9 && near.height >= CELL.height - 1e-9);
    close(near.width * near.scale * heat.columns, heat.width);
    close(near.height * near.scale * heat.rows, heat.height);
  });
});

test("numbers from afar, and a small matrix at any zoom, have no level of detail", () => {
  const heat = planCard({ shape: [64, 16] }).value;
  const window = { x: 0, y: 0, width: 3000, height: 900 };
  assert.equal(nearOf(heat, { x: 0, y: 0 }, window, 0.5), null);
  const small = planCard({ shape: [2, 2] }).value;
  assert.equal(nearOf(small, { x: 0, y: 0 }, window, 5), null);
});

test("the window follows an entry no further than it must", () => {
  holds(300, (random) => {
    const camera = randomCamera(random);
    const viewport = { width: random.whole(300, 1500), height: random.whole(200, 800) };
    const size = 30 / camera.zoom;
    const box = {
      x: random.whole(-900, 900),
      y: random.whole(-900, 900),
      width: size,
      height: size,
    };
    const next = following(camera, viewport, box);
    const [across, down] = [viewport.width / camera.zoom, viewport.height / camera.zoom];
    assert.equal(next.zoom, camera.zoom);
    assert.ok(box.x >= next.x - across / 2 && box.x + size <= next.x + across / 2);
    assert.ok(box.y >= next.y - down / 2 && box.y + size <= next.y + down / 2);
    const again = following(next, viewport, box);
    close(again.x, next.x);
    close(again.y, next.y);
  });
});

test("on its way the camera begins and ends where it should, and one point stands still", () => {
  holds(300, (random) => {
    const [from, to] = [randomCamera(random), randomCamera(random)];
    const [start, half, end] = [0, 0.5, 1].map((share) => between(from, to, share));
    for (const name of /** @type {const} */ (["x", "y", "zoom"])) {
      close(start[name], from[name], 1e-6);
      close(end[name], to[name], 1e-6);
    }
    if (Math.abs(from.zoom - to.zoom) < 0.01) return;
    const still = (to.x * to.zoom - from.x * from.zoom) / (to.zoom - from.zoom);
    close((still - half.x) * half.zoom, (still - from.x) * from.zoom, 1e-3);
  });
});

test("what is under the fingers stays under them", () => {
  holds(300, (random) => {
    const camera = randomCamera(random);
    const point = () => ({ x: random.whole(-300, 300), y: random.whole(-300, 300) });
    const before = [point(), point()];
    const by = 0.5 + 2 * random.real();
    const after = before.map((it) => ({ x: it.x * by + 20, y: it.y * by - 10 }));
    if (Math.hypot(before[0].x - before[1].x, before[0].y - before[1].y) < 1) return;
    const next = handled(camera, before, after, 1e6);
    before.forEach((was, at) => {
      close(next.x + after[at].x / next.zoom, camera.x + was.x / camera.zoom, 1e-6);
      close(next.y + after[at].y / next.zoom, camera.y + was.y / camera.zoom, 1e-6);
    });
    const dragged = handled(camera, [before[0]], [after[0]], 1e6);
    assert.equal(dragged.zoom, camera.zoom);
  });
});

test("the indices of all rows and columns in sight stand on them, at the heat map's edges or the window's", () => {
  holds(200, (random) => {
    const heat = randomHeat(random);
    const card = { x: random.whole(-200, 200), y: random.whole(-200, 200) };
    const zoom = zoomOf(heat) * (0.9 + random.real());
    const entry = {
      row: random.whole(0, heat.rows - 1),
      column: random.whole(0, heat.columns - 1),
    };
    const box = entryBox(heat, card, entry);
    const [width, height] = [900 / zoom, 500 / zoom];
    const sight = {
      x: box.x + box.width / 2 - width / 2,
      y: box.y + box.height / 2 - height / 2,
      width,
      height,
    };
    const near = nearOf(heat, card, sight, zoom);
    assert.ok(near);
    const { rows, columns } = rulersOf(heat, card, near, sight, zoom);
    assert.ok(rows.marks.some((it) => it.index === entry.row));
    assert.ok(columns.marks.some((it) => it.index === entry.column));
    for (const { index, at } of rows.marks) {
      const { y, height: size } = entryBox(heat, card, { row: index, column: 0 });
      close(at, y + size / 2);
      assert.ok(at >= rows.from && at <= rows.to, "an index stands on its ruler");
    }
    for (const { index, at } of columns.marks) {
      const { x, width: size } = entryBox(heat, card, { row: 0, column: index });
      close(at, x + size / 2);
      assert.ok(at >= columns.from && at <= columns.to, "an index stands on its ruler");
    }
    const left = card.x + heat.x;
    assert.ok(
      rows.edge >= sight.x - 1e-9 || rows.edge + INDEX.width / zoom <= left + heat.width + 1e-9,
    );
    assert.ok(
      rows.edge >= left - INDEX.width / zoom - 1e-9,
      "no further from the numbers than it takes",
    );
  });
});
