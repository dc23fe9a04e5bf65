/**
 * What the Build panel does: another network in the place of the open one, other training, other weights.
 */

import {
  choicesOf,
  DRAWING,
  planAsItIs,
  rebuilt,
  redrawn,
  sizesOf,
  widened,
  withActivation,
  withBias,
  withDropout,
  withLayer,
  withLayerOf,
  withNetwork,
  withoutLayer,
} from "../experiment/architecture.js";
import { trainingActions } from "../experiment/training-work.js";
import * as api from "../server/api.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./build-view.js").Bench} Bench */
/** @typedef {import("./build-view.js").BuildActions} BuildActions */

/** @type {Bench} */
const START = { catalog: null, ...DRAWING, problem: null };

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new BuildWork(ports);

class BuildWork {
  #ports;
  #isAsking = false;

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
    ports.setDesk(START);
  }

  async refresh() {
    // Once refused it is not asked for again with every paint, but when that was read and dismissed.
    const isTold = this.#ports.read().error !== null;
    if (!this.#ports.isOpen() || this.#isAsking || this.#bench.catalog || isTold) return;
    this.#isAsking = true;
    try {
      this.#ports.setDesk({ catalog: await this.#ports.catalog() });
    } catch (error) {
      this.#ports.set({ error: api.messageOf(error) });
    } finally {
      this.#isAsking = false;
    }
  }

  /** @type {BuildActions} */
  act = {
    ...trainingActions({
      edit: (change, label) => this.#edit(change, label),
      refuse: (problem) => this.#ports.setDesk({ problem }),
      catalog: () => this.#bench.catalog,
    }),
    setTitle: (title) =>
      this.#edit((it) => ({ ...it, title: title === "" ? undefined : title }), "title"),
    setWidth: (layer, neurons) =>
      this.#rebuild((it) => widened(it, layer, neurons), `${neurons} neurons in layer ${layer}`),
    widen: (layer, by) => {
      const label = `${by > 0 ? "+1" : "−1"} neuron in layer ${layer}`;
      this.#rebuild((it) => {
        const neurons = sizesOf(it)[layer + 1] + by;
        return neurons > 0 ? widened(it, layer, neurons) : null;
      }, label);
    },
    addLayer: (layer) => this.#rebuild((it) => withLayer(it, layer), `layer ${layer} added`),
    removeLayer: (layer) => {
      // The layer of that number in the network that is seen, not in what a press before makes of it.
      const seen = this.#ports.read().iteration?.experiment.network;
      this.#rebuild(
        (it) => (it.network === seen ? withoutLayer(it, layer) : null),
        `layer ${layer} removed`,
      );
    },
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
    setDropout: (layer, share) =>
      this.#edit((it) => withDropout(it, layer, share), `dropout of layer ${layer}`),
    setDropoutSeed: (seed) =>
      this.#edit((it) => ({ ...it, dropout_seed: seed }), "seed of the dropout"),
    setNetwork: (change) =>
      this.#edit((it) => withNetwork(it, change), Object.values(change).join()),
    setPenalty: (penalty) =>
      this.#edit(
        (it) => withNetwork(it, { penalty }),
        penalty ? `penalty ${penalty.name}` : "no penalty",
      ),
    setDrawing: (change) => this.#ports.setDesk({ ...change, problem: null }),
    redraw: () => {
      const { initializer, seed } = this.#bench;
      this.#replace(async (from) => {
        const choices = choicesOf(from, planAsItIs(from), this.#bench);
        return redrawn(from, await api.initialize(choices));
      }, `weights drawn: ${initializer}, ${seed}`);
    },
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
   * @param {(experiment: Experiment) => import("../experiment/architecture.js").Plan | null} planOf null: nothing is to be done
   * @param {string} label
   */
  #rebuild(planOf, label) {
    return this.#replace(async (from) => {
      const plan = planOf(from);
      return plan && rebuilt(from, plan, await api.initialize(choicesOf(from, plan, this.#bench)));
    }, label);
  }

  /**
   * @param {(from: Experiment) => Promise<Experiment | null>} make
   * @param {string} label
   */
  #replace(make, label) {
    this.#ports.setDesk({ problem: null });
    return this.#ports.replace(make, label);
  }
}
