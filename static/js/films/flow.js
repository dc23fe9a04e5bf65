/**
 * Which way things flow, to be seen from afar: arrows that run along the edges of the beat.
 */

import { textSize } from "./bench.js";
import { mark } from "./marks.js";
import { along, clamp, LANDED } from "./motion.js";

/** @typedef {import("./marks.js").Mark} Mark */

const ARROWS = 3;
const ROUNDS = 2.4;
/** The gradient's line runs beside the edge. */
const BESIDE = 6;

/**
 * @param {number} t
 * @param {import("./places.js").Places} places
 * @param {import("./marks.js").Tone} tone
 * @param {boolean} backward
 * @returns {Mark[]}
 */
export function flowMarks(t, places, tone, backward) {
  const size = textSize(places);
  return places.routes.flatMap((curve, route) =>
    Array.from({ length: ARROWS }, (_, k) => {
      const way = (t / LANDED) * ROUNDS + k / ARROWS;
      const share = way - Math.floor(way);
      const { x, y, turn } = along(curve, backward ? 1 - share : share);
      const there = Math.sin(Math.PI * share) * Math.min(1, 12 * t) * clamp((0.95 - t) * 10);
      return mark("arrow", `arrow ${route} ${k}`, {
        x,
        y: backward ? y + BESIDE : y,
        width: size,
        height: size,
        turn: backward ? turn + 180 : turn,
        tone,
        opacity: there,
      });
    }),
  );
}
