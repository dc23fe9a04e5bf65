/**
 * Where the cards of any graph stand, and how its edges run. Pure geometry, as chain.js, which has the plain chains.
 *
 * Left to right this is layered drawing: cards in ranks; what is used further on goes through each rank between in a lane of
 * its own; the order within a rank by barycentres; then each card as near to its neighbours' middles as the others let it.
 * A gap between two ranks has two parts. In the first, edges change their height, and nothing else is there. In the second
 * stand the chips, each in front of the card that its edge leads to; there every edge is level. So no edge runs under a
 * card, nor under the chip of another edge.
 *
 * Top to bottom the cards stand in one column, leaves of one card beside it, and lanes run down on the left.
 */

import { RANK_GAP } from "./chain.js";
import { untangle } from "./crossings.js";
import { down } from "./down.js";
import { columnsOf, linkAcross, whole } from "./edges.js";
import { settle, stackedHeight, takePorts } from "./heights.js";
import { placesOf } from "./places.js";
import { lowered, ranksOf } from "./ranks.js";

/** @typedef {import("./chain.js").Card} Card */
/** @typedef {import("./chain.js").Box} Box */
/** @typedef {import("./chain.js").Layout} Layout */
/** @typedef {import("./places.js").Place} Place */

/** Width to height of the room for a graph on most screens, and how much lower a drawing may become to fit it. */
const ASPECT = 3.6;
const LOWER = [1, 0.85, 0.72, 0.62, 0.53, 0.44];
const MOST_TRIED = 120;

/**
 * @param {readonly Card[]} cards in topological order
 * @param {import("./chain.js").Direction} direction
 * @param {number} [gap] between ranks, left to right, where all edges are level
 * @returns {Layout}
 */
export function layered(cards, direction, gap = RANK_GAP) {
  return direction === "across" ? across(cards, gap) : down(cards);
}

/**
 * A drawing that is too high for its width stands in lower ranks, if it is larger then where all of it is shown.
 * @param {readonly Card[]} cards
 * @param {number} gap
 * @returns {Layout}
 */
function across(cards, gap) {
  const rankOf = ranksOf(cards);
  const first = ranked(cards, rankOf, gap, false);
  if (first.width >= first.height * ASPECT || cards.length > MOST_TRIED) return first;
  const sizeOf = (/** @type {Layout} */ it) => Math.min(ASPECT / it.width, 1 / it.height);
  let best = first;
  for (const share of LOWER) {
    const found = ranked(cards, lowered(cards, rankOf, share * first.height), gap, true);
    if (sizeOf(found) > sizeOf(best)) best = found;
  }
  return best;
}

/**
 * @param {readonly Card[]} cards
 * @param {ReadonlyMap<string, number>} rankOf
 * @param {number} gap
 * @param {boolean} isLow all stands between the ends of the highest rank
 * @returns {Layout}
 */
function ranked(cards, rankOf, gap, isLow) {
  const { ranks, places } = placesOf(cards, rankOf);
  untangle(ranks);
  for (const place of ranks.flat()) takePorts(place);
  settle(ranks, isLow ? Math.max(...ranks.map(stackedHeight)) : Infinity);
  const columns = columnsOf(ranks, gap);
  const { left, right } = columns;
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  for (const { card, rank, y } of ranks.flat()) {
    if (!card) continue;
    const { id, width, height } = card;
    const x = left[rank] + (right[rank] - left[rank] - width) / 2;
    boxes.set(id, { x, y: y - height / 2, width, height });
  }
  const links = cards.flatMap((card) => {
    const to = /** @type {Place} */ (places.get(card.id)?.[0]);
    return to.before.map((from, slot) => {
      const way = /** @type {Place[]} */ (places.get(from.wrt)).filter(
        ({ rank }) => rank < to.rank,
      );
      return linkAcross(way, to, slot, boxes, columns);
    });
  });
  return whole(boxes, links);
}
