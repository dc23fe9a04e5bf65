/**
 * The ranks of a layered drawing, filled: in each stand cards, and lanes of the edges that go further.
 */

/** @typedef {import("./chain.js").Card} Card */
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
export const CHIP = { width: 34, height: 48 };
export const BETWEEN_CARDS = 20;
const LANE = 8;

/**
 * The ranks with their cards and lanes; and by id of a card, its place and those of its lane behind it.
 * @param {readonly Card[]} cards
 * @param {ReadonlyMap<string, number>} rankOf
 */
export function placesOf(cards, rankOf) {
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

/** @param {Card} card */
export function isLeaf({ inputs }) {
  return inputs.length === 0;
}
