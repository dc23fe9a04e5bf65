/**
 * What the page needs only once its first picture stands: single keys, what the pointer does to numbers, the address bar,
 * and whatever is loaded later still.
 */

import { AddressBar } from "./address-bar.js";
import { pressKey } from "./keys.js";
import { LateParts } from "./late-parts.js";
import { Pointing } from "./pointing-dom.js";
import * as preferences from "./preferences-storage.js";

/**
 * @param {import("../main.js").Page} page
 * @param {HTMLElement} root
 * @param {() => void} changed something is there that was not
 * @param {KeyboardEvent[]} earlyKeys pressed before
 */
export function afterwards({ asking, moving, sharing, act }, root, changed, earlyKeys) {
  const late = new LateParts(asking, moving, changed);
  const pointing = new Pointing(root, asking.read, act);
  asking.obtain(() => late.sheet("graph"));
  moving.preload();
  asking.set({ keys: preferences.keysAreOn() });
  const press = (/** @type {KeyboardEvent} */ event) => pressKey(event, asking.read(), act);
  earlyKeys.forEach(press);
  addEventListener("keydown", press);
  const addressBar = new AddressBar(asking, moving, sharing);
  awaitPopovers();
  addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) asking.set({ presenting: false });
  });
  return {
    fullScreen,
    late,
    pointing,
    preferences,
    addressBar,
    films: loadFilms(asking, late, changed),
  };
}

/**
 * The hall mode takes the whole screen, where the browser lets it; it is one without, too.
 * @param {boolean} wanted
 */
function fullScreen(wanted) {
  const [root, isFull] = [document.documentElement, document.fullscreenElement !== null];
  if (wanted && !isFull) root.requestFullscreen?.().catch(() => {});
  if (!wanted && isFull) document.exitFullscreen().catch(() => {});
}

/**
 * The films of the beats; with the curves of the activations once the catalog is there.
 * @param {import("./asking.js").Asking} asking
 * @param {LateParts} late
 * @param {() => void} changed
 */
function loadFilms(asking, late, changed) {
  /** @type {import("../films/films-dom.js").Films | null} */
  let films = null;
  const load = async () => {
    const [{ Films }, { curvesIn }] = await asking.obtain(() =>
      Promise.all([
        import("../films/films-dom.js"),
        import("../films/curves.js"),
        late.sheet("films"),
      ]),
    );
    films = new Films();
    changed();
    films.know(curvesIn(await asking.catalog()));
    changed();
  };
  load().catch(() => {}); // without them, results just appear
  return () => films;
}

/** Popovers come with the first move of a pointer, or of the focus; where they do not, with the next. */
function awaitPopovers() {
  const listening = new AbortController();
  /** What came while they were on their way is told to them in its order: a tap may be over by then. @type {Event[]} */
  const early = [];
  const begin = async (/** @type {Event} */ event) => {
    early.push(event);
    const popovers = await import("../base/popover-dom.js").catch(() => null);
    if (!popovers || listening.signal.aborted) return;
    listening.abort();
    early.forEach(popovers.showPopovers);
  };
  for (const type of ["pointermove", "pointerdown", "focusin"])
    addEventListener(type, begin, listening);
}
