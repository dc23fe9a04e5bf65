/**
 * How PyTorch writes each activation, cost and optimizer: the tables behind `pytorch.js`.
 *
 * Where the function of that name in torch is not right for every double (softplus is a straight line beyond 20, gelu
 * cancels in its left tail, a logarithm of 0 makes NaN of a term that is not there), another is taken.
 */

/** @typedef {import("./plan.js").Memory} Memory */
/** @typedef {import("./plan.js").Tensor} Tensor */
/**
 * @typedef {object} Optimizer
 * @property {(parameters: string, fields: Record<string, string>, nesterov: boolean) => string} made
 * @property {boolean} remembers whether it carries anything over
 * @property {(memory: Memory, tensor: (values: Tensor, isLeaf: boolean) => string) => string} state entries of its state
 */

/** @type {Record<string, string>} */
export const FUNCTIONS = {
  Weighted: `class Weighted(torch.autograd.Function):
    """weight · log, with 0 · ln 0 = 0: torch makes NaN of it."""

    @staticmethod
    def forward(ctx, weight, log):
        ctx.save_for_backward(weight, log)
        return torch.where(weight == 0, 0.0, weight * log)

    @staticmethod
    def backward(ctx, upstream):
        weight, log = ctx.saved_tensors
        return upstream * log, upstream * weight`,
  present: `def present(number, weight):
    """The number; where its weight is 0 it is absent from the cost, and no gradient goes back to it."""
    return torch.where(weight == 0, number.detach(), number)`,
};

/** @type {Record<string, { value: (m: string, slope: string) => string, functions?: string[] }>} */
export const ACTIVATIONS = {
  identity: { value: (m) => `${m}.clone()` },
  sigmoid: { value: (m) => `torch.sigmoid(${m})` },
  tanh: { value: (m) => `torch.tanh(${m})` },
  relu: { value: (m) => `torch.relu(${m})` },
  leaky_relu: { value: (m, slope) => `torch.nn.functional.leaky_relu(${m}, ${slope})` },
  softplus: { value: (m) => `torch.logaddexp(${m}, torch.zeros_like(${m}))` },
  gelu: { value: (m) => `${m} * 0.5 * torch.erfc(-${m} * 0.5**0.5)` },
  silu: { value: (m) => `torch.nn.functional.silu(${m})` },
  softmax: { value: (m) => `torch.softmax(${m}, dim=1)` },
};

/**
 * @typedef {object} Cost
 * @property {(a: string, outputs: number) => string} value
 * @property {string[]} [functions]
 * @property {Record<string, Behind>} [behind] by the activation right before it
 */
/**
 * A cost that is taken from what went into the activation, as a may have rounded to 0 or 1: autograd passes a by.
 * @typedef {object} Behind
 * @property {(m: string) => string} value
 * @property {(m: string, a: string) => string} wrtOutput the gradient at a, which autograd does not give
 */

/** @param {string} m */
function binaryFromLogits(m) {
  return `torch.nn.functional.binary_cross_entropy_with_logits(${m}, y, reduction="sum")`;
}

/** @param {string} m */
function fromLogits(m) {
  return `-(y * torch.log_softmax(${m}, dim=1)).sum()`;
}

/** @type {Record<string, Cost>} */
export const COSTS = {
  squared_error: { value: (a) => `((${a} - y) ** 2).sum()` },
  half_squared_error: { value: (a) => `((${a} - y) ** 2).sum() / 2` },
  mean_squared_error: { value: (a, outputs) => `((${a} - y) ** 2).sum() / ${outputs}` },
  binary_cross_entropy: {
    value: (a) =>
      `-(\n    Weighted.apply(y, torch.log(present(${a}, y)))\n    + Weighted.apply(1 - y, torch.log1p(-present(${a}, 1 - y)))\n).sum()`,
    functions: ["Weighted", "present"],
    behind: {
      sigmoid: {
        value: binaryFromLogits,
        wrtOutput: (m, a) =>
          `torch.where(y == 1, 0.0, (1 - y) / torch.sigmoid(-${m})) - torch.where(y == 0, 0.0, y / ${a})`,
      },
    },
  },
  cross_entropy: {
    value: (a) => `-Weighted.apply(y, torch.log(present(${a}, y))).sum()`,
    functions: ["Weighted", "present"],
    behind: {
      softmax: {
        value: fromLogits,
        wrtOutput: (_m, a) => `-torch.where(y == 0, 0.0, y / ${a})`,
      },
    },
  },
  binary_cross_entropy_from_logits: { value: binaryFromLogits },
  cross_entropy_from_logits: { value: fromLogits },
};

/** @type {Record<string, Optimizer>} */
export const OPTIMIZERS = {
  sgd: {
    made: (W, { learning_rate }) => `optimizer = torch.optim.SGD(${W}, lr=${learning_rate})`,
    remembers: false,
    state: () => "",
  },
  momentum: {
    // Nesterov's rule with momentum 0 is plain descent, and torch refuses to be asked for it.
    made: (W, { learning_rate, momentum }, nesterov) =>
      `optimizer = torch.optim.SGD(${W}, lr=${learning_rate}, momentum=${momentum}${nesterov && Number(momentum) > 0 ? ", nesterov=True" : ""})`,
    remembers: true,
    state: ({ v = [] }, tensor) => `"momentum_buffer": ${tensor(v, false)}`,
  },
  rmsprop: {
    made: (W, { learning_rate, alpha, eps }) =>
      `optimizer = torch.optim.RMSprop(${W}, lr=${learning_rate}, alpha=${alpha}, eps=${eps})`,
    remembers: true,
    // torch counts the steps here too, but does not use the count.
    state: ({ s = [] }, tensor) => `"step": torch.tensor(0.0), "square_avg": ${tensor(s, false)}`,
  },
  adam: {
    made: (W, { learning_rate, beta1, beta2, eps }) =>
      `optimizer = torch.optim.Adam(${W}, lr=${learning_rate}, betas=(${beta1}, ${beta2}), eps=${eps})`,
    remembers: true,
    state: ({ t = 0, v = [], s = [] }, tensor) =>
      `\n    "step": torch.tensor(${t}.0, dtype=torch.float64),\n    "exp_avg": ${tensor(v, false)},\n    "exp_avg_sq": ${tensor(s, false)},\n`,
  },
};
