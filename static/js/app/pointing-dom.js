/**
 * What the pointer does to numbers, wherever they stand: what it is on is pointed at, a click in a table selects, one beside
 * all that can be chosen lets go, a drag changes a number of a leaf, a double click edits what its first click selected.
 */

import { entryOf } from "../base/format.js";
import { isCalledOut } from "../state/panels.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./page-view.js").Actions} Actions */

const DOUBLE_CLICK_MS = 700;
const WITH_A_NAME = "[data-point], [data-entry], .chip[data-walk]";
/** Who clicks here goes on with what is selected, or selects. */
const KEEPS_CALLOUT =
  ".callout, [data-entry], [data-walk], [role=button], button, a, label, input, select, textarea, dialog, .transport";

export class Pointing {
  #root;
  #read;
  #act;
  /** When something was selected last, in milliseconds. */
  #selectedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param {HTMLElement} root
   * @param {() => State} read
   * @param {Actions} act
   */
  constructor(root, read, act) {
    this.#root = root;
    this.#read = read;
    this.#act = act;
    root.addEventListener("pointerover", this.#point);
    root.addEventListener("focusin", this.#point);
    root.addEventListener("click", this.#choose);
    root.addEventListener("dblclick", this.#editTwiceClicked, true);
  }

  selected() {
    this.#selectedAt = performance.now();
  }

  /**
   * Whether a number of a leaf is under the pointer: it is dragged then, not the picture.
   * @param {PointerEvent} event
   */
  dragsNumber(event) {
    const cell = /** @type {Element} */ (event.target).closest("[data-entry]");
    const name = /** @type {SVGElement | null} */ (cell)?.dataset.entry ?? "";
    const entry = entryOf(name);
    const node = entry && this.#read().iteration?.node.get(entry.id);
    if (!node || node.role === "computed" || event.button !== 0 || event.pointerType === "touch")
      return false;
    if (cell?.closest(".heat")) return false; // to drag it moves the picture
    const board = /** @type {HTMLElement} */ (event.currentTarget);
    const value = node.value[entry.row][entry.column];
    let released = false;
    for (const end of ["pointerup", "pointercancel"])
      addEventListener(end, () => (released = true), { once: true });
    import("../graph/drag-number-dom.js").then(({ dragNumber }) => {
      if (!released) dragNumber(event, board, name, value, this.#act.editEntry);
    });
    return true;
  }

  /** @param {Event} event */
  #point = ({ target }) => {
    const named = /** @type {HTMLElement | SVGElement | null} */ (
      /** @type {Element} */ (target).closest(WITH_A_NAME)
    );
    const { point, entry, walk } = named?.dataset ?? {};
    this.#act.point((point ?? entry ?? walk)?.split(" ") ?? []);
  };

  /**
   * A number in a table is selected; a click on nothing in particular closes the callout.
   * @param {Event} event
   */
  #choose = (event) => {
    const target = /** @type {Element} */ (event.target);
    const cell = /** @type {HTMLElement | null} */ (target.closest("td[data-entry]"));
    if (cell?.dataset.entry) this.#act.select(cell.dataset.entry.replace("∂", ""));
    else if (isCalledOut(this.#read()) && !target.closest(KEEPS_CALLOUT)) this.#act.select(null);
  };

  /**
   * In a heat map, whose numbers do not show, it goes nearer. The first click has let go of what was selected already, or
   * has shown it in an open panel: what it selected is what is meant.
   * @param {Event} event
   */
  #editTwiceClicked = (event) => {
    const { selection, iteration } = this.#read();
    const name = selection ?? "";
    const entry = entryOf(name);
    const node = entry && iteration?.node.get(entry.id);
    if (!node || event.timeStamp - this.#selectedAt > DOUBLE_CLICK_MS) return;
    const shows = this.#root.querySelector(`.board .cell[data-entry="${CSS.escape(name)}"]`);
    const target = /** @type {Element} */ (event.target);
    if (shows && node.role !== "computed") this.#act.beginEdit({ name, typed: null });
    else if (!shows && !target.closest(`[data-walk="${node.id}"]`)) this.#act.zoomTo(name);
    else return;
    event.stopPropagation();
  };
}
