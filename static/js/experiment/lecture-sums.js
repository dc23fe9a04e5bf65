/**
 * The lecture's two sums, on a curve that has those slopes: C′(2) = 3 and C′(5) = −2.
 *
 *     1.85 = w_new = 2 − α · 3        5.1 = w_new = 5 − α · (−2)        α = 0.05
 *
 * C′(w) = k (w − 1)(w − c)(w − 7) has a valley at 1 and at 7 and the hill between them at c; k and c follow from the two
 * slopes.
 */

/** @typedef {import("../weight/slope.js").Curve} Curve */

const K = 17 / 60;
const PEAK = 70 / 17;
const VALLEYS = [1, 7];
const FLOOR = 4;
const POINTS = 121;
const STEPS = 8;
const ROUND = 1e12;

/** Where the curve is shown when nothing else is asked: both valleys, and the hill between them. */
const MIDDLE = 3.8;
const WIDER = 1.1;

/** Where each sum begins. @type {Record<import("../state/state.js").Sum, number>} */
export const BEGINNINGS = { rising: 2, falling: 5 };

/** @param {number} w */
export function slopeAt(w) {
  const slope = K * (w - VALLEYS[0]) * (w - PEAK) * (w - VALLEYS[1]);
  return Math.round(slope * ROUND) / ROUND; // so that 3 is 3, and not 3.0000000000000004
}

/** The integral of the slope. @param {number} w */
export function costAt(w) {
  const [a, b] = VALLEYS;
  const s1 = a + b + PEAK;
  const s2 = a * b + a * PEAK + b * PEAK;
  const s3 = a * b * PEAK;
  return FLOOR + K * (w ** 4 / 4 - (s1 * w ** 3) / 3 + (s2 * w ** 2) / 2 - s3 * w) + 4.2;
}

/**
 * What of the curve is shown.
 * @param {number | null} center
 * @param {number} span
 * @returns {import("../weight/slope.js").Range}
 */
export function rangeOf(center, span) {
  return { center: center ?? MIDDLE, span: center === null ? span * WIDER : span };
}

/**
 * @param {number} weight
 * @param {number} rate
 * @param {import("../weight/slope.js").Range} [range]
 * @returns {Curve}
 */
export function curveOf(weight, rate, range = rangeOf(null, 4)) {
  const { center, span } = range;
  const weights = Array.from(
    { length: POINTS },
    (_, i) => center + span * ((2 * i) / (POINTS - 1) - 1),
  );
  const slope = slopeAt(weight);
  const next = weight - rate * slope;
  return {
    weight,
    cost: costAt(weight),
    slope,
    weights,
    costs: weights.map(costAt),
    rate,
    next,
    nextCost: costAt(next),
    descent: descend(weight, rate),
  };
}

/**
 * @param {number} weight
 * @param {number} rate
 */
function descend(weight, rate) {
  const points = [{ weight, cost: costAt(weight) }];
  for (let i = 0; i < STEPS; i++) {
    const here = points[i].weight;
    const there = here - rate * slopeAt(here);
    if (!Number.isFinite(costAt(there))) break;
    points.push({ weight: there, cost: costAt(there) });
  }
  return points;
}
