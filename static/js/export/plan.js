/**
 * An experiment laid out for a script: what the document leaves out is filled in, and every tensor has its name.
 */

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {number[] | Matrix} Tensor */
/** @typedef {{ t?: number, v?: Tensor, s?: Tensor }} Memory what an optimizer remembers of one parameter */
/** @typedef {{ id: string, value: Tensor, memory: Memory }} Parameter */
/**
 * @typedef {object} Layer
 * @property {string} from       the id of what goes in
 * @property {string} W
 * @property {string | null} b
 * @property {string} m
 * @property {string} a
 * @property {string} activation
 * @property {number} slope      of leaky_relu
 */
/**
 * @typedef {object} Plan
 * @property {string} title      one line; empty for none
 * @property {Matrix} x          all rows
 * @property {Matrix} y
 * @property {number | null} batchSize
 * @property {number} iteration
 * @property {number} examples   rows of this iteration
 * @property {Layer[]} layers
 * @property {Parameter[]} parameters in the order of the forward pass
 * @property {string} prediction the id of what the cost compares with y
 * @property {number} outputs    columns of y
 * @property {string} cost
 * @property {boolean} mean      over the examples, rather than their sum
 * @property {string} optimizer
 * @property {Record<string, number>} fields numbers of the optimizer
 * @property {boolean} nesterov
 * @property {string[]} nodes    ids in the order of the trace
 */

export const LEAKY_SLOPE = 0.01;
/** @type {Record<string, Record<string, number>>} */
export const OPTIMIZER_FIELDS = {
  sgd: { learning_rate: 0.001 },
  momentum: { learning_rate: 0.001, momentum: 0.9 },
  rmsprop: { learning_rate: 0.01, alpha: 0.99, eps: 1e-8 },
  adam: { learning_rate: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
};

/**
 * @param {Experiment} experiment
 * @returns {Plan}
 */
export function planOf(experiment) {
  const { network, data, batch_size, iteration, title } = experiment;
  const state = /** @type {Record<string, Memory>} */ (experiment.optimizer_state ?? {});
  /** @type {Record<string, unknown>} */
  const optimizer = { ...experiment.optimizer };
  const name = String(optimizer.name ?? "sgd");
  const layers = network.layers.map((layer, at) => ({
    from: at === 0 ? "x" : `a${at - 1}`,
    W: `W${at}`,
    b: layer.bias ? `b${at}` : null,
    m: `m${at}`,
    a: `a${at}`,
    activation: layer.activation,
    slope: layer.slope ?? LEAKY_SLOPE,
  }));
  const parameters = network.layers.flatMap(({ weights, bias }, at) => [
    { id: `W${at}`, value: weights, memory: state[`W${at}`] ?? {} },
    ...(bias ? [{ id: `b${at}`, value: bias, memory: state[`b${at}`] ?? {} }] : []),
  ]);
  return {
    title: oneLine(title ?? ""),
    x: data.x,
    y: data.y,
    batchSize: batch_size ?? null,
    iteration: iteration ?? 0,
    examples: batch_size ?? data.x.length,
    layers,
    parameters,
    prediction: layers[layers.length - 1].a,
    outputs: data.y[0].length,
    cost: network.cost ?? "squared_error",
    mean: (network.reduction ?? "mean") === "mean",
    optimizer: name,
    fields: Object.fromEntries(
      Object.entries(known(name)).map(([field, start]) => [
        field,
        typeof optimizer[field] === "number" ? optimizer[field] : start,
      ]),
    ),
    nesterov: optimizer.nesterov === true,
    nodes: ["x", ...layers.flatMap(({ W, b, m, a }) => (b ? [W, b, m, a] : [W, m, a])), "y", "C"],
  };
}

/** @param {string} optimizer */
function known(optimizer) {
  return find(OPTIMIZER_FIELDS, optimizer, "optimizer");
}

/**
 * A row of a table of names.
 * @template T
 * @param {Record<string, T>} table
 * @param {string} name
 * @param {string} noun
 * @returns {T}
 */
export function find(table, name, noun) {
  if (!Object.hasOwn(table, name))
    throw new RangeError(
      `${noun} "${name}" cannot be exported; allowed are ${Object.keys(table).join(", ")}`,
    );
  return table[name];
}

/**
 * Text for one line of a comment: without line ends, and without characters that are not seen.
 * @param {string} text
 */
export function oneLine(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
