/**
 * Following along: a panel that was opened, and what a new beat is about, are brought into sight.
 */

import { forwardDone } from "../time/timeline.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("./viewport-dom.js").Sight} Sight */

/** The page does not scroll away between the two clicks of a double click on a heat map. */
const DOUBLE_CLICK_MS = 300;
/** Where on a phone's screen the card of the beat is brought to, from the top; under the words of the walk at least. */
const READING_HEIGHT = 0.28;
const UNDER_WORDS_PX = 16;
/** So much of the screen's height a panel needs, to be in sight: beside the graph, and alone on a phone's screen. */
const ENOUGH = { across: 0.25, down: 0.55 };

export class Follow {
  #root;
  #cardOf;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** The beat that was followed last. */
  #beat = -1;
  /** @type {State["iteration"]} */
  #iteration = null;
  /** What the open panel was last brought into sight for. */
  #brought = "";
  /** What the strip of the graph was last panned to. */
  #panned = "";
  /** The stop of the walk that was followed last. @type {number | null} */
  #stop = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #bringing;

  /**
   * @param {HTMLElement} root
   * @param {(id: string) => Element | null} cardOf
   */
  constructor(root, cardOf) {
    this.#root = root;
    this.#cardOf = cardOf;
  }

  /**
   * @param {State} state
   * @param {Moment} moment
   * @param {Sight} sight
   * @param {boolean} isZoomed the reader has moved the camera
   */
  follow(state, moment, sight, isZoomed) {
    if (state.stop !== null && sight.direction === "down") {
      this.#pan(state, sight);
      this.#showPicture(state);
    }
    const brings = this.#bringPanel(state, sight, isZoomed);
    const index = moment.beat?.index ?? -1;
    const isNew = index !== this.#beat;
    // As an iteration opens, what the network says is to be read first: the page stays where it is.
    const opens =
      state.stop === null &&
      state.iteration !== this.#iteration &&
      state.t === forwardDone(state.beats);
    this.#beat = index;
    this.#iteration = state.iteration;
    if (!isNew || index < 0 || opens) return;
    if (state.view === "table")
      this.#root.querySelector(".tables .now")?.scrollIntoView({ block: "nearest" });
    const hasGraph = state.view === "graph" || state.view === "both";
    if (!hasGraph || sight.direction !== "down" || brings) return;
    if (state.panel !== "beat" && isInSight(this.#panel(), "across")) return; // it is being read
    const box = this.#cardOf(sight.focus)?.getBoundingClientRect();
    const top = Math.max(innerHeight * READING_HEIGHT, this.#underWords());
    if (box) scrollBy({ top: box.top - top, behavior: this.#behavior() });
  }

  /** Where what stands under the words of the walk begins, where these stay on the screen. */
  #underWords() {
    const words = this.#root.querySelector(".walk");
    const stays = words && getComputedStyle(words).position === "sticky";
    return stays ? words.getBoundingClientRect().height + UNDER_WORDS_PX : 0;
  }

  /**
   * On a phone a stop that speaks of another picture than the graph begins with it.
   * @param {State} state
   */
  #showPicture({ stop, view }) {
    const board = this.#root.querySelector(`.stage.${view} > .board`)?.getBoundingClientRect();
    if (!board || stop === this.#stop) return;
    this.#stop = stop;
    if (view === "graph" || view === "both") return;
    scrollBy({ top: board.top - this.#underWords(), behavior: this.#behavior() });
  }

  /**
   * On a phone a stop of the walk with a panel has a strip of the graph: it shows the card that is spoken of.
   * @param {State} state
   * @param {Sight} sight
   */
  #pan({ stop, selection, panel }, { focus, drawing }) {
    const id = selection?.replace(/\[.*/, "") ?? focus;
    const board = this.#root.querySelector(".board");
    const card = board && this.#cardOf(drawing.holder.get(id) ?? id)?.getBoundingClientRect();
    const what = `${stop} ${panel} ${id}`;
    if (!card || what === this.#panned || board.scrollHeight <= board.clientHeight + 1) return;
    this.#panned = what;
    const seen = board.getBoundingClientRect();
    const room = Math.max(0, (seen.height - card.height) / 2);
    board.scrollBy({ top: card.top - seen.top - room, behavior: this.#behavior() });
  }

  /** Brings nothing that was on its way. */
  stay() {
    clearTimeout(this.#bringing);
  }

  /**
   * A panel that was opened, or is about something new, is brought into sight once it is there, below the words of the
   * walk.
   * @param {State} state
   * @param {Sight} sight
   * @param {boolean} isZoomed
   * @returns {boolean} whether it is on its way
   */
  #bringPanel({ panel, selection, stop, answer }, { direction, drawing }, isZoomed) {
    const what = `${panel} ${selection} ${stop}`;
    // Who has zoomed to numbers and walks among them reads those.
    if (isZoomed && selection?.includes("[")) this.#brought = what;
    if (what === this.#brought) return false;
    const element = this.#panel();
    const isThere = element && (element.ariaBusy !== "true" || answer);
    if (panel !== "beat" && !isThere) return false;
    this.#brought = what;
    const above = stop !== null && direction === "down" ? ".walk" : ".desk";
    const words = this.#root.querySelector(above);
    const isRead = above === ".desk" || isInSight(words, direction);
    if (panel === "beat" || (isRead && isInSight(element, direction))) return false;
    const bring = () => words?.scrollIntoView({ block: "start", behavior: this.#behavior() });
    const node = selection?.replace(/\[.*/, "") ?? "";
    this.stay();
    if (drawing.cards.get(node)?.value.kind !== "heat") bring();
    else this.#bringing = setTimeout(bring, DOUBLE_CLICK_MS);
    return true;
  }

  /** @returns {ScrollBehavior} */
  #behavior() {
    return this.#calm.matches ? "auto" : "smooth";
  }

  /** The panel that explains, where it is loaded. */
  #panel() {
    return this.#root.querySelector(".desk > .panel");
  }
}

/**
 * @param {Element | null} element
 * @param {import("../layout/chain.js").Direction} direction
 */
function isInSight(element, direction) {
  if (!element) return false;
  const { top, bottom, height } = element.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return top < innerHeight && seen >= Math.min(height, innerHeight * ENOUGH[direction]);
}
