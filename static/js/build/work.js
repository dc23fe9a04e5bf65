/**
 * What the Build panel does: another network in the place of the open one, other training, other weights.
 */

import {
  choicesOf,
  planAsItIs,
  rebuilt,
  redrawn,
  sizesOf,
  widened,
  withActivation,
  withBatch,
  withBias,
  withField,
  withLayer,
  withLayerOf,
  withNetwork,
  withOptimizer,
  withoutLayer,
} from "../experiment/architecture.js";
import * as api from "../server/api.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./build-view.js").Bench} Bench */
/** @typedef {import("./build-view.js").BuildActions} BuildActions */

/** @type {Bench} */
const START = { catalog: null, initializer: "xavier", seed: 0, problem: null };

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new BuildWork(ports);

class BuildWork {
  #ports;
  #asked = false;
  /** The last change of the network, once it is answered. @type {Promise<unknown>} */
  #replaced = Promise.resolve();

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
    ports.setDesk(START);
  }

  async refresh() {
    if (!this.#ports.isOpen() || this.#asked) return;
    // Once refused it is not asked for again with every paint.
    this.#asked = true;
    try {
      this.#ports.setDesk({ catalog: await this.#ports.catalog() });
    } catch (error) {
      this.#ports.set({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @type {BuildActions} */
  act = {
    setTitle: (title) =>
      this.#edit((it) => ({ ...it, title: title === "" ? undefined : title }), "title"),
    setWidth: (layer, neurons) =>
      this.#rebuild((it) => widened(it, layer, neurons), `${neurons} neurons in layer ${layer}`),
    widen: (layer, by) => {
      const label = `${by > 0 ? "+1" : "−1"} neuron in layer ${layer}`;
      this.#rebuild((it) => widened(it, layer, Math.max(1, sizesOf(it)[layer + 1] + by)), label);
    },
    addLayer: (layer) => this.#rebuild((it) => withLayer(it, layer), `layer ${layer} added`),
    removeLayer: (layer) =>
      this.#rebuild((it) => withoutLayer(it, layer), `layer ${layer} removed`),
    setActivation: (layer, name) => {
      const options = this.#bench.catalog?.activations.find((it) => it.name === name)?.defaults;
      const label = `${name} in layer ${layer}`;
      this.#edit((it) => withActivation(it, layer, name, options ?? {}), label);
    },
    setOption: (layer, option, value) => {
      const label = `${option} of layer ${layer}`;
      this.#edit(
        (it) => withLayerOf(it, layer, { ...it.network.layers[layer], [option]: value }),
        label,
      );
    },
    setBias: (layer, wanted) => {
      const label = `${wanted ? "bias" : "no bias"} in layer ${layer}`;
      this.#edit((it) => withBias(it, layer, wanted), label);
    },
    setNetwork: (change) =>
      this.#edit((it) => withNetwork(it, change), Object.values(change).join()),
    setOptimizer: (name) => {
      const fields = this.#bench.catalog?.optimizers.find((it) => it.name === name)?.defaults;
      this.#edit((it) => withOptimizer(it, name, fields ?? {}), `optimizer ${name}`);
    },
    setField: (field, value) =>
      this.#edit((it) => withField(it, field, value), field.replace("_", " ")),
    setBatch: (size) =>
      this.#edit((it) => withBatch(it, size), size === null ? "all rows" : "batch"),
    setDrawing: (change) => this.#ports.setDesk({ ...change, problem: null }),
    redraw: () => {
      const { initializer, seed } = this.#bench;
      this.#replace(async (from) => {
        const choices = choicesOf(from, planAsItIs(from), this.#bench);
        return redrawn(from, await api.initialize(choices));
      }, `weights drawn: ${initializer}, ${seed}`);
    },
    refuse: (problem) => this.#ports.setDesk({ problem }),
  };

  get #bench() {
    return this.#ports.read().desks.build ?? START;
  }

  /**
   * @param {(experiment: Experiment) => Experiment} change
   * @param {string} label
   */
  #edit(change, label) {
    this.#ports.setDesk({ problem: null });
    return this.#ports.edit(change, label);
  }

  /**
   * @param {(experiment: Experiment) => import("../experiment/architecture.js").Plan} planOf
   * @param {string} label
   */
  #rebuild(planOf, label) {
    return this.#replace(async (from) => {
      const plan = planOf(from);
      return rebuilt(from, plan, await api.initialize(choicesOf(from, plan, this.#bench)));
    }, label);
  }

  /**
   * @param {(from: Experiment) => Promise<Experiment>} make
   * @param {string} label
   */
  #replace(make, label) {
    this.#ports.setDesk({ problem: null });
    // Presses may come faster than they are answered: each begins from what the one before has made.
    this.#replaced = this.#replaced
      .catch(() => null)
      .then(async () => {
        const { iteration } = this.#ports.read();
        if (iteration) await this.#ports.replace(() => make(iteration.experiment), label);
      });
  }
}
