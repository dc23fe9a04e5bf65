/**
 * A node's card: how large it is and where its parts stand in it (the plan); what is shown of the node at a moment (the
 * card); and each entry that can be read, ready to be drawn (the cells).
 *
 * Symbol and shape stand on top, the value's matrix below, the gradient's matrix under or beside it: numbers where they fit,
 * a heat map where they do not. Size and sign are told by length and shape as well as by colour.
 */

import {
  brief,
  entryKey,
  entryName,
  entryOf,
  full,
  largest,
  narrow,
  shapeText,
  share,
  spokenMatrix,
  tight,
  tint,
} from "../base/format.js";
import { called } from "../time/sentences.js";
import { valueNow } from "../time/timeline.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../time/timeline.js").Known} Known */
/** @typedef {import("./level-of-detail.js").Near} Near */
/**
 * @typedef {object} Block
 * @property {"numbers" | "heat"} kind
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} rows
 * @property {number} columns
 */
/** @typedef {{ width: number, height: number, value: Block, gradient: Block, label: { x: number, y: number }, names: string[] }} CardPlan names of the columns, where they have some */

export const CELL = { width: 60, height: 20 };
/** Of a cell where the picture is narrow: what is written in it has a digit less. */
export const TIGHT_CELL = 52;
const PAD = 10;
export const HEAD = 30;
const LABEL = 18;
/** How much lower the numbers stand under names. */
const NAMES = 13;
const MOST_COLUMNS = 3;
const MOST_ROWS = 4;
const HEAT_WIDTH = 110;
const HEAT_HEIGHT = 92;
const BESIDE_GAP = 16;
const TALL_ROWS = 3;
const LEAST_HEAT_WIDTH = 40;
const LEAST_WIDTH = 96;

/**
 * @param {readonly number[]} shape
 * @returns {[number, number]} rows and columns as drawn: a number is 1 × 1, a vector one row
 */
export function gridOf(shape) {
  if (shape.length === 0) return [1, 1];
  return shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];
}

/**
 * @param {Pick<Node, "shape"> & Partial<Node>} node
 * @param {readonly string[]} [names] of its columns: they stand over them, where these are read as numbers
 * @param {number} [cell] how wide a number is
 * @returns {CardPlan}
 */
export function planCard(node, names = [], cell = CELL.width) {
  const plan = planOf(node, names, cell);
  return writtenOf(node) === "" ? plan : lowered(plan);
}

/**
 * How an operation inside a line is written, which stands under its number; empty for what has a name of its own.
 * @param {Partial<Node>} node
 */
export function writtenOf({ id, scope, label }) {
  return label && scope && scope !== id ? label : "";
}

/**
 * The same with room for a text under the head.
 * @param {CardPlan} plan
 * @returns {CardPlan}
 */
function lowered({ value, gradient, label, ...plan }) {
  const down = (/** @type {Block} */ block) => ({ ...block, y: block.y + NAMES });
  const height = plan.height + NAMES;
  const under = { value: down(value), gradient: down(gradient) };
  return { ...plan, ...under, height, label: { ...label, y: label.y + NAMES } };
}

/**
 * @param {Pick<Node, "shape">} node
 * @param {readonly string[]} names
 * @param {number} cell
 * @returns {CardPlan}
 */
function planOf(node, names, cell) {
  const [rows, columns] = gridOf(node.shape);
  if (rows > MOST_ROWS || columns > MOST_COLUMNS) return { ...heatCard(rows, columns), names: [] };
  const plan = numbersCard(rows, columns, cell);
  return names.length === columns ? under(plan, names) : { ...plan, names: [] };
}

/**
 * The same with room for names over the columns.
 * @param {Omit<CardPlan, "names">} plan
 * @param {readonly string[]} names
 * @returns {CardPlan}
 */
function under({ width, height, value, gradient, label }, names) {
  const isBeside = gradient.y === value.y;
  return {
    width,
    height: height + NAMES,
    value: { ...value, y: value.y + NAMES },
    gradient: { ...gradient, y: gradient.y + NAMES },
    label: isBeside ? label : { ...label, y: label.y + NAMES },
    names: [...names],
  };
}

/**
 * The gradient's numbers under the value's, or beside them where they are a tall column.
 * @param {number} rows
 * @param {number} columns
 * @param {number} cell
 * @returns {Omit<CardPlan, "names">}
 */
function numbersCard(rows, columns, cell) {
  const size = {
    kind: /** @type {const} */ ("numbers"),
    rows,
    columns,
    width: columns * cell,
    height: rows * CELL.height,
  };
  if (columns === 1 && rows >= TALL_ROWS) return besideCard(size);
  const width = Math.max(LEAST_WIDTH, size.width + 2 * PAD);
  const value = { ...size, x: (width - size.width) / 2, y: HEAD };
  const gradient = { ...value, y: HEAD + size.height + LABEL };
  const label = { x: 11, y: HEAD + size.height + 13 };
  return { width, height: gradient.y + size.height + PAD, value, gradient, label };
}

/**
 * Value and gradient side by side.
 * @param {Omit<Block, "x" | "y">} size
 * @returns {Omit<CardPlan, "names">}
 */
function besideCard(size) {
  const y = HEAD + LABEL - 2;
  const value = { ...size, x: PAD + 2, y };
  const gradient = { ...size, x: PAD + 2 + size.width + BESIDE_GAP, y };
  const label = { x: gradient.x - 2, y: HEAD + 12 };
  const width = Math.max(LEAST_WIDTH, gradient.x + size.width + PAD + 2);
  return { width, height: y + size.height + PAD + 2, value, gradient, label };
}

/**
 * @param {number} rows
 * @param {number} columns
 * @returns {Omit<CardPlan, "names">}
 */
function heatCard(rows, columns) {
  const side = Math.min(HEAT_WIDTH / columns, HEAT_HEIGHT / rows, 16);
  return besideCard({
    kind: "heat",
    rows,
    columns,
    width: Math.max(side * columns, LEAST_HEAT_WIDTH),
    height: Math.max(side * rows, 12),
  });
}

/**
 * What the cards of a graph are made from: the same for all of them.
 * @typedef {object} Scene
 * @property {Iteration} iteration
 * @property {import("../time/timeline.js").Moment} moment
 * @property {string | null} selection
 * @property {string} cursor the card, or the edge, that takes the focus when the graph does
 * @property {ReadonlySet<string>} active the nodes that the beat is about
 * @property {import("./graph-view.js").Drawing} drawing
 * @property {ReadonlyMap<string, Nearness> | null} near by node: what of its heat maps is near enough to be read
 * @property {typeof import("./heat-view.js") | null} heat once it is loaded
 * @property {typeof import("../trace/why-zero.js") | undefined} zeros once it is loaded
 * @property {ReadonlyMap<string, string> | undefined} highlights by entry
 * @property {ReadonlyMap<string, string> | null} changed what the changed entries were
 * @property {Edit | null} edit
 */
/** @typedef {{ value: Near | null, gradient: Near | null }} Nearness */
/** @typedef {{ name: string, view: () => unknown }} Edit the entry whose cell is a field now */
/** @typedef {NonNullable<ReturnType<typeof cardOf>>} Card */

/**
 * What is shown of a node at a moment; null where it is folded away. Two records whose fields are the same, one by one, are
 * drawn the same: so a card is drawn anew only when one of them is another.
 * @param {Node} node
 * @param {Scene} scene
 */
export function cardOf(node, scene) {
  const { iteration, moment, selection, cursor, active, drawing, near, edit } = scene;
  const { id, role } = node;
  const box = drawing.layout.boxes.get(id);
  const plan = drawing.cards.get(id);
  if (!box || !plan) return null;
  const { beat } = moment;
  const shows = beat ? (drawing.holder.get(beat.shows) ?? beat.shows) : "";
  const isSelected = selection !== null && entryOf(selection)?.id === id;
  const marks = [
    role,
    shows === id ? `lit ${beat?.phase}` : "",
    isSelected ? "selected" : "",
    moment.updated.has(id) ? "moved" : "",
    id === iteration.output ? "output" : "",
  ];
  return {
    iteration,
    node,
    plan,
    box,
    classes: `card ${marks.join(" ")}`,
    /** Where it is of this node. */
    selection: isSelected ? selection : null,
    takesFocus: cursor === id,
    isActive: active.has(id),
    value: valueNow(iteration, moment, id),
    known: moment.values[id],
    gradientKnown: moment.gradients[id],
    highlights: linesOf(scene.highlights, id),
    changed: linesOf(scene.changed, id),
    /** Asked for anew each time: what is typed is not in the record. */
    edit: edit && entryOf(edit.name)?.id === id ? edit : null,
    near: near?.get(id)?.value ?? null,
    gradientNear: near?.get(id)?.gradient ?? null,
    heat: scene.heat,
    zeros: scene.zeros,
  };
}

/** @type {WeakMap<ReadonlyMap<string, string>, Map<string, string>>} */
const written = new WeakMap();

/**
 * What is said of one node's entries and of its gradient's, as one text that can be compared.
 * @param {ReadonlyMap<string, string> | null | undefined} said by entry
 * @param {string} id
 */
function linesOf(said, id) {
  if (!said) return "";
  let lines = written.get(said);
  if (!lines) {
    lines = new Map();
    for (const [name, what] of said) {
      const of = name.slice(name.startsWith("∂") ? 1 : 0, name.indexOf("["));
      lines.set(of, `${lines.get(of) ?? ""}${name}\t${what}\n`);
    }
    written.set(said, lines);
  }
  return lines.get(id) ?? "";
}

/**
 * Such a text read: by entry, what is said of it.
 * @param {string} lines
 * @returns {Map<string, string>}
 */
function readLines(lines) {
  const pairs = lines.split("\n").map((line) => line.split("\t"));
  return new Map(pairs.map(([name, what = ""]) => [name, what]));
}

/**
 * A card for the ear.
 * @param {Card} card
 */
export function labelOf({ iteration, node, value, known, gradientKnown }) {
  const shape = shapeText(node.shape).replace("×", "by");
  return `${called(iteration, node.id)}, ${shape}. Value: ${spoken(value, known)}. Gradient of ${iteration.output}: ${spoken(node.gradient, gradientKnown)}.`;
}

/**
 * @param {Matrix} matrix
 * @param {Known} known
 */
function spoken(matrix, known) {
  if (known === "blank") return "not computed yet";
  return `${known === "stale" ? "stale, " : ""}${spokenMatrix(matrix)}`;
}

/** @typedef {ReturnType<typeof shownOf>["value"]} Shown */

/**
 * A card's two matrices. `of` is how one is read, `sign` how its entries are pointed at: "m0", or "∂m0" for its gradient.
 * @param {Card} card
 */
export function shownOf({ iteration, node, plan, zeros, edit, ...card }) {
  const { id, shape } = node;
  const highlights = readLines(card.highlights);
  return {
    value: {
      block: plan.value,
      matrix: card.value,
      known: card.known,
      near: card.near,
      of: { id, shape },
      sign: id,
      highlights,
      changed: readLines(card.changed),
      edit,
      whyZero: (/** @type {number} */ row, /** @type {number} */ column) =>
        zeros?.whyZeroValue(iteration, id, row, column) ?? null,
    },
    gradient: {
      block: plan.gradient,
      matrix: node.gradient,
      known: card.gradientKnown,
      near: card.gradientNear,
      of: { id: `∂${iteration.output}/∂${id}`, shape },
      sign: `∂${id}`,
      highlights,
      changed: new Map(),
      edit: null,
      whyZero: (/** @type {number} */ row, /** @type {number} */ column) =>
        zeros?.whyZeroGradient(iteration, id, row, column) ?? null,
    },
  };
}

/**
 * The entries of a block that can be read: all of a small one, what is near of a heat map.
 * @param {Shown} shown
 */
export function cellsOf(shown) {
  const { block, matrix, near } = shown;
  const whole = { top: 0, left: 0, bottom: block.rows, right: block.columns };
  const { top, left, bottom, right } = near ?? whole;
  const most = largest(matrix);
  const cells = [];
  for (let row = top; row < bottom; row += 1)
    for (let column = left; column < right; column += 1)
      cells.push(cellOf(shown, row, column, most));
  return cells;
}

/** @typedef {ReturnType<typeof cellOf>} Cell */

/**
 * An entry as a cell: where it stands in its block, and all that is written and drawn in it. Its tip: the full digits, why it
 * is 0, what it was.
 * @param {Shown} shown
 * @param {number} row
 * @param {number} column
 * @param {number} most the largest of its matrix
 */
function cellOf({ near, sign, highlights, known, ...shown }, row, column, most) {
  const { block } = shown;
  const { width, height } = near ?? { width: block.width / block.columns, height: CELL.height };
  const entry = entryKey(sign, row, column);
  const highlight = highlights.get(entry) ?? "";
  const place = { entry, x: column * width, y: row * height, width, height };
  if (known === "blank")
    return { ...place, ...BLANK, classes: `blank-cell ${highlight}`.trimEnd() };
  const value = shown.matrix[row][column];
  const isBrief = near?.level === "brief";
  const reason = value === 0 ? shown.whyZero(row, column) : null;
  const was = shown.changed.get(entry);
  const bar = share(value, most) * ((near ? CELL.width : width) / 2 - 4);
  const tip = [
    `${entryName(shown.of, row, column)} = ${full(value)}`,
    reason ? `because ${reason}` : "",
    was === undefined ? "" : `changed from ${was}`,
  ];
  return {
    ...place,
    classes: `cell tint${tint(value, most)} ${highlight}`,
    text: isBrief ? brief(value) : width < CELL.width ? tight(value) : narrow(value),
    tip: tip.filter((it) => it !== "").join(" "),
    bar: isBrief ? null : { x: value < 0 ? width / 2 - bar : width / 2, width: bar },
    isZero: reason !== null,
    isChanged: was !== undefined,
    editor: shown.edit?.name === entry ? shown.edit.view : null,
  };
}

const BLANK = { text: "", tip: "", bar: null, isZero: false, isChanged: false, editor: null };
