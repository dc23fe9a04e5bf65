/**
 * How NumPy writes each activation, cost and optimizer: the tables behind `numpy.js`.
 *
 * The functions are as careful as the server's: right for every double, without overflow, without cancelling in the
 * tails, and 0 · ln 0 is 0.
 */

/** @typedef {import("./python.js").Line} Line */
/**
 * @typedef {object} Activation
 * @property {(m: string, slope: string) => string} value
 * @property {string} words             the function, of m
 * @property {(names: { m: string, a: string, slope: string }) => string} derivative of a by m
 * @property {string[]} [functions]     those of FUNCTIONS that it calls
 * @property {boolean} [isJacobian]     whether the derivative is a matrix for each row
 */
/**
 * @typedef {object} Cost
 * @property {(a: string, outputs: number) => string} value    summed over the examples
 * @property {(a: string, outputs: number) => string} words
 * @property {(a: string, outputs: number) => string} wrtOutput the gradient at a
 * @property {(a: string, outputs: number) => string} wrtTarget the gradient at y
 * @property {Record<string, Behind>} [behind] by the activation right before it
 * @property {string[]} [functions]
 */
/**
 * How a cost is taken from what went into the activation before it, as a may have rounded to 0 or 1.
 * @typedef {object} Behind
 * @property {(m: string) => string} value
 * @property {(m: string, a: string) => string} wrtOutput
 * @property {(m: string) => string} wrtTarget
 * @property {(m: string) => string} wrtInput the gradient at m
 * @property {string[]} functions
 */
/**
 * @typedef {object} Optimizer
 * @property {("t" | "v" | "s")[]} keeps
 * @property {(id: string, nesterov: boolean) => Line[]} steps
 */

/** By name, each after those it calls. @type {Record<string, string>} */
export const FUNCTIONS = {
  sigmoid: `def sigmoid(m):
    """1 / (1 + e^-m), written so that the left tail keeps its digits; beyond 709, e^m would overflow."""
    power = np.exp(np.minimum(m, 709.0))
    return power / (1 + power)`,
  normal_cdf: `def normal_cdf(m):
    """Φ(m) = erfc(-m / √2) / 2, which keeps its digits in the left tail."""
    scaled = (m * -math.sqrt(0.5)).ravel().tolist()
    return np.array([0.5 * math.erfc(number) for number in scaled]).reshape(m.shape)`,
  gelu_slope: `def gelu_slope(m):
    """Φ(m) + m φ(m); the density φ is 0 where |m| is beyond 40."""
    density = np.exp(-0.5 * m * m) / math.sqrt(2 * math.pi)
    return normal_cdf(m) + np.where(np.abs(m) < 40, m * density, 0)`,
  silu: `def silu(m):
    """m / (1 + e^-m); e^m goes in by halves, since by itself it loses its digits before m e^m does."""
    half = np.exp(-0.5 * np.abs(m))
    return np.where(m < 0, m * half * half, m) / (1 + half * half)`,
  silu_slope: `def silu_slope(m):
    """σ(m) (1 + m (1 - σ(m))), by halves as well."""
    half = np.exp(-0.5 * np.abs(m))
    power = half * half
    slope = 1 + m * np.where(m < 0, 1, power) / (1 + power)
    return np.where(m < 0, slope * half * half, slope) / (1 + power)`,
  softmax: `def softmax(m):
    """e^m / Σ e^m by row; the row's maximum is taken off first, so nothing overflows."""
    power = np.exp(m - m.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)`,
  softmax_slope: `def softmax_slope(a):
    """a_i (δ_ij - a_j) by row; 1 - a_i as the sum of the others, since a_i may have rounded to 1."""
    slope = -a[:, :, None] * a[:, None, :]
    each = np.arange(a.shape[1])
    slope[:, each, each] = 0
    slope[:, each, each] = -slope.sum(axis=2)
    return slope`,
  log_softmax: `def log_softmax(m):
    """ln softmax(m) by row, which keeps its digits where softmax has rounded to 0 or 1."""
    below = m - m.max(axis=1, keepdims=True)
    others = np.exp(below)
    others[np.arange(len(m)), m.argmax(axis=1)] = 0
    return below - np.log1p(others.sum(axis=1, keepdims=True))`,
  softmax_error: `def softmax_error(m, y):
    """softmax(m) Σy - y by row, as softmax(m) times the others' y, less y times the others' share: so nothing cancels."""
    a = softmax(m)
    others = a.copy()
    largest = np.arange(len(m)), m.argmax(axis=1)
    others[largest] = 0
    rest = 1 - a
    rest[largest] = others.sum(axis=1)
    return a * (y @ (1 - np.eye(y.shape[1]))) - y * rest`,
  weighted: `def weighted(weight, log):
    """weight · log, with 0 · ln 0 = 0."""
    return np.multiply(weight, log, out=np.zeros_like(log), where=weight != 0)`,
  quotient: `def quotient(top, bottom):
    """top / bottom, with 0 / 0 = 0: a term that is absent from the cost has no slope."""
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=top != 0)`,
};

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  identity: {
    value: (m) => `${m}.copy()`,
    words: "m",
    derivative: ({ m }) => `np.ones_like(${m})`,
  },
  sigmoid: {
    value: (m) => `sigmoid(${m})`,
    words: "1 / (1 + e^-m)",
    // As 1 - a is σ(-m), which has its digits where a has rounded to 1.
    derivative: ({ a, m }) => `${a} * sigmoid(-${m})`,
    functions: ["sigmoid"],
  },
  tanh: {
    value: (m) => `np.tanh(${m})`,
    words: "tanh(m)",
    // As 1 - a² is 1 / cosh², which has its digits where a has rounded to 1.
    derivative: ({ m }) => `np.cosh(${m}) ** -2.0`,
  },
  relu: {
    value: (m) => `np.maximum(${m}, 0)`,
    words: "max(0, m)",
    derivative: ({ m }) => `np.heaviside(${m}, 0)`,
  },
  leaky_relu: {
    value: (m, slope) => `np.where(${m} > 0, ${m}, ${slope} * ${m})`,
    words: "m where m > 0, else slope · m",
    derivative: ({ m, slope }) => `np.where(${m} > 0, 1, ${slope})`,
  },
  softplus: {
    value: (m) => `np.logaddexp(${m}, 0)`,
    words: "ln(1 + e^m)",
    derivative: ({ m }) => `sigmoid(${m})`,
    functions: ["sigmoid"],
  },
  gelu: {
    value: (m) => `${m} * normal_cdf(${m})`,
    words: "m Φ(m)",
    derivative: ({ m }) => `gelu_slope(${m})`,
    functions: ["normal_cdf", "gelu_slope"],
  },
  silu: {
    value: (m) => `silu(${m})`,
    words: "m / (1 + e^-m)",
    derivative: ({ m }) => `silu_slope(${m})`,
    functions: ["silu", "silu_slope"],
  },
  softmax: {
    value: (m) => `softmax(${m})`,
    words: "e^m / Σ e^m",
    derivative: ({ a }) => `softmax_slope(${a})`,
    functions: ["softmax", "softmax_slope"],
    isJacobian: true,
  },
};

/** @param {string} m */
function binaryFromLogits(m) {
  return `np.sum(weighted(y, np.logaddexp(0, -${m})) + weighted(1 - y, np.logaddexp(0, ${m})))`;
}

/** @param {string} m */
function fromLogits(m) {
  return `-np.sum(weighted(y, log_softmax(${m})))`;
}

/** @type {Record<string, Cost>} */
export const COSTS = {
  squared_error: {
    value: (a) => `np.sum((${a} - y) ** 2)`,
    words: (a) => `‖${a} − y‖²`,
    wrtOutput: (a) => `2 * (${a} - y)`,
    wrtTarget: (a) => `2 * (y - ${a})`,
  },
  half_squared_error: {
    value: (a) => `np.sum((${a} - y) ** 2) / 2`,
    words: (a) => `‖${a} − y‖² / 2`,
    wrtOutput: (a) => `${a} - y`,
    wrtTarget: (a) => `y - ${a}`,
  },
  mean_squared_error: {
    value: (a, outputs) => `np.sum((${a} - y) ** 2) / ${outputs}`,
    words: (a, outputs) => `‖${a} − y‖² / ${outputs}`,
    wrtOutput: (a, outputs) => `2 * (${a} - y) / ${outputs}`,
    wrtTarget: (a, outputs) => `2 * (y - ${a}) / ${outputs}`,
  },
  binary_cross_entropy: {
    value: (a) => `-np.sum(weighted(y, np.log(${a})) + weighted(1 - y, np.log1p(-${a})))`,
    words: (a) => `−Σ [y ln ${a} + (1 − y) ln(1 − ${a})]`,
    wrtOutput: (a) => `quotient(1 - y, 1 - ${a}) - quotient(y, ${a})`,
    wrtTarget: (a) => `np.log1p(-${a}) - np.log(${a})`,
    functions: ["weighted", "quotient"],
    behind: {
      sigmoid: {
        value: binaryFromLogits,
        wrtOutput: (m, a) => `quotient(1 - y, sigmoid(-${m})) - quotient(y, ${a})`,
        wrtTarget: (m) => `-${m}`,
        wrtInput: (m) => `(1 - y) * sigmoid(${m}) - y * sigmoid(-${m})`,
        functions: ["sigmoid", "weighted", "quotient"],
      },
    },
  },
  cross_entropy: {
    value: (a) => `-np.sum(weighted(y, np.log(${a})))`,
    words: (a) => `−Σ y ln ${a}`,
    wrtOutput: (a) => `-quotient(y, ${a})`,
    wrtTarget: (a) => `-np.log(${a})`,
    functions: ["weighted", "quotient"],
    behind: {
      softmax: {
        value: fromLogits,
        wrtOutput: (_m, a) => `-quotient(y, ${a})`,
        wrtTarget: (m) => `-log_softmax(${m})`,
        wrtInput: (m) => `softmax_error(${m}, y)`,
        functions: ["softmax", "log_softmax", "softmax_error", "weighted", "quotient"],
      },
    },
  },
  binary_cross_entropy_from_logits: {
    value: binaryFromLogits,
    words: (a) => `Σ [y ln(1 + e^-${a}) + (1 − y) ln(1 + e^${a})]`,
    wrtOutput: (a) => `(1 - y) * sigmoid(${a}) - y * sigmoid(-${a})`,
    wrtTarget: (a) => `-${a}`,
    functions: ["sigmoid", "weighted"],
  },
  cross_entropy_from_logits: {
    value: fromLogits,
    words: (a) => `−Σ y ln softmax(${a})`,
    wrtOutput: (a) => `softmax_error(${a}, y)`,
    wrtTarget: (a) => `-log_softmax(${a})`,
    functions: ["softmax", "log_softmax", "softmax_error", "weighted"],
  },
};

/** The rules of torch.optim. @type {Record<string, Optimizer>} */
export const OPTIMIZERS = {
  sgd: {
    keeps: [],
    steps: (W) => [[`${W}_after = ${W} - learning_rate * dC_d${W}`, `${W} ← ${W} − α · ∂C/∂${W}`]],
  },
  momentum: {
    keeps: ["v"],
    steps: (W, nesterov) => [
      [`v_${W} = momentum * v_${W} + dC_d${W}`, `v ← μ · v + ∂C/∂${W}`],
      nesterov
        ? [
            `${W}_after = ${W} - learning_rate * (dC_d${W} + momentum * v_${W})`,
            `${W} ← ${W} − α · (∂C/∂${W} + μ · v)`,
          ]
        : [`${W}_after = ${W} - learning_rate * v_${W}`, `${W} ← ${W} − α · v`],
    ],
  },
  rmsprop: {
    keeps: ["s"],
    steps: (W) => [
      [
        `s_${W} = alpha * s_${W} + (1 - alpha) * dC_d${W} ** 2`,
        `s ← ρ · s + (1 − ρ) · (∂C/∂${W})²`,
      ],
      [
        `${W}_after = ${W} - learning_rate * dC_d${W} / (np.sqrt(s_${W}) + eps)`,
        `${W} ← ${W} − α · ∂C/∂${W} / (√s + ε)`,
      ],
    ],
  },
  adam: {
    keeps: ["t", "v", "s"],
    steps: (W) => [
      [`t_${W} = t_${W} + 1`, "t ← t + 1"],
      [`v_${W} = beta1 * v_${W} + (1 - beta1) * dC_d${W}`, `v ← β₁ · v + (1 − β₁) · ∂C/∂${W}`],
      [
        `s_${W} = beta2 * s_${W} + (1 - beta2) * dC_d${W} ** 2`,
        `s ← β₂ · s + (1 − β₂) · (∂C/∂${W})²`,
      ],
      [
        `mean_${W} = v_${W} / (1 - beta1**t_${W})`,
        "v / (1 − β₁ᵗ): v began at 0, which is made up for",
      ],
      [`square_${W} = s_${W} / (1 - beta2**t_${W})`, "s / (1 − β₂ᵗ)"],
      [
        `${W}_after = ${W} - learning_rate * mean_${W} / (np.sqrt(square_${W}) + eps)`,
        `${W} ← ${W} − α · mean / (√square + ε)`,
      ],
    ],
  },
};
