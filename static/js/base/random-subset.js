/**
 * Some of many, drawn at random, the same ones each time: what repeats in steps (yes, no, yes, no) keeps its mixture.
 */

const SEED = 1;

/**
 * Which of `length` things are taken, in their order; `most` of them where there are more.
 * @param {number} length
 * @param {number} most
 * @returns {number[]}
 */
export function sampled(length, most) {
  if (length <= most) return Array.from({ length }, (_, at) => at);
  const random = uniform(SEED);
  const taken = [];
  // Each is taken with the odds "still wanted" to "still to come": every choice of `most` is as likely as any other.
  for (let at = 0; taken.length < most; at++)
    if (random() * (length - at) < most - taken.length) taken.push(at);
  return taken;
}

/**
 * Numbers from 0 to 1 (mulberry32); the same seed gives the same ones, in every browser.
 * @param {number} seed
 */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
