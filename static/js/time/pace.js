/**
 * How long a beat lasts: as long as a reader needs for its sentence; stepped by hand, as long as its film.
 */

const WORDS_A_SECOND = 4;
const LEAST_SECONDS = 2;
/** Of a beat that is stepped on by hand. */
export const BY_HAND_SECONDS = 1.4;

/**
 * @param {string} sentence
 */
export function secondsToRead(sentence) {
  const words = sentence.split(/\s+/).filter((it) => /[\p{L}\p{N}∂]/u.test(it));
  return Math.max(LEAST_SECONDS, words.length / WORDS_A_SECOND);
}
