/**
 * What an iteration is made of, as the page holds it: types alone. The page never loads this module; the first picture is
 * sooner there without its words.
 */

/** @typedef {import("../server/wire.js").components["schemas"]["StepAnswer"]} StepAnswer */
/** @typedef {import("../server/wire.js").components["schemas"]["TraceAnswer"]} TraceAnswer */
/** @typedef {import("../server/wire.js").components["schemas"]} Schemas */
/** With a network, or with formulas. @typedef {Schemas["Experiment"]} AnyExperiment */
/**
 * One with a network; what is shown of formulas too asks `isLayered` first.
 * @typedef {AnyExperiment & { network: Schemas["Network"], data: Schemas["Data"] }} Experiment
 */
/** @typedef {import("../server/wire.js").components["schemas"]["PartialAnswer"]} PartialAnswer */
/** @typedef {number[][]} Matrix */
/** @typedef {"input" | "parameter" | "constant" | "target" | "computed"} Role */
/**
 * @typedef {object} Node
 * @property {string} id
 * @property {Role} role
 * @property {string | null} op
 * @property {string[]} inputs
 * @property {number[]} shape
 * @property {string | null} formula
 * @property {string} words      what is done, as the beginning of a sentence; empty for leaves
 * @property {string | null} [label] of formulas: how it is written; a line's own has its name
 * @property {string | null} [scope] of formulas: the line that it stands in
 * @property {string} note       how the value comes to be where the formula alone does not say it; mostly empty
 * @property {(number | null)[] | null} [range] what the value lies between; none where it may be any number
 * @property {number | null} [gate] nothing comes through of an input that is not above it
 * @property {Matrix} value
 * @property {Matrix} gradient
 */
/**
 * @typedef {object} Edge
 * @property {string} key        "a1>m1": the local partial ∂a1/∂m1
 * @property {number} slot       which input of the later node it belongs to
 * @property {PartialAnswer["letters"]} letters which entries belong together: see rule.js
 * @property {Matrix | null} sourceMap where entries were only moved: the place of each in the input
 * @property {string} of
 * @property {string} wrt
 * @property {PartialAnswer["rule"]} rule
 * @property {string} formula
 * @property {string} chain
 * @property {string} note
 * @property {string[]} remarks  what is to be said of these very numbers: where a has rounded; mostly none
 * @property {string[]} uses
 * @property {Matrix[]} used     their values
 * @property {Matrix} value      where each row has one of its own that of the first
 * @property {Matrix[]} jacobians one for each row, where each has one of its own, else empty
 * @property {Matrix} contribution
 */
/**
 * @typedef {object} Line
 * @property {string} name     what it works out: v, s, …
 * @property {string} formula
 * @property {Matrix} value
 * @property {string} note     what it is for, in words
 */
/**
 * @typedef {object} Update
 * @property {string} parameter
 * @property {Line[]} lines    of the optimizer's rule, before the one that moves the parameter
 * @property {string} formula  of the line that moves it
 * @property {string} note     what that line does, in words
 * @property {Matrix} before
 * @property {Matrix} gradient
 * @property {Matrix} delta
 * @property {Matrix} after
 */
/**
 * What a network says of some rows.
 * @typedef {object} Said
 * @property {Matrix} outputs     of the node that the cost compares with the target
 * @property {Matrix} predictions the same; where the cost takes logits, as probabilities
 * @property {Matrix | null} logits what sigmoid or softmax was, or would be, taken of, where the cost goes by it
 * @property {number[]} costs     of each row alone, before the reduction over the rows
 */
/** @typedef {TraceAnswer["warnings"][number]} Warning what is legal but cannot be meant */
/**
 * @typedef {object} Iteration
 * @property {number} number
 * @property {number} cost
 * @property {"ok" | "diverged"} status
 * @property {TraceAnswer["divergence"]} divergence why the status is diverged; null where it is ok
 * @property {Warning[]} warnings
 * @property {Said} said
 * @property {number[] | null} batchRows by row of the pass: which row of the data it is; null where it takes all
 * @property {Node[]} nodes
 * @property {Edge[]} edges
 * @property {Update[]} updates
 * @property {Map<string, Node>} node
 * @property {Map<string, Edge>} edge
 * @property {string} output     the id of the node whose gradient is taken
 * @property {string} prediction the id of the node that the cost compares with the target
 * @property {Experiment} experiment what was posted
 * @property {Experiment} next   what comes next
 */

export {};
