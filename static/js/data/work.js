/**
 * What the Data panel does: has texts and files read, edits rows, takes other data, and asks what its open section shows.
 */

import { begun, choicesOf, DRAWING, planAsItIs, withBatch } from "../experiment/architecture.js";
import * as api from "../server/api.js";
import { DataQuestions, traceRow } from "./ask-work.js";
import { initialDesk, typedWithout } from "./data-setting.js";
import { keepDraft, keptDraft } from "./draft-storage.js";
import { draftFor, sameDraft, takenBack, withPresent } from "./drafts.js";
import { moved, withCell, withClass, withNewRow, withoutRow, withRow } from "./edit-data.js";
import { proposal } from "./fit-network.js";
import { forAnother } from "./table-choices.js";
import { TableReading } from "./table-work.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./table-choices.js").Choices} Choices */
/** @typedef {import("./edit-data.js").Data} Data */
/** @typedef {import("./edit-data.js").Place} Place */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/**
 * @typedef {object} DataActions
 * @property {(change: Partial<Desk> | ((desk: Desk) => Partial<Desk>)) => void} set a function gets the desk as it is now:
 *   keys may come faster than the page is painted
 * @property {(text: string) => void} readText
 * @property {(change: (choices: Choices) => Partial<Choices>) => void} choose the same text again, read otherwise; as above
 * @property {(file: File) => void} openFile
 * @property {() => void} openModel
 * @property {(way: import("../experiment/model-work.js").Way) => void} readWeights
 * @property {() => void} clear the text; one that was typed can be had back
 * @property {() => void} takeBack the text that was typed before
 * @property {() => void} use the table that was read
 * @property {(name: string) => void} openDataset
 * @property {(place: Place) => void} traceRow
 * @property {(place: Place, side: "x" | "y", column: number, value: number) => void} setCell
 * @property {(place: Place, at: number) => void} setClass
 * @property {(held: boolean) => void} addRow
 * @property {(place: Place) => void} removeRow
 * @property {(place: Place) => void} moveRow held back, or learned from again
 * @property {(at: number) => void} addDrawing as an example of a class
 */

const ALL_ROWS = /** @type {const} */ ({ filter: "all" });
const FIRST_ROWS = /** @type {const} */ ({
  section: "rows",
  page: 0,
  column: 0,
  typed: {},
  ...ALL_ROWS,
});

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new DataWork(ports);

class DataWork {
  #ports;
  #questions;
  #reading;
  /** Whether what was kept before a reload is asked for, and whether it is there. */
  #recall = { asked: false, done: false };
  #hasRoom = false;

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
    const again = () => ports.isOpen() && this.#questions.refresh();
    this.#questions = new DataQuestions(ports, () => this.#desk, this.#set, again);
    this.#reading = new TableReading(ports, () => this.#desk, this.#set);
    ports.setDesk(initialDesk());
  }

  /** Asks what the open section shows and is not known of the present experiment. Called after each paint. */
  refresh() {
    this.#makeRoom();
    if (!this.#ports.isOpen()) return;
    this.#takeUpDraft();
    this.#questions.refresh();
  }

  get #desk() {
    return /** @type {Desk} */ (this.#ports.read().desks.data);
  }

  /** @param {Parameters<DataActions["set"]>[0]} wanted */
  #set = (wanted) => {
    const before = this.#desk;
    const change = typeof wanted === "function" ? wanted(before) : wanted;
    // A failure that was dismissed may be tried again.
    if (change.error === null && before.error !== null) this.#questions.clear();
    this.#ports.setDesk(change);
    this.#makeRoom();
    if (this.#recall.done && !sameDraft(before, this.#desk)) keepDraft(draftFor(this.#desk));
  };

  /** To bring data and to draw take room; the graph is under it, where it was, and is back with the rows or another panel. */
  #makeRoom() {
    const takes = this.#ports.isOpen() && this.#desk.section !== "rows";
    if (takes === this.#hasRoom) return;
    this.#hasRoom = takes;
    this.#ports.set({ enlarged: takes });
  }

  /** What was kept before a reload comes back once, before anything newer is kept. */
  #takeUpDraft() {
    if (this.#recall.asked) return;
    this.#recall = { asked: true, done: true };
    const { section: was, text, aside, ...how } = keptDraft() ?? draftFor(initialDesk());
    const desk = this.#desk;
    const section = desk.section === "rows" ? was : desk.section;
    if (desk.text !== "" || desk.name !== "") {
      // Something came in meanwhile: it stays, and the older text is put aside.
      const older = withPresent({ ...desk, ...how, text, aside });
      return this.#set({ aside: [...older, ...desk.aside] });
    }
    if (section !== desk.section || aside.length > 0) this.#set({ section, aside });
    if (text !== "") this.#reading.text(text, { ...how, section, aside });
  }

  /** @param {(data: Data) => Data} change */
  #edit(change) {
    this.#ports.edit(
      (it) => withBatch({ ...it, data: change(it.data) }, it.batch_size ?? null),
      "data",
      "data",
    );
  }

  /** The model that a file holds, in the place of what is open. */
  async #openModel() {
    const { model } = this.#desk;
    if (!model) return;
    this.#set({ ...FIRST_ROWS, model: null, text: "", name: "", isFile: false });
    await this.#ports.replace(async () => model.experiment, "a model");
    if (model.told) this.#ports.set({ notice: `The model is open. ${model.told}` });
  }

  /** @type {DataActions} */
  act = {
    set: this.#set,
    readText: (text) => this.#reading.typed(text),
    choose: (change) => this.#reading.choose(change),
    openFile: (file) => this.#reading.file(file),
    openModel: () => this.#openModel(),
    readWeights: (way) => this.#reading.readWeights(way),
    clear: () => {
      const aside = withPresent(this.#desk);
      this.#reading.text("", { choices: forAnother(this.#desk.choices), aside });
    },
    takeBack: () => {
      const back = takenBack(this.#desk);
      if (!back) return;
      const { text, choices } = back.own;
      this.#reading.text(text, { choices, aside: back.aside });
    },
    use: () => this.#use(),
    openDataset: (name) => {
      this.#openDataset(name, this.#desk.seed);
      this.#set(FIRST_ROWS);
    },
    traceRow: (place) => traceRow(this.#ports, place),
    setCell: (place, side, column, value) =>
      this.#edit((data) => withCell(data, place, side, column, value)),
    setClass: (place, at) => this.#edit((data) => withClass(data, place, at)),
    addRow: (held) => {
      this.#edit((data) => withNewRow(data, held));
      this.#set({ ...ALL_ROWS, order: "given" });
    },
    removeRow: (place) => {
      this.#set((desk) => ({ typed: typedWithout(desk.typed, place) }));
      this.#edit((data) => withoutRow(data, place));
    },
    moveRow: (place) => {
      this.#set((desk) => ({ typed: typedWithout(desk.typed, place) }));
      this.#edit((data) => moved(data, place));
    },
    addDrawing: (at) => {
      const { pixels } = this.#desk;
      this.#edit((data) => {
        const withIt = withRow(data, false, pixels, data.y[0]);
        return withClass(withIt, { held: false, row: data.x.length }, at);
      });
    },
  };

  /** The network changes as proposed, to take what was read; where `anew`, its weights start anew. */
  #use() {
    const { answer: made, isReading, name, choices, catalog } = this.#desk;
    const from = this.#ports.read().iteration?.experiment;
    if (!made || isReading || !from) return;
    const title = name || "My own data";
    const { anew, sizes, activations, cost } = proposal(made, from, catalog, choices.suited);
    this.#ports.replace(async () => {
      const named = begun({ ...from, title: title.slice(0, 200), data: made.data });
      const layers = from.network.layers.map((it, at) => ({ ...it, activation: activations[at] }));
      if (!anew) return { ...named, network: { ...from.network, layers, cost } };
      const { reduction = "mean" } = from.network;
      const drawing = { ...this.#drawing, data_seed: 0 };
      const choices = { sizes, activations, bias: true, cost, reduction, ...drawing };
      return { ...named, network: (await api.initialize(choices)).network };
    }, `data: ${title}`);
    this.#set(FIRST_ROWS);
  }

  /**
   * Data that comes with the explorer, with the network that suits it; drawn by a seed, where it is drawn.
   * @param {string} name
   * @param {number} seed
   */
  async #openDataset(name, seed) {
    const row = (await this.#ports.catalog()).datasets.find((it) => it.name === name);
    if (!row?.drawn || seed === 0) return this.#ports.open(name);
    return this.#ports.replace(async () => {
      const from = await api.example(name);
      const choices = choicesOf(from, planAsItIs(from), this.#drawing);
      const drawn = await api.initialize({ ...choices, dataset: name, data_seed: seed });
      return { ...from, title: `${from.title}, seed ${seed}`, data: drawn.data };
    }, `data: ${row.title}, seed ${seed}`);
  }

  get #drawing() {
    const { initializer, seed } = this.#ports.read().desks.build ?? DRAWING;
    return { initializer, seed };
  }
}
