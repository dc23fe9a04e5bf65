/**
 * Random sequences of what a reader does (edit, build, train, step, undo, redo, reload, open a link), on the real session
 * against a real server, held against a plain model of what they mean.
 *
 *     node tests/tools/sequences.mjs http://127.0.0.1:8000 100
 *
 * The model is a list of experiments with a place in it; to train is to post /step so many times. At the end of each
 * sequence the page's experiment must be the model's to the last bit, and what it shows must be its step.
 */

import assert from "node:assert/strict";
import { createSession } from "../../static/js/app/session.js";
import * as steering from "../../static/js/app/steering.js";
import * as build from "../../static/js/experiment/architecture.js";
import { withEntry } from "../../static/js/experiment/edit-entry.js";
import { START } from "../../static/js/state/address.js";
import { pack, unpack } from "../../static/js/state/packed-experiment.js";
import { initialState, placeOf, reduce } from "../../static/js/state/state.js";
import * as player from "../../static/js/time/clock.js";
import { decode } from "../../static/js/trace/trace.js";
import { generator } from "../js/support.js";

/** @typedef {import("../../static/js/trace/trace.js").Experiment} Experiment */
/** @typedef {ReturnType<typeof page>} Page */

const [server, count] = process.argv.slice(2);
const LENGTH = 14;
const EXAMPLES = ["lecture", "scalar", "xor", "wave"];

const realFetch = globalThis.fetch;
/** @type {typeof fetch} */
globalThis.fetch = (path, request) => realFetch(new URL(String(path), server), request);

/** A page without a picture. */
function page() {
  let state = initialState();
  let number = 0;
  const clock = {
    /** @param {(milliseconds: number) => void} callback */
    request(callback) {
      number += 1;
      setImmediate(() => callback(0));
      return number;
    },
    cancel() {},
  };
  const session = createSession(
    () => state,
    (action) => {
      // The time of day must not join what was done apart.
      if (action.type === "did") number += 1e4;
      state = reduce(state, action.type === "did" ? { ...action, at: number } : action);
    },
    clock,
    { player: async () => player, steering: async () => steering },
  );
  return { session, read: () => state };
}

/**
 * @param {string} path
 * @param {unknown} [body]
 */
async function ask(path, body) {
  const headers = { "content-type": "application/json" };
  const request = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(`/api/v1${path}`, request);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

/** @param {Experiment} experiment @param {number} steps */
async function stepped(experiment, steps) {
  let now = experiment;
  for (let at = 0; at < steps; at++) now = (await ask("/step", now)).experiment;
  return now;
}

/** A change of the experiment, once for the page and once for the model. */
const CHANGES = {
  /** @param {Experiment} from @param {ReturnType<typeof generator>} random */
  edit(from, random) {
    const layer = random.whole(0, from.network.layers.length - 1);
    const { weights, bias } = from.network.layers[layer];
    const places = [
      {
        id: `W${layer}`,
        row: random.whole(0, weights.length - 1),
        column: random.whole(0, weights[0].length - 1),
      },
      { id: "x", row: 0, column: random.whole(0, from.data.x[0].length - 1) },
      ...(bias ? [{ id: `b${layer}`, row: 0, column: random.whole(0, bias.length - 1) }] : []),
    ];
    const place = random.pick(places);
    const value = random.pick([0, 1, -0.5, random.real()]);
    return { kind: "edit", make: async () => withEntry(from, place, value) };
  },
  /** @param {Experiment} from @param {ReturnType<typeof generator>} random */
  optimizer(from, random) {
    const [name, defaults] = random.pick(
      /** @type {[string, Record<string, number | boolean>][]} */ ([
        ["sgd", { learning_rate: 0.1 }],
        ["momentum", { learning_rate: 0.1, momentum: 0.9, nesterov: true }],
        ["adam", { learning_rate: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }],
      ]),
    );
    return { kind: "edit", make: async () => build.withOptimizer(from, name, defaults) };
  },
  /** @param {Experiment} from @param {ReturnType<typeof generator>} random */
  activation(from, random) {
    const layer = random.whole(0, from.network.layers.length - 1);
    const name = random.pick(["tanh", "sigmoid", "relu"]);
    return { kind: "edit", make: async () => build.withActivation(from, layer, name, {}) };
  },
  /** @param {Experiment} from @param {ReturnType<typeof generator>} random */
  build(from, random) {
    const last = from.network.layers.length - 1;
    const layer = random.whole(0, last);
    const plans = [
      build.withLayer(from, layer),
      ...(layer < last ? [build.widened(from, layer, random.whole(1, 5))] : []),
      ...(layer < last ? [build.withoutLayer(from, layer)] : []),
    ];
    const plan = random.pick(plans);
    const drawing = { initializer: "xavier", seed: random.whole(0, 9) };
    return {
      kind: "replace",
      make: async () =>
        build.rebuilt(from, plan, await ask("/initialize", build.choicesOf(from, plan, drawing))),
    };
  },
};

/** @param {number} seed */
async function sequence(seed) {
  const random = generator(seed);
  let { session, read } = page();
  await session.open(random.pick(EXAMPLES));
  const opened = /** @type {Experiment} */ (read().iteration?.experiment);
  const model = { list: [opened], at: 0 };
  const told = [`open ${read().example}`];
  const here = () => model.list[model.at];
  /** @param {Experiment} experiment */
  const moved = (experiment) => {
    model.list = [...model.list.slice(0, model.at + 1), experiment];
    model.at += 1;
  };

  const deeds = {
    async change() {
      const { kind, make } = CHANGES[
        random.pick(/** @type {const} */ (["edit", "optimizer", "activation", "build"]))
      ](here(), random);
      const made = await make();
      const steer = await session.steer();
      if (kind === "edit") await steer.edit(() => made, "change");
      else await steer.replace(async () => made, "build");
      moved(made);
    },
    async train() {
      const steps = random.whole(1, 12);
      await (await session.steer()).toggleTraining(steps);
      moved(await stepped(here(), steps));
    },
    async step() {
      await session.iterate(1);
      moved(await stepped(here(), 1));
    },
    async undo() {
      await (await session.steer()).restore("undo");
      model.at = Math.max(0, model.at - 1);
    },
    async redo() {
      await (await session.steer()).restore("redo");
      model.at = Math.min(model.list.length - 1, model.at + 1);
    },
    async reload() {
      const { undo, redo } = read();
      const kept = structuredClone({ place: placeOf(read()), undo, redo });
      ({ session, read } = page());
      await (await session.steer()).recall(/** @type {any} */ (kept));
    },
    async link() {
      const experiment = await unpack(await pack(here()));
      await session.visit({ ...START, example: read().example }, experiment);
      moved(here());
    },
  };
  const names = /** @type {(keyof typeof deeds)[]} */ (Object.keys(deeds));
  for (let at = 0; at < LENGTH; at++) {
    const name = random.pick(names);
    told.push(name);
    await deeds[name]();
  }
  const { iteration, undo, redo, error } = read();
  const words = `seed ${seed}: ${told.join(", ")}`;
  assert.equal(error, null, words);
  assert.deepEqual(sent(iteration?.experiment), sent(here()), words);
  assert.deepEqual(
    iteration,
    decode(iteration?.experiment ?? here(), await ask("/step?lean=true", here())),
    words,
  );
  assert.equal(undo.length, model.at, words);
  assert.equal(redo.length, model.list.length - 1 - model.at, words);
}

/** @param {unknown} value as it travels: without names that stand for nothing, and without the sign of −0 */
function sent(value) {
  const text = JSON.stringify(value, (_, it) => (it === null ? undefined : it));
  return JSON.parse(text);
}

for (let seed = 1; seed <= Number(count); seed++) await sequence(seed);
console.log(`${count} sequences`);
