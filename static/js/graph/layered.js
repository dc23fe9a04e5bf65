/**
 * Where the cards of any graph stand, and how its edges run. Pure geometry, as layout.js, which has the plain chains.
 *
 * Left to right this is layered drawing: cards in ranks; what is used further on goes through each rank between in a lane of
 * its own; the order within a rank by barycentres; then each card as near to its neighbours' middles as the others let it.
 * A gap between two ranks has two parts. In the first, edges change their height, and nothing else is there. In the second
 * stand the chips, each in front of the card that its edge leads to; there every edge is level. So no edge runs under a
 * card, nor under the chip of another edge.
 *
 * Top to bottom the cards stand in one column, leaves of one card beside it, and lanes run down on the left.
 */

import { edgeKey } from "../trace/trace.js";
import { RANK_GAP } from "./layout.js";

/** @typedef {import("./layout.js").Card} Card */
/** @typedef {import("./layout.js").Box} Box */
/** @typedef {import("./layout.js").Curve} Curve */
/** @typedef {import("./layout.js").Link} Link */
/** @typedef {import("./layout.js").Layout} Layout */
/**
 * A card in its rank, or a lane through it.
 * @typedef {object} Place
 * @property {Card | null} card null for a lane
 * @property {string} wrt       what is carried on: the card's id, for a lane that of the card where it begins
 * @property {boolean} isLeaf   whether that is a leaf
 * @property {number} rank
 * @property {number} up        what it takes of its rank above its middle, with its chips
 * @property {number} down      the same under it
 * @property {Place[]} before   in the rank before: what its edges come from, one by one
 * @property {{ to: Place, slot: number }[]} after in the rank behind: what its edges lead to, and as which of its edges
 * @property {number[]} aside   for each of `before`, how far from the middle its edge comes in
 * @property {number} order     its place in its rank
 * @property {number} y         its middle
 * @property {number} wish      where it would be on its own: in its rank, then in the drawing
 * @property {number} weight    how much that counts
 */

/** What a chip takes, with the room around it. */
const CHIP = { width: 34, height: 48 };
/** The share of a gap's free room that is between a chip and the card that it stands in front of: there is the arrow. */
const ARROW = 0.64;
/** How much room the edges of a gap need to change their height: for each that does, and for the steepest. */
const CROSSING = { least: 2, each: 5, slope: 0.14, most: 110 };
const LANE = 8;
const BETWEEN_CARDS = 20;
const BETWEEN_LANES = 10;
/** Ports stay clear of a card's corners. */
const CORNER = 14;
/** Width to height of the room for a graph on most screens, and how much lower a drawing may become to fit it. */
const ASPECT = 3.6;
const LOWER = [1, 0.85, 0.72, 0.62, 0.53, 0.44];
const MOST_TRIED = 120;
/** How often the ranks are ordered, and how often their places are found: by how many places there are. */
const EFFORT = 12000;
const SWEEPS = { least: 4, most: 16 };
const SETTLES = { least: 4, most: 8 };
/** So many sweeps that bring nothing are the last. */
const IDLE = 4;

/**
 * @param {readonly Card[]} cards in topological order
 * @param {import("./layout.js").Direction} direction
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
 * How many edges begin at each card.
 * @param {readonly Pick<Card, "inputs">[]} cards
 */
function usesOf(cards) {
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
function ranksOf(cards) {
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
function lowered(cards, rankOf, most) {
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

/**
 * The ranks with their cards and lanes; and by id of a card, its place and those of its lane behind it.
 * @param {readonly Card[]} cards
 * @param {ReadonlyMap<string, number>} rankOf
 */
function placesOf(cards, rankOf) {
  /** @type {Map<string, number>} the last rank that an edge of a card leads to */
  const reach = new Map();
  for (const { id, inputs } of cards) {
    const at = /** @type {number} */ (rankOf.get(id));
    for (const input of inputs) reach.set(input, Math.max(reach.get(input) ?? 0, at));
  }
  /** @type {Place[][]} */
  const ranks = [];
  /** @type {Map<string, Place[]>} */
  const places = new Map();
  /** @type {(card: Card | null, of: Card, rank: number) => Place} */
  const made = (card, of, rank) => {
    const half = (card?.height ?? LANE) / 2;
    ranks[rank] ??= [];
    const order = ranks[rank].length;
    /** @type {Place} */
    const place = {
      ...{ card, wrt: of.id, isLeaf: isLeaf(of), rank, up: half, down: half, order, y: 0 },
      ...{ before: [], after: [], aside: [], wish: 0, weight: 1 },
    };
    ranks[rank].push(place);
    return place;
  };
  const computedFirst = cards.toSorted((a, b) => Number(isLeaf(a)) - Number(isLeaf(b)));
  for (const card of computedFirst) {
    const first = /** @type {number} */ (rankOf.get(card.id));
    const row = [made(card, card, first)];
    for (let rank = first + 1; rank < (reach.get(card.id) ?? 0); rank++) {
      const lane = made(null, card, rank);
      join(row[row.length - 1], lane);
      row.push(lane);
    }
    places.set(card.id, row);
  }
  for (const { id, inputs } of cards) {
    const to = /** @type {Place} */ (places.get(id)?.[0]);
    for (const input of inputs) {
      const row = /** @type {Place[]} */ (places.get(input));
      join(row[to.rank - 1 - row[0].rank], to);
    }
  }
  return { ranks, places };
}

/**
 * @param {Place} from
 * @param {Place} to
 */
function join(from, to) {
  from.after.push({ to, slot: to.before.length });
  to.before.push(from);
}

/**
 * Orders each rank by the middles of its neighbours in the rank before, then behind, and so on; of all orders that
 * come about, the one with the fewest crossings stays.
 * @param {Place[][]} ranks
 */
function untangle(ranks) {
  let best = ranks.map((rank) => [...rank]);
  let least = crossings(ranks);
  const sweeps = Math.min(SWEEPS.most, Math.max(SWEEPS.least, effort(ranks)));
  for (let sweep = 0, idle = 0; sweep < sweeps && idle < IDLE && least > 0; sweep++, idle++) {
    const forwards = sweep % 2 === 0;
    for (const rank of forwards ? ranks : ranks.toReversed()) {
      for (const it of rank) it.wish = forwards ? middleBehind(it) : middleAhead(it);
      rank.sort((a, b) => a.wish - b.wish);
      number(rank);
    }
    const found = crossings(ranks);
    if (found >= least) continue;
    idle = 0;
    least = found;
    best = ranks.map((rank) => [...rank]);
  }
  best.forEach((rank, at) => {
    ranks[at] = rank;
    number(rank);
  });
}

/**
 * How many turns a drawing is worth: fewer where it is large.
 * @param {Place[][]} ranks
 */
function effort(ranks) {
  return Math.round(EFFORT / ranks.reduce((sum, rank) => sum + rank.length, 0));
}

/** @param {Place[]} rank */
function number(rank) {
  rank.forEach((place, order) => {
    place.order = order;
  });
}

/** @param {Place} place */
function middleBehind({ before, order }) {
  let sum = 0;
  for (const it of before) sum += it.order;
  return before.length === 0 ? order : sum / before.length;
}

/** @param {Place} place */
function middleAhead({ after, order }) {
  let sum = 0;
  for (const { to } of after) sum += to.order;
  return after.length === 0 ? order : sum / after.length;
}

/**
 * How often edges cross, gap by gap: the inversions of where they begin, taken by where they end. Counted with a binary
 * indexed tree, which knows how many of those before began further on.
 * @param {Place[][]} ranks
 */
function crossings(ranks) {
  let count = 0;
  for (const [at, rank] of ranks.entries()) {
    if (at === 0) continue;
    const size = ranks[at - 1].length;
    const tree = new Int32Array(size + 1);
    let seen = 0;
    for (const { before } of rank) {
      for (const { order } of before) {
        count += seen;
        for (let i = order + 1; i > 0; i -= i & -i) count -= tree[i];
      }
      seen += before.length;
      for (const { order } of before) for (let i = order + 1; i <= size; i += i & -i) tree[i] += 1;
    }
  }
  return count;
}

/**
 * Where the edges of a card come in, and so its chips: in the order of what they come from. The only one that does not come
 * from a leaf comes straight in, so that the way of what is computed is a line.
 * @param {Place} place
 */
function takePorts(place) {
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
function stackedHeight(rank) {
  let height = rank[0].up + rank[rank.length - 1].down;
  for (let i = 1; i < rank.length; i++) height += apart(rank[i - 1], rank[i]);
  return height;
}

/**
 * Each place as near to its neighbours as the order in its rank, the sizes there and the height of all allow.
 * @param {Place[][]} ranks
 * @param {number} height
 */
function settle(ranks, height) {
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

/**
 * From where to where each rank goes; in the gap before it its edges have the room that they need to change their height.
 * @param {Place[][]} ranks
 * @param {number} level
 */
function columnsOf(ranks, level) {
  const arrow = ARROW * (level - CHIP.width);
  /** @type {number[]} */
  const left = [];
  /** @type {number[]} */
  const right = [];
  for (const [at, rank] of ranks.entries()) {
    const climbs = rank.flatMap((to) =>
      to.before.map((from, slot) => Math.abs(to.y + to.aside[slot] - from.y)),
    );
    const { least, each, slope, most } = CROSSING;
    const steep = slope * Math.max(0, ...climbs) + each * climbs.filter((it) => it > 4).length;
    const crossing = Math.min(Math.max(least, level - CHIP.width - arrow) + steep, most);
    left.push(at === 0 ? 0 : right[at - 1] + crossing + CHIP.width + arrow);
    right.push(left[at] + Math.max(0, ...rank.map((it) => it.card?.width ?? 0)));
  }
  return { left, right, arrow };
}

/**
 * @param {Place[]} way from the card where it begins, through the lanes
 * @param {Place} to
 * @param {number} slot
 * @param {Map<string, Box>} boxes
 * @param {ReturnType<typeof columnsOf>} columns
 * @returns {Link}
 */
function linkAcross(way, to, slot, boxes, { left, right, arrow }) {
  const card = /** @type {Card} */ (to.card);
  const wrt = way[0].wrt;
  const from = /** @type {Box} */ (boxes.get(wrt));
  const box = /** @type {Box} */ (boxes.get(card.id));
  const chipLeft = (/** @type {number} */ rank) => left[rank] - arrow - CHIP.width;
  const pen = new Pen(from.x + from.width, way[0].y);
  for (const { rank, y } of way) {
    if (rank > way[0].rank) pen.level(chipLeft(rank), y);
    pen.level(right[rank], y);
  }
  const y = to.y + to.aside[slot];
  pen.level(chipLeft(to.rank), y);
  const widest = Math.max(...to.aside.map(Math.abs));
  pen.level(left[to.rank] - arrow, y);
  pen.level(box.x, to.y + port(to.aside[slot], widest, card));
  const chip = /** @type {[number, number]} */ ([chipLeft(to.rank) + CHIP.width / 2, y]);
  return { key: edgeKey(card, slot), of: card.id, wrt, curve: pen.curve, chip };
}

/**
 * How far from the middle of its card an edge ends, whose chip stands `aside`: as far, unless the card is too low.
 * @param {number} aside
 * @param {number} widest of the card's chips
 * @param {Card} card
 */
function port(aside, widest, { height }) {
  const most = height / 2 - CORNER;
  return widest > most ? (aside * most) / widest : aside;
}

/** Draws an edge, piece by piece. */
class Pen {
  /** @type {Curve} */
  curve;
  /** The height of the last piece, where that is a level line. @type {number | null} */
  #level = null;

  /**
   * @param {number} x
   * @param {number} y
   */
  constructor(x, y) {
    this.curve = [x, y];
  }

  /**
   * To a point, level at both ends; straight on where it may be.
   * @param {number} x
   * @param {number} y
   */
  level(x, y) {
    const [x0, y0] = this.#end();
    if (x === x0 && y === y0) return;
    if (y === y0 && y === this.#level) {
      // The same straight piece, longer.
      const start = this.curve.length - 8;
      const from = this.curve[start];
      this.curve.splice(-6, 6, from + (x - from) / 3, y, x - (x - from) / 3, y, x, y);
      return;
    }
    this.#level = y === y0 ? y : null;
    const half = (x - x0) / 2;
    this.curve.push(x0 + half, y0, x - half, y, x, y);
  }

  /**
   * Around a corner: level here and plumb there, or the other way round.
   * @param {number} x
   * @param {number} y
   * @param {"level" | "plumb"} first how it leaves
   */
  turn(x, y, first) {
    const [x0, y0] = this.#end();
    this.#level = null;
    const [cx, cy] = first === "level" ? [x, y0] : [x0, y];
    this.curve.push(x0 + (cx - x0) / 2, y0 + (cy - y0) / 2, cx + (x - cx) / 2, cy + (y - cy) / 2);
    this.curve.push(x, y);
  }

  /** @param {number} y */
  plumb(y) {
    const [x0, y0] = this.#end();
    if (y === y0) return;
    this.#level = null;
    const third = (y - y0) / 3;
    this.curve.push(x0, y0 + third, x0, y - third, x0, y);
  }

  #end() {
    return this.curve.slice(-2);
  }
}

/** @param {Card} card */
function isLeaf({ inputs }) {
  return inputs.length === 0;
}

/**
 * The drawing around what stands and runs in it, moved such that it begins at 0.
 * @param {Map<string, Box>} boxes
 * @param {Link[]} links
 * @returns {Layout}
 */
function whole(boxes, links) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  /** @type {(x: number, y: number, aside?: number, under?: number) => void} */
  const hold = (x, y, aside = 0, under = 0) => {
    left = Math.min(left, x - aside);
    right = Math.max(right, x + aside);
    top = Math.min(top, y - under);
    bottom = Math.max(bottom, y + under);
  };
  for (const { x, y, width, height } of boxes.values()) {
    hold(x, y);
    hold(x + width, y + height);
  }
  for (const { curve, chip } of links) {
    hold(chip[0], chip[1], CHIP.width / 2, CHIP.height / 2);
    for (let i = 0; i < curve.length; i += 2) hold(curve[i], curve[i + 1]);
  }
  for (const box of boxes.values()) {
    box.x -= left;
    box.y -= top;
  }
  for (const link of links) {
    link.chip = [link.chip[0] - left, link.chip[1] - top];
    link.curve = link.curve.map((it, i) => it - (i % 2 === 0 ? left : top));
  }
  return { width: right - left, height: bottom - top, boxes, links };
}

/** Top to bottom: between two rows, and where a chip stands between them; beside the column. */
const ROW_GAP = { least: 24, chip: 58 };
const BESIDE = 46;
const LANE_STEP = 14;
/** Edges leave a card at its lower left, and run under it to their lane. */
const EXIT = { x: 16, y: 12 };
const BEND = 10;

/**
 * A card in the column.
 * @typedef {object} Row
 * @property {Card} card
 * @property {Card[]} leaves those that only this card uses, once: they stand beside it
 * @property {number} straight the slot of the edge that comes straight from the card above; -1 where there is none
 * @property {number[]} far   slots of the edges that come by a lane
 * @property {number} top     of all that belongs to it
 * @property {number} height
 */

/**
 * @param {readonly Card[]} cards
 * @returns {Layout}
 */
function down(cards) {
  const rows = rowsOf(cards);
  const column = Math.max(...rows.map(({ card }) => card.width));
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  for (const { card, leaves, top, height } of rows) {
    const y = top + (height - card.height) / 2;
    boxes.set(card.id, {
      ...{ x: (column - card.width) / 2, y },
      ...{ width: card.width, height: card.height },
    });
    let start = top + (height - stackOf(leaves)) / 2;
    for (const leaf of leaves) {
      const { id, width } = leaf;
      const size = leafSize(leaf);
      const box = { x: column + BESIDE, y: start + (size - leaf.height) / 2 };
      boxes.set(id, { ...box, width, height: leaf.height });
      start += size;
    }
  }
  const lanes = lanesOf(rows);
  const rowOf = new Map(rows.map((row) => [row.card.id, row]));
  const links = rows.flatMap((row) =>
    row.card.inputs.map((wrt, slot) => {
      const { curve, chip } = wayDown(row, slot, boxes, column, rowOf.get(wrt), lanes.get(wrt));
      return { key: edgeKey(row.card, slot), of: row.card.id, wrt, curve, chip };
    }),
  );
  return whole(boxes, links);
}

/** @param {Card} leaf */
function leafSize({ height }) {
  // Chips are half as far apart as the leaves are.
  return Math.max(height + BETWEEN_CARDS, 2 * CHIP.height);
}

/** @param {Card[]} leaves */
function stackOf(leaves) {
  return leaves.reduce((sum, it) => sum + leafSize(it), 0);
}

/**
 * @param {readonly Card[]} cards
 * @returns {Row[]}
 */
function rowsOf(cards) {
  const named = new Map(cards.map((it) => [it.id, it]));
  const uses = usesOf(cards);
  /** @param {string} id */
  const isBeside = (id) => named.get(id)?.inputs.length === 0 && uses.get(id) === 1;
  /** @type {Row[]} */
  const rows = [];
  for (const card of cards) {
    if (isBeside(card.id)) continue;
    const { inputs, height } = card;
    const above = rows[rows.length - 1];
    const leaves = inputs.filter(isBeside).map((id) => /** @type {Card} */ (named.get(id)));
    const straight = above ? inputs.indexOf(above.card.id) : -1;
    const far = [...inputs.keys()].filter((it) => it !== straight && !isBeside(inputs[it]));
    const gap = straight < 0 ? ROW_GAP.least : ROW_GAP.chip;
    const top = above ? above.top + above.height + gap : 0;
    const high = Math.max(height, stackOf(leaves), far.length * CHIP.height);
    rows.push({ card, leaves, straight, far, top, height: high });
  }
  return rows;
}

/**
 * By card, which lane its far edges share: the shorter, the nearer to the column.
 * @param {Row[]} rows
 * @returns {Map<string, number>}
 */
function lanesOf(rows) {
  /** @type {Map<string, { id: string, start: number, end: number }>} */
  const spans = new Map();
  const at = new Map(rows.map(({ card }, row) => [card.id, row]));
  for (const [end, { card, far }] of rows.entries()) {
    for (const id of far.map((slot) => card.inputs[slot]))
      spans.set(id, { id, start: at.get(id) ?? 0, end });
  }
  /** @type {{ start: number, end: number }[][]} */
  const lanes = [];
  /** @type {Map<string, number>} */
  const laneOf = new Map();
  const shortest = [...spans.values()].sort((a, b) => a.end - a.start - (b.end - b.start));
  for (const span of shortest) {
    const isFree = (/** @type {(typeof lanes)[0]} */ lane) =>
      lane.every(({ start, end }) => span.end <= start || end <= span.start);
    const found = lanes.findIndex(isFree);
    const lane = found < 0 ? lanes.length : found;
    lanes[lane] = [...(lanes[lane] ?? []), span];
    laneOf.set(span.id, lane);
  }
  return laneOf;
}

/**
 * @param {Row} row
 * @param {number} slot
 * @param {Map<string, Box>} boxes
 * @param {number} column
 * @param {Row | undefined} source undefined for a leaf that stands beside
 * @param {number} [lane]
 * @returns {Pick<Link, "curve" | "chip">}
 */
function wayDown({ card, straight, far, top, height }, slot, boxes, column, source, lane = 0) {
  const from = /** @type {Box} */ (boxes.get(card.inputs[slot]));
  const box = /** @type {Box} */ (boxes.get(card.id));
  if (slot === straight) {
    const pen = new Pen(column / 2, from.y + from.height);
    pen.plumb(box.y);
    // Between the rows, whatever stands beside the cards.
    return { curve: pen.curve, chip: [column / 2, top - ROW_GAP.chip / 2] };
  }
  if (!source) {
    const share = card.inputs.length === 1 ? 0.5 : 0.25 + slot / (card.inputs.length - 1) / 2;
    const pen = new Pen(from.x, from.y + from.height / 2);
    const [y0, y1] = [from.y + from.height / 2, box.y + share * box.height];
    pen.level(column, y1);
    pen.level(box.x + box.width, y1);
    return { curve: pen.curve, chip: [column + BESIDE / 2, (y0 + y1) / 2] };
  }
  const x = -BESIDE - LANE_STEP / 2 - lane * LANE_STEP;
  const under = source.top + source.height + EXIT.y;
  const aside = (far.indexOf(slot) - (far.length - 1) / 2) * CHIP.height;
  const y = top + height / 2 + aside;
  const pen = new Pen(from.x + EXIT.x, from.y + from.height);
  pen.plumb(under - BEND);
  pen.turn(from.x + EXIT.x - BEND, under, "plumb");
  pen.level(x + BEND, under);
  pen.turn(x, under + BEND, "level");
  pen.plumb(y - BEND);
  pen.turn(x + BEND, y, "plumb");
  pen.level(0, y);
  const widest = ((far.length - 1) / 2) * CHIP.height;
  pen.level(box.x, top + height / 2 + port(aside, widest, card));
  return { curve: pen.curve, chip: [-BESIDE / 2, y] };
}
