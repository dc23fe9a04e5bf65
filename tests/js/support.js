/**
 * What the unit tests share: stored traces, a seeded generator, random graphs, and a clock that is turned by hand.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { initialState, reduce } from "../../static/js/state/state.js";
import { decode, edgeKey } from "../../static/js/trace/trace.js";

/** @typedef {import("../../static/js/trace/trace.js").Experiment} Experiment */
/** @typedef {import("../../static/js/trace/trace.js").StepAnswer} StepAnswer */
/** @typedef {import("../../static/js/trace/trace.js").TraceAnswer} TraceAnswer */
/** @typedef {import("../../static/js/trace/trace.js").Iteration} Iteration */
/** @typedef {import("../../static/js/trace/trace.js").Node} Node */
/** @typedef {import("../../static/js/server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {{ experiment: Experiment, lean: StepAnswer, full: StepAnswer }} Step */
/** @typedef {{ steps: Step[], trial: TraceAnswer | null }} Fixture */
/** @typedef {ReturnType<typeof generator>} Generator */

const OPTIMIZERS = ["momentum", "nesterov", "rmsprop", "adam"];
export const NAMES = [
  ...["lecture", "scalar", "xor", "zeros", "different_zeros", "saturated", "diverged", "softmax"],
  ...OPTIMIZERS,
];

/** Where a has rounded, or is no prediction itself, or does not suit the cost: one layer each. */
export const ODD = ["rounded", "straight", "straight_softmax", "logits", "unfit"];

/** With a penalty, and with outputs left out: nodes that no network had before. */
export const MORE = ["penalized", "dropped"];

/** @param {string} name */
function stored(name) {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}

/** @returns {Catalog} */
export function catalog() {
  return stored("catalog");
}

/**
 * @param {string} name
 * @returns {Fixture}
 */
export function fixture(name) {
  return stored(name);
}

/** @returns {Record<string, Record<string, import("../../static/js/weight/chain.js").ChainAnswer>>} */
export function chains() {
  return stored("chains");
}

/** @returns {Record<string, import("../../static/js/trace/verdicts.js").CheckAnswer>} */
export function checks() {
  return stored("checks");
}

/**
 * @param {string} name
 * @param {number} [index]
 * @returns {Iteration}
 */
export function iterationOf(name, index = 0) {
  const { experiment, lean } = fixture(name).steps[index];
  return decode(experiment, lean);
}

/** @returns {Iteration[]} */
export function allIterations() {
  return [...NAMES, ...MORE].flatMap((name) =>
    fixture(name).steps.map((_, index) => iterationOf(name, index)),
  );
}

/** @typedef {import("../../static/js/weight/chain.js").ChainAnswer} ChainAnswer */
/** @typedef {{ experiment: Experiment, lean: StepAnswer, chains: Record<string, ChainAnswer> }} Written */

/** @returns {[string, Iteration, Record<string, ChainAnswer>][]} by name the first iteration of formulas, in which nothing is as in a network; and chains of it */
export function writtenIterations() {
  const all = /** @type {Record<string, Written>} */ (stored("formulas"));
  return Object.entries(all).map(([name, { experiment, lean, chains: answers }]) => [
    name,
    decode(experiment, lean),
    answers,
  ]);
}

/** @param {string} name */
export function written(name) {
  const found = writtenIterations().find(([it]) => it === name);
  if (!found) throw new Error(`there are no formulas ${name}`);
  return { iteration: found[1], chains: found[2] };
}

/** Those of networks, and of formulas: any graph, vectors, numbers without an axis. @returns {Iteration[]} */
export function everyIteration() {
  const vectors = ["written", "shares", "nothing"].map((name) => iterationOf(name));
  return [...allIterations(), ...writtenIterations().map(([, iteration]) => iteration), ...vectors];
}

/**
 * All entries of a node.
 * @param {Iteration} iteration
 * @param {string} id
 * @returns {import("../../static/js/base/format.js").Entry[]}
 */
export function entriesOf(iteration, id) {
  const value = iteration.node.get(id)?.value ?? [];
  return value.flatMap((line, row) => line.map((_, column) => ({ id, row, column })));
}

/**
 * Random numbers from a seed (mulberry32): the same seed gives the same test.
 * @param {number} seed
 */
export function generator(seed) {
  let a = seed >>> 0;
  function real() {
    a = (a + 0x6d2b79f5) | 0;
    let mixed = Math.imul(a ^ (a >>> 15), 1 | a);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** @param {number} least @param {number} most */
  const whole = (least, most) => least + Math.floor(real() * (most - least + 1));
  return {
    real,
    whole,
    /** @param {number} odds */
    chance: (odds) => real() < odds,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => list[whole(0, list.length - 1)],
    /** A double of any size, now and then a special one. */
    double() {
      if (real() < 0.1)
        return [0, -0, 1, -1, 0.5, 1e5, 5e-4, 5e-324, 1.7976931348623157e308][whole(0, 8)];
      return (real() - 0.5) * 10 ** whole(-12, 12);
    },
  };
}

/**
 * Holds a law up against many random cases, and names the seed of the first that breaks it.
 * @param {number} count
 * @param {(random: Generator) => void} law
 */
export function holds(count, law) {
  for (let seed = 1; seed <= count; seed++) {
    try {
      law(generator(seed));
    } catch (error) {
      if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}

/**
 * Any directed acyclic graph, in topological order, whose last node is computed; not only networks: skips, several
 * uses of one node, also by one other, and nodes that nothing uses.
 * @param {Generator} random
 * @returns {{ id: string, role: import("../../static/js/trace/trace.js").Role, inputs: string[] }[]}
 */
export function randomGraph(random) {
  /** @type {{ id: string, role: import("../../static/js/trace/trace.js").Role, inputs: string[] }[]} */
  const graph = [
    { id: "x", role: "input", inputs: [] },
    { id: "W", role: "parameter", inputs: [] },
  ];
  const count = random.whole(1, 14);
  for (let k = 0; k < count; k++) {
    if (random.chance(0.4)) graph.push({ id: `W${k}`, role: "parameter", inputs: [] });
    const ids = graph.map((it) => it.id);
    const inputs = Array.from({ length: random.whole(1, 3) }, () => random.pick(ids));
    graph.push({ id: `m${k}`, role: "computed", inputs });
  }
  const compared = random.pick(graph).id;
  graph.push({ id: "y", role: "target", inputs: [] });
  graph.push({ id: "C", role: "computed", inputs: [compared, "y"] });
  return graph;
}

/**
 * A random graph with numbers in it, as the page holds an iteration. Every edge is walked back, latest node first.
 * @param {Generator} random
 * @returns {Iteration}
 */
export function randomIteration(random) {
  const cell = () => [[random.double()]];
  /** @type {Node[]} */
  const nodes = randomGraph(random).map((it) => ({
    ...it,
    op: it.role === "computed" ? "some_op" : null,
    formula: it.role === "computed" ? `${it.id} = ${it.inputs.join(" · ")}` : null,
    words: it.role === "computed" ? `Make ${it.id} of ${it.inputs.join(" and ")}` : "",
    note: "",
    shape: [1, 1],
    value: cell(),
    gradient: cell(),
  }));
  const edges = nodes.toReversed().flatMap((node) =>
    node.inputs.map((wrt, slot) => ({
      key: edgeKey(node, slot),
      of: node.id,
      wrt,
      slot,
      rule: /** @type {const} */ ("elementwise"),
      sourceMap: null,
      letters: { of: "rc", wrt: "rc", partial: "rc" },
      formula: "",
      chain: "",
      note: "",
      remarks: [],
      uses: [],
      used: [],
      value: cell(),
      jacobians: [],
      contribution: cell(),
    })),
  );
  const updates = nodes
    .filter((it) => it.role === "parameter")
    .map((it) => ({
      parameter: it.id,
      lines: ["v", "s", "v̂"]
        .slice(0, random.whole(0, 3))
        .map((name) => ({ name, formula: `${name} ← ${name} · 2`, note: "", value: cell() })),
      formula: "",
      note: "",
      before: it.value,
      gradient: it.gradient,
      delta: cell(),
      after: cell(),
    }));
  const experiment = fixture("scalar").steps[0].experiment;
  const { id: output, inputs } = nodes[nodes.length - 1];
  const outputs = nodes.find((it) => it.id === inputs[0])?.value ?? [];
  return {
    number: random.whole(0, 9),
    cost: random.double(),
    status: "ok",
    divergence: null,
    warnings: [],
    said: saidAs(outputs),
    batchRows: null,
    nodes,
    edges,
    updates,
    node: new Map(nodes.map((it) => [it.id, it])),
    edge: new Map(edges.map((it) => [it.key, it])),
    output,
    prediction: inputs[0],
    experiment,
    next: { ...experiment, iteration: 1 },
  };
}

/**
 * Outputs that are predictions as they are.
 * @param {number[][]} outputs
 */
export function saidAs(outputs) {
  return { outputs, predictions: outputs, logits: null, costs: outputs.map(() => 0) };
}

/**
 * Freezes a value and all that it holds, so that whoever changes it throws.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function frozen(value) {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  const inside = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const it of inside) frozen(it);
  return value;
}

/** A clock that stands still until it is turned. */
export function handClock() {
  let now = 0;
  let last = 0;
  /** @type {Map<number, (milliseconds: number) => void>} */
  const waiting = new Map();
  return {
    /** @param {(milliseconds: number) => void} callback */
    request(callback) {
      last += 1;
      waiting.set(last, callback);
      return last;
    },
    /** @param {number} id */
    cancel(id) {
      waiting.delete(id);
    },
    /** @param {number} milliseconds */
    turn(milliseconds) {
      now += milliseconds;
      const due = [...waiting.values()];
      waiting.clear();
      for (const callback of due) callback(now);
    },
    get waiting() {
      return waiting.size;
    },
  };
}

/**
 * A number as the page writes it, read back.
 * @param {string} text
 */
export function readBack(text) {
  return Number(text.replaceAll("−", "-").replace("∞", "Infinity"));
}

/**
 * @param {number} actual
 * @param {number} expected
 * @param {number} [tolerance]
 */
export function close(actual, expected, tolerance = 1e-9) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

/**
 * What a page around a panel would be: the state, and the server's answers by the beginning of their paths. What the panel
 * does to the page is written down.
 * @param {string} panel
 * @param {Iteration} iteration
 * @param {Record<string, (body: any, query: URLSearchParams, signal?: AbortSignal) => unknown>} answers what is text is sent as it is
 */
export function panelPage(panel, iteration, answers) {
  let state = { ...reduce(initialState(), { type: "iterated", iteration }), panel };
  /** @type {string[]} */
  const calls = [];
  globalThis.fetch = async (input, { body, signal } = {}) => {
    const [path, query] = String(input).replace("/api/v1", "").split("?");
    const answer = await answers[path](
      body instanceof Blob ? body : body && JSON.parse(String(body)),
      new URLSearchParams(query),
      signal ?? undefined,
    );
    if (answer instanceof Response) return answer;
    return new Response(typeof answer === "string" ? answer : JSON.stringify(answer));
  };
  /** @type {import("../../static/js/app/works.js").Ports} */
  const ports = {
    read: () => state,
    set: (change) => {
      state = { ...state, ...change };
    },
    isOpen: () => true,
    setDesk: (change) => {
      state = reduce(state, { type: "desk", panel, change });
    },
    catalog: async () => catalog(),
    patiently: (ask) => ask(),
    edit: async (change) => {
      const { experiment } = /** @type {Iteration} */ (state.iteration);
      state = { ...state, iteration: { ...iteration, experiment: change(experiment) } };
    },
    replace: async (make, label) => {
      replaced = await make(/** @type {Iteration} */ (state.iteration).experiment);
      calls.push(`replace: ${label}`);
    },
    open: async (example) => calls.push(`open ${example}`),
    go: async (...at) => calls.push(`go to ${at.join(", ")}`),
  };
  /** @type {Experiment | null} */
  let replaced = null;
  return { ports, calls, state: () => state, replaced: () => replaced };
}

/** Storage as a tab has it. */
export function tabStorage() {
  /** @type {Map<string, string>} */
  const stored = new Map();
  const storage = {
    getItem: (/** @type {string} */ name) => stored.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => stored.set(name, text),
  };
  Object.defineProperty(globalThis, "sessionStorage", { value: storage, configurable: true });
  return stored;
}
