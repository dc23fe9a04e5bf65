/**
 * Has `/table` read what is typed or opened: its bytes go as they are, with what is chosen, and what comes back is shown
 * before it is used. Of questions that overtake one another the newest counts.
 */

import { readModel } from "../experiment/model-work.js";
import * as api from "../server/api.js";
import { withPresent } from "./drafts.js";
import { forAnother, questionOf, rolesIn } from "./table-choices.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./table-choices.js").Choices} Choices */
/** @typedef {import("./table-choices.js").TableAnswer} TableAnswer */
/** @typedef {import("../app/works.js").Ports} Ports */

/** Between a key and the question. */
const PAUSE_MS = 300;
/** Bytes of a file that the box for typing still shows: more would make typing slow. */
const MOST_SHOWN = 200_000;
const MEGA = 1024 * 1024;
const ONNX = /\.onnx$/i;
/** For another text or file. */
const UNREAD = Object.freeze({
  answer: null,
  refusal: null,
  model: null,
  error: null,
  unfolded: [],
});

const WEIGHTS = /^\s*\{\s*"(?:[^"]*(?:weights?|kernel)|coefs?_?|[Ww]_?\d*)"\s*:\s*\[\s*\[/;

/** Whether it begins with a matrix that has the name of weights. @param {Blob} body */
async function hasWeights(body) {
  return WEIGHTS.test(await body.slice(0, 400).text());
}

/** Whether it may be a model's weights, which are an object of JSON. @param {Blob} body */
async function mayBeWeights(body) {
  return /^\s*\{/.test(await body.slice(0, 100).text());
}

export class TableReading {
  #ports;
  #desk;
  #set;
  #newest = new api.Latest();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  /** Of the file that is open; a text has its own. @type {Uint8Array<ArrayBuffer> | null} */
  #bytes = null;
  /** How weights are written, where that was chosen. @type {import("../experiment/model-work.js").Way | null} */
  #way = null;

  /**
   * @param {Ports} ports
   * @param {() => Desk} desk
   * @param {(change: Partial<Desk> | ((desk: Desk) => Partial<Desk>)) => void} set
   */
  constructor(ports, desk, set) {
    this.#ports = ports;
    this.#desk = desk;
    this.#set = set;
  }

  /** What is typed is asked about when the keys rest. @param {string} text */
  typed(text) {
    // The letters are the page's own now, in whatever encoding they came.
    const choices = { ...this.#desk().choices, encoding: null };
    this.text(text, { choices }, PAUSE_MS);
  }

  /**
   * @param {string} text
   * @param {Partial<Desk>} [change]
   * @param {number} [pause] in milliseconds
   */
  text(text, change = {}, pause = 0) {
    this.#bytes = null;
    this.#way = null;
    const kept = pause > 0 ? {} : UNREAD; // while it is typed, what was read last is still seen
    this.#set({ name: "", isFile: false, error: null, ...kept, ...change, text });
    this.#ask(pause);
  }

  /** The same, with something chosen otherwise. @param {(choices: Choices) => Partial<Choices>} change */
  choose(change) {
    this.#set(({ choices }) => ({ choices: { ...choices, ...change(choices) } }));
    this.#ask(0);
  }

  /** @param {File} file */
  async file(file) {
    const signal = this.#newest.begin();
    clearTimeout(this.#pause);
    this.#bytes = null;
    this.#set({
      ...UNREAD,
      section: "bring",
      name: file.name,
      isFile: true,
      text: "",
      isReading: true,
      aside: withPresent(this.#desk()),
      choices: forAnother(this.#desk().choices),
    });
    const read = await this.#bytesOf(file);
    if (signal.aborted) return;
    if (typeof read === "string") return this.#refused(new api.ApiError(read));
    this.#bytes = read;
    this.#ask(0);
  }

  /** The bytes of a file, or why they can't be had. @param {File} file */
  async #bytesOf(file) {
    const excess = await this.#excess(file.size);
    if (excess) return excess;
    return file.arrayBuffer().then(
      (it) => new Uint8Array(it),
      () => "this could not be read: is it a folder, or gone by now? Open a file.",
    );
  }

  /**
   * What to say of more bytes than are read: the server would hang up in the middle of them.
   * @param {number} size in bytes
   */
  async #excess(size) {
    const catalog = await this.#ports.catalog().catch(() => null);
    const most = catalog?.limits.table_bytes ?? Number.POSITIVE_INFINITY;
    if (size <= most) return null;
    return `these are ${Math.ceil(size / MEGA)} MB; at most ${Math.floor(most / MEGA)} MB can be read. Keep a part of the lines.`;
  }

  /** Weights are written for x · W, or for W · x. @param {import("../experiment/model-work.js").Way} way */
  readWeights(way) {
    this.#way = way;
    this.#ask(0);
  }

  /** @param {number} pause */
  #ask(pause) {
    clearTimeout(this.#pause);
    const signal = this.#newest.begin();
    const { text, name } = this.#desk();
    if (text === "" && !name) return this.#set({ ...UNREAD, isReading: false });
    this.#set({ isReading: true });
    this.#pause = setTimeout(() => this.#read(signal), pause);
  }

  /** @param {AbortSignal} signal */
  async #read(signal) {
    const { text, choices, name } = this.#desk();
    // Of no type: the bytes say what they are.
    const body = new Blob([this.#bytes ?? text]);
    const excess = await this.#excess(body.size);
    if (signal.aborted) return;
    if (excess) return this.#refused(new api.ApiError(excess));
    try {
      if (ONNX.test(name) || (await hasWeights(body))) return await this.#readModel(body, signal);
      const answer = await this.#answer(body, choices, signal);
      if (signal.aborted) return;
      const read = { answer, refusal: null, model: null, isReading: false };
      this.#set({ ...read, ...this.#shown(answer.encoding) });
    } catch (error) {
      if (signal.aborted) return;
      this.#refused(error);
      if (!(await hasWeights(body)) && (await mayBeWeights(body)))
        await this.#readModel(body, signal).catch(() => {});
    }
  }

  /**
   * A file that holds no table may hold a model.
   * @param {Blob} body
   * @param {AbortSignal} signal
   * @throws {api.ApiError}
   */
  async #readModel(body, signal) {
    const model = await this.#ports.patiently(() => readModel(body, signal, this.#way), signal);
    if (!signal.aborted) this.#set({ model, answer: null, refusal: null, isReading: false });
  }

  /**
   * Under another line of names, columns are others: what was chosen for those that are not there is not asked for.
   * @param {Blob} body
   * @param {Choices} choices
   * @param {AbortSignal} signal
   */
  async #answer(body, choices, signal) {
    /** @param {Choices["roles"]} roles */
    const ask = (roles) =>
      this.#ports.patiently(() => api.ask(questionOf({ ...choices, roles }), body, signal), signal);
    /** @type {unknown} */
    let answer;
    try {
      answer = await ask(choices.roles);
    } catch (error) {
      const table = error instanceof api.ApiError && !signal.aborted ? error.table : null;
      const there = table ? rolesIn(choices.roles, table) : choices.roles;
      if (Object.keys(there).length === Object.keys(choices.roles).length) throw error;
      answer = await ask(there);
    }
    return /** @type {TableAnswer} */ (answer);
  }

  /** @param {unknown} error */
  #refused(error) {
    const { faults = [], table = null } = error instanceof api.ApiError ? error : {};
    const refusal = { detail: api.messageOf(error), faults, table };
    this.#set({
      answer: null,
      model: null,
      refusal,
      isReading: false,
      ...this.#shown(table?.encoding),
    });
  }

  /**
   * A short file's text, to be mended where it stands, by the encoding that was found; where none was, only if it is UTF-8.
   * @param {string} [encoding]
   * @returns {Partial<Desk>}
   */
  #shown(encoding) {
    const bytes = this.#bytes;
    if (!bytes || bytes.length > MOST_SHOWN) return {};
    const label = encoding === "utf-16" && bytes[0] === 0xfe ? "utf-16be" : (encoding ?? "utf-8");
    try {
      const text = new TextDecoder(label, { fatal: !encoding }).decode(bytes);
      return { text: text.includes("\0") ? "" : text };
    } catch {
      return { text: "" };
    }
  }
}
