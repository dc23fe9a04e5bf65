/**
 * The page: it holds the one state, paints it, and has the parts that act on it.
 */

import { render } from "../vendor/lit-html@3.3.3/lit-html.js";
import { actionsOf } from "./app/actions.js";
import { Asking } from "./app/asking.js";
import { Moving } from "./app/moving.js";
import { isKnownTab } from "./app/opening.js";
import { pageView } from "./app/page-view.js";
import { Viewport } from "./graph/viewport-dom.js";
import { packedIn, read as readAddress, refused } from "./state/address.js";
import { initialState, reduce } from "./state/state.js";
import { currentIndex, doneAt, momentAt } from "./time/timeline.js";

/** What comes behind the first picture, with its imports: asked for at once, the largest words of the screen first. */
const BEHIND = [
  "app/verdict-view",
  "trace/verdict",
  "base/words",
  "trace/scores",
  "app/afterwards",
  "app/late-parts",
  "app/works",
  "app/address-bar",
  "state/address-text",
  "app/keys",
  "app/pointing-dom",
  "app/preferences-storage",
];

/** @typedef {import("./state/state.js").State} State */
/** @typedef {import("./state/state.js").Action} Action */

/** @type {import("./time/clock.js").Clock} */
const CLOCK = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (id) => cancelAnimationFrame(id),
  isCalm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
};

export class Page {
  #root;
  #state = initialState();
  #scheduled = false;
  /** Whether more has changed since the last paint than the time within a beat. */
  #stale = true;
  /** Whether no picture was painted yet: the first is the stage's alone, and the rest comes a frame later. */
  #opening = true;
  /** @type {import("./time/timeline.js").Moment | null} */
  #moment = null;

  /** What is there once the first picture stands. @type {ReturnType<typeof import("./app/afterwards.js").afterwards> | null} */
  afterwards = null;
  #obtainAfterwards;
  /** @type {typeof import("./app/verdict-view.js") | undefined} */
  #verdict;
  #obtainVerdict;
  /** Ends the wait for the first picture. */
  #pictured = () => {};
  #firstPicture = new Promise((resolve) => {
    this.#pictured = () => resolve(true);
  });
  /** Keys that were pressed before. @type {KeyboardEvent[]} */
  #earlyKeys = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.asking = new Asking({ read: this.#read, dispatch: this.#dispatch });
    this.moving = new Moving(this.asking, CLOCK);
    this.viewport = new Viewport(root, () => this.#schedule());
    this.sharing = this.asking.once(
      () => import("./share/work.js"),
      ({ Sharing }) => new Sharing(this.asking, (...to) => this.moving.visit(...to)),
    );
    this.takeaway = this.asking.once(
      () => import("./export/work.js"),
      ({ Takeaway }) => new Takeaway(this.asking),
    );
    this.ending = this.asking.once(
      () => import("./walk/ending-work.js"),
      ({ Ending }) => new Ending(this.asking, this.moving, CLOCK),
    );
    this.act = actionsOf(this);
    this.#obtainVerdict = this.asking.once(
      () => import("./app/verdict-view.js"),
      (verdict) => {
        this.#verdict = verdict;
        this.#schedule();
      },
    );
    this.#obtainAfterwards = this.asking.once(
      () => import("./app/afterwards.js"),
      ({ afterwards }) => {
        removeEventListener("keydown", this.#keepKey);
        this.afterwards = afterwards(this, root, () => this.#schedule(), this.#earlyKeys);
      },
    );
  }

  /**
   * A plain link is followed at once; what else an address may hold is known to the address bar, which comes once a picture
   * stands, or it is known why there is none.
   */
  async start() {
    addEventListener("keydown", this.#keepKey);
    this.#schedule();
    const fragment = location.hash;
    const isKnown = isKnownTab();
    const isPlain = !isKnown && !packedIn(fragment) && refused(fragment).length === 0;
    const opened = isPlain ? this.moving.visit(readAddress(fragment)) : Promise.resolve(false);
    await Promise.race([this.#firstPicture, opened]).catch(() => null);
    for (const name of BEHIND) import(`./${name}.js`).catch(() => null);
    this.#obtainVerdict().catch(() => null);
    await this.#obtainAfterwards();
    await this.afterwards?.addressBar
      .begin(isPlain ? { fragment, opened } : null, isKnown)
      .finally(this.moving.loadExamples);
  }

  /** Goes once more where the address says. */
  async reopen() {
    await this.#obtainAfterwards();
    await this.afterwards?.addressBar.visit(location.hash);
  }

  /** @param {KeyboardEvent} event */
  #keepKey = (event) => this.#earlyKeys.push(event);

  #read = () => this.#state;

  /** @param {Action} action */
  #dispatch = (action) => {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (action.type === "selected") this.afterwards?.pointing.selected();
    this.afterwards?.addressBar.changed(before, this.#state, action);
    const withinBeat = action.type === "went" && sameMoment(before.t, this.#state.t);
    // In the hall the beat is not drawn above the page, but in it.
    this.#schedule(!withinBeat || this.#state.presenting);
  };

  #schedule(more = true) {
    this.#stale ||= more;
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      if (this.#stale) this.#paint();
      const films = this.afterwards?.films();
      if (films && this.#moment) this.viewport.film(films, this.#state, this.#moment);
    });
  }

  #paint() {
    this.#stale = false;
    const { iteration, beats, t } = this.#state;
    this.#moment = iteration && momentAt(iteration, beats, t);
    const scene = this.#moment && this.#sceneAt(this.#moment);
    render(pageView(this.#state, scene, this.act), this.#root);
    if (scene?.opening) {
      this.#opening = false;
      this.#schedule();
    }
    this.#keepChooser();
    if (this.#moment || this.#state.error) this.#pictured();
    if (!this.#moment) return;
    const dialog = this.#root.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    const late = this.afterwards?.late;
    late?.parts.focus?.focusEditor(this.#root, this.#state);
    this.viewport.watch();
    this.viewport.follow(this.#state, this.#moment);
    late?.parts.placing?.placeCallout(this.#root, this.#state);
    late?.load(this.#state, scene?.folding === "folded");
    this.afterwards?.addressBar.keep();
  }

  /**
   * @param {import("./time/timeline.js").Moment} moment
   * @returns {import("./app/page-view.js").Scene | null}
   */
  #sceneAt(moment) {
    const { iteration, panel } = this.#state;
    const { parts = {}, panels = {}, works = {} } = this.afterwards?.late ?? {};
    return (
      iteration && {
        moment,
        opening: this.#opening,
        parts,
        verdict: this.#verdict,
        module: panels[panel],
        work: works[panel],
        works,
        bar: this.#root.querySelector(".track")?.clientWidth ?? 0,
        films: this.afterwards?.films() ?? null,
        ...this.viewport.look(iteration, moment, this.#state),
      }
    );
  }

  /** A choice that could not be opened does not stay in the chooser; a run of one's own is none of the examples. */
  #keepChooser() {
    const { departed, example } = this.#state;
    const found = this.#root.querySelector(".chooser select");
    const chooser = /** @type {HTMLSelectElement | null} */ (found);
    if (chooser && chooser !== document.activeElement) chooser.value = departed ? "" : example;
  }
}

/** What was chosen before: `app/preferences-storage.js` keeps it. */
function showTheme() {
  try {
    const theme = localStorage.getItem("backprop-explorer.theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // The theme is the system's.
  }
}

/**
 * Whether nothing but the beat's film moves between two times: the same beat is under way, the same results are there.
 * @param {number} before
 * @param {number} after
 */
function sameMoment(before, after) {
  const isAlike = (/** @type {(t: number) => unknown} */ of) => of(before) === of(after);
  return isAlike(currentIndex) && isAlike(doneAt) && isAlike(Number.isInteger);
}

showTheme();
new Page(/** @type {HTMLElement} */ (document.getElementById("app"))).start();
