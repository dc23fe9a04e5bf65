/**
 * What a tab holds, kept across a reload: the run, and all that can be undone.
 *
 * Twice: at leisure in IndexedDB, whatever its size; and when the page is left, as text in the tab's own storage, at once,
 * where it is small enough. Either keeps what parts of it share, so that many steps of one run take little more room than
 * one.
 */

import { isExperiment } from "./packed-experiment.js";
import { placeOf } from "./state.js";

/** @typedef {import("./state.js").Done} Done */
/** @typedef {{ fragment: string, place: import("./state.js").Place, undo: Done[], redo: Done[] }} Kept */

const DATABASE = "backprop-explorer";
const STORE = "tabs";
const TAB = "backprop-explorer.tab"; // main.js looks for it before it loads this module
const LEFT = "backprop-explorer.left";
/** Of tabs that were closed long ago nothing is needed any more. */
const MOST_TABS = 20;
/** Characters: half of what browsers give a page. */
const MOST_LEFT = 2_000_000;
/** Of a long list of deeds the last ones, where all are too much text. */
const LEAST_DEEDS = 20;
/** Far more than a database takes that works. */
const LONGEST_MS = 3000;

/**
 * @param {() => import("./state.js").State} read
 */
export function createKeeper(read) {
  const known = stored();
  /** The tab's name once it is sure that no other has it; null where storage is forbidden. */
  const name = ownName(known);
  /** What was kept last, so that nothing is kept twice. @type {unknown[]} */
  let last = [];

  /**
   * What a reload would lose; null where nothing was done yet.
   * @param {string} fragment
   * @returns {Kept | null}
   */
  function holding(fragment) {
    const { undo, redo } = read();
    const place = placeOf(read());
    const isWorth = place !== null && (undo.length > 0 || redo.length > 0);
    return isWorth ? { fragment, place, undo, redo } : null;
  }

  return {
    /**
     * A tab that is loaded anew goes on where it was, with all that can be undone.
     * @param {string} fragment
     */
    async keepTab(fragment) {
      const { undo, redo } = read();
      const now = [undo, redo, fragment];
      const held = holding(fragment);
      if (!held || now.every((it, at) => it === last[at])) return;
      last = now;
      const mine = await name;
      if (mine) await keep(held, mine);
    },

    /**
     * The page is left, perhaps in the middle of something: what the reader did last is not lost.
     * @param {string} fragment
     */
    leave(fragment) {
      const held = holding(fragment);
      if (held) leave(held);
    },

    /**
     * What was kept for an address, if that is where the tab was.
     * @param {string} fragment
     */
    recalled: (fragment) => recalled(fragment, known),
  };
}

/** @typedef {ReturnType<typeof createKeeper>} Keeper */

/** The name that the tab has, or that it has copied from the tab that opened it. */
function stored() {
  try {
    return sessionStorage.getItem(TAB);
  } catch {
    return null;
  }
}

/**
 * A tab that was duplicated begins with all that the other has stored, its name too: one of them takes another name.
 * @param {string | null} known
 * @returns {Promise<string | null>}
 */
async function ownName(known) {
  const name = known && (await isFree(known)) ? known : newName();
  try {
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return null;
  }
}

function newName() {
  const name = `${Date.now()} ${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  isFree(name);
  return name;
}

/**
 * Takes a name for as long as this page lives, unless another page has it. Browsers have locks in safe contexts only.
 * @param {string} name
 * @returns {Promise<boolean>}
 */
function isFree(name) {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve(true);
    navigator.locks
      .request(`${TAB} ${name}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      })
      .catch(() => resolve(true));
  });
}

/**
 * Storage may be full or forbidden: then a reload follows the address alone.
 * @param {Kept} kept
 * @param {string} name
 */
async function keep(kept, name) {
  try {
    const store = await opened("readwrite");
    store.put(kept, name);
    const keys = /** @type {string[]} */ (await answered(store.getAllKeys()));
    for (const old of keys.toSorted().slice(0, -MOST_TABS)) store.delete(old);
  } catch {
    // The page works without.
  }
}

/**
 * At once: the page is being left.
 * @param {Kept} kept
 */
function leave(kept) {
  try {
    const whole = textOf(kept);
    const short = { ...kept, undo: kept.undo.slice(-LEAST_DEEDS), redo: [] };
    const text = whole.length <= MOST_LEFT ? whole : textOf(short);
    if (text.length <= MOST_LEFT) sessionStorage.setItem(LEFT, text);
    else sessionStorage.removeItem(LEFT);
  } catch {
    // What was kept at leisure is there still.
  }
}

/**
 * @param {string} fragment
 * @param {string | null} name
 * @returns {Promise<Kept | null>}
 */
async function recalled(fragment, name) {
  if (!name) return null;
  try {
    const text = sessionStorage.getItem(LEFT);
    sessionStorage.removeItem(LEFT);
    const left = text && readBack(text);
    if (isKept(left) && left.fragment === fragment) return left;
    const kept = await answered((await opened("readonly")).get(name));
    return isKept(kept) && kept.fragment === fragment ? kept : null;
  } catch {
    return null;
  }
}

/**
 * Whether it is what this page keeps, by its outline: an older page may have left it.
 * @param {any} kept
 * @returns {kept is Kept}
 */
function isKept(kept) {
  const { place, undo, redo } = kept ?? {};
  return isExperiment(place?.experiment) && [place.history, undo, redo].every(Array.isArray);
}

/** @param {IDBTransactionMode} mode */
async function opened(mode) {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return (await answered(request)).transaction(STORE, mode).objectStore(STORE);
}

/**
 * A database that does not answer is none: nobody waits for it.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("no answer")), LONGEST_MS);
  });
}

/** Numbers that JSON has no word for. */
const ODD = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

/**
 * A plain value as text in which a part that stands in several places is written once. A row of numbers is written out;
 * another object or list stands where it is as [index] of a list of all.
 * @param {unknown} value
 * @returns {string}
 */
export function textOf(value) {
  /** @type {Map<object, number>} */
  const places = new Map();
  /** @type {unknown[]} */
  const parts = [];
  /** @param {unknown} it @returns {unknown} */
  const written = (it) => {
    if (typeof it === "number")
      return Number.isFinite(it) && !Object.is(it, -0)
        ? it
        : { odd: Object.is(it, -0) ? "-0" : String(it) };
    if (typeof it !== "object" || it === null) return it;
    const known = places.get(it);
    if (known !== undefined) return [known];
    const at = parts.length;
    places.set(it, at);
    parts.push(null);
    parts[at] = Array.isArray(it)
      ? { list: it.map(written) }
      : {
          names: Object.fromEntries(
            Object.entries(it).map(([name, part]) => [name, written(part)]),
          ),
        };
    return [at];
  };
  const root = written(value);
  return JSON.stringify({ root, parts });
}

/**
 * @param {string} text of `textOf`
 * @returns {any}
 */
export function readBack(text) {
  const { root, parts } = JSON.parse(text);
  /** @type {unknown[]} */
  const made = [];
  /** @param {any} it @returns {unknown} */
  const read = (it) => {
    if (typeof it !== "object" || it === null) return it;
    if (!Array.isArray(it)) return ODD.get(it.odd);
    const [at] = it;
    if (made[at] === undefined) {
      const part = parts[at];
      made[at] = part.list
        ? part.list.map(read)
        : Object.fromEntries(
            Object.entries(part.names).map(([name, inner]) => [name, read(inner)]),
          );
    }
    return made[at];
  };
  return read(root);
}
