/**
 * One iteration of an experiment as a Python script that needs NumPy only: the lecture's equations line by line.
 *
 * The script is written for this very network, as in an exercise: no classes, no loops over layers. What it prints is
 * described in `python.js`.
 */

import { ACTIVATIONS, COSTS, FUNCTIONS, OPTIMIZERS } from "./numpy-rows.js";
import { find, planOf } from "./plan.js";
import {
  aligned,
  dataLines,
  heading,
  isMatrix,
  listOf,
  literal,
  meanOf,
  PRINTING,
  script,
  showAfter,
  showNodes,
} from "./python.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Layer} Layer */
/** @typedef {import("./plan.js").Tensor} Tensor */
/** @typedef {import("./python.js").Line} Line */

const ABOUT = `"""One iteration of backpropagation, written out: forward, backward, update.

Prints every value, every gradient and every parameter after the update. Needs NumPy only.
"""`;

/**
 * @param {import("./plan.js").Experiment} experiment
 * @returns {string}
 */
export function numpyOf(experiment) {
  const plan = planOf(experiment);
  const rows = plan.layers.map((it) => find(ACTIVATIONS, it.activation, "activation"));
  const cost = find(COSTS, plan.cost, "cost");
  const used = new Set(
    [...rows, behindOf(plan) ?? cost].flatMap(({ functions = [] }) => functions),
  );
  const needed = Object.entries(FUNCTIONS).filter(([name]) => used.has(name));
  const code = needed.map(([, text]) => text);
  const imports = code.some((it) => it.includes("math."))
    ? "import math\n\nimport numpy as np"
    : "import numpy as np";
  return script([
    ABOUT,
    heading(plan),
    `${imports}\n\nnp.seterr(all="ignore")  # what overflows is shown as Infinity, without a warning`,
    dataLines(plan, array, "np.arange"),
    `# The parameters.\n${plan.parameters.map(({ id, value }) => `${id} = ${array(value)}`).join("\n")}`,
    ...code.map((it) => `\n${it}`),
    `${code.length > 0 ? "\n" : ""}${forward(plan)}`,
    backward(plan),
    update(plan),
    `\n${PRINTING}`,
    `\n${showNodes(plan, (id) => `dC_d${id}`)}`,
    `# Every parameter after the update.\n${showAfter(plan, (id) => `${id}_after`)}`,
  ]);
}

/**
 * How the cost is taken from what went into the last activation; null where it is taken from what came out.
 * @param {Plan} plan
 */
function behindOf({ cost, layers }) {
  const { activation, m } = layers[layers.length - 1];
  const row = COSTS[cost].behind?.[activation];
  return row ? { ...row, m } : null;
}

/** @param {Tensor} tensor */
function array(tensor) {
  return `np.array(${listOf(tensor)}, dtype=float)`;
}

/** @param {Plan} plan */
function forward(plan) {
  const lines = plan.layers.flatMap(({ from, W, b, m, a, activation, slope }) => {
    const row = ACTIVATIONS[activation];
    const bias = b ? ` + ${b}` : "";
    /** @type {Line[]} */
    const layer = [
      [`${m} = ${from} @ ${W}${bias}`, `${from}·${W}${bias} = ${m}`],
      [`${a} = ${row.value(m, literal(slope))}`, `σ(${m}) = ${a}, σ(m) = ${row.words}`],
    ];
    return layer;
  });
  const cost = COSTS[plan.cost];
  const { prediction: a, outputs } = plan;
  const behind = behindOf(plan);
  const value = behind ? behind.value(behind.m) : cost.value(a, outputs);
  lines.push([`C = ${value}${meanOf(plan)}`, `C = ${costWords(plan)}`]);
  return `# Forward pass.\n${aligned(lines)}`;
}

/** @param {Plan} plan */
function costWords(plan) {
  const { prediction: a, examples, outputs } = plan;
  const words = COSTS[plan.cost].words(a, outputs);
  const behind = behindOf(plan);
  const mean = meanOf(plan) ? `, the mean over ${examples} examples` : "";
  return `${words}${mean}${behind ? `; from ${behind.m}, as ${a} may have rounded to 0 or 1` : ""}`;
}

/** @param {Plan} plan */
function backward(plan) {
  const { layers, prediction, outputs } = plan;
  const cost = COSTS[plan.cost];
  const behind = behindOf(plan);
  const scaled = (/** @type {string} */ code) => {
    const factor = meanOf(plan);
    return factor && / [-+] /.test(code.replace(/\([^()]*\)/g, ""))
      ? `(${code})${factor}`
      : code + factor;
  };
  /** @type {Line[]} */
  const lines = [
    ["dC_dC = np.array(1.0)", "∂C/∂C"],
    [
      `dC_d${prediction} = ${scaled(behind ? behind.wrtOutput(behind.m, prediction) : cost.wrtOutput(prediction, outputs))}`,
      `∂C/∂${prediction}`,
    ],
  ];
  if (behind)
    lines.push([
      `dC_d${behind.m} = ${scaled(behind.wrtInput(behind.m))}`,
      `∂C/∂${behind.m} = ∂C/∂${prediction} · ∂${prediction}/∂${behind.m} = ${prediction} − y, weighted; from ${behind.m}`,
    ]);
  for (const layer of layers.toReversed()) {
    if (layer.m !== behind?.m) lines.push(...throughActivation(layer));
    lines.push(...throughProduct(layer));
  }
  const wrtTarget = behind ? behind.wrtTarget(behind.m) : cost.wrtTarget(prediction, outputs);
  lines.push([`dC_dy = ${scaled(wrtTarget)}`, "∂C/∂y"]);
  return `# Backward pass: each gradient from the one before it, by the chain rule.\n${aligned(lines)}`;
}

/**
 * @param {Layer} layer
 * @returns {Line[]}
 */
function throughActivation({ m, a, activation, slope }) {
  const row = ACTIVATIONS[activation];
  const local = `d${a}_d${m}`;
  /** @type {Line} */
  const through = row.isJacobian
    ? [`dC_d${m} = (dC_d${a}[:, None, :] @ ${local})[:, 0, :]`, `∂C/∂${m} = ∂C/∂${a} · ∂${a}/∂${m}`]
    : [`dC_d${m} = dC_d${a} * ${local}`, `∂C/∂${m} = ∂C/∂${a} ⊙ ∂${a}/∂${m}`];
  return [
    [`${local} = ${row.derivative({ m, a, slope: literal(slope) })}`, `∂${a}/∂${m}`],
    through,
  ];
}

/**
 * @param {Layer} layer
 * @returns {Line[]}
 */
function throughProduct({ from, W, b, m }) {
  return [
    [`dC_d${W} = ${from}.T @ dC_d${m}`, `∂C/∂${W} = ${from}ᵀ · ∂C/∂${m}`],
    ...(b
      ? [/** @type {Line} */ ([`dC_d${b} = dC_d${m}.sum(axis=0)`, `∂C/∂${b} = Σ ∂C/∂${m}`])]
      : []),
    [`dC_d${from} = dC_d${m} @ ${W}.T`, `∂C/∂${from} = ∂C/∂${m} · ${W}ᵀ`],
  ];
}

/** @param {Plan} plan */
function update(plan) {
  const { optimizer, fields, parameters, nesterov } = plan;
  const row = OPTIMIZERS[optimizer];
  const numbers = Object.entries(fields).map(([name, value]) => `${name} = ${literal(value)}`);
  const memory = parameters.flatMap(({ id, value, memory }) =>
    row.keeps.map((name) => {
      const kept = memory[name];
      const shape = isMatrix(value) ? `(${value.length}, ${value[0].length})` : value.length;
      if (name === "t") return `t_${id} = ${literal(memory.t ?? 0)}`;
      return `${name}_${id} = ${kept && typeof kept === "object" ? array(kept) : `np.zeros(${shape})`}`;
    }),
  );
  const remembered =
    memory.length > 0
      ? `\n\n# What ${optimizer} remembers of earlier iterations.\n${memory.join("\n")}`
      : "";
  const steps = parameters.map(({ id }) => aligned(row.steps(id, nesterov)));
  return `# Update by ${optimizer}.\n${numbers.join("\n")}${remembered}\n\n${steps.join("\n")}`;
}
