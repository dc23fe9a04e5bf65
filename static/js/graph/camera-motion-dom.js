/**
 * Moving the camera: nearer and further, along with the pointer, and on its way to an entry of a heat map.
 */

import { entryOf } from "../base/format.js";
import { automatic } from "./camera.js";
import { between, largestZoom, zoomed, zoomedAt } from "./camera-moves.js";
import { entryBox, zoomOf } from "./level-of-detail.js";
import { PanZoom } from "./pan-zoom-dom.js";

/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./graph-view.js").Drawing} Drawing */
/**
 * What the camera looks at, and where it is.
 * @typedef {object} Host
 * @property {() => import("./viewport-dom.js").Sight} sight
 * @property {() => import("./camera.js").Size} size
 * @property {() => Camera} camera
 * @property {(camera: Camera | null) => void} move null: it chooses by itself again
 */

/** How long the camera is on its way. */
const GLIDE_MS = 350;
const STEP_IN = 1.25;
const STEP_OUT = 0.8;
const PER_WHEEL_PIXEL = 0.004;

export class CameraMotion {
  #host;
  #panZoom;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** Counts the ways that were begun: one that begins ends the one before. */
  #ways = 0;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    this.#panZoom = new PanZoom({
      camera: host.camera,
      move: (camera) => this.#moveAtOnce(camera),
      largest: () => this.#largest(),
    });
  }

  /** Stays where it is, wherever it was going. */
  stop() {
    this.#ways += 1;
  }

  /** @param {"in" | "out" | "fit"} how */
  zoom(how) {
    const { drawing, focus, direction } = this.#host.sight();
    const { layout } = drawing;
    if (how !== "fit") {
      const factor = how === "in" ? STEP_IN : STEP_OUT;
      this.#moveAtOnce(zoomed(this.#host.camera(), factor, this.#largest()));
    } else if (direction === "across")
      this.#glide(automatic(layout, this.#host.size(), layout.boxes.get(focus)), null);
    else this.#moveAtOnce(null);
  }

  /**
   * Until an entry can be read.
   * @param {string} name "W0[3,1]", or "∂W0[3,1]" for the gradient's
   */
  zoomTo(name) {
    const entry = entryOf(name.replace("∂", ""));
    const { cards, layout } = this.#host.sight().drawing;
    const plan = cards.get(entry?.id ?? "");
    const card = layout.boxes.get(entry?.id ?? "");
    if (!entry || !plan || !card) return;
    const block = name.startsWith("∂") ? plan.gradient : plan.value;
    const { x, y, width, height } = entryBox(block, card, entry);
    const goal = { x: x + width / 2, y: y + height / 2, zoom: zoomOf(block) };
    this.#glide(goal, goal);
  }

  /**
   * What is under the pointer stays there.
   * @param {WheelEvent} event
   * @param {Element} board
   */
  wheel({ clientX, clientY, deltaY }, board) {
    const { left, top, width, height } = board.getBoundingClientRect();
    const [dx, dy] = [clientX - left - width / 2, clientY - top - height / 2];
    const factor = Math.exp(-deltaY * PER_WHEEL_PIXEL);
    this.#moveAtOnce(zoomedAt(this.#host.camera(), factor, dx, dy, this.#largest()));
  }

  /**
   * @param {PointerEvent} start
   * @param {HTMLElement} board
   */
  grab(start, board) {
    this.#panZoom.grab(start, board);
  }

  #largest() {
    return largestZoom(this.#host.sight().drawing.cards);
  }

  /** @param {Camera | null} camera */
  #moveAtOnce(camera) {
    this.stop();
    this.#host.move(camera);
  }

  /**
   * Moves the camera smoothly, unless the reader wants less motion.
   * @param {Camera} goal
   * @param {Camera | null} end what it is in the end
   */
  #glide(goal, end) {
    if (this.#calm.matches) return this.#moveAtOnce(end);
    const [from, start] = [this.#host.camera(), performance.now()];
    this.stop();
    const mine = this.#ways;
    const frame = () => {
      if (this.#ways !== mine) return;
      const share = Math.min(1, (performance.now() - start) / GLIDE_MS);
      this.#host.move(share < 1 ? between(from, goal, share * share * (3 - 2 * share)) : end);
      if (share < 1) requestAnimationFrame(frame);
    };
    frame();
  }
}
