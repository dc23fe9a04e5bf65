/**
 * The address bar: it follows the state, and the state follows it. A reload goes on where the tab was.
 */

import { Latest } from "../server/api.js";
import { packedIn, read as readAddress, refused } from "../state/address.js";
import { addressOf, isReached, write as writeAddress } from "../state/address-text.js";

/** @typedef {import("../state/state.js").State} State */

const DELAY_MS = 400;

export class AddressBar {
  #asking;
  #moving;
  #sharing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The example, or the walk, that the address is about; null where the browser has just changed it. @type {string | null} */
  #written = null;
  /** As all was when that was left: the browser's Back leads there. @type {State | null} */
  #left = null;
  /** The links that are followed. Until the newest is open, the address is the reader's. */
  #links = new Latest();
  #following = false;
  /** @type {import("../state/tab-storage.js").Keeper | null} */
  #keeper = null;
  #prepareToLeave;

  /**
   * @param {import("./asking.js").Asking} asking
   * @param {import("./moving.js").Moving} moving
   * @param {() => Promise<import("../share/work.js").Sharing>} sharing
   */
  constructor(asking, moving, sharing) {
    this.#asking = asking;
    this.#moving = moving;
    this.#sharing = sharing;
    this.#prepareToLeave = asking.once(
      () => import("../state/tab-storage.js"),
      ({ createKeeper }) => {
        this.#keeper = createKeeper(asking.read);
      },
    );
  }

  /**
   * After a reload the tab goes on where it was; else the address says what to show.
   * @param {{ fragment: string, opened: Promise<boolean> } | null} visited a plain address that is followed already
   * @param {boolean} isKnownTab it may hold what was done before a reload
   */
  async begin(visited, isKnownTab) {
    // Not location.hash: the present moment may have been written over the link that is being followed.
    addEventListener("pagehide", () => this.#keeper?.leave(location.hash || "#"));
    addEventListener("hashchange", ({ newURL }) => this.#follow(new URL(newURL).hash));
    try {
      if (visited?.fragment === location.hash) await this.#visited(visited);
      else if (!isKnownTab || !(await this.#recalled())) await this.visit(location.hash);
    } finally {
      this.#written = chapter(this.#asking.read());
    }
  }

  /**
   * The state is another.
   * @param {State} before
   * @param {State} now
   * @param {import("../state/state.js").Action} action
   */
  changed(before, now, action) {
    if (chapter(before) === this.#written && chapter(now) !== this.#written) this.#left = before;
    // From the first deed on there is something to keep when the page is left.
    if (action.type === "did" && now.undo.length > 0) this.#prepareToLeave().catch(() => null);
  }

  /**
   * Most links hold nothing to unpack and nothing that is refused, and all that they name is there.
   * @param {string} fragment
   */
  async visit(fragment) {
    const newer = this.#links.begin();
    this.#following = true;
    try {
      await this.#goTo(fragment, newer);
    } finally {
      if (!newer.aborted) this.#following = false;
    }
  }

  /**
   * @param {string} fragment
   * @param {AbortSignal} newer
   */
  async #goTo(fragment, newer) {
    if (packedIn(fragment) || refused(fragment).length > 0)
      return (await this.#sharing()).follow(fragment, newer);
    const address = readAddress(fragment);
    if (!(await this.#moving.visit(address)) || newer.aborted) return;
    await this.#tellMissing(address);
  }

  /** Follows the state, but not in every frame: browsers allow only so many changes a second. */
  keep() {
    const { playing, training } = this.#asking.read();
    if (playing || training || this.#following) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), DELAY_MS);
  }

  /** @param {{ fragment: string, opened: Promise<boolean> }} visited */
  async #visited({ fragment, opened }) {
    const newer = this.#links.begin();
    this.#following = true;
    try {
      if ((await opened) && !newer.aborted) await this.#tellMissing(readAddress(fragment));
    } finally {
      if (!newer.aborted) this.#following = false;
    }
  }

  /** @param {import("../state/address.js").Address} address that was followed */
  async #tellMissing(address) {
    if (writeAddress(address) !== writeAddress(addressOf(this.#asking.read())))
      (await this.#sharing()).tellMissing(address);
  }

  async #write() {
    const wanted = this.#asking.read();
    const isNew = this.#written !== null && this.#written !== chapter(wanted);
    const before = isNew && this.#left ? await this.#placeOf(this.#left) : null;
    const place = await this.#placeOf(wanted);
    if (wanted !== this.#asking.read() || this.#following) return;
    this.#written = chapter(wanted);
    // The browser's Back leads from example to example, not through every beat.
    if (before) history.replaceState(null, "", before);
    if (isNew) history.pushState(null, "", place);
    else if (place !== (location.hash || location.pathname)) history.replaceState(null, "", place);
    this.#keeper?.keepTab(location.hash || "#");
  }

  /** @param {State} shown */
  async #placeOf(shown) {
    const fragment = isReached(shown)
      ? writeAddress(addressOf(shown))
      : (await (await this.#sharing()).fragment(shown)).fragment;
    return fragment === "#" ? location.pathname : fragment;
  }

  /** @param {string} fragment */
  async #follow(fragment) {
    this.#written = null;
    await this.visit(fragment);
    this.keep();
  }

  async #recalled() {
    await this.#prepareToLeave();
    const before = await this.#keeper?.recalled(location.hash || "#");
    if (!before || !(await (await this.#moving.goBack()).recall(before))) return false;
    this.#moving.arrange({ ...readAddress(location.hash), t: this.#asking.read().t });
    return true;
  }
}

/**
 * The part of the page's story that is open: an example, or the walk.
 * @param {State} state
 */
function chapter({ example, stop }) {
  return `${example} ${stop === null ? "" : "walk"}`;
}
