/**
 * What the reader does with data, as functions: texts are read in slices so that the page stays quick, and the server is
 * asked what the open section has to show. Of answers that overtake one another, the newest question's wins.
 */

import { joined, saidOf } from "../trace/trace.js";
import { draftOf, initialDesk, typedWithout } from "./data-setting.js";
import { draftFor, sameDraft, takenBack, withPresent } from "./drafts.js";
import { blank } from "./drawing.js";
import { moved, withCell, withClass, withNewRow, withoutRow, withRow } from "./edit-data.js";
import { proposal } from "./fit-network.js";
import { MOST_BYTES, readingTable, textIn } from "./read-text.js";
import { asking, askingInParts, askingWhy, gridOf, whyOf } from "./surface.js";
import { guessRoles } from "./table-to-data.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./edit-data.js").Data} Data */
/** @typedef {import("./edit-data.js").Place} Place */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/**
 * All that the Data panel needs of the page around it.
 * @typedef {object} Ports
 * @property {() => import("../state/state.js").State} read
 * @property {() => boolean} isOpen whether the panel is in sight
 * @property {() => void} changed the desk is another: paint
 * @property {(experiment: Experiment) => Promise<import("../trace/trace.js").TraceAnswer>} ask POST /trace, lean
 * @property {() => Promise<import("./data-setting.js").Catalog>} catalog GET /catalog
 * @property {(change: (data: Data) => Data) => void} editData of the open experiment, in place; can be undone
 * @property {(data: Data, network: import("./fit-network.js").Proposal, title: string) => void} useData the network changes
 *   as proposed; where `anew`, its weights start anew (POST /initialize gives them)
 * @property {(name: string, seed: number) => void} openDataset one that comes with the explorer
 * @property {(place: Place) => void} traceRow show this row in the neuron picture
 * @property {(draft: import("./drafts.js").Draft) => unknown} [keepDraft] across a reload
 * @property {() => import("./drafts.js").Draft | null | Promise<import("./drafts.js").Draft | null>} [keptDraft]
 */
/**
 * @typedef {object} DataActions
 * @property {(change: Partial<Desk> | ((desk: Desk) => Partial<Desk>)) => void} set a function gets the desk as it is now:
 *   keys may come faster than the page is painted
 * @property {(text: string, change?: Partial<Desk>) => void} readText roles: taken where they fit the columns
 * @property {(change: Partial<Desk>) => void} reread the text again, under another delimiter or with other names
 * @property {(file: File) => void} openFile
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

/** Between an answer and the next question about the same thing. */
const PAUSE_MS = 200;
/** Characters of a file that the box for typing still shows: more would make typing slow. */
const MOST_SHOWN = 200_000;

/** @param {Ports} ports */
export function createDataWork(ports) {
  let desk = initialDesk();
  let reading = 0;
  /** What is being asked, by what it is for. @type {Map<string, unknown>} */
  const asked = new Map();

  /** @param {Partial<Desk> | ((desk: Desk) => Partial<Desk>)} wanted */
  function set(wanted) {
    const change = typeof wanted === "function" ? wanted(desk) : wanted;
    // A failure that was dismissed may be tried again.
    if (change.error === null && desk.error !== null) asked.clear();
    const before = desk;
    desk = { ...desk, ...change };
    if (recalled && !sameDraft(before, desk)) ports.keepDraft?.(draftFor(desk));
    ports.changed();
  }

  /** What was kept before a reload comes back once, before anything newer is kept. */
  async function recall() {
    if (recalling) return;
    recalling = true;
    const draft = await Promise.resolve(ports.keptDraft?.()).catch(() => null);
    recalled = true;
    const { section: was, text, aside, ...how } = draft ?? draftFor(initialDesk());
    const section = desk.section === "rows" ? was : desk.section;
    if (desk.text !== "" || desk.name !== "") {
      // Something came in meanwhile: it stays, and the older text is put aside.
      const older = withPresent({ ...desk, ...how, text, aside });
      return set({ aside: [...older, ...desk.aside] });
    }
    if (section !== desk.section || aside.length > 0) set({ section, aside });
    if (text !== "") readText(text, { ...how, section, aside });
  }
  let recalling = false;
  let recalled = false;

  /**
   * @param {string} text
   * @param {Partial<Desk>} [change]
   */
  async function readText(text, { roles: wanted, ...change } = {}) {
    reading += 1;
    const mine = reading;
    const shown = change.name && text.length > MOST_SHOWN ? "" : text;
    whole = text;
    set({ name: "", note: null, error: null, ...change, text: shown, progress: 0 });
    await loadCatalog();
    if (text === "" && !desk.name) return set({ table: null, progress: null });
    const limits = /** @type {import("./table.js").Limits} */ (desk.catalog?.limits ?? DEFAULTS);
    const slices = readingTable(text, { limits, delimiter: desk.delimiter, header: desk.header });
    for (;;) {
      const { done, value } = slices.next();
      if (mine !== reading) return;
      if (done) {
        const same = value.columns.join("\n") === desk.table?.columns.join("\n");
        const fits = wanted?.length === value.columns.length && !value.problem;
        const roles =
          wanted && fits ? wanted : same && desk.roles.length > 0 ? desk.roles : guessRoles(value);
        return set({ table: value, roles, progress: null });
      }
      set({ progress: value });
      await new Promise((painted) => setTimeout(painted));
    }
  }
  /** The whole text, where it is too long to be shown. */
  let whole = "";

  /** @param {File} file */
  async function openFile(file) {
    const bytes = new Uint8Array(await file.slice(0, MOST_BYTES + 1).arrayBuffer());
    const read = textIn(bytes);
    if ("problem" in read) return set({ section: "bring", error: `${file.name}: ${read.problem}` });
    return readText(read.text, {
      section: "bring",
      name: file.name,
      note: read.note,
      aside: withPresent(desk),
      delimiter: null,
      header: null,
    });
  }

  async function loadCatalog() {
    if (desk.catalog || asked.has("catalog")) return;
    await answer("catalog", "catalog", ports.catalog, (catalog) => ({ catalog }));
  }

  /**
   * Asks once for a thing, and takes the answer where nothing newer was asked for it meanwhile.
   * @template T
   * @param {string} thing
   * @param {unknown} about
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => Partial<Desk>} then
   */
  async function answer(thing, about, ask, then) {
    if (asked.get(thing) === about) return;
    asked.set(thing, about);
    try {
      const given = await ask();
      if (asked.get(thing) === about) set(then(given));
    } catch (error) {
      set({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Asks what the open section shows and is not known of the present experiment. Called after each paint. */
  function refresh() {
    const { iteration } = ports.read();
    if (!ports.isOpen() || !iteration) return;
    const { experiment } = iteration;
    recall();
    loadCatalog();
    if (desk.section === "rows") {
      refreshSurface(experiment);
      if (experiment.batch_size) refreshRows(experiment);
    }
    if (desk.section === "draw") refreshWhy(experiment);
  }

  /**
   * What every step changes is asked again when the last answer is there and drawn, not with every step: training goes on.
   * @template T
   * @param {string} thing
   * @param {Experiment} experiment
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => Partial<Desk>} then
   */
  async function follow(thing, experiment, ask, then) {
    const busy = `${thing}, busy`;
    if (asked.has(busy) || asked.get(thing) === experiment) return;
    asked.set(busy, true);
    await answer(thing, experiment, ask, then);
    setTimeout(() => {
      asked.delete(busy);
      ports.changed();
    }, PAUSE_MS);
  }

  /** @param {Experiment} experiment */
  function refreshSurface(experiment) {
    const grid = gridOf(experiment.data, experiment);
    if (!grid) return;
    const ask = () => ports.ask(asking(experiment, grid.x));
    follow("surface", experiment, ask, (given) => ({
      surface: { experiment, grid, said: saidOf(given).predictions },
    }));
  }

  /** @param {Experiment} experiment */
  function refreshRows(experiment) {
    const parts = askingInParts(experiment, experiment.data.x);
    const ask = () => Promise.all(parts.map(ports.ask));
    follow("rows", experiment, ask, (given) => ({ said: joined(given.map(saidOf)) }));
  }

  /** @param {Experiment} experiment */
  function refreshWhy(experiment) {
    const shape = experiment.data.image_shape;
    if (!shape) return;
    if (desk.pixels.length !== shape[0] * shape[1]) return set({ pixels: blank(shape), pixel: 0 });
    const { pixels, why } = desk;
    if (why?.pixels === pixels && why.experiment === experiment) return;
    if (asked.get("why about") === pixels && asked.get("why of") === experiment) return;
    asked.set("why about", pixels);
    asked.set("why of", experiment);
    answer(
      "why",
      {},
      () => ports.ask(askingWhy(experiment, pixels)),
      (given) => ({
        why: { experiment, pixels, ...whyOf(given) },
      }),
    );
  }

  /** @param {(data: Data) => Data} change */
  function edit(change) {
    ports.editData(change);
  }

  /** @type {DataActions} */
  const act = {
    set,
    readText,
    reread: (change) => readText(whole, { name: desk.name, note: desk.note, ...change }),
    openFile,
    clear: () =>
      readText("", { delimiter: null, header: null, table: null, aside: withPresent(desk) }),
    takeBack: () => {
      const back = takenBack(desk);
      if (!back) return;
      const { text, ...how } = back.own;
      readText(text, { ...how, aside: back.aside });
    },
    use: () => {
      const made = draftOf(desk);
      const experiment = ports.read().iteration?.experiment;
      if (!made || !("data" in made) || !experiment) return;
      const title = desk.name || "My own data";
      ports.useData(made.data, proposal(made.data, experiment, desk.catalog), title);
      set({ section: "rows", page: 0, column: 0, typed: {}, filter: "all" });
    },
    openDataset: (name) => {
      ports.openDataset(name, desk.seed);
      set({ section: "rows", page: 0, column: 0, typed: {}, filter: "all" });
    },
    traceRow: ports.traceRow,
    setCell: (place, side, column, value) =>
      edit((data) => withCell(data, place, side, column, value)),
    setClass: (place, at) => edit((data) => withClass(data, place, at)),
    addRow: (held) => {
      edit((data) => withNewRow(data, held));
      set({ filter: "all", order: "given" });
    },
    removeRow: (place) => {
      set({ typed: typedWithout(desk.typed, place) });
      edit((data) => withoutRow(data, place));
    },
    moveRow: (place) => {
      set({ typed: typedWithout(desk.typed, place) });
      edit((data) => moved(data, place));
    },
    addDrawing: (at) => {
      const { pixels } = desk;
      edit((data) => {
        const withIt = withRow(data, false, pixels, data.y[0]);
        return withClass(withIt, { held: false, row: data.x.length }, at);
      });
    },
  };
  return { act, refresh, desk: () => desk };
}

const DEFAULTS = { rows: 10_000, width: 1024, text_characters: 200 };
