/**
 * Where a matrix is a heat map: row after row is swept, without single numbers; bands run from what is taken to what comes.
 */

import { mark } from "./marks.js";
import { clamp, LANDED, mix, shown } from "./motion.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Tone} Tone */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Block} Block */
/** @typedef {{ id: string, gradient: boolean, tone: Tone }} Swept a matrix, of a node or its gradient */

const BANDS = 3;
const ROUNDS = 5;

/**
 * @param {readonly Swept[]} sources
 * @param {Swept | null} goal
 * @returns {(t: number, places: Places) => Mark[]}
 */
export function sweepFilm(sources, goal) {
  return (t, places) => {
    const way = clamp(t / LANDED);
    const presence = shown(t);
    const to = goal && places.block(goal.id, goal.gradient);
    /** @type {Mark[]} */
    const marks = [];
    if (goal && to) {
      const height = to.height * way;
      // What was filled in gives way to the card's own.
      const left = 1 - clamp((t - LANDED) * 20);
      const filled = { x: to.x + to.width / 2, y: to.y + height / 2, width: to.width, height };
      marks.push(
        mark("area", "filled", { ...filled, tone: goal.tone, opacity: 0.5 * presence * left }),
      );
      marks.push(ringAt("ring goal", to, way, goal.tone, presence));
    }
    sources.forEach((source, k) => {
      const from = places.block(source.id, source.gradient);
      if (!from) return;
      const alike = !to || from.rows === to.rows;
      const ring = alike
        ? ringAt(`ring ${k}`, from, way, source.tone, presence)
        : ringAround(`ring ${k}`, from, source.tone, presence);
      marks.push(ring);
      if (to && goal)
        marks.push(...bands(k, ring, ringAt("", to, way, goal.tone, 1), way, presence));
    });
    return marks;
  };
}

/**
 * A ring round the row that is swept now, gliding.
 * @param {string} id
 * @param {Block} block
 * @param {number} way
 * @param {Tone} tone
 * @param {number} opacity
 */
function ringAt(id, { x, y, width, height, rows }, way, tone, opacity) {
  const high = Math.max(height / rows, 4);
  return mark("ring", id, {
    x: x + width / 2,
    y: mix(y + high / 2, y + height - high / 2, way),
    width: width + 6,
    height: high + 3,
    tone,
    opacity,
  });
}

/**
 * @param {string} id
 * @param {Block} block
 * @param {Tone} tone
 * @param {number} opacity
 */
function ringAround(id, { x, y, width, height }, tone, opacity) {
  const place = { x: x + width / 2, y: y + height / 2, width: width + 6, height: height + 6 };
  return mark("ring", id, { ...place, tone, opacity });
}

/**
 * @param {number} source
 * @param {Mark} from
 * @param {Mark} to
 * @param {number} way
 * @param {number} presence
 * @returns {Mark[]}
 */
function bands(source, from, to, way, presence) {
  return Array.from({ length: BANDS }, (_, k) => {
    // One after the other, and each arrives: where all has landed, and in the still, no band is left on its way.
    const at = clamp((way * (ROUNDS + 1) - k / BANDS) / ROUNDS) * ROUNDS;
    const share = at - Math.floor(at);
    return mark("area", `band ${source} ${k}`, {
      x: mix(from.x, to.x, share),
      y: mix(from.y, to.y, share),
      width: mix(from.width, to.width, share) * 0.8,
      height: mix(Math.min(from.height, 14), Math.min(to.height, 14), share),
      tone: from.tone,
      opacity: 0.75 * Math.sin(Math.PI * share) * presence,
    });
  });
}
