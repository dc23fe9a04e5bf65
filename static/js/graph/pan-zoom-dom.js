/**
 * Pan and zoom with the pointer: one drags the picture, two fingers zoom it too.
 */

import { dragPointer } from "../base/pointer-drag.js";
import { handled } from "./camera-moves.js";

/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {{ camera: () => Camera, move: (camera: Camera) => void, largest: () => number }} Picture largest: the zoom */

const THRESHOLD_PX = 4;

export class PanZoom {
  #picture;
  /** Where each finger is, from the middle of the board. @type {Map<number, { x: number, y: number }>} */
  #fingers = new Map();

  /** @param {Picture} picture */
  constructor(picture) {
    this.#picture = picture;
  }

  /**
   * @param {PointerEvent} start of each pointer that comes down
   * @param {HTMLElement} board
   */
  grab(start, board) {
    const { left, top, width, height } = board.getBoundingClientRect();
    const placeOf = (/** @type {PointerEvent} */ event) => ({
      x: event.clientX - left - width / 2,
      y: event.clientY - top - height / 2,
    });
    this.#fingers.set(start.pointerId, placeOf(start));
    dragPointer(start, {
      threshold: this.#fingers.size > 1 ? 0 : THRESHOLD_PX,
      move: (event) => this.#moveFinger(event.pointerId, placeOf(event)),
      end: () => this.#fingers.delete(start.pointerId),
    });
  }

  /**
   * @param {number} finger
   * @param {{ x: number, y: number }} place
   */
  #moveFinger(finger, place) {
    const before = [...this.#fingers.values()];
    this.#fingers.set(finger, place);
    const { camera, move, largest } = this.#picture;
    move(handled(camera(), before, [...this.#fingers.values()], largest()));
  }
}
