/**
 * What the one state is made of, and the actions that change it: types alone. The page never loads this module; the first
 * picture is sooner there without its words.
 */

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {"graph" | "neurons" | "both" | "table"} View */
/** @typedef {{ open: "menu" | "help" | "share" | "take", typed?: string, at?: number, shared?: import("../share/share-view.js").Shared, taken?: import("../export/export-view.js").Taken }} Dialog that is open, with what it shows; typed, at: into the menu, and which of what was found is chosen */
/** @typedef {{ build?: import("../build/build-view.js").Bench, data?: import("../data/data-setting.js").Desk, compare?: import("../compare/compare-setting.js").Desk, surface?: Pick<import("../data/data-setting.js").Desk, "surface">, formulas?: import("../formulas/formulas-view.js").Desk }} Desks what the panels are set to that change the experiment, and what was asked for the picture of all inputs */
/** @typedef {"routes" | "matrices"} Form of the chain rule */
/** @typedef {{ what: string, value: string, steps: number, from: "start" | "here", sameRate: boolean }} Comparison of the run with another that differs in one thing: `compare/differences.js` knows what */
/** @typedef {"rising" | "falling"} Sum one of the lecture's two sums */
/**
 * What the server said to the open panel's question about an experiment.
 * @typedef {object} Answer
 * @property {string} path   the question
 * @property {Experiment} experiment
 * @property {unknown} document
 * @property {string | null} error  why there is no document
 */
/**
 * How the slope card is set.
 * @typedef {object} SlopeSetting
 * @property {number | null} center the middle of the curve that is shown; null: where the weight is
 * @property {number} span          how far the curve goes to either side
 * @property {number} nudge         h of the difference quotient
 * @property {Sum | null} sum       a lecture's sum in place of the chosen weight
 * @property {number} weight        the sum's own w
 * @property {number} rate          the sum's own α
 */
/** @typedef {{ name: string, typed: string | null, refused?: string, inPanel?: boolean }} Editing of an entry in its cell, or in the inspector; refused: why what was typed was not taken */
/** @typedef {{ id: string, title: string, description: string, kind: "network" | "formulas" }} Example */
/** @typedef {import("./history.js").Past} Past */
/** @typedef {{ experiment: Experiment, departed: boolean }} Origin */
/**
 * All that an experiment is shown by: what undo goes back to.
 * @typedef {object} Place
 * @property {Experiment} experiment
 * @property {string} example
 * @property {boolean} departed
 * @property {Origin | null} origin
 * @property {Past[]} history
 * @property {number} t
 */
/**
 * Where the reader was before doing something, or before undoing it.
 * @typedef {Place & Deed} Done
 */
/**
 * What was done, in words; the same gesture going on (a drag) is one deed.
 * @typedef {{ label: string, gesture: string | null, at: number }} Deed at: milliseconds of any clock
 */
/** @typedef {{ from: number, goal: number | null, rate: number | null }} Progress of training: iterations a second */
/**
 * @typedef {object} State
 * @property {Example[]} examples
 * @property {string} example         the id of the open example
 * @property {Iteration | null} iteration
 * @property {Beat[]} beats
 * @property {Past[]} history         every iteration since the experiment was opened, by number
 * @property {number} t               the moment within the iteration
 * @property {boolean} playing
 * @property {boolean} training       iterations follow one another until stopped
 * @property {Progress | null} progress of the training under way
 * @property {Done[]} undo            what was done, the last deed last
 * @property {Done[]} redo            what was undone
 * @property {number} speed           how many times as fast as it is read
 * @property {View} view
 * @property {string} layers         which layers are folded: "auto", "all" (none), "folded"; and those open in any case
 * @property {string | null} selection a node's id, an edge's key, or an entry's name
 * @property {string} panel         the id of a row of `panels.js`
 * @property {Desks} desks
 * @property {Dialog | null} dialog
 * @property {boolean} presenting    for a hall: the stage, the sentence, the equation, as large as they get
 * @property {boolean} enlarged      the panel covers the graph, as the reader asked
 * @property {boolean} waits         Play stops after each beat
 * @property {number | null} goal     how many iterations Train takes; null: until stopped
 * @property {Partial<import("../cost/curve.js").CurveSetting>} curve how the curve of the cost is shown, where not as at the start
 * @property {Form} form
 * @property {string | null} fold     the node at whose gradient the chain rule is folded; null: where the server thinks best
 * @property {readonly string[]} spread groups of routes that are written out, where there are many: "example 0"
 * @property {boolean} uncached       the cache panel counts as if nothing were kept
 * @property {SlopeSetting} slope
 * @property {number | null} step     h of the gradient check; null for the best, chosen for each number
 * @property {Answer | null} answer
 * @property {Editing | null} editing
 * @property {readonly string[]} pointed what the pointer or the focus is on: keys of edges, names of entries
 * @property {Origin | null} origin   this iteration before anything in it was changed
 * @property {boolean} departed       the run is no longer the example's own
 * @property {number | null} stop     where on the walk through the lecture
 * @property {boolean} asksWalk      a walk is asked for, through another experiment than the reader's own that is open
 * @property {Comparison | null} comparison that was made last, or that a link asks for
 * @property {number} row             the example that the neuron picture shows
 * @property {import("../trace/trace.js").Said | null} heldBack what the network says of the held-back rows
 * @property {boolean} waiting        an answer is under way and late
 * @property {string | null} error
 * @property {string | null} [notice] what was done, where there is more to tell of it than is seen
 * @property {boolean} keys           single-key shortcuts are on
 */

/** @typedef {{ type: "examples", examples: Example[] }} ExamplesKnown */
/** @typedef {{ type: "opened", example: string }} Opened */
/** @typedef {{ type: "iterated", iteration: Iteration, edited?: boolean }} Iterated at its start; edited: the same iteration with other numbers in it */
/** @typedef {{ type: "answered", answer: Answer }} Answered */
/** @typedef {{ type: "selected", selection: string | null }} Selected by the reader; what is selected already is let go */
/** @typedef {{ type: "passed", passed: Past[], anew?: boolean }} Passed iterations gone through without showing them; anew: from the open one on, whatever was seen there before */
/** @typedef {{ type: "did" } & Deed} Did something that can be undone is done next */
/** @typedef {{ type: "restored", way: "undo" | "redo", iteration: Iteration }} Restored the last place of either list */
/** @typedef {{ type: "recalled", place: Place, undo: Done[], redo: Done[], iteration: Iteration }} Recalled as before a reload */
/** @typedef {{ type: "went", t: number }} Went */
/** @typedef {{ type: "set", change: Partial<Pick<State, "playing" | "training" | "progress" | "speed" | "view" | "layers" | "selection" | "row" | "heldBack" | "waiting" | "error" | "notice" | "keys" | "panel" | "form" | "fold" | "spread" | "uncached" | "slope" | "step" | "editing" | "pointed" | "departed" | "origin" | "stop" | "asksWalk" | "dialog" | "presenting" | "enlarged" | "waits" | "goal" | "curve" | "comparison">> }} Set */
/** @typedef {{ type: "desk", panel: string, change: object }} DeskSet a panel is set to something else */
/** @typedef {ExamplesKnown | Opened | Iterated | Answered | Selected | Passed | Did | Restored | Recalled | Went | Set | DeskSet} Action */

export {};
