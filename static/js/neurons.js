/**
 * The lecture's first picture: the same network as neurons in layers and links between them. Pure geometry over a trace.
 *
 * A layer of the picture is the input and every activation; between two of them stands the parameter whose entries are
 * the links' weights. Any trace in which a `linear` op takes (input, weights) has this picture.
 */

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {{ id: string, unit: number, x: number, y: number, r: number }} Neuron */
/** @typedef {{ weights: string, row: number, column: number, x0: number, y0: number, x1: number, y1: number }} Synapse */
/** @typedef {{ title: string, pre: string | null, activation: string, x: number }} Column */
/** @typedef {{ width: number, height: number, columns: Column[], neurons: Neuron[], synapses: Synapse[] }} Picture */

const HEIGHT = 360;
const TOP = 56;
const FOOT = 26;
/** Between columns and beside them, in units of the drawing. */
const WIDE = { column: 250, side: 150 };
const COMPACT = { column: 136, side: 116 };
const PICTURE = 210;
const LARGEST_RADIUS = 31;

/**
 * @param {Iteration} iteration
 * @param {boolean} compact for a narrow screen
 * @returns {Picture}
 */
export function neuronPicture(iteration, compact) {
  const spacing = compact ? COMPACT : WIDE;
  const links = iteration.nodes.filter((it) => it.op === "linear");
  const ids =
    links.length > 0
      ? [links[0].inputs[0], ...links.map((it) => activationOf(iteration, it.id))]
      : [];
  const columns = ids.map((activation, index) => ({
    title: index === 0 ? "input layer" : index === ids.length - 1 ? "output layer" : "hidden layer",
    pre: index === 0 ? null : links[index - 1].id,
    activation,
    x: spacing.side + index * spacing.column,
  }));
  const neurons = columns.flatMap((column) => neuronsOf(iteration, column));
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
  const width = 2 * spacing.side + spacing.column * Math.max(0, columns.length - 1);
  return { width, height: HEIGHT + TOP + FOOT, columns, neurons, synapses };
}

/** Of so many links all are drawn. */
const ALL_LINKS = 200;
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
 * @returns {Neuron[]}
 */
function neuronsOf(iteration, column) {
  const node = iteration.node.get(column.activation);
  const count = node?.shape[1] ?? 0;
  const picture = node?.role === "input" ? iteration.experiment.data.image_shape : null;
  if (picture) return pixels(column, picture[0], picture[1]);
  const pitch = Math.min(HEIGHT / count, 104);
  const r = Math.min(LARGEST_RADIUS, pitch * 0.42);
  const first = TOP + HEIGHT / 2 - (pitch * (count - 1)) / 2;
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
 * @returns {Neuron[]}
 */
function pixels(column, rows, columns) {
  const pitch = Math.min(PICTURE / columns, PICTURE / rows);
  const left = column.x - (pitch * (columns - 1)) / 2;
  const top = TOP + HEIGHT / 2 - (pitch * (rows - 1)) / 2;
  return Array.from({ length: rows * columns }, (_, unit) => ({
    id: column.activation,
    unit,
    x: left + (unit % columns) * pitch,
    y: top + Math.floor(unit / columns) * pitch,
    r: pitch * 0.42,
  }));
}
