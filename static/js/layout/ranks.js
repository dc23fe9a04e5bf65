/**
 * In which rank each card of a graph stands, from the leaves on.
 */

import { BETWEEN_CARDS, isLeaf } from "./places.js";

/** @typedef {import("./chain.js").Card} Card */

/**
 * How many edges begin at each card.
 * @param {readonly Pick<Card, "inputs">[]} cards
 */
export function usesOf(cards) {
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const input of cards.flatMap(({ inputs }) => inputs))
    uses.set(input, (uses.get(input) ?? 0) + 1);
  return uses;
}

/**
 * Each one rank behind the last of its inputs; where it is free to stand further on, not before what comes earlier among
 * the cards: what is computed late stands to the right. A leaf, and what is computed from leaves of its own alone, stands
 * one rank before the first that uses it.
 * @param {readonly Pick<Card, "id" | "inputs">[]} cards
 * @returns {Map<string, number>}
 */
export function ranksOf(cards) {
  const uses = usesOf(cards);
  /** @type {Map<string, number>} */
  const rank = new Map();
  /** @type {Set<string>} */
  const own = new Set();
  const latest = latestRanks(cards);
  let reached = 0;
  for (const { id, inputs } of cards) {
    const earliest = Math.max(0, ...inputs.map((input) => 1 + (rank.get(input) ?? 0)));
    rank.set(id, Math.min(latest.get(id) ?? 0, Math.max(earliest, reached)));
    if (inputs.length === 0) rank.set(id, 0);
    reached = Math.max(reached, rank.get(id) ?? 0);
    if (inputs.every((input) => own.has(input) && uses.get(input) === 1)) own.add(id);
  }
  /** @type {Map<string, number>} */
  const first = new Map();
  for (const { id, inputs } of cards.toReversed()) {
    const user = first.get(id);
    if (own.has(id) && user !== undefined) rank.set(id, user - 1);
    const at = /** @type {number} */ (rank.get(id));
    for (const input of inputs) first.set(input, Math.min(first.get(input) ?? at, at));
  }
  return rank;
}

/**
 * The last rank in which each can stand, for the drawing to be no longer than it has to.
 * @param {readonly Pick<Card, "id" | "inputs">[]} cards
 */
function latestRanks(cards) {
  /** @type {Map<string, number>} */
  const depth = new Map();
  for (const { id, inputs } of cards)
    depth.set(id, Math.max(0, ...inputs.map((input) => 1 + (depth.get(input) ?? 0))));
  const most = Math.max(...depth.values());
  /** @type {Map<string, number>} */
  const latest = new Map();
  for (const { id, inputs } of cards.toReversed()) {
    const at = latest.get(id) ?? most;
    latest.set(id, at);
    for (const input of inputs) latest.set(input, Math.min(latest.get(input) ?? most, at - 1));
  }
  return latest;
}

/**
 * The ranks such that what stands in one is not higher than `most`, if it can be: what is computed goes on to a later one,
 * a leaf back to an earlier one.
 * @param {readonly Card[]} cards
 * @param {ReadonlyMap<string, number>} rankOf
 * @param {number} most
 * @returns {Map<string, number>}
 */
export function lowered(cards, rankOf, most) {
  /** @type {Map<number, number>} */
  const taken = new Map();
  /** @type {Map<string, number>} */
  const rank = new Map();
  /** @type {(card: Card, from: number, step: 1 | -1) => void} */
  const stand = ({ id, height }, from, step) => {
    let at = from;
    for (; (taken.get(at) ?? 0) > 0 && (taken.get(at) ?? 0) + height > most; ) at += step;
    taken.set(at, (taken.get(at) ?? 0) + height + BETWEEN_CARDS);
    rank.set(id, at);
  };
  for (const card of cards) {
    if (isLeaf(card)) continue;
    const behind = card.inputs.map((input) => 1 + (rank.get(input) ?? -Infinity));
    stand(card, Math.max(rankOf.get(card.id) ?? 0, ...behind), 1);
  }
  /** @type {Map<string, number>} */
  const first = new Map();
  for (const { id, inputs } of cards) {
    const at = rank.get(id) ?? 0;
    for (const input of inputs) first.set(input, Math.min(first.get(input) ?? at, at));
  }
  // Those that are used once stand nearest to where that is.
  const uses = usesOf(cards);
  const leaves = cards.filter(isLeaf);
  leaves.sort((a, b) => (uses.get(a.id) ?? 0) - (uses.get(b.id) ?? 0));
  for (const leaf of leaves) stand(leaf, (first.get(leaf.id) ?? 1) - 1, -1);
  const used = [...new Set(rank.values())].sort((a, b) => a - b);
  const places = new Map(used.map((it, at) => [it, at]));
  return new Map([...rank].map(([id, it]) => [id, places.get(it) ?? 0]));
}
