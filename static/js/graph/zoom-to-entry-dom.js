/**
 * Zoom to numbers: which heat maps are near enough to be read, and the camera's way to an entry and along with it.
 */

import { entryOf } from "../base/format.js";
import { ZOOMS } from "./camera.js";
import {
  between,
  entryBox,
  following,
  levelOf,
  nearOf,
  rulersOf,
  zoomOf,
} from "./level-of-detail.js";
import { createHands } from "./pan-zoom-dom.js";
import { rulersView } from "./rulers-view.js";

/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./camera.js").Stage} Stage */
/** @typedef {import("./camera.js").Window} Window */
/** @typedef {import("./graph-view.js").Drawing} Drawing */
/** @typedef {{ drawing: () => Drawing, size: () => Stage, present: () => Camera, move: (camera: Camera | null) => void, calm: () => boolean }} Host the stage */

/** How long the camera is on its way. */
const GLIDE_MS = 350;

/** @param {Host} host */
export function createZooming({ drawing, size, present, move, calm }) {
  /** Counts the ways that were begun: one that begins ends the one before. */
  let ways = 0;

  /** The largest zoom that any of its entries needs. */
  function most() {
    const heats = [...drawing().cards.values()].filter((it) => it.value.kind === "heat");
    return Math.max(ZOOMS.most, ...heats.map((it) => 2 * zoomOf(it.value)));
  }

  /** @param {Camera | null} camera */
  function moveAtOnce(camera) {
    ways += 1;
    move(camera);
  }

  /**
   * Moves the camera smoothly, unless the reader wants less motion.
   * @param {Camera} goal
   * @param {Camera | null} end what it is in the end
   */
  function glide(goal, end) {
    if (calm()) return moveAtOnce(end);
    const [from, start] = [present(), performance.now()];
    ways += 1;
    const mine = ways;
    const frame = () => {
      if (ways !== mine) return;
      const share = Math.min(1, (performance.now() - start) / GLIDE_MS);
      move(share < 1 ? between(from, goal, share * share * (3 - 2 * share)) : end);
      if (share < 1) requestAnimationFrame(frame);
    };
    frame();
  }

  return {
    most,
    glide,
    stop: () => (ways += 1),
    grab: createHands(present, moveAtOnce, most),

    /**
     * What of the heat maps is near enough to be read, and the indices at its edges.
     * @param {Drawing} shown
     * @param {Window} sight
     * @param {string | null} selection
     * @returns {import("./graph-view.js").Near}
     */
    near({ cards, layout: { boxes } }, sight, selection) {
      const zoom = size().width / sight.width;
      const chosen = selection?.includes("[") ? entryOf(selection) : null;
      /** @type {Map<string, import("./card-view.js").Nearness>} */
      const near = new Map();
      const rulers = [];
      for (const [id, { value, gradient }] of cards) {
        const card = boxes.get(id);
        if (!card || value.kind !== "heat") continue;
        const read = [value, gradient].map((block) => ({
          name: block === value ? id : `∂${id}`,
          block,
          near: nearOf(block, card, sight, zoom),
        }));
        near.set(id, { value: read[0].near, gradient: read[1].near });
        const at = chosen?.id === id ? chosen : null;
        for (const it of read)
          if (it.near)
            rulers.push(
              rulersView(it.name, rulersOf(it.block, card, it.near, sight, zoom), zoom, at),
            );
      }
      return { near, rulers };
    },

    /**
     * The camera moved such that an entry that has just been selected is in sight, where its numbers can be read.
     * @param {Camera} camera
     * @param {string} name
     * @param {Drawing} shown
     */
    followed(camera, name, { cards, layout: { boxes } }) {
      const entry = name.includes("[") ? entryOf(name) : null;
      const block = cards.get(entry?.id ?? "")?.value;
      const card = boxes.get(entry?.id ?? "");
      if (!entry || !card || block?.kind !== "heat") return camera;
      if (levelOf(block, camera.zoom) === "squares") return camera;
      return following(camera, size(), entryBox(block, card, entry));
    },

    /**
     * Zooms until an entry can be read.
     * @param {string} name "W0[3,1]", or "∂W0[3,1]" for the gradient's
     */
    zoomTo(name) {
      const entry = entryOf(name.replace("∂", ""));
      const plan = drawing().cards.get(entry?.id ?? "");
      const card = drawing().layout.boxes.get(entry?.id ?? "");
      if (!entry || !plan || !card) return;
      const block = name.startsWith("∂") ? plan.gradient : plan.value;
      const { x, y, width, height } = entryBox(block, card, entry);
      const goal = { x: x + width / 2, y: y + height / 2, zoom: zoomOf(block) };
      glide(goal, goal);
    },
  };
}
