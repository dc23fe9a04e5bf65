/**
 * What the Data panel, and the picture beside the sentence, ask the server about the open experiment, and have of it. Of
 * answers that overtake one another, the newest question's wins.
 */

import * as api from "../server/api.js";
import { isPlane, saidOf } from "../trace/trace.js";
import { initialDesk } from "./data-setting.js";
import { blank } from "./drawing.js";
import { asking, askingInParts, askingWhy, gridOf, whyOf } from "./surface.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./edit-data.js").Place} Place */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */

/** Between an answer and the next question about the same thing. */
const PAUSE_MS = 200;
/** Points along each input of the small picture, which is asked for with every iteration. */
const SMALL_SIDE = 32;
/** While it trains the picture follows, but does not hold it up. */
const TRAINING_PAUSE_MS = 800;

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new SurfaceBeside(ports);

/** What the network says all over its inputs, for the picture beside the sentence. */
class SurfaceBeside {
  #ports;
  #questions;

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
    // A picture that can't be had is none: the sentence beside it needs no word about that.
    const set = (/** @type {Partial<Desk>} */ { surface }) => surface && ports.setDesk({ surface });
    this.#questions = new DataQuestions(
      ports,
      () => initialDesk(),
      set,
      () => this.refresh(),
    );
  }

  /** Called after each paint. */
  refresh() {
    const { iteration, panel, presenting, training } = this.#ports.read();
    const isSeen = (panel === "beat" || panel === "inspect") && !presenting;
    if (!iteration || !isSeen || !isPlane(iteration.experiment)) return;
    const pause = training ? TRAINING_PAUSE_MS : PAUSE_MS;
    this.#questions.refreshSurface(iteration.experiment, SMALL_SIDE, pause);
  }

  act = { traceRow: (/** @type {Place} */ place) => traceRow(this.#ports, place) };
}

/**
 * Shows a row in the neuron picture, where this iteration has it.
 * @param {import("../app/works.js").Ports} ports
 * @param {Place} place
 */
export function traceRow(ports, { held, row }) {
  const { iteration } = ports.read();
  if (!iteration) return;
  const at = iteration.batchRows?.indexOf(row) ?? row;
  if (held)
    return ports.set({
      error: `Row ${row} is held back: it is part of no iteration. What the network says of it stands in the table.`,
    });
  if (at < 0)
    return ports.set({
      error: `Row ${row} is not in the batch of this iteration. Step (N) until it comes, or take all rows in Build.`,
    });
  ports.set({ row: at, view: "neurons" });
}

export class DataQuestions {
  #ports;
  #desk;
  #set;
  #again;
  /** What is being asked or was, by what it is for. @type {Map<string, unknown>} */
  #asked = new Map();
  /** What is asked again only when the last answer is there and drawn. @type {Set<string>} */
  #busy = new Set();

  /**
   * @param {import("../app/works.js").Ports} ports
   * @param {() => Desk} desk
   * @param {(change: Partial<Desk>) => void} set
   * @param {() => void} again looks what is to be asked by then
   */
  constructor(ports, desk, set, again) {
    this.#ports = ports;
    this.#desk = desk;
    this.#set = set;
    this.#again = again;
  }

  /** All may be asked again. */
  clear() {
    this.#asked.clear();
  }

  refresh() {
    const experiment = this.#ports.read().iteration?.experiment;
    if (!experiment) return;
    this.catalog();
    const { section } = this.#desk();
    if (section === "rows") {
      this.refreshSurface(experiment);
      if (experiment.batch_size || experiment.dropout_seed != null) this.#refreshRows(experiment);
    }
    if (section === "draw") this.#refreshWhy(experiment);
  }

  async catalog() {
    if (this.#desk().catalog) return;
    await this.#answer("catalog", "catalog", this.#ports.catalog, (catalog) => ({ catalog }));
  }

  /** @param {Experiment} experiment */
  #trace(experiment) {
    return this.#ports.patiently(() => api.trace(experiment));
  }

  /**
   * Asks once for a thing, and takes the answer where nothing newer was asked for it meanwhile.
   * @template T
   * @param {string} thing
   * @param {unknown} about
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => Partial<Desk>} then
   */
  async #answer(thing, about, ask, then) {
    if (this.#asked.get(thing) === about) return;
    this.#asked.set(thing, about);
    try {
      const given = await ask();
      if (this.#asked.get(thing) === about) this.#set(then(given));
    } catch (error) {
      this.#set({ error: api.messageOf(error) });
    }
  }

  /** @param {string} thing @param {Experiment} experiment */
  #isNew(thing, experiment) {
    return !this.#busy.has(thing) && this.#asked.get(thing) !== experiment;
  }

  /**
   * What every step changes is asked again when the last answer is there and drawn, not with every step: training goes on.
   * @template T
   * @param {string} thing
   * @param {Experiment} experiment
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => Partial<Desk>} then
   * @param {number} [pause]
   */
  async #follow(thing, experiment, ask, then, pause = PAUSE_MS) {
    if (!this.#isNew(thing, experiment)) return;
    this.#busy.add(thing);
    await this.#answer(thing, experiment, ask, then);
    setTimeout(() => {
      this.#busy.delete(thing);
      this.#again();
    }, pause);
  }

  /**
   * @param {Experiment} experiment
   * @param {number} [finest] points along each of two inputs
   * @param {number} [pause] before the next question
   */
  refreshSurface(experiment, finest, pause) {
    if (!this.#isNew("surface", experiment)) return;
    const grid = gridOf(experiment.data, experiment, finest);
    if (!grid) return;
    const ask = () => this.#trace(asking(experiment, grid.x));
    const then = (/** @type {import("../trace/trace.js").TraceAnswer} */ given) => ({
      surface: { experiment, grid, said: saidOf(given).predictions },
    });
    this.#follow("surface", experiment, ask, then, pause);
  }

  /** @param {Experiment} experiment */
  #refreshRows(experiment) {
    const parts = askingInParts(experiment);
    const ask = () => Promise.all(parts.map((it) => this.#trace(it)));
    this.#follow("rows", experiment, ask, (given) => ({ said: joined(given.map(saidOf)) }));
  }

  /** @param {Experiment} experiment */
  #refreshWhy(experiment) {
    const shape = experiment.data.image_shape;
    if (!shape) return;
    const { pixels, why } = this.#desk();
    if (pixels.length !== shape[0] * shape[1]) return this.#set({ pixels: blank(shape), pixel: 0 });
    if (why?.pixels === pixels && why.experiment === experiment) return;
    const asked = this.#asked;
    if (asked.get("why about") === pixels && asked.get("why of") === experiment) return;
    asked.set("why about", pixels);
    asked.set("why of", experiment);
    const ask = () => this.#trace(askingWhy(experiment, pixels));
    this.#answer("why", {}, ask, (given) => ({ why: { experiment, pixels, ...whyOf(given) } }));
  }
}

/**
 * As one, what was said of rows that were asked about in parts.
 * @param {import("../trace/trace.js").Said[]} parts
 * @returns {import("../trace/trace.js").Said}
 */
function joined(parts) {
  const logits = parts.flatMap((it) => it.logits ?? []);
  return {
    outputs: parts.flatMap((it) => it.outputs),
    predictions: parts.flatMap((it) => it.predictions),
    logits: logits.length > 0 ? logits : null,
    costs: parts.flatMap((it) => it.costs),
  };
}
