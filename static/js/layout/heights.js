/**
 * How high each card and lane stands in its rank, and where its edges come in.
 */

import { effort } from "./crossings.js";
import { BETWEEN_CARDS, CHIP } from "./places.js";

/** @typedef {import("./places.js").Place} Place */

const BETWEEN_LANES = 10;
const SETTLES = { least: 4, most: 8 };

/**
 * Where the edges of a card come in, and so its chips: in the order of what they come from. The only one that does not come
 * from a leaf comes straight in, so that the way of what is computed is a line.
 * @param {Place} place
 */
export function takePorts(place) {
  const { before, card } = place;
  if (!card || before.length === 0) {
    place.aside = before.map(() => 0);
    return;
  }
  const slots = before.map((_, slot) => slot);
  slots.sort((a, b) => before[a].order - before[b].order || a - b);
  const main = slots.filter((slot) => !before[slot].isLeaf);
  const middle = main.length === 1 ? slots.indexOf(main[0]) : (slots.length - 1) / 2;
  slots.forEach((slot, at) => {
    place.aside[slot] = (at - middle) * CHIP.height;
  });
  place.up = Math.max(place.up, CHIP.height / 2 - Math.min(...place.aside));
  place.down = Math.max(place.down, CHIP.height / 2 + Math.max(...place.aside));
}

/**
 * @param {Place[]} rank
 */
export function stackedHeight(rank) {
  let height = rank[0].up + rank[rank.length - 1].down;
  for (let i = 1; i < rank.length; i++) height += apart(rank[i - 1], rank[i]);
  return height;
}

/**
 * Each place as near to its neighbours as the order in its rank, the sizes there and the height of all allow.
 * @param {Place[][]} ranks
 * @param {number} height
 */
export function settle(ranks, height) {
  for (const rank of ranks) spread(rank, height);
  const turns = 2 * Math.ceil(Math.min(SETTLES.most, Math.max(SETTLES.least, effort(ranks))) / 2);
  for (let turn = 0; turn < turns; turn++) {
    const forwards = turn % 2 === 0;
    const last = turn >= turns - 2;
    for (const rank of forwards ? ranks : ranks.toReversed()) {
      for (const place of rank) takeWish(place, forwards || last, !forwards || last);
      spread(rank, height);
    }
  }
  for (const run of runsOf(ranks)) straighten(ranks, run);
  const top = Math.min(...ranks.flat().map((it) => it.y - it.up));
  for (const place of ranks.flat()) place.y -= top;
}

/**
 * Where a place would be on its own, and how much it counts: a lane that goes on as a lane counts most, so that it is level.
 * @param {Place} place
 * @param {boolean} behind by what its edges come from
 * @param {boolean} ahead by what they lead to
 */
function takeWish(place, behind, ahead) {
  let [sum, weight] = [0, 0];
  const { before, after, aside } = place;
  for (let slot = 0; behind && slot < before.length; slot++) {
    const share = weightOf(place, before[slot]);
    sum += share * (before[slot].y - aside[slot]);
    weight += share;
  }
  for (let at = 0; ahead && at < after.length; at++) {
    const { to, slot } = after[at];
    const share = weightOf(place, to);
    sum += share * (to.y + to.aside[slot]);
    weight += share;
  }
  place.wish = weight === 0 ? place.y : sum / weight;
  place.weight = weight || 0.2;
}

/**
 * @param {Place} a
 * @param {Place} b
 */
function weightOf(a, b) {
  if (!a.card && !b.card) return 6;
  if (a.isLeaf || b.isLeaf) return 0.3;
  return a.card && b.card ? 3 : 1;
}

/**
 * The places of a rank, in their order and clear of one another, with the least sum of squares of how far each is from its
 * wish: neighbours that are in each other's way become one block, which stands at the mean of their wishes.
 * @param {Place[]} rank
 * @param {number} height between whose ends they stand, around 0
 */
function spread(rank, height) {
  /** @type {{ at: number, weight: number, end: number }[]} end: behind its last place */
  const blocks = [];
  const offsets = new Float64Array(rank.length);
  for (let i = 0; i < rank.length; i++) {
    if (i > 0) offsets[i] = offsets[i - 1] + apart(rank[i - 1], rank[i]);
    let { weight } = rank[i];
    let at = rank[i].wish - offsets[i];
    for (let above = blocks.at(-1); above && above.at > at; above = blocks.at(-1)) {
      at = (above.at * above.weight + at * weight) / (above.weight + weight);
      weight += above.weight;
      blocks.pop();
    }
    blocks.push({ at, weight, end: i + 1 });
  }
  const low = rank[0].up - height / 2;
  const high = height / 2 - rank[rank.length - 1].down - offsets[rank.length - 1];
  let i = 0;
  for (const { at, end } of blocks) {
    const inside = Math.max(low, Math.min(high, at));
    for (; i < end; i++) rank[i].y = inside + offsets[i];
  }
}

/**
 * How far at least the middles of two places are from each other, one under the other.
 * @param {Place} a
 * @param {Place} b
 */
function apart(a, b) {
  return a.down + (a.card && b.card ? BETWEEN_CARDS : BETWEEN_LANES) + b.up;
}

/** @typedef {{ place: Place, offset: number }} Step of a run: how far it stands below the run's beginning, where all is level */

/**
 * What could be level: each card's lanes; and each card with the one behind it that continues its line.
 * @param {Place[][]} ranks
 * @returns {Step[][]}
 */
function runsOf(ranks) {
  /** @type {Map<Place, Step[]>} by the last place of the run */
  const runs = new Map();
  /** @type {Step[][]} */
  const all = [];
  for (const place of ranks.flat()) {
    const slot = mainSlot(place);
    const from = place.before[slot];
    const run = from && !from.card === !place.card ? runs.get(from) : undefined;
    const step = { place, offset: run ? run[run.length - 1].offset - place.aside[slot] : 0 };
    if (run) {
      run.push(step);
      runs.delete(from);
      runs.set(place, run);
      continue;
    }
    all.push([step]);
    runs.set(place, all[all.length - 1]);
  }
  return all.filter((run) => run.length > 1);
}

/**
 * Of the edges that come to a place, which it stands behind: the one that has the least to climb; from a leaf none does.
 * @param {Place} place
 */
function mainSlot({ before, aside, y, card }) {
  let [best, least] = [-1, Infinity];
  for (const [slot, from] of before.entries()) {
    const climb = Math.abs(y + aside[slot] - from.y);
    if ((card && from.isLeaf) || climb >= least) continue;
    [best, least] = [slot, climb];
  }
  return best;
}

/**
 * A run goes on level as far as it can between what else stands in the ranks, and then as far again.
 * @param {Place[][]} ranks
 * @param {Step[]} run
 */
function straighten(ranks, run) {
  /** @type {Step[]} */
  let part = [];
  let [low, high] = [-Infinity, Infinity];
  const level = () => {
    const mean = part.reduce((sum, { place, offset }) => sum + place.y - offset, 0) / part.length;
    const base = Math.min(Math.max(mean, low), high);
    for (const { place, offset } of part) place.y = base + offset;
  };
  for (const step of run) {
    const { place, offset } = step;
    const above = ranks[place.rank][place.order - 1];
    const under = ranks[place.rank][place.order + 1];
    const least = (above ? above.y + apart(above, place) : -Infinity) - offset;
    const most = (under ? under.y - apart(place, under) : Infinity) - offset;
    if (least > high || most < low) {
      level();
      part = [];
      [low, high] = [-Infinity, Infinity];
    }
    part.push(step);
    [low, high] = [Math.max(low, least), Math.min(high, most)];
  }
  level();
}
