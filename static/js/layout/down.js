/**
 * Top to bottom: the cards stand in one column, leaves of one card beside it, and lanes run down on the left.
 */

import { edgeKey } from "../trace/trace.js";
import { Pen, port, whole } from "./edges.js";
import { BETWEEN_CARDS, CHIP } from "./places.js";
import { usesOf } from "./ranks.js";

/** @typedef {import("./chain.js").Card} Card */
/** @typedef {import("./chain.js").Box} Box */
/** @typedef {import("./chain.js").Link} Link */
/** @typedef {import("./chain.js").Layout} Layout */

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
export function down(cards) {
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
