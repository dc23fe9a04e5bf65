/**
 * One iteration of an experiment as a Python script with PyTorch: the forward pass by hand, the gradients by autograd,
 * the update by torch.optim.
 *
 * Every node keeps its gradient, data and target too, so that the script prints what the NumPy one prints (`python.js`
 * describes it), and autograd can be held against the chain rule written out.
 */

import { find, planOf } from "./plan.js";
import {
  aligned,
  dataLines,
  heading,
  listOf,
  literal,
  meanOf,
  PRINTING,
  script,
  showAfter,
  showNodes,
} from "./python.js";
import { ACTIVATIONS, COSTS, FUNCTIONS, OPTIMIZERS } from "./pytorch-rows.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Tensor} Tensor */
/** @typedef {import("./python.js").Line} Line */

const ABOUT = `"""One iteration of backpropagation with PyTorch: forward, backward by autograd, update by torch.optim.

Prints every value, every gradient and every parameter after the update.
"""`;

/**
 * @param {import("./plan.js").Experiment} experiment
 * @returns {string}
 */
export function pytorchOf(experiment) {
  const plan = planOf(experiment);
  const rows = plan.layers.map((it) => find(ACTIVATIONS, it.activation, "activation"));
  const cost = find(COSTS, plan.cost, "cost");
  const own = behindOf(plan) ? [] : [cost];
  const used = [...rows, ...own].flatMap(({ functions = [] }) => functions);
  const code = Object.entries(FUNCTIONS).filter(([name]) => used.includes(name));
  return script([
    ABOUT,
    heading(plan),
    "import torch",
    dataLines(plan, tensor, "torch.arange"),
    plan.batchSize === null ? "" : "x.requires_grad_()\ny.requires_grad_()",
    `# The parameters.\n${plan.parameters.map(({ id, value }) => `${id} = ${tensor(value, true)}`).join("\n")}`,
    ...code.map(([, text]) => `\n${text}`),
    `${code.length > 0 ? "\n" : ""}${forward(plan)}`,
    `# Backward pass. Autograd forgets the gradients of nodes in between, unless it is told to keep them.\n${kept(plan)}C.backward()${passedBy(plan)}`,
    `\n${PRINTING}`,
    `\n${showNodes(plan, (id) => `${id}.grad`)}`,
    update(plan),
    `# Every parameter after the update.\n${showAfter(plan, (id) => id)}`,
  ]);
}

/**
 * @param {Tensor} values
 * @param {boolean} isLeaf whether its gradient is wanted
 */
function tensor(values, isLeaf) {
  return `torch.tensor(${listOf(values)}, dtype=torch.float64${isLeaf ? ", requires_grad=True" : ""})`;
}

/** @param {Plan} plan */
function forward(plan) {
  const behind = behindOf(plan);
  const lines = plan.layers.flatMap(({ from, W, b, m, a, activation, slope }) => {
    const bias = b ? ` + ${b}` : "";
    /** @type {Line[]} */
    const layer = [
      [`${m} = ${from} @ ${W}${bias}`, `${from}·${W}${bias} = ${m}`],
      [`${a} = ${ACTIVATIONS[activation].value(m, literal(slope))}`, `σ(${m}) = ${a}`],
    ];
    return layer;
  });
  lines.push([
    `C = ${behind ? behind.value(behind.m) : COSTS[plan.cost].value(plan.prediction, plan.outputs)}${meanOf(plan)}`,
    meanOf(plan) && `the mean over ${plan.examples} examples`,
  ]);
  return `# Forward pass.\n${aligned(lines)}`;
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

/**
 * The gradient of the output that autograd has passed by.
 * @param {Plan} plan
 */
function passedBy(plan) {
  const behind = behindOf(plan);
  const { prediction: a } = plan;
  if (!behind) return "";
  return `
# C is taken from ${behind.m}, as ${a} may have rounded to 0 or 1. So autograd passes ${a} by; this is its gradient.
with torch.no_grad():
    ${a}.grad = (${behind.wrtOutput(behind.m, a)})${meanOf(plan)}`;
}

/** @param {Plan} plan */
function kept({ layers }) {
  const computed = [...layers.flatMap(({ m, a }) => [m, a]), "C"];
  return computed.map((id) => `${id}.retain_grad()\n`).join("");
}

/** @param {Plan} plan */
function update(plan) {
  const { optimizer, fields, parameters, nesterov } = plan;
  const row = OPTIMIZERS[optimizer];
  const numbers = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, literal(value)]),
  );
  const made = row.made(`[${parameters.map(({ id }) => id).join(", ")}]`, numbers, nesterov);
  const states = parameters
    .filter(({ memory }) => Object.keys(memory).length > 0)
    .map(({ id, memory }) => `optimizer.state[${id}] = {${row.state(memory, tensor)}}`);
  const remembered =
    states.length > 0 && row.remembers
      ? `\n# What it remembers of earlier iterations.\n${states.join("\n")}`
      : "";
  return `# Update by ${optimizer}.\n${made}${remembered}\noptimizer.step()`;
}
