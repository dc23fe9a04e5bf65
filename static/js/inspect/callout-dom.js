/**
 * Puts the callout where `callout-place.js` says, after each paint, and as the page scrolls or changes its size.
 */

import { entryOf } from "../base/format.js";
import { madeOf } from "../trace/entries.js";
import { leaderOf, overlap, placeOf } from "./callout-place.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./callout-place.js").Box} Box */

const EDGE = 8;
/** Below this width of the window it is a sheet at the end of what the controls leave free. */
const NARROW_PX = 700;
/** As wide as its equations, or narrower, with these in more lines. */
const WIDTHS = ["", "430px", "340px"];
/** Of a sheet. */
const LEAST_HEIGHT = 90;
/** A longer line to what it is about would run over numbers. */
const LONGEST_LEADER = 48;
/** Of more operands or cards no more is looked at. */
const MOST_LOOKED_AT = 40;

class Placing {
  /** @type {{ root: HTMLElement, state: State } | null} */
  #shown = null;
  /** What it is about, and where it stood for that. @type {{ selection: string | null, place: import("./callout-place.js").Place } | null} */
  #last = null;
  /** @type {Element | null} */
  #callout = null;
  #sizes = new ResizeObserver(() => this.#place());
  /** The half of the picture that was pressed last, where there are two. @type {Element | null} */
  #half = null;

  constructor() {
    addEventListener("scroll", () => this.#place(), { capture: true, passive: true });
    addEventListener("resize", () => this.#place());
    addEventListener(
      "pointerdown",
      ({ target }) => {
        const half = /** @type {Element} */ (target).closest(".half");
        if (half) this.#half = half;
      },
      true,
    );
  }

  /**
   * @param {HTMLElement} root
   * @param {State} state
   */
  show(root, state) {
    // What was refused stands beside the cell that is edited.
    const { editing } = state;
    const shown = editing?.refused ? { ...state, selection: editing.name } : state;
    this.#shown = { root, state: shown };
    const callout = root.querySelector(".callout");
    if (callout !== this.#callout) {
      this.#sizes.disconnect();
      if (callout) this.#sizes.observe(callout);
      this.#callout = callout;
      this.#last = null;
    }
    this.#place();
  }

  #place() {
    const callout = /** @type {HTMLElement | null} */ (this.#callout);
    if (!callout?.isConnected || !this.#shown) return;
    const { root, state } = this.#shown;
    const board = root.querySelector(".board");
    if (!board) return;
    const scope = this.#half?.isConnected ? this.#half : board;
    const { about, own } = found(scope, board, state);
    const area = areaIn(root);
    const picture = board.getBoundingClientRect();
    const seen = about.filter((it) => overlap(it, picture) > 0);
    // What it is about may have been moved out of sight; what is folded or too small was never in it.
    const isLost = about.length > 0 && seen.length === 0;
    const last = this.#last?.selection === state.selection ? this.#last.place : null;
    const around = {
      ...{ area, own, last },
      about: seen.length > 0 ? seen : [fallback(board)],
      operands: operandsIn(scope, state),
      others: boxesOf(scope.querySelectorAll(".card, .neuron, .chip")),
      stage: picture,
      isSheet: innerWidth < NARROW_PX,
    };
    const widths = around.isSheet ? WIDTHS.slice(0, 1) : WIDTHS;
    const height = around.isSheet ? heightBeside(area, seen) : area.bottom - area.top;
    callout.style.maxHeight = `${height}px`;
    const choices = widths.map((width) => {
      callout.style.width = width;
      const size = { width: callout.offsetWidth, height: callout.offsetHeight };
      return { width, size, ...placeOf({ ...around, size }) };
    });
    const place = choices.reduce((best, it) => (it.cost < best.cost ? it : best));
    const { size } = place;
    this.#last = { selection: state.selection, place };
    Object.assign(callout.style, {
      width: place.width,
      left: `${place.left}px`,
      top: `${place.top}px`,
      visibility: isLost ? "hidden" : "visible",
    });
    const { left, top } = place;
    const box = { left, top, right: left + size.width, bottom: top + size.height };
    drawLeader(callout, box, isLost ? [] : seen);
  }
}

/**
 * How high it may be over or under what it is about, whichever is higher; where that is next to nothing, all of the area.
 * @param {Box} area
 * @param {readonly Box[]} about
 */
function heightBeside(area, about) {
  const over = Math.min(...about.map(({ top }) => top)) - area.top;
  const under = area.bottom - Math.max(...about.map(({ bottom }) => bottom));
  const most = Math.max(over, under) - EDGE - 2;
  return about.length > 0 && most >= LEAST_HEIGHT ? most : area.bottom - area.top;
}

/**
 * @param {Element} callout
 * @param {Box} box
 * @param {readonly Box[]} about
 */
function drawLeader(callout, box, about) {
  const leader = /** @type {HTMLElement} */ (callout.previousElementSibling);
  const { x, y, length, angle } =
    about.length > 0 ? leaderOf(box, about) : { x: 0, y: 0, length: 0, angle: 0 };
  leader.hidden = length > LONGEST_LEADER;
  Object.assign(leader.style, {
    left: `${x}px`,
    top: `${y - 1}px`,
    width: `${length}px`,
    transform: `rotate(${angle}rad)`,
  });
}

/**
 * What is selected, as it is drawn: the cell and its gradient's; or a card, a chip, a neuron.
 * @param {Element} scope
 * @param {Element} board
 * @param {State} state
 * @returns {{ about: Box[], own: Box | null }}
 */
function found(scope, board, { selection, editing }) {
  const name = selection ?? "";
  const id = entryOf(name)?.id ?? name;
  const card = scope.querySelector(`[data-walk="${CSS.escape(id)}"]`);
  if (!name.includes("[")) {
    const boxes = card ? boxesOf([card]) : [];
    return { about: boxes, own: null };
  }
  const own = card?.getBoundingClientRect() ?? null;
  const within = (/** @type {Element} */ place) =>
    (editing?.refused ? [name] : [name, `∂${name}`]).flatMap((it) => {
      const cell = place.querySelector(`[data-entry="${CSS.escape(it)}"]`);
      if (cell) return [boxOf(cell)];
      return card ? squareOf(card, it) : [];
    });
  const about = within(scope);
  return { about: about.length > 0 ? about : within(board), own };
}

/**
 * An entry of a heat map, whose squares are no elements of their own.
 * @param {Element} card
 * @param {string} name
 * @returns {Box[]}
 */
function squareOf(card, name) {
  const kind = name.startsWith("∂") ? "gradient" : "value";
  const heat = /** @type {SVGElement | null} */ (card.querySelector(`.block.${kind} [data-grid]`));
  const entry = entryOf(name.replace("∂", ""));
  if (!heat?.dataset.grid || !entry) return [];
  const [rows, columns] = heat.dataset.grid.split(" ").map(Number);
  const { left, top, width, height } = heat.getBoundingClientRect();
  const [x, y] = [left + (width * entry.column) / columns, top + (height * entry.row) / rows];
  return [{ left: x, top: y, right: x + width / columns, bottom: y + height / rows }];
}

/**
 * @param {Element} element
 * @returns {Box}
 */
function boxOf(element) {
  if (!(element instanceof SVGPathElement)) return element.getBoundingClientRect();
  // A link runs across half of the picture: its middle is what is meant.
  const { x, y } = element.getPointAtLength(element.getTotalLength() / 2);
  const at = new DOMPoint(x, y).matrixTransform(element.getScreenCTM() ?? undefined);
  return { left: at.x - EDGE, top: at.y - EDGE, right: at.x + EDGE, bottom: at.y + EDGE };
}

/** @param {Iterable<Element>} elements */
function boxesOf(elements) {
  return [...elements].slice(0, MOST_LOOKED_AT).map((it) => it.getBoundingClientRect());
}

/**
 * @param {Element} scope
 * @param {State} state
 */
function operandsIn(scope, { iteration, selection }) {
  const entry = selection?.includes("[") ? entryOf(selection) : null;
  if (!iteration || !entry) return [];
  const names = [
    ...madeOf(iteration, entry.id, entry, false),
    ...madeOf(iteration, entry.id, entry, true),
  ];
  return names.slice(0, MOST_LOOKED_AT).flatMap((name) => {
    const cell = scope.querySelector(`[data-entry="${CSS.escape(name)}"]`);
    return cell ? [boxOf(cell)] : [];
  });
}

/**
 * What of the window is free: above the controls of time, where these are in sight.
 * @param {HTMLElement} root
 * @returns {Box}
 */
function areaIn(root) {
  const { left, right, top } = root.querySelector(".stage")?.getBoundingClientRect() ?? {};
  const controls = root.querySelector(".transport")?.getBoundingClientRect().top ?? innerHeight;
  const end = Math.min(controls, innerHeight) - EDGE;
  // Where hardly anything is free over them, it stands over them too.
  const isRoomy = end - Math.max(0, top ?? 0) > innerHeight / 4;
  return {
    left: Math.max(EDGE, (left ?? 0) + EDGE),
    right: Math.min(innerWidth, right ?? innerWidth) - EDGE,
    top: EDGE,
    bottom: isRoomy ? end : innerHeight - EDGE,
  };
}

/**
 * What is not drawn is somewhere in the picture: its corner.
 * @param {Element} board
 * @returns {Box}
 */
function fallback(board) {
  const { right, top } = board.getBoundingClientRect();
  return { left: right, top, right, bottom: top };
}

/** @type {Placing | null} */
let placing = null;

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
export function placeCallout(root, state) {
  placing ??= new Placing();
  placing.show(root, state);
}
