/**
 * What the Data panel is set to: the text being read, what was understood of it, which rows are shown, the picture drawn.
 * Plain values; nothing typed is lost while they are kept.
 */

import { misread } from "../base/typed-number.js";
import { aimOf, perExample, scoresOf } from "../trace/scores.js";
import { rowsOf } from "./edit-data.js";
import { AS_FOUND } from "./table-choices.js";

/** @typedef {import("./edit-data.js").Place} Place */
/** @typedef {import("./edit-data.js").Data} Data */
/** @typedef {import("../trace/scores.js").Score} Score */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../trace/trace.js").Said} Said */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {"rows" | "bring" | "draw"} Section */
/** @typedef {"all" | "wrong" | "held"} Filter */
/** @typedef {"given" | "costly"} Order */
/** @typedef {{ detail: string, faults: import("../server/api.js").Fault[], table: import("./table-choices.js").TableRead | null }} Refusal why a text makes no data, and what was understood of it all the same */
/** @typedef {{ experiment: Experiment, grid: import("./surface.js").Grid, said: Matrix }} Surface */
/** @typedef {{ experiment: Experiment, pixels: number[], outputs: number[], gradients: Matrix }} Why */
/**
 * @typedef {object} Desk
 * @property {Section} section
 * @property {Catalog | null} catalog
 * @property {number} seed          of the sets that come with the explorer
 * @property {string} text          pasted, or a short file's
 * @property {import("./drafts.js").Own[]} aside texts that were typed before a file took their place; the newest last
 * @property {string} name          of the file
 * @property {boolean} isFile       whether it was opened since the page was loaded: its own bytes are read
 * @property {import("./table-choices.js").Choices} choices
 * @property {boolean} isReading    the server is asked about the present text or file
 * @property {import("./table-choices.js").TableAnswer | null} answer
 * @property {Refusal | null} refusal
 * @property {import("../experiment/model-work.js").Opened | null} model that the file holds in place of a table
 * @property {number[]} unfolded    runs of columns that are shown one by one, by the first of each
 * @property {Filter} filter
 * @property {Order} order
 * @property {number} page
 * @property {number} column        the first input that the table shows, of many
 * @property {Record<string, string>} typed what stands in cells and is no number, by cell
 * @property {number[]} pixels      of the picture that is drawn
 * @property {number} ink
 * @property {number} pixel         where the keys are in it
 * @property {Why | null} why       what the network says of it
 * @property {Surface | null} surface
 * @property {import("../trace/trace.js").Said | null} said what the network says of all rows, where an iteration sees a batch only
 * @property {string | null} error
 */

/** @returns {Desk} */
export function initialDesk() {
  return {
    section: "rows",
    catalog: null,
    seed: 0,
    text: "",
    aside: [],
    name: "",
    isFile: false,
    choices: { ...AS_FOUND },
    isReading: false,
    answer: null,
    refusal: null,
    model: null,
    unfolded: [],
    filter: "all",
    order: "given",
    page: 0,
    column: 0,
    typed: {},
    pixels: [],
    ink: 1,
    pixel: 0,
    why: null,
    surface: null,
    said: null,
    error: null,
  };
}

export const ROWS_A_PAGE = 50;

/**
 * @typedef {object} Row
 * @property {Place} place
 * @property {number[]} x
 * @property {number[]} y
 * @property {Score | null} score null while it is not known
 */

/** @type {WeakMap<Iteration, { heldBack: Said | null, said: Said | null, rows: Row[] }>} */
const listings = new WeakMap();

/**
 * All rows with what the network says of them: those it learns from, then those held back. Worked out once an iteration.
 * @param {Iteration} iteration
 * @param {Said | null} heldBack what the network says of the rows held back
 * @param {Said | null} said     of all the others, where the iteration sees a batch only
 * @returns {Row[]}
 */
export function rowsWithScores(iteration, heldBack, said) {
  const known = listings.get(iteration);
  if (known && known.heldBack === heldBack && known.said === said) return known.rows;
  const { data, batch_size } = iteration.experiment;
  const aim = aimOf(data.y);
  const seen = batch_size && said ? scoresOf(said, data.y, aim) : perExample(iteration);
  const back = rowsOf(data, true);
  const tried = heldBack ? scoresOf(heldBack, back.y, aim) : [];
  /** @type {(rows: import("./edit-data.js").Rows, held: boolean, scores: (Score | null)[]) => Row[]} */
  const listed = ({ x, y }, held, scores) =>
    x.map((inputs, row) => ({
      place: { held, row },
      x: inputs,
      y: y[row],
      score: scores[row] ?? null,
    }));
  const rows = [...listed(data, false, seen), ...listed(back, true, tried)];
  listings.set(iteration, { heldBack, said, rows });
  return rows;
}

/**
 * The rows that are asked for, in the order that is asked for.
 * @param {Row[]} rows
 * @param {Filter} filter
 * @param {Order} order
 */
export function chosen(rows, filter, order) {
  const kept =
    filter === "all"
      ? rows
      : rows.filter(({ place, score }) =>
          filter === "held" ? place.held : score?.right === false,
        );
  if (order === "given") return kept;
  // What is not known, or not a number, comes first: it asks for a look.
  return kept.toSorted((a, b) => worth(b) - worth(a));
}

/** @param {Row} row */
function worth({ score }) {
  return score && !Number.isNaN(score.cost) ? score.cost : Number.MAX_VALUE;
}

/**
 * A cell's name, by which what is typed in it is kept.
 * @param {Place} place
 * @param {"x" | "y"} side
 * @param {number} column
 */
export function cellName({ held, row }, side, column) {
  return `${side}:${held ? "held" : "seen"}:${row}:${column}`;
}

/**
 * @param {string} name
 * @returns {{ place: Place, side: "x" | "y", column: number }}
 */
export function cellOf(name) {
  const [side, kind, row, column] = name.split(":");
  return {
    place: { held: kind === "held", row: Number(row) },
    side: side === "y" ? "y" : "x",
    column: Number(column),
  };
}

/**
 * What is typed in the other rows, when one of them goes: those after it move up.
 * @param {Record<string, string>} typed
 * @param {Place} gone
 * @returns {Record<string, string>}
 */
export function typedWithout(typed, gone) {
  const kept = Object.entries(typed).flatMap(([name, text]) => {
    const { place, side, column } = cellOf(name);
    if (place.held !== gone.held || place.row < gone.row) return [[name, text]];
    if (place.row === gone.row) return [];
    return [[cellName({ held: place.held, row: place.row - 1 }, side, column), text]];
  });
  return Object.fromEntries(kept);
}

/**
 * What to say of a cell that holds no number, after its name.
 * @param {string} text what is typed in it
 */
export function cellComplaint(text) {
  const none = text.trim() === "" ? "a number is missing here" : `“${text}” is not a number`;
  const wrong = misread(text) ?? none;
  return `${wrong}, so the old one stays in use. Type one such as 0.5, or press Esc in the cell to put the old one back.`;
}

/**
 * A number one small step up or down: the arrow keys. The step follows the number's size.
 * @param {number} value
 * @param {1 | -1} direction
 */
export function nudged(value, direction) {
  const size = Math.abs(value);
  const step = size >= 10 ? 10 ** (Math.floor(Math.log10(size)) - 1) : 0.1;
  return Number((value + direction * step).toPrecision(12)) + 0;
}
