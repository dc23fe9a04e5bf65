/**
 * The link to what is shown, the dialog that gives it, and files: a run that is no longer an example's own travels along.
 */

import { save } from "../base/download-dom.js";
import { savePicture } from "../base/picture-dom.js";
import * as api from "../server/api.js";
import { packedIn, read as readAddress, refused, runIn, selectionIn } from "../state/address.js";
import { addressOf, IN_A_FILE, isReached, write } from "../state/address-text.js";
import {
  fileOf,
  MOST_FILE,
  MOST_LINK,
  PackingError,
  pack,
  readFile,
  unpack,
} from "../state/packed-experiment.js";
import { historyFrom, packRun, runOf, unpackRun } from "../state/packed-run.js";

/** @typedef {import("../server/wire.js").components["schemas"]["AddressesAnswer"]} Addresses where other machines find the server */
/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./share-view.js").Shared} Shared */

/** Names of this very machine. */
const LOCAL = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** @type {Shared} */
const UNKNOWN = {
  link: null,
  copied: false,
  tooLong: false,
  error: null,
  addresses: [],
  isLocal: false,
  code: null,
  film: null,
  done: "",
};
const NO_COPY = "The browser does not let the page copy. Select the link and copy it by hand.";

export class Sharing {
  #asking;
  #visit;
  /** What was packed last: an experiment does not change, so its text does not. */
  #packed = { experiment: /** @type {unknown} */ (null), text: "" };
  /** Ends the moving picture that is being made. */
  #film = new AbortController();
  #packedRun = {
    history: /** @type {unknown} */ (null),
    experiment: /** @type {unknown} */ (null),
    text: "",
  };

  /**
   * @param {import("../app/asking.js").Asking} asking
   * @param {import("../app/moving.js").Moving["visit"]} visit
   */
  constructor(asking, visit) {
    this.#asking = asking;
    this.#visit = visit;
  }

  /**
   * The address of what is shown, or was.
   * @param {State} state
   * @returns {Promise<{ fragment: string, tooLong: boolean }>}
   */
  async fragment(state) {
    const experiment = state.iteration?.experiment;
    const address = addressOf(state);
    if (isReached(state) || !experiment) return { fragment: write(address), tooLong: false };
    if (this.#packed.experiment !== experiment)
      this.#packed = { experiment, text: await pack(experiment) };
    const { text } = this.#packed;
    if (text.length > MOST_LINK) return { fragment: write(address, IN_A_FILE), tooLong: true };
    const run = await this.#runOf(state.history, experiment, MOST_LINK - text.length);
    return { fragment: write(address, text, run), tooLong: false };
  }

  /**
   * @param {State["history"]} history
   * @param {import("../trace/trace.js").Experiment} experiment
   * @param {number} room
   */
  async #runOf(history, experiment, room) {
    const last = this.#packedRun;
    if (last.history !== history || last.experiment !== experiment)
      this.#packedRun = { history, experiment, text: await packRun(history, experiment, room) };
    return this.#packedRun.text;
  }

  /** @param {import("../state/address.js").Address} address that is open as far as possible */
  tellMissing(address) {
    this.#complain(missing(address, this.#asking.read()));
  }

  /** Opens the dialog, and puts the link into it, with an address that others can open where there is one. */
  async open() {
    this.#asking.set({ dialog: { open: "share", shared: UNKNOWN } });
    const { fragment: hash, tooLong } = await this.fragment(this.#asking.read());
    const here = location.href.split("#")[0];
    const isHere = LOCAL.test(location.hostname);
    this.#tell({ link: tooLong ? null : linkTo(here, hash), tooLong, isLocal: isHere });
    if (!isHere || tooLong) return;
    const asked = /** @type {Promise<Addresses>} */ (api.ask("/addresses"));
    const { addresses } = await asked.catch(() => ({ addresses: [] }));
    if (addresses.length === 0) return;
    this.#tell({ addresses, isLocal: false, link: linkTo(addresses[0], hash) });
  }

  /** @param {string} address one of those that others can open */
  shareAt(address) {
    const { link } = this.#shared ?? {};
    if (link) this.#tell({ link: linkTo(address, link.slice(link.indexOf("#"))), copied: false });
  }

  /** @param {boolean} open */
  async showCode(open) {
    const { link } = this.#shared ?? {};
    if (!open || !link) return this.#tell({ code: null });
    const { codeOf } = await this.#asking.obtain(() => import("./qr-work.js"));
    this.#tell({ code: codeOf(link) });
  }

  /** @param {import("./share-view.js").PictureKind} kind */
  async savePicture(kind) {
    const name = this.#name();
    this.#tell({ error: null, done: "" });
    try {
      if (kind === "svg" || kind === "png") {
        await savePicture(kind, name);
        return this.#tell({ done: "Saved" });
      }
      await this.#saveFilm(kind, name);
    } catch (error) {
      this.#tell({ error: api.messageOf(error) });
    } finally {
      this.#tell({ film: null });
    }
  }

  /** What is under way is not waited for. */
  stopPicture() {
    this.#film.abort();
  }

  /**
   * @param {import("./moving-picture-work.js").Extent} extent
   * @param {string} name
   */
  async #saveFilm(extent, name) {
    this.#film.abort();
    this.#film = new AbortController();
    const { signal } = this.#film;
    this.#tell({ film: { done: 0, of: 1 } });
    const { movingPicture } = await this.#asking.obtain(() => import("./moving-picture-work.js"));
    const tell = (/** @type {number} */ done, /** @type {number} */ of) => {
      if (this.#shared) this.#tell({ film: { done, of } });
      else this.#film.abort();
    };
    const blob = await movingPicture(this.#asking, extent, signal, tell);
    if (!blob) return;
    save(`${name}-${extent}.gif`, blob, "image/gif");
    this.#tell({ done: `Saved, ${(blob.size / 2 ** 20).toFixed(1)} MB` });
  }

  #name() {
    const { iteration, example, departed } = this.#asking.read();
    return `backprop-${departed ? "experiment" : example || "experiment"}-${iteration?.number ?? 0}`;
  }

  get #shared() {
    return this.#asking.read().dialog?.shared;
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(this.#asking.read().dialog?.shared?.link ?? "");
      this.#tell({ copied: true, error: null });
    } catch {
      this.#tell({ error: NO_COPY });
    }
  }

  saveFile() {
    const state = this.#asking.read();
    if (!state.iteration) return;
    const { experiment } = state.iteration;
    const run = runOf(state.history, experiment);
    const text = fileOf(experiment, write(addressOf(state)), run);
    save(`${this.#name()}.json`, text, "application/json");
  }

  /** @param {File} file an experiment, or a model of others */
  async openFile(file) {
    if (/\.onnx$/i.test(file.name)) return this.#openModel(file);
    try {
      if (file.size > MOST_FILE)
        throw new PackingError("This file is too long to be an experiment.");
      const { experiment, fragment: moment, run } = readFile(await file.text());
      const history = historyFrom(run, experiment);
      if (await this.#visit(readAddress(moment), experiment, history))
        this.#asking.set({ dialog: null });
      else this.#tell({ error: this.#asking.read().error });
    } catch (error) {
      if (!(error instanceof PackingError)) throw error;
      this.#tell({ error: error.message });
    }
  }

  /** @param {File} file */
  async #openModel(file) {
    try {
      const { readModel } = await this.#asking.obtain(() => import("../experiment/model-work.js"));
      const { experiment, told } = await readModel(file);
      if (await this.#visit(readAddress("#"), experiment, [])) {
        this.#asking.set({ dialog: null, notice: `The model is open. ${told}` });
      } else this.#tell({ error: this.#asking.read().error });
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.#tell({ error: error.message });
    }
  }

  /**
   * Goes to what a link says, as far as that is possible, and says what was not.
   * @param {string} hash
   * @param {AbortSignal} newer another link was followed since
   */
  async follow(hash, newer) {
    const address = readAddress(hash);
    const text = packedIn(hash);
    const odd = refused(hash).map((it) => `${it} is not allowed`);
    const { experiment, problem } = await unpacked(text);
    const history = experiment ? await unpackRun(runIn(hash), experiment) : [];
    if (newer.aborted) return;
    const lost = text !== "" && !experiment;
    const reached = lost ? { ...address, iteration: 0, t: null } : address;
    const opened = await this.#visit(reached, experiment, history);
    if (newer.aborted) return;
    if (problem) return this.#asking.set({ error: problem });
    this.#complain(opened ? [...odd, ...missing(address, this.#asking.read())] : odd);
  }

  /** @param {Partial<Shared>} change where the dialog is open still */
  #tell(change) {
    const { dialog } = this.#asking.read();
    if (!dialog?.shared) return;
    this.#asking.set({ dialog: { ...dialog, shared: { ...dialog.shared, ...change } } });
  }

  /**
   * Says what of a link was not followed.
   * @param {string[]} odd
   */
  #complain(odd) {
    if (odd.length > 0)
      this.#asking.set({ error: `This link was not followed in all: ${odd.join(", ")}.` });
  }
}

/**
 * @param {string} address
 * @param {string} fragment
 */
function linkTo(address, fragment) {
  return address + (fragment === "#" ? "" : fragment);
}

/**
 * The experiment that a link carries, if any, or why it cannot be had.
 * @param {string} text
 */
async function unpacked(text) {
  try {
    return { experiment: text ? await unpack(text) : null, problem: "" };
  } catch (error) {
    if (!(error instanceof PackingError)) throw error;
    return { experiment: null, problem: error.message };
  }
}

/**
 * What an address names that is not there.
 * @param {import("../state/address.js").Address} address
 * @param {State} state
 * @returns {string[]}
 */
function missing(address, state) {
  const gone = [];
  if (
    address.selection !== null &&
    state.selection !== selectionIn(state.iteration, address.selection) &&
    !stands(address, state)
  )
    gone.push(`there is no ${address.selection} here`);
  if (address.t !== null && address.t > state.beats.length)
    gone.push(`there are ${state.beats.length} beats, not ${address.t}`);
  if (address.row !== state.row) gone.push(`there is no example ${address.row} here`);
  return gone;
}

/**
 * Whether the selection is only made exact: a panel about a weight takes the first of a parameter.
 * @param {import("../state/address.js").Address} address
 * @param {State} state
 */
function stands({ selection }, state) {
  return state.selection?.startsWith(`${selection}[`) ?? false;
}
