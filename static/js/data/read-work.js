/**
 * Reads a text or a file in slices, so that the page stays quick.
 */

import { Latest } from "../server/api.js";
import { withPresent } from "./drafts.js";
import { MOST_BYTES, readingTable, textIn } from "./read-text.js";
import { guessRoles } from "./table-to-data.js";

/** @typedef {import("./data-setting.js").Desk} Desk */

/** Characters of a file that the box for typing still shows: more would make typing slow. */
const MOST_SHOWN = 200_000;
const DEFAULTS = { rows: 10_000, width: 1024, text_characters: 200 };

export class TextReading {
  #desk;
  #set;
  #catalog;
  #readings = new Latest();
  /** The whole text, where it is too long to be shown. */
  #whole = "";

  /**
   * @param {() => Desk} desk
   * @param {(change: Partial<Desk>) => void} set
   * @param {() => Promise<unknown>} catalog it has the bounds that are to be kept
   */
  constructor(desk, set, catalog) {
    this.#desk = desk;
    this.#set = set;
    this.#catalog = catalog;
  }

  /**
   * @param {string} text
   * @param {Partial<Desk>} [change] roles: taken where they fit the columns
   */
  async text(text, { roles: wanted, ...change } = {}) {
    const signal = this.#readings.begin();
    const shown = change.name && text.length > MOST_SHOWN ? "" : text;
    this.#whole = text;
    this.#set({ name: "", note: null, error: null, ...change, text: shown, progress: 0 });
    await this.#catalog();
    const { catalog, delimiter, header, name } = this.#desk();
    if (text === "" && !name) return this.#set({ table: null, progress: null });
    const limits = /** @type {import("./table.js").Limits} */ (catalog?.limits ?? DEFAULTS);
    const slices = readingTable(text, { limits, delimiter, header });
    for (;;) {
      const { done, value } = slices.next();
      if (signal.aborted) return;
      if (done)
        return this.#set({ table: value, roles: this.#rolesFor(value, wanted), progress: null });
      this.#set({ progress: value });
      await new Promise((painted) => setTimeout(painted));
    }
  }

  /**
   * The same text, read under another delimiter or with other names.
   * @param {Partial<Desk>} change
   */
  again(change) {
    const { name, note } = this.#desk();
    return this.text(this.#whole, { name, note, ...change });
  }

  /** @param {File} file */
  async file(file) {
    const bytes = new Uint8Array(await file.slice(0, MOST_BYTES + 1).arrayBuffer());
    const read = textIn(bytes);
    if ("problem" in read)
      return this.#set({ section: "bring", error: `${file.name}: ${read.problem}` });
    return this.text(read.text, {
      section: "bring",
      name: file.name,
      note: read.note,
      aside: withPresent(this.#desk()),
      delimiter: null,
      header: null,
    });
  }

  /**
   * @param {import("./table.js").Table} table
   * @param {Desk["roles"] | undefined} wanted
   */
  #rolesFor(table, wanted) {
    const { table: before, roles } = this.#desk();
    if (wanted?.length === table.columns.length && !table.problem) return wanted;
    const same = table.columns.join("\n") === before?.columns.join("\n");
    return same && roles.length > 0 ? roles : guessRoles(table);
  }
}
