/**
 * What the NumPy and the PyTorch script have in common: literals, comments in a column, and the lines they print.
 *
 * Both print the same text. First each node of the graph in the order of the forward pass (x, W0, b0, m0, a0, … y, C):
 * its value, then its gradient ∂C/∂node; then each parameter after the update. A row of a tensor is a line, its name in
 * front; a vector (a bias) is one row, C one number:
 *
 *     W0[0] 0.4 -0.6 0.2
 *     grad W0[0] 0.04442528206 -0.02842216429 0.03370445448
 *     b0 0.1 -0.1
 *     C 0.7048307437
 *     after W0[0] 0.377787359 -0.5857889179 0.1831477728
 *
 * Numbers are float64 in ten digits that count, as Python's format(x, ".10g") writes them; −0 as 0, and what is not
 * finite as NaN, Infinity, -Infinity. Further digits depend on the order in which a library sums.
 */

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Tensor} Tensor */
/** @typedef {readonly [code: string, comment?: string]} Line */

const MOST_COLUMN = 64;
const LARGEST_PLAIN = 1e15;

/**
 * A double as Python reads it back to the same bits.
 * @param {number} value
 */
export function literal(value) {
  if (Object.is(value, -0)) return "-0.0";
  // A whole number beyond 2^63 is refused by some libraries when it is written without an exponent.
  return Number.isInteger(value) && Math.abs(value) >= LARGEST_PLAIN
    ? value.toExponential()
    : String(value);
}

/**
 * A tensor as a list of Python, a line for each row where there are several.
 * @param {Tensor} tensor
 */
export function listOf(tensor) {
  if (!isMatrix(tensor)) return row(tensor);
  if (tensor.length === 1) return `[${row(tensor[0])}]`;
  return `[\n${tensor.map((it) => `    ${row(it)},\n`).join("")}]`;
}

/** @param {number[]} numbers */
function row(numbers) {
  return `[${numbers.map(literal).join(", ")}]`;
}

/**
 * @param {Tensor} tensor
 * @returns {tensor is number[][]}
 */
export function isMatrix(tensor) {
  return Array.isArray(tensor[0]);
}

/**
 * Code with its comments in one column.
 * @param {readonly Line[]} lines
 */
export function aligned(lines) {
  const lengths = lines.filter(([, comment]) => comment).map(([code]) => code.length);
  const column = Math.min(Math.max(0, ...lengths), MOST_COLUMN);
  return lines
    .map(([code, comment]) => (comment ? `${code.padEnd(column)}  # ${comment}` : code))
    .join("\n");
}

/**
 * Parts of a script: what is empty is left out, and a blank line parts the others.
 * @param {readonly string[]} parts
 */
export function script(parts) {
  return `${parts.filter((it) => it !== "").join("\n\n")}\n`;
}

/**
 * The comment that says which experiment this is. It never stands in the first two lines, where Python would look for
 * the name of an encoding.
 * @param {Plan} plan
 */
export function heading({ title, iteration }) {
  return `${title && `# ${title}\n`}# Iteration ${iteration}.`;
}

/**
 * The data, and the rows of this iteration.
 * @param {Plan} plan
 * @param {(tensor: Tensor, isLeaf: boolean) => string} made code for a tensor
 * @param {string} arange
 */
export function dataLines({ x, y, batchSize, iteration }, made, arange) {
  if (batchSize === null) {
    return `# The data, one example a row.\nx = ${made(x, true)}\ny = ${made(y, true)}`;
  }
  return `# The data, one example a row.
all_x = ${made(x, false)}
all_y = ${made(y, false)}

# This iteration takes the next ${batchSize === 1 ? "row" : `${batchSize} rows`}, and after the last goes on with the first.
iteration = ${iteration}
batch_size = ${batchSize}
first = iteration * batch_size % len(all_x)
rows = (first + ${arange}(batch_size)) % len(all_x)
x = all_x[rows]
y = all_y[rows]`;
}

/** The functions that print; the text is the same for arrays and tensors. */
export const PRINTING = `def text(number):
    """Ten digits that count."""
    if number != number:
        return "NaN"
    if abs(number) == float("inf"):
        return "Infinity" if number > 0 else "-Infinity"
    return format(number + 0.0, ".10g")  # -0.0 + 0.0 is 0.0


def show(name, tensor):
    """A line for each row."""
    values = tensor.tolist()
    if tensor.ndim == 0:
        print(name, text(values))
    elif tensor.ndim == 1:
        print(name, *[text(number) for number in values])
    else:
        for index, row in enumerate(values):
            print(f"{name}[{index}]", *[text(number) for number in row])`;

/**
 * @param {Plan} plan
 * @param {(id: string) => string} gradient code for the gradient of a node
 */
export function showNodes({ nodes }, gradient) {
  const lines = nodes.map((id) => `show("${id}", ${id})\nshow("grad ${id}", ${gradient(id)})`);
  return `# Every node: its value and its gradient.\n${lines.join("\n")}`;
}

/**
 * @param {Plan} plan
 * @param {(id: string) => string} after code for a parameter after the update
 */
export function showAfter({ parameters }, after) {
  return parameters.map(({ id }) => `show("after ${id}", ${after(id)})`).join("\n");
}

/**
 * The factor of the mean: "" where there is none.
 * @param {Plan} plan
 */
export function meanOf({ mean, examples }) {
  return mean && examples > 1 ? ` / ${examples}` : "";
}
