/**
 * The link to what is shown, the dialog that gives it, and files: a run that is no longer an example's own travels along.
 */

import { save } from "../base/download-dom.js";
import {
  addressOf,
  IN_A_FILE,
  isReached,
  packedIn,
  read as readAddress,
  refused,
  write,
} from "../state/address.js";
import {
  fileOf,
  MOST_FILE,
  MOST_LINK,
  PackingError,
  pack,
  readFile,
  unpack,
} from "../state/packed-experiment.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./share-view.js").Shared} Shared */
/** @typedef {ReturnType<typeof createSharing>} Sharing */

const NO_COPY = "The browser does not let the page copy. Select the link and copy it by hand.";

/**
 * @param {() => State} read
 * @param {Pick<ReturnType<typeof import("../app/session.js").createSession>, "visit" | "set">} session
 * @param {(shared: Shared | null) => void} show the dialog; null closes it
 */
export function createSharing(read, session, show) {
  /** What was packed last: an experiment does not change, so its text does not. */
  let packed = { experiment: /** @type {unknown} */ (null), text: "" };
  /** @type {Shared | null} */
  let shared = null;

  /** @param {Partial<Shared>} change where the dialog is open still */
  function tell(change) {
    if (!shared) return;
    shared = { ...shared, ...change };
    show(shared);
  }

  /**
   * The address of what is shown, or was.
   * @param {State} state
   * @returns {Promise<{ fragment: string, tooLong: boolean }>}
   */
  async function fragment(state) {
    const experiment = state.iteration?.experiment;
    const address = addressOf(state);
    if (isReached(state) || !experiment) return { fragment: write(address), tooLong: false };
    if (packed.experiment !== experiment) packed = { experiment, text: await pack(experiment) };
    const tooLong = packed.text.length > MOST_LINK;
    return { fragment: write(address, tooLong ? IN_A_FILE : packed.text), tooLong };
  }

  /**
   * Says what of a link was not followed.
   * @param {string[]} odd
   */
  function complain(odd) {
    if (odd.length > 0)
      session.set({ error: `This link was not followed in all: ${odd.join(", ")}.` });
  }

  return {
    fragment,

    /** @param {import("../state/address.js").Address} address that is open as far as possible */
    tellMissing: (address) => complain(missing(address, read())),

    /** @param {boolean} open */
    async open(open) {
      shared = open ? { link: null, copied: false, tooLong: false, error: null } : null;
      show(shared);
      if (!open) return;
      const { fragment: hash, tooLong } = await fragment(read());
      const link = tooLong ? null : location.href.split("#")[0] + (hash === "#" ? "" : hash);
      tell({ link, tooLong });
    },

    async copyLink() {
      try {
        await navigator.clipboard.writeText(shared?.link ?? "");
        tell({ copied: true, error: null });
      } catch {
        tell({ error: NO_COPY });
      }
    },

    saveFile() {
      const state = read();
      if (!state.iteration) return;
      const { experiment, number } = state.iteration;
      const text = fileOf(experiment, write(addressOf(state)));
      save(`backprop-${state.example || "experiment"}-${number}.json`, text, "application/json");
    },

    /** @param {File} file */
    async openFile(file) {
      try {
        if (file.size > MOST_FILE)
          throw new PackingError("This file is too long to be an experiment.");
        const { experiment, fragment: moment } = readFile(await file.text());
        if (await session.visit(readAddress(moment), experiment)) {
          shared = null;
          return show(null);
        }
        tell({ error: read().error });
      } catch (error) {
        if (!(error instanceof PackingError)) throw error;
        tell({ error: error.message });
      }
    },

    /**
     * Goes to what a link says, as far as that is possible, and says what was not.
     * @param {string} hash
     * @param {() => boolean} isNewest whether no other link was followed since
     */
    async follow(hash, isNewest) {
      const address = readAddress(hash);
      const text = packedIn(hash);
      const odd = refused(hash).map((it) => `${it} is not allowed`);
      let problem = "";
      let experiment = null;
      try {
        if (text) experiment = await unpack(text);
      } catch (error) {
        if (!(error instanceof PackingError)) throw error;
        problem = error.message;
      }
      if (!isNewest()) return;
      const lost = text !== "" && !experiment;
      const opened = await session.visit(
        lost ? { ...address, iteration: 0, t: 0 } : address,
        experiment,
      );
      if (!isNewest()) return;
      if (problem) return session.set({ error: problem });
      complain(opened ? [...odd, ...missing(address, read())] : odd);
    },
  };
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
    state.selection !== address.selection &&
    !stands(address, state)
  )
    gone.push(`there is no ${address.selection} here`);
  if (address.t > state.beats.length)
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
