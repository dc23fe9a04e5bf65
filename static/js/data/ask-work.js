/**
 * What the Data panel asks the server about the open experiment, and has of it. Of answers that overtake one another, the
 * newest question's wins.
 */

import * as api from "../server/api.js";
import { joined, saidOf } from "../trace/trace.js";
import { blank } from "./drawing.js";
import { asking, askingInParts, askingWhy, gridOf, whyOf } from "./surface.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */

/** Between an answer and the next question about the same thing. */
const PAUSE_MS = 200;

export class DataQuestions {
  #ports;
  #desk;
  #set;
  /** What is being asked or was, by what it is for. @type {Map<string, unknown>} */
  #asked = new Map();
  /** What is asked again only when the last answer is there and drawn. @type {Set<string>} */
  #busy = new Set();

  /**
   * @param {import("../app/works.js").Ports} ports
   * @param {() => Desk} desk
   * @param {(change: Partial<Desk>) => void} set
   */
  constructor(ports, desk, set) {
    this.#ports = ports;
    this.#desk = desk;
    this.#set = set;
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
      this.#refreshSurface(experiment);
      if (experiment.batch_size) this.#refreshRows(experiment);
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

  /**
   * What every step changes is asked again when the last answer is there and drawn, not with every step: training goes on.
   * @template T
   * @param {string} thing
   * @param {Experiment} experiment
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => Partial<Desk>} then
   */
  async #follow(thing, experiment, ask, then) {
    if (this.#busy.has(thing) || this.#asked.get(thing) === experiment) return;
    this.#busy.add(thing);
    await this.#answer(thing, experiment, ask, then);
    setTimeout(() => {
      this.#busy.delete(thing);
      if (this.#ports.isOpen()) this.refresh();
    }, PAUSE_MS);
  }

  /** @param {Experiment} experiment */
  #refreshSurface(experiment) {
    const grid = gridOf(experiment.data, experiment);
    if (!grid) return;
    const ask = () => this.#trace(asking(experiment, grid.x));
    this.#follow("surface", experiment, ask, (given) => ({
      surface: { experiment, grid, said: saidOf(given).predictions },
    }));
  }

  /** @param {Experiment} experiment */
  #refreshRows(experiment) {
    const parts = askingInParts(experiment, experiment.data.x);
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
