/**
 * Where things are in the drawing that a film begins and ends at: the cells of the cards, the chips, the edges of the beat.
 */

/** @typedef {import("./marks.js").Spot} Spot */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box by its upper left corner */
/** @typedef {Box & { kind: "numbers" | "heat", rows: number, columns: number }} Block a matrix on a card */
/**
 * @typedef {object} Places
 * @property {(id: string, gradient: boolean) => Block | null} block null where the node is folded away
 * @property {(edge: string) => { x: number, y: number } | null} chip
 * @property {readonly { box: Box, active: boolean }[]} cards
 * @property {readonly (readonly number[])[]} routes the curves of the beat's edges, each of one piece or several, from the earlier card to the later one
 * @property {Box} sight what of the drawing is seen
 * @property {number} pixel how many units of the drawing a pixel is
 */
/** @typedef {{ id: string, gradient: boolean, row: number, column: number }} Cell an entry of a node, or of its gradient */

/** The size of a number in a cell of a card; of a chip's. */
const CELL_SIZE = 13;
const CHIP_SIZE = 11;
const CHIP = { width: 34, height: 16, below: 14 };

/**
 * @param {import("../graph/viewport-dom.js").Sight} sight
 * @param {{ width: number, height: number }} size of the drawing on the page, in pixels
 * @param {readonly string[]} along the keys of the beat's edges
 * @param {ReadonlySet<string>} active the nodes of the beat
 * @returns {Places}
 */
export function placesOf({ drawing, window: sight }, size, along, active) {
  const { boxes, links } = drawing.layout;
  return {
    block(id, gradient) {
      const box = boxes.get(id);
      const plan = drawing.cards.get(id);
      if (!box || !plan) return null;
      const block = gradient ? plan.gradient : plan.value;
      return { ...block, x: box.x + block.x, y: box.y + block.y };
    },
    chip(key) {
      const link = links.find((it) => it.key === key);
      return link ? { x: link.chip[0], y: link.chip[1] } : null;
    },
    cards: [...boxes].map(([id, box]) => ({ box, active: active.has(id) })),
    routes: links
      .filter((it) => along.some((key) => key === it.key || it.joined?.includes(key)))
      .map((it) => it.curve),
    sight,
    pixel: 1 / Math.min(size.width / sight.width, size.height / sight.height),
  };
}

/**
 * @param {Places} places
 * @param {Cell} cell
 * @returns {Spot | null}
 */
export function spotOf(places, { id, gradient, row, column }) {
  const block = places.block(id, gradient);
  if (!block) return null;
  const [width, height] = [block.width / block.columns, block.height / block.rows];
  return {
    x: block.x + (column + 0.5) * width,
    y: block.y + (row + 0.5) * height,
    width: width - 2,
    height: height - 2,
    size: CELL_SIZE,
  };
}

/**
 * Under the name of an edge's chip.
 * @param {Places} places
 * @param {string} edge
 * @returns {Spot | null}
 */
export function chipSpot(places, edge) {
  const at = places.chip(edge);
  const { width, height, below } = CHIP;
  return at && { x: at.x, y: at.y + below, width, height, size: CHIP_SIZE };
}

/**
 * Whether all of these matrices are shown as numbers.
 * @param {Places} places
 * @param {readonly { id: string, gradient: boolean }[]} blocks
 */
export function areNumbers(places, blocks) {
  return blocks.every(({ id, gradient }) => places.block(id, gradient)?.kind !== "heat");
}
