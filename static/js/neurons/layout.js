/**
 * The lecture's first picture: the same network as neurons in layers and links between them. Pure geometry over a trace.
 *
 * A layer of the picture is the input and every activation; between two of them stands the parameter whose entries are
 * the links' weights. Any trace in which a `linear` op takes (input, weights) has this picture.
 */

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {{ id: string, unit: number, x: number, y: number, r: number }} Neuron */
/** @typedef {{ weights: string, row: number, column: number, x0: number, y0: number, x1: number, y1: number }} Synapse */
/** @typedef {{ title: string, pre: string | null, activation: string, x: number }} Column */
/** @typedef {{ width: number, height: number, columns: Column[], neurons: Neuron[], synapses: Synapse[] }} Picture */

const TOP = 56;
const FOOT = 26;
/** Between columns and beside them, in pixels. */
const WIDE = { column: 250, least: 120, most: 340, side: 150, end: 176 };
const COMPACT = { column: 136, least: 84, most: 220, side: 116, end: 64 };
/** Under a neuron of the last column, in a compact picture: its class and its target. */
const UNDER = 38;
/** Between two columns that are nearer, their titles are short. */
const TITLED = 120;
const PICTURE = 210;
/** Of the neurons: how high they are stacked, in which they have this radius at most, and this pitch. */
const STACK = { least: 150, usual: 360, radius: 31, pitch: 104 };
/** In a larger room they grow by so much at most. */
const MOST_GROWN = 1.7;
/** From a neuron to its name, and what names get of the picture's width at most. */
const GAP = 14;
const NAMES = { wide: 200, compact: 88, under: 120 };
const NAME_SIZE = { class: 15, feature: 13 };
/** Of more neurons in a column none is large enough to have a name. */
const MOST_NAMED = 18;
/** Widths of letters, in terms of their size: of capitals, of the widest, of a script of squares, of others. */
const LETTERS = { capital: 0.72, widest: 0.95, square: 1.05, other: 0.6 };

/** @param {string} text */
function widthOf(text) {
  let width = 0;
  for (const letter of text)
    if (letter > "\u2e7f") width += LETTERS.square;
    else if (/[MWmw@%…]/.test(letter)) width += LETTERS.widest;
    else width += /[A-Z]/.test(letter) ? LETTERS.capital : LETTERS.other;
  return width;
}

/**
 * As much of a name as there is room for, with "…" where that is not all.
 * @param {string} name
 * @param {"class" | "feature"} kind
 * @param {boolean} compact
 */
export function shortened(name, kind, compact) {
  // In a compact picture a class's name stands under its neuron, with as much room on either side.
  const narrow = kind === "class" ? NAMES.under : NAMES.compact;
  const room = (compact ? narrow : NAMES.wide) / NAME_SIZE[kind];
  if (widthOf(name) <= room) return name;
  const letters = [...name];
  while (widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/**
 * What the names beside the first or the last column need.
 * @param {string[] | null | undefined} names
 * @param {"class" | "feature"} kind
 * @param {boolean} compact
 */
function sideOf(names, kind, compact) {
  const room = compact ? COMPACT : WIDE;
  const side = kind === "class" ? room.end : room.side;
  if (!names || names.length > MOST_NAMED || (kind === "class" && compact)) return side;
  const widths = names.map((it) => widthOf(shortened(it, kind, compact)) * NAME_SIZE[kind]);
  return Math.max(side, STACK.radius + GAP + Math.max(...widths));
}

/**
 * The picture, in pixels where it has room: it fills its height, and its width as far as that is of use. Where there is too
 * little room, it is larger, and drawn smaller.
 * @param {Iteration} iteration
 * @param {boolean} compact for a narrow screen
 * @param {{ width: number, height: number }} [room] on the page
 * @returns {Picture}
 */
export function neuronPicture(iteration, compact, room) {
  const spacing = compact ? COMPACT : WIDE;
  const stack = Math.max(STACK.least, room ? room.height - TOP - FOOT : STACK.usual);
  const { features, classes } = iteration.experiment.data;
  const left = sideOf(features, "feature", compact);
  const links = iteration.nodes.filter((it) => it.op === "linear");
  const ids =
    links.length > 0
      ? [links[0].inputs[0], ...links.map((it) => activationOf(iteration, it.id))]
      : [];
  const right = sideOf(classes, "class", compact);
  const gaps = Math.max(0, ids.length - 1);
  const free = room ? (room.width - left - right) / Math.max(1, gaps) : spacing.column;
  const step = Math.min(spacing.most, Math.max(spacing.least, free));
  const needed = left + step * gaps + right;
  const width = Math.max(needed, room?.width ?? 0);
  const start = left + (width - needed) / 2;
  const columns = ids.map((activation, index) => ({
    title: `${index === 0 ? "input" : index === gaps ? "output" : "hidden"}${step < TITLED ? "" : " layer"}`,
    pre: index === 0 ? null : links[index - 1].id,
    activation,
    x: start + index * step,
  }));
  const neurons = columns.flatMap((column, at) => {
    const under = compact && at === gaps ? UNDER : 0;
    return neuronsOf(iteration, column, stack, step, under);
  });
  const place = new Map(neurons.map((it) => [`${it.id}:${it.unit}`, it]));
  const synapses = links.flatMap((link, index) => {
    const [rows, outs] = iteration.node.get(link.inputs[1])?.shape ?? [0, 0];
    return Array.from({ length: rows * outs }, (_, at) => {
      const [row, column] = [Math.floor(at / outs), at % outs];
      const from = /** @type {Neuron} */ (place.get(`${ids[index]}:${row}`));
      const to = /** @type {Neuron} */ (place.get(`${ids[index + 1]}:${column}`));
      return {
        weights: link.inputs[1],
        row,
        column,
        x0: from.x + from.r,
        y0: from.y,
        x1: to.x - to.r,
        y1: to.y,
      };
    });
  });
  return { width, height: stack + TOP + FOOT, columns, neurons, synapses };
}

/** Of so many links all are drawn. */
export const ALL_LINKS = 200;
const STRONGEST = 3;

/**
 * The links that are drawn: all where they are few, else the strongest into each neuron, and all of some neurons.
 * @param {Picture} picture
 * @param {(synapse: Synapse) => number} sizeOf
 * @param {(synapse: Synapse) => boolean} isWanted in any case
 * @returns {{ drawn: Synapse[], strongest: number, of: number }} `of` how many links into a neuron; 0 where all are drawn
 */
export function drawnSynapses({ synapses }, sizeOf, isWanted) {
  if (synapses.length <= ALL_LINKS) return { drawn: synapses, strongest: 0, of: 0 };
  /** @type {Map<string, Synapse[]>} */
  const into = new Map();
  for (const synapse of synapses) {
    const neuron = `${synapse.weights} ${synapse.column}`;
    const known = into.get(neuron);
    if (known) known.push(synapse);
    else into.set(neuron, [synapse]);
  }
  const strong = new Set(
    [...into.values()].flatMap((links) =>
      links.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, STRONGEST),
    ),
  );
  const drawn = synapses.filter((it) => strong.has(it) || isWanted(it));
  const of = Math.max(...[...into.values()].map((it) => it.length));
  return { drawn, strongest: STRONGEST, of };
}

/**
 * The activation that follows a pre-activation.
 * @param {Iteration} iteration
 * @param {string} pre
 */
function activationOf(iteration, pre) {
  return iteration.nodes.find((it) => it.inputs.length === 1 && it.inputs[0] === pre)?.id ?? pre;
}

/**
 * @param {Iteration} iteration
 * @param {Column} column
 * @param {number} stack how high it may be
 * @param {number} step to the next column
 * @param {number} under what each needs under it
 * @returns {Neuron[]}
 */
function neuronsOf(iteration, column, stack, step, under) {
  const node = iteration.node.get(column.activation);
  const count = node?.shape[1] ?? 0;
  const picture = node?.role === "input" ? iteration.experiment.data.image_shape : null;
  if (picture) return pixels(column, picture[0], picture[1], stack);
  const grown = Math.min(MOST_GROWN, Math.max(1, stack / STACK.usual));
  const pitch = Math.min(stack / count, STACK.pitch * grown);
  const r = Math.min(
    STACK.radius * grown,
    step * 0.34,
    Math.max(pitch * 0.2, pitch * 0.44 - under / 2),
  );
  const first = TOP + (stack - (r * 2 > under ? under : 0)) / 2 - (pitch * (count - 1)) / 2;
  return Array.from({ length: count }, (_, unit) => ({
    id: column.activation,
    unit,
    x: column.x,
    y: first + unit * pitch,
    r,
  }));
}

/**
 * Inputs that are a picture's pixels stand as that picture.
 * @param {Column} column
 * @param {number} rows
 * @param {number} columns
 * @param {number} stack
 * @returns {Neuron[]}
 */
function pixels(column, rows, columns, stack) {
  const side = Math.min(PICTURE, stack);
  const pitch = Math.min(side / columns, side / rows);
  const left = column.x - (pitch * (columns - 1)) / 2;
  const top = TOP + stack / 2 - (pitch * (rows - 1)) / 2;
  return Array.from({ length: rows * columns }, (_, unit) => ({
    id: column.activation,
    unit,
    x: left + (unit % columns) * pitch,
    y: top + Math.floor(unit / columns) * pitch,
    r: pitch * 0.42,
  }));
}
