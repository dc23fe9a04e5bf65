/**
 * Where the cards of a graph stand and how its edges run. Pure geometry: sizes in, places out. This is the way of plain
 * chains, as networks of layers are; layered.js has the way of all others.
 *
 * Nodes are ranked by their longest way from a leaf; a leaf stands one rank before the first node that uses it. Ranks run
 * left to right, or top to bottom on a narrow screen; within a rank, what is computed comes first, so that the way from
 * x to C is a straight line with the parameters beside it.
 */

import { edgeKey } from "../trace/trace.js";

/** @typedef {{ id: string, inputs: readonly string[], width: number, height: number }} Card */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {"across" | "down"} Direction */
/** @typedef {number[]} Curve cubic Béziers, each from the end of the one before: x y, then for each piece six numbers */
/** @typedef {{ key: string, of: string, wrt: string, curve: Curve, chip: [number, number], joined?: readonly string[] }} Link from wrt (earlier) to of (later); `chip` is the middle of its label, on the curve; `joined` are the keys of the edges that it stands for, where it ends at folded layers */
/** @typedef {{ width: number, height: number, boxes: Map<string, Box>, links: Link[] }} Layout */

export const RANK_GAP = 56;
/** Where the picture is narrow: the local partials just have their place. */
export const TIGHT_GAP = 40;
const LANE_GAP = 20;
const COLUMN_GAP = 46;

/**
 * @param {readonly Card[]} cards in topological order
 * @param {Direction} direction
 * @param {number} [gap] between ranks, left to right
 * @returns {Layout}
 */
export function layout(cards, direction, gap = RANK_GAP) {
  const grid = lanes(cards, ranks(cards));
  const { boxes, gaps } = direction === "across" ? placeAcross(grid, gap) : placeDown(grid);
  const placed = [...boxes.values()];
  return {
    width: Math.max(...placed.map((box) => box.x + box.width)),
    height: Math.max(...placed.map((box) => box.y + box.height)),
    boxes,
    links: links(cards, boxes, gaps, direction),
  };
}

/**
 * `gaps` says for each card where edges run that come to it: the middle of the gap before its rank, or of the gap
 * between the two columns.
 * @typedef {{ boxes: Map<string, Box>, gaps: Map<string, number> }} Placing
 */
/**
 * Ranks left to right; the first card of each on one line, the others in a stack under it.
 * @param {Card[][]} grid
 * @param {number} between
 * @returns {Placing}
 */
function placeAcross(grid, between) {
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  /** @type {Map<string, number>} */
  const gaps = new Map();
  const widths = grid.map((rank) => Math.max(...rank.map((card) => card.width)));
  const left = starts(widths, between);
  const spine = Math.max(...grid.map((rank) => rank[0].height));
  grid.forEach((rank, r) => {
    const top = starts([spine, ...rank.slice(1).map((card) => card.height)], LANE_GAP);
    rank.forEach(({ id, width, height }, lane) => {
      const y = top[lane] + (lane === 0 ? (spine - height) / 2 : 0);
      gaps.set(id, left[r] - between / 2);
      boxes.set(id, { x: left[r] + (widths[r] - width) / 2, y, width, height });
    });
  });
  return { boxes, gaps };
}

/**
 * Ranks top to bottom; the first card of each in one column, the others in a stack beside it.
 * @param {Card[][]} grid
 * @returns {Placing}
 */
function placeDown(grid) {
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  /** @type {Map<string, number>} */
  const gaps = new Map();
  const stacks = grid.map((rank) =>
    total(
      rank.slice(1).map((card) => card.height),
      LANE_GAP,
    ),
  );
  const heights = grid.map((rank, r) => Math.max(rank[0].height, stacks[r]));
  const top = starts(heights, RANK_GAP);
  const spine = Math.max(...grid.map((rank) => rank[0].width));
  grid.forEach((rank, r) => {
    const [first, ...others] = rank;
    const { id, width, height } = first;
    boxes.set(id, { x: (spine - width) / 2, y: top[r] + (heights[r] - height) / 2, width, height });
    const offsets = starts(
      others.map((card) => card.height),
      LANE_GAP,
    );
    for (const card of rank) gaps.set(card.id, spine + COLUMN_GAP / 2);
    others.forEach((card, at) => {
      boxes.set(card.id, {
        x: spine + COLUMN_GAP,
        y: top[r] + offsets[at],
        width: card.width,
        height: card.height,
      });
    });
  });
  return { boxes, gaps };
}

/**
 * Whether there is one way only, with leaves beside it, and everything is used once.
 * @param {readonly Pick<Card, "id" | "inputs">[]} cards
 */
export function isChain(cards) {
  const used = cards.flatMap(({ inputs }) => inputs);
  const computed = new Set(cards.flatMap(({ id, inputs }) => (inputs.length > 0 ? [id] : [])));
  return (
    used.length === cards.length - 1 &&
    new Set(used).size === used.length &&
    cards.every(({ inputs }) => inputs.filter((it) => computed.has(it)).length <= 1)
  );
}

/**
 * @param {readonly Card[]} cards
 * @returns {Map<string, number>}
 */
function ranks(cards) {
  /** @type {Map<string, number>} */
  const rank = new Map();
  for (const card of cards) {
    if (card.inputs.length === 0) continue;
    rank.set(card.id, 1 + Math.max(0, ...card.inputs.map((input) => rank.get(input) ?? 0)));
  }
  for (const card of cards) {
    if (card.inputs.length > 0) continue;
    const users = cards
      .filter((it) => it.inputs.includes(card.id))
      .map((it) => rank.get(it.id) ?? 1);
    rank.set(card.id, users.length > 0 ? Math.min(...users) - 1 : 0);
  }
  return rank;
}

/**
 * By rank, the cards in the order of their lanes: what carries on the line of what it is computed from comes first, then the
 * leaves as their edges come in, so that none crosses another.
 * @param {readonly Card[]} cards
 * @param {Map<string, number>} rank
 * @returns {Card[][]}
 */
function lanes(cards, rank) {
  /** @type {Card[][]} */
  const grid = [];
  for (const card of cards) {
    const r = rank.get(card.id) ?? 0;
    grid[r] ??= [];
    grid[r].push(card);
  }
  const slot = new Map(cards.flatMap(({ inputs }) => inputs.map((id, at) => [id, at])));
  const lane = (/** @type {Card} */ { id, inputs }) =>
    inputs.length > 0 ? -1 : (slot.get(id) ?? 0);
  return grid.map((cardsOfRank) => cardsOfRank.toSorted((a, b) => lane(a) - lane(b)));
}

/**
 * @param {readonly number[]} sizes
 * @param {number} gap
 */
function starts(sizes, gap) {
  let position = 0;
  return sizes.map((size) => {
    const start = position;
    position += size + gap;
    return start;
  });
}

/**
 * @param {readonly number[]} sizes
 * @param {number} gap
 */
function total(sizes, gap) {
  return sizes.reduce((sum, size) => sum + size + gap, -gap);
}

/**
 * @param {readonly Card[]} cards
 * @param {Map<string, Box>} boxes
 * @param {Map<string, number>} gaps
 * @param {Direction} direction
 * @returns {Link[]}
 */
function links(cards, boxes, gaps, direction) {
  return cards.flatMap((card) =>
    card.inputs.flatMap((input, slot) => {
      const from = boxes.get(input);
      const to = boxes.get(card.id);
      const gap = gaps.get(card.id);
      if (!from || !to || gap === undefined) return [];
      const share = card.inputs.length === 1 ? 0.5 : 0.5 + 0.34 * (slot / (card.inputs.length - 1));
      const curve =
        direction === "down" && from.x < gap && to.x < gap && card.inputs.indexOf(input) === slot
          ? straightDown(from, to)
          : throughGap(from, to, gap, share);
      return [
        { key: edgeKey(card, slot), of: card.id, wrt: input, curve, chip: pointOn(curve, 0.5) },
      ];
    }),
  );
}

/**
 * From one card's side to another's, with the middle of the curve in the middle of the gap.
 * @param {Box} from
 * @param {Box} to
 * @param {number} gap
 * @param {number} share where on the later card's side the edge ends
 * @returns {Curve}
 */
function throughGap(from, to, gap, share) {
  const x0 = from.x > gap ? from.x : from.x + from.width;
  const x1 = to.x > gap ? to.x : to.x + to.width;
  const y0 = from.y + from.height / 2;
  const y1 = to.y + to.height * share;
  const bend = (8 * gap - x0 - x1) / 6;
  return [x0, y0, bend, y0, bend, y1, x1, y1];
}

/**
 * @param {Box} from
 * @param {Box} to
 * @returns {Curve}
 */
function straightDown(from, to) {
  const x = from.x + from.width / 2;
  const y0 = from.y + from.height;
  const third = (to.y - y0) / 3;
  return [x, y0, x, y0 + third, x, to.y - third, x, to.y];
}

/**
 * The point at `share` (0 to 1) of a curve of one piece.
 * @param {Curve} curve
 * @param {number} share
 * @returns {[number, number]}
 */
export function pointOn(curve, share) {
  const rest = 1 - share;
  const weights = [
    rest * rest * rest,
    3 * rest * rest * share,
    3 * rest * share * share,
    share * share * share,
  ];
  const x = weights.reduce((sum, weight, i) => sum + weight * curve[2 * i], 0);
  const y = weights.reduce((sum, weight, i) => sum + weight * curve[2 * i + 1], 0);
  return [x, y];
}

/**
 * A curve as SVG path data.
 * @param {Curve} curve
 */
export function pathData(curve) {
  const [x0, y0, ...rest] = curve.map((it) => Math.round(it * 100) / 100);
  return `M${x0} ${y0}C${rest.join(" ")}`;
}
