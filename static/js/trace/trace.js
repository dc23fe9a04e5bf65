/**
 * One iteration as the page holds it: the server's answer, made whole again and looked up by name.
 *
 * Every tensor becomes a matrix (rows of numbers); "NaN" and "Infinity" become numbers again; what a lean answer left
 * out is put back.
 */

/** @typedef {import("./types.js").AnyExperiment} AnyExperiment */
/** @typedef {import("./types.js").Edge} Edge */
/** @typedef {import("./types.js").Experiment} Experiment */
/** @typedef {import("./types.js").Iteration} Iteration */
/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Matrix} Matrix */
/** @typedef {import("./types.js").Node} Node */
/** @typedef {import("./types.js").PartialAnswer} PartialAnswer */
/** @typedef {import("./types.js").Role} Role */
/** @typedef {import("./types.js").Said} Said */
/** @typedef {import("./types.js").StepAnswer} StepAnswer */
/** @typedef {import("./types.js").TraceAnswer} TraceAnswer */
/** @typedef {import("./types.js").Update} Update */

/**
 * @param {Experiment} experiment what was posted
 * @param {StepAnswer} answer
 * @returns {Iteration}
 */
export function decode(experiment, answer) {
  const { trace } = answer;
  const nodes = trace.nodes.map((it) => ({
    ...it,
    words: it.words ?? "",
    note: it.note ?? "",
    value: matrix(it.value),
    gradient: matrix(it.gradient),
  }));
  const node = new Map(nodes.map((it) => [it.id, it]));
  const edges = trace.partials.map((it) => decodeEdge(it, node));
  const output = nodes[nodes.length - 1];
  return {
    number: experiment.iteration ?? 0,
    cost: number(trace.cost),
    status: trace.status,
    divergence: trace.divergence,
    warnings: trace.warnings,
    said: saidOf(trace),
    batchRows: trace.batch_rows ?? null,
    nodes,
    edges,
    updates: answer.updates.map((it) => decodeUpdate(it, node)),
    node,
    edge: new Map(edges.map((it) => [it.key, it])),
    output: output.id,
    prediction: trace.prediction ?? "",
    experiment,
    // The data does not change from step to step; one copy is enough for a whole run.
    next: withDataOf(experiment, /** @type {Experiment} */ (answer.experiment)),
  };
}

/**
 * Whether it has layers and data for them; else it has formulas.
 * @param {AnyExperiment} experiment
 */
export function isLayered({ network }) {
  return network != null;
}

/**
 * @param {Experiment} from
 * @param {Experiment} experiment
 * @returns {Experiment}
 */
export function withDataOf({ data }, experiment) {
  return data ? { ...experiment, data } : experiment;
}

/**
 * How many numbers are learned.
 * @param {AnyExperiment} experiment
 */
export function parameterCount({ network, formulas }) {
  const layers = (network?.layers ?? []).flatMap(({ weights, bias }) => [weights, bias ?? []]);
  const values = [...layers, ...Object.values(formulas?.parameters ?? {})];
  return values.reduce((/** @type {number} */ sum, it) => sum + [it].flat(3).length, 0);
}

/**
 * What the network says of the rows of a trace, be they learned from or only asked about.
 * @param {TraceAnswer} trace
 * @returns {Said}
 */
export function saidOf({ nodes, partials, prediction, probabilities, row_costs: rows }) {
  /** @param {string | null | undefined} id */
  const valuesIn = (id) => matrix(nodes.find((it) => it.id === id)?.value ?? []);
  const outputs = valuesIn(prediction);
  const costs = (rows ?? []).map(number);
  if (probabilities) return { outputs, predictions: matrix(probabilities), logits: outputs, costs };
  // Right behind sigmoid or softmax the cost's slope uses what went into it, beside output and target.
  // The last node, or what a penalty is added to there.
  const { id, inputs } = nodes[nodes.length - 1];
  const isCost = (/** @type {string} */ of) => of === id || of === inputs[0];
  const into = partials.find((it) => isCost(it.of) && it.wrt === prediction)?.uses[2];
  return { outputs, predictions: outputs, logits: into ? valuesIn(into) : null, costs };
}

/**
 * @param {PartialAnswer} partial
 * @param {Map<string, Node>} node
 * @returns {Edge}
 */
function decodeEdge(partial, node) {
  const { of, wrt, slot, rule, letters, formula, chain, note, remarks, uses } = partial;
  const whole = partial.value ?? node.get(uses[uses.length - 1])?.value ?? [];
  const jacobians = letters.partial.length > 2 && Array.isArray(whole) ? whole.map(matrix) : [];
  return {
    key: edgeKey(/** @type {Node} */ (node.get(of)), slot),
    of,
    wrt,
    slot,
    rule,
    letters,
    sourceMap: partial.source_map == null ? null : matrix(partial.source_map),
    formula,
    chain,
    note,
    remarks,
    uses,
    used: uses.map((id) => node.get(id)?.value ?? []),
    value: jacobians.length > 0 ? jacobians[0] : matrix(whole),
    jacobians,
    contribution: matrix(partial.contribution ?? node.get(wrt)?.gradient ?? []),
  };
}

/**
 * @param {StepAnswer["updates"][number]} update
 * @param {Map<string, Node>} node
 * @returns {Update}
 */
function decodeUpdate(update, node) {
  const leaf = node.get(update.parameter);
  return {
    parameter: update.parameter,
    lines: update.lines.map((it) => ({ ...it, value: matrix(it.value) })),
    formula: update.formula,
    note: update.note,
    before: matrix(update.before ?? leaf?.value ?? []),
    gradient: matrix(update.gradient ?? leaf?.gradient ?? []),
    delta: matrix(update.delta),
    after: matrix(update.after),
  };
}

/** With every field; where the learning rate falls, as it is by now. @param {Iteration} iteration */
export function optimizerOf({ experiment, next, updates }) {
  const optimizer = { name: "sgd", ...experiment.optimizer, ...next.optimizer };
  const rate = experiment.schedule && updates[0]?.lines.find((it) => it.name === "α");
  return rate ? { ...optimizer, learning_rate: rate.value[0][0] } : optimizer;
}

/**
 * The key of the edge from one of a node's inputs: "a1>m1". Where the same node is several of its inputs (x · x), the
 * later ones have their slot behind it: "s>x:1".
 * @param {{ id: string, inputs: readonly string[] }} of
 * @param {number} slot
 */
export function edgeKey({ id, inputs }, slot) {
  const wrt = inputs[slot];
  return inputs.indexOf(wrt) === slot ? `${id}>${wrt}` : `${id}>${wrt}:${slot}`;
}

/**
 * Any tensor of up to two dimensions as rows: a number is one cell, a vector one row.
 * @param {unknown} tensor
 * @returns {Matrix}
 */
export function matrix(tensor) {
  if (!Array.isArray(tensor)) return [[number(tensor)]];
  if (!Array.isArray(tensor[0])) return [tensor.map(number)];
  return tensor.map((row) => row.map(number));
}

/** @param {unknown} value "NaN" and "Infinity" travel as text */
export function number(value) {
  return typeof value === "number" ? value : Number(value);
}

/**
 * What the columns of a node are called: the features of the input, the classes of the target and of what is compared with
 * it.
 * @param {Iteration} iteration
 * @param {Pick<Node, "id" | "role">} node
 * @returns {readonly string[]}
 */
export function namesOf({ experiment, prediction }, { id, role }) {
  const { features, classes } = experiment.data ?? {};
  if (role === "input") return features ?? [];
  return (role === "target" || id === prediction ? classes : null) ?? [];
}

/** Fewer rows are no plane to look at. */
const LEAST_ROWS = 4;

/**
 * Whether what the network says all over its inputs makes a picture: one or two inputs, and rows enough to stand in it.
 * @param {Experiment} experiment
 */
export function isPlane({ network, data }) {
  if (!network) return false;
  const { x, image_shape: picture } = data;
  return x.length >= LEAST_ROWS && x[0].length <= 2 && !picture;
}
