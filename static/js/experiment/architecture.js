/**
 * Another network in the place of this one: layers added, removed, widened, activations, cost, optimizer. What can stay
 * stays; numbers that are new come from a network that was drawn for the new sizes.
 */

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../server/wire.js").components["schemas"]["Layer"]} Layer */
/** @typedef {import("../server/wire.js").components["schemas"]["Initialization"]} Choices */
/** @typedef {{ sizes: number[], origins: (number | null)[] }} Plan sizes with the inputs first; of each layer, which it was */

/**
 * The sizes of a network, the inputs first.
 * @param {Experiment} experiment
 */
export function sizesOf({ network: { layers } }) {
  return [layers[0].weights.length, ...layers.map((it) => it.weights[0].length)];
}

/**
 * The network as it is: nothing added, nothing removed.
 * @param {Experiment} experiment
 * @returns {Plan}
 */
export function planAsItIs(experiment) {
  return { sizes: sizesOf(experiment), origins: experiment.network.layers.map((_, at) => at) };
}

/** How weights are drawn unless the reader chooses otherwise. */
export const DRAWING = { initializer: "xavier", seed: 0 };

/**
 * The layer of that number with so many neurons.
 * @param {Experiment} experiment
 * @param {number} layer
 * @param {number} neurons
 * @returns {Plan}
 */
export function widened(experiment, layer, neurons) {
  const { sizes, origins } = planAsItIs(experiment);
  return { sizes: sizes.with(layer + 1, neurons), origins };
}

/**
 * A layer more, before that of the given number: as wide as the one before it or, first of all, as the one after it.
 * @param {Experiment} experiment
 * @param {number} layer
 * @returns {Plan}
 */
export function withLayer(experiment, layer) {
  const { sizes, origins } = planAsItIs(experiment);
  const neurons = layer > 0 ? sizes[layer] : Math.max(2, sizes[1]);
  return {
    sizes: sizes.toSpliced(layer + 1, 0, neurons),
    origins: origins.toSpliced(layer, 0, null),
  };
}

/**
 * @param {Experiment} experiment
 * @param {number} layer not the last: as many outputs are wanted as the targets have
 * @returns {Plan}
 */
export function withoutLayer(experiment, layer) {
  const { sizes, origins } = planAsItIs(experiment);
  return {
    sizes: sizes.toSpliced(layer + 1, 1),
    origins: origins.toSpliced(layer, 1),
  };
}

const FIRST_ACTIVATION = "tanh";

/**
 * What to ask of /initialize for a plan: all layers drawn, of which those numbers are taken that are new.
 * @param {Experiment} experiment
 * @param {Plan} plan
 * @param {{ initializer: string, seed: number }} drawing
 * @returns {Choices}
 */
export function choicesOf({ network }, { sizes, origins }, { initializer, seed }) {
  const hidden = network.layers.slice(0, -1);
  const usual = hidden[hidden.length - 1]?.activation ?? FIRST_ACTIVATION;
  return {
    sizes,
    activations: origins.map((at) => (at === null ? usual : network.layers[at].activation)),
    bias: origins.map((at) =>
      Boolean(at === null ? network.layers[0].bias : network.layers[at].bias),
    ),
    cost: network.cost ?? "squared_error",
    reduction: network.reduction ?? "mean",
    initializer,
    seed,
    data_seed: 0,
  };
}

/**
 * The network of a plan: the old numbers where there are such, the drawn ones elsewhere. Its run begins anew.
 * @param {Experiment} experiment
 * @param {Plan} plan
 * @param {Experiment} drawn what /initialize gave
 * @returns {Experiment}
 */
export function rebuilt(experiment, { origins }, drawn) {
  const layers = drawn.network.layers.map((fresh, at) => {
    const origin = origins[at];
    const old = origin === null ? null : experiment.network.layers[origin];
    return old ? { ...old, ...overlaid(old, fresh) } : fresh;
  });
  return begun({ ...experiment, network: { ...experiment.network, layers } });
}

/**
 * @param {Layer} old
 * @param {Layer} fresh of the size that is wanted
 */
function overlaid(old, fresh) {
  const weights = fresh.weights.map((row, r) =>
    row.map((value, c) => old.weights[r]?.[c] ?? value),
  );
  const bias = old.bias && (fresh.bias?.map((value, c) => old.bias?.[c] ?? value) ?? null);
  return { weights, bias };
}

/**
 * All numbers drawn anew; all else stays.
 * @param {Experiment} experiment
 * @param {Experiment} drawn
 */
export function redrawn(experiment, drawn) {
  const layers = experiment.network.layers.map((layer, at) => {
    const { weights, bias } = drawn.network.layers[at];
    return { ...layer, weights, bias };
  });
  return begun({ ...experiment, network: { ...experiment.network, layers } });
}

/**
 * At iteration 0, with an optimizer that remembers nothing.
 * @param {Experiment} experiment
 * @returns {Experiment}
 */
export function begun(experiment) {
  const { batch_size: size, data } = experiment;
  const batch = size ? Math.min(size, data.x.length) : null;
  return { ...experiment, batch_size: batch, iteration: 0, optimizer_state: null };
}

/**
 * Another activation in a layer, its own fields at their defaults.
 * @param {Experiment} experiment
 * @param {number} layer
 * @param {string} activation
 * @param {Record<string, number>} fields
 * @returns {Experiment}
 */
export function withActivation(experiment, layer, activation, fields) {
  const { weights, bias, dropout } = experiment.network.layers[layer];
  return withLayerOf(experiment, layer, { weights, bias, activation, dropout, ...fields });
}

/**
 * @param {Experiment} experiment
 * @param {number} layer
 * @param {boolean} wanted
 * @returns {Experiment}
 */
export function withBias(experiment, layer, wanted) {
  const old = experiment.network.layers[layer];
  const bias = wanted ? new Array(old.weights[0].length).fill(0) : null;
  return begunState(withLayerOf(experiment, layer, { ...old, bias }));
}

/**
 * Another share of a layer's outputs that an iteration leaves out; what is left out is drawn where there is any.
 * @param {Experiment} experiment
 * @param {number} at
 * @param {number} share
 * @returns {Experiment}
 */
export function withDropout(experiment, at, share) {
  const layer = { ...experiment.network.layers[at], dropout: share || null };
  const changed = withLayerOf(experiment, at, layer);
  const seed = drops(changed) ? (experiment.dropout_seed ?? 0) : null;
  return { ...changed, dropout_seed: seed };
}

/** @param {Experiment} experiment */
export function drops({ network }) {
  return network.layers.some((it) => it.dropout);
}

/**
 * @param {Experiment} experiment
 * @param {number} at
 * @param {Layer} layer
 * @returns {Experiment}
 */
export function withLayerOf(experiment, at, layer) {
  const { network } = experiment;
  return { ...experiment, network: { ...network, layers: network.layers.with(at, layer) } };
}

/**
 * @param {Experiment} experiment
 * @param {Partial<Pick<Experiment["network"], "cost" | "reduction" | "penalty">>} change
 * @returns {Experiment}
 */
export function withNetwork(experiment, change) {
  return { ...experiment, network: { ...experiment.network, ...change } };
}

/**
 * Another optimizer, which remembers nothing yet; the learning rate is its own default.
 * @param {Experiment} experiment
 * @param {string} name
 * @param {Record<string, number | boolean>} defaults
 * @returns {Experiment}
 */
export function withOptimizer(experiment, name, defaults) {
  return begunState({ ...experiment, optimizer: { name, ...defaults } });
}

/**
 * A field of the optimizer, which remembers what it remembered.
 * @param {Experiment} experiment
 * @param {string} field
 * @param {number | boolean} value
 * @returns {Experiment}
 */
export function withField(experiment, field, value) {
  const optimizer = { name: "sgd", ...experiment.optimizer, [field]: value };
  return { ...experiment, optimizer };
}

/**
 * @param {Experiment} experiment
 * @param {number | null} size
 * @returns {Experiment}
 */
export function withBatch(experiment, size) {
  const rows = experiment.data.x.length;
  return { ...experiment, batch_size: size === null ? null : Math.min(Math.max(1, size), rows) };
}

/**
 * How the learning rate falls.
 * @param {Experiment} experiment
 * @param {Experiment["schedule"]} schedule null: it stays
 * @returns {Experiment}
 */
export function withSchedule(experiment, schedule) {
  return { ...experiment, schedule };
}

/**
 * @param {Experiment} experiment
 * @param {number | null} seed null: batches take the rows in order
 * @returns {Experiment}
 */
export function withShuffle(experiment, seed) {
  return { ...experiment, shuffle_seed: seed };
}

/**
 * @param {Experiment} experiment
 * @returns {Experiment}
 */
function begunState(experiment) {
  return { ...experiment, optimizer_state: null };
}

/**
 * How many numbers there are to learn.
 * @param {Experiment} experiment
 */
export function parametersOf({ network: { layers } }) {
  return layers.reduce(
    (sum, { weights, bias }) => sum + weights.length * weights[0].length + (bias?.length ?? 0),
    0,
  );
}

/**
 * The last activation to propose, where cost and activation do not go together; null where they do.
 * @param {import("../trace/trace.js").Iteration} iteration
 * @param {Pick<import("../server/api.js").Catalog, "costs">} catalog
 * @returns {{ layer: number, activation: string } | null}
 */
export function remedyOf({ experiment: { network }, warnings }, { costs }) {
  const layer = network.layers.length - 1;
  const { activation, weights } = network.layers[layer];
  const about = ["/network/cost", `/network/layers/${layer}/activation`];
  if (!warnings.some(({ pointer }) => about.includes(pointer))) return null;
  const made = costs.find((it) => it.name === network.cost)?.activation ?? "sigmoid";
  const fit = made === "softmax" && weights[0].length === 1 ? "sigmoid" : made;
  return fit === activation ? null : { layer, activation: fit };
}

/**
 * The cost that is made for the last activation, to propose where another is taken: only for one that makes shares of a
 * row, whose targets are such shares too. null: nothing is to be proposed.
 * @param {Experiment} experiment
 * @param {Pick<import("../server/api.js").Catalog, "costs" | "activations">} catalog
 * @returns {string | null}
 */
export function costFor({ network, data }, { costs, activations }) {
  const { activation } = network.layers[network.layers.length - 1];
  const ofRows = activations.find((it) => it.name === activation)?.per_row;
  const made = costs.find((it) => it.activation === activation);
  const now = costs.find((it) => it.name === network.cost);
  if (!ofRows || !made || now?.activation === activation) return null;
  const isShares = data.y.every((row) => Math.abs(row.reduce((sum, it) => sum + it, 0) - 1) < 1e-6);
  return made.one_in_all && !isShares ? null : made.name;
}
