/**
 * What a tab holds, kept across a reload: the run, and all that can be undone. IndexedDB keeps what parts of it share, so
 * that many steps of one run take little more room than one.
 */

/** @typedef {import("./state.js").Done} Done */
/** @typedef {{ fragment: string, place: import("./state.js").Place, undo: Done[], redo: Done[] }} Kept */

const DATABASE = "backprop-explorer";
const STORE = "tabs";
const TAB = "backprop-explorer.tab"; // main.js looks for it before it loads this module
/** Of tabs that were closed long ago nothing is needed any more. */
const MOST_TABS = 20;

/** @returns {string | null} null where storage is forbidden */
function tab() {
  try {
    const known = sessionStorage.getItem(TAB);
    if (known) return known;
    const name = `${Date.now()} ${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return null;
  }
}

/**
 * Storage may be full or forbidden: then a reload follows the address alone.
 * @param {Kept} kept
 */
export async function keep(kept) {
  const name = tab();
  if (!name) return;
  try {
    const store = await opened("readwrite");
    store.put(kept, name);
    const keys = /** @type {string[]} */ (await answered(store.getAllKeys()));
    for (const old of keys.toSorted().slice(0, -MOST_TABS)) store.delete(old);
  } catch {
    // The page works without.
  }
}

/** @returns {Promise<Kept | null>} */
export async function recalled() {
  const name = tab();
  if (!name) return null;
  try {
    return (await answered((await opened("readonly")).get(name))) ?? null;
  } catch {
    return null;
  }
}

/** @param {IDBTransactionMode} mode */
async function opened(mode) {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return (await answered(request)).transaction(STORE, mode).objectStore(STORE);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
