/**
 * The panels that change the experiment: what they are set to, what they ask the server, and what their buttons do.
 */

import { buildView } from "../build/build-view.js";
import { compareView } from "../compare/compare-view.js";
import { createCompareWork } from "../compare/work.js";
import { dataView } from "../data/data-view.js";
import { keepDraft, keptDraft } from "../data/draft-storage.js";
import { createDataWork } from "../data/work.js";
import {
  begun,
  choicesOf,
  planAsItIs,
  rebuilt,
  redrawn,
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
import { dataRow } from "../experiment/edit-entry.js";
import * as api from "../server/api.js";
import { train } from "../server/training-stream.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../build/build-view.js").Bench} Bench */
/** @typedef {import("../build/build-view.js").BuildActions} BuildActions */
/** @typedef {ReturnType<typeof import("./session.js").createSession>} Session */
/** @typedef {ReturnType<typeof createWorkshop>} Workshop */

/**
 * @param {() => State} read
 * @param {Session} session
 * @param {() => void} repaint
 */
export function createWorkshop(read, session, repaint) {
  /** @type {Bench} */
  let bench = { catalog: null, initializer: "xavier", seed: 0, problem: null };
  let asking = false;

  /** @param {Partial<Bench>} change */
  function set(change) {
    bench = { ...bench, ...change };
    repaint();
  }

  async function catalog() {
    if (bench.catalog) return bench.catalog;
    const answer = await session.patiently(api.catalog);
    set({ catalog: answer });
    return answer;
  }

  /** @returns {Experiment} */
  function experiment() {
    const { iteration } = read();
    if (!iteration) throw new Error("there is no experiment yet");
    return iteration.experiment;
  }

  /**
   * @param {(experiment: Experiment) => Experiment} change
   * @param {string} label
   * @param {string | null} [gesture]
   */
  async function edit(change, label, gesture = null) {
    set({ problem: null });
    await (await session.steer()).edit(change, label, gesture);
  }

  /**
   * @param {() => Promise<Experiment>} make
   * @param {string} label
   */
  async function replace(make, label) {
    set({ problem: null });
    return (await session.steer()).replace(make, label);
  }

  /**
   * @param {(experiment: Experiment) => import("../experiment/architecture.js").Plan} planOf
   * @param {string} label
   */
  function rebuild(planOf, label) {
    const from = experiment();
    const plan = planOf(from);
    return replace(
      async () => rebuilt(from, plan, await api.initialize(choicesOf(from, plan, bench))),
      label,
    );
  }

  /**
   * @param {Experiment} from
   * @param {{ initializer: string, seed: number }} drawing
   */
  async function drawnAnew(from, drawing) {
    const plan = planAsItIs(from);
    return redrawn(from, await api.initialize(choicesOf(from, plan, drawing)));
  }

  /** @type {BuildActions} */
  const build = {
    setTitle: (title) =>
      edit((it) => ({ ...it, title: title === "" ? undefined : title }), "title"),
    setWidth: (layer, neurons) =>
      rebuild((it) => widened(it, layer, neurons), `${neurons} neurons in layer ${layer}`),
    addLayer: (layer) => rebuild((it) => withLayer(it, layer), `layer ${layer} added`),
    removeLayer: (layer) => rebuild((it) => withoutLayer(it, layer), `layer ${layer} removed`),
    setActivation: (layer, name) => {
      const row = bench.catalog?.activations.find((it) => it.name === name);
      edit(
        (it) => withActivation(it, layer, name, row?.defaults ?? {}),
        `${name} in layer ${layer}`,
      );
    },
    setOption: (layer, option, value) =>
      edit(
        (it) => withLayerOf(it, layer, { ...it.network.layers[layer], [option]: value }),
        `${option} of layer ${layer}`,
      ),
    setBias: (layer, wanted) =>
      edit((it) => withBias(it, layer, wanted), `${wanted ? "bias" : "no bias"} in layer ${layer}`),
    setNetwork: (change) => edit((it) => withNetwork(it, change), Object.values(change).join()),
    setOptimizer: (name) => {
      const row = bench.catalog?.optimizers.find((it) => it.name === name);
      edit((it) => withOptimizer(it, name, row?.defaults ?? {}), `optimizer ${name}`);
    },
    setField: (field, value) => edit((it) => withField(it, field, value), field.replace("_", " ")),
    setBatch: (size) => edit((it) => withBatch(it, size), size === null ? "all rows" : "batch"),
    setDrawing: (change) => set({ ...change, problem: null }),
    redraw: () => {
      const from = experiment();
      replace(() => drawnAnew(from, bench), `weights drawn: ${bench.initializer}, ${bench.seed}`);
    },
    refuse: (problem) => set({ problem }),
  };

  const data = createDataWork({
    read,
    isOpen: () => read().panel === "data",
    changed: repaint,
    ask: (it) => session.patiently(() => api.trace(it)),
    catalog,
    editData: (change) =>
      edit(
        (it) => withBatch({ ...it, data: change(it.data) }, it.batch_size ?? null),
        "data",
        "data",
      ),
    useData: (rows, { anew, sizes, activations, cost }, title) => {
      const from = experiment();
      replace(async () => {
        const named = begun({ ...from, title: title.slice(0, 200), data: rows });
        const layers = from.network.layers.map((it, at) => ({
          ...it,
          activation: activations[at],
        }));
        if (!anew) return { ...named, network: { ...from.network, layers, cost } };
        const { reduction = "mean" } = from.network;
        const drawing = { initializer: bench.initializer, seed: bench.seed, data_seed: 0 };
        const choices = { sizes, activations, bias: true, cost, reduction, ...drawing };
        return { ...named, network: (await api.initialize(choices)).network };
      }, `data: ${title}`);
    },
    openDataset: (name, seed) => openDataset(name, seed),
    keepDraft,
    keptDraft,
    traceRow,
  });

  const compare = createCompareWork({
    read,
    isOpen: () => read().panel === "compare",
    changed: repaint,
    train: (it, asked, signal) => session.patiently(() => train(it, asked, signal), signal),
    step: (it) => session.patiently(() => api.step(it)),
    trace: (it) => session.patiently(() => api.trace(it)),
    initialize: (it) => session.patiently(() => api.initialize(it)),
    catalog,
    goTo: async (iteration, t) => {
      if (read().iteration?.number === iteration) return session.go(t);
      return (await session.steer()).jump(iteration, () => t);
    },
    open: (other, label) => replace(async () => other, label),
  });

  /**
   * Shows a row in the neuron picture, where this iteration has it.
   * @param {import("../data/edit-data.js").Place} place
   */
  function traceRow({ held, row }) {
    const { batch_size: size, data: rows } = experiment();
    const count = size ?? rows.x.length;
    const at = Array.from({ length: count }, (_, it) => it).find(
      (it) => dataRow(experiment(), it) === row,
    );
    if (held)
      return session.set({
        error: `Row ${row} is held back: it is part of no iteration. What the network says of it stands in the table.`,
      });
    if (at === undefined)
      return session.set({
        error: `Row ${row} is not in the batch of this iteration. Step (N) until it comes, or take all rows in Build.`,
      });
    session.set({ row: at, view: "neurons" });
  }

  /**
   * Data that comes with the explorer, with the network that suits it; drawn by a seed, where it is drawn.
   * @param {string} name
   * @param {number} seed
   */
  async function openDataset(name, seed) {
    const row = (await catalog()).datasets.find((it) => it.name === name);
    if (!row?.drawn || seed === 0) return session.open(name);
    return replace(async () => {
      const from = await api.example(name);
      const plan = planAsItIs(from);
      const choices = choicesOf(from, plan, bench);
      const drawn = await api.initialize({ ...choices, dataset: name, data_seed: seed });
      return { ...from, title: `${from.title}, seed ${seed}`, data: drawn.data };
    }, `data: ${row.title}, seed ${seed}`);
  }

  return {
    /** @param {State} state */
    view(state) {
      if (!state.iteration) return null;
      if (state.panel === "build") return buildView(state.iteration, bench, build);
      if (state.panel === "data") return dataView(state, data.desk(), data.act);
      if (state.panel === "compare") return compareView(state, compare.desk(), compare.act);
      return null;
    },
    /** Asks what the open panel has to show. Called after each paint. */
    async refresh() {
      data.refresh();
      compare.refresh();
      if (bench.catalog || asking) return;
      asking = true;
      // Once refused it is not asked for again with every paint.
      await catalog().catch((error) => session.set({ error: error.message }));
    },
  };
}
