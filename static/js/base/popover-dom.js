/**
 * The popover: what is to be known of a thing beyond what it shows (all digits of a number, a reason) stands in its
 * `data-tip`. It is shown under the pointer, at what has the focus by keys, and at what was tapped; Escape closes it.
 */

const DELAY_MS = 250;
/** Between the popover and what it is about, and between it and the screen's edge. */
const GAP = 4;
/** What is taller than this is not pointed at as a whole: then it stands beside the pointer. */
const TALL = 48;
/** What is chosen is explained beside it already. */
const TOLD = "body:has(.callout) :is(.chosen, .chip.selected, .card.selected .heat-touch)";
const TIPPED = `[data-tip]:not([data-tip=''], ${TOLD})`;
const HIDING = ["wheel", "resize", "pointerdown"];

/** @typedef {HTMLElement | SVGElement} Owner */

class Popover {
  #box = Object.assign(document.createElement("div"), {
    className: "tip",
    id: "tip",
    role: "tooltip",
    popover: "manual",
  });
  /** What it is about. @type {Owner | null} */
  #owner = null;
  #byKeys = false;
  #isTouch = false;
  /** What was pressed is done with, until the pointer has been elsewhere. @type {Owner | null} */
  #done = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;
  /** What has the focus may get something to tell, or something else. */
  #changes = new MutationObserver(([{ target }]) =>
    this.#show(/** @type {Owner} */ (target), true),
  );

  constructor() {
    document.body.append(this.#box);
    const listeners = {
      pointerover: this.#pointed,
      focusin: this.#focused,
      focusout: this.#left,
      click: this.#clicked,
    };
    for (const [type, listener] of Object.entries(listeners))
      addEventListener(type, (event) => listener.call(this, /** @type {PointerEvent} */ (event)));
    addEventListener("keydown", (event) => this.#pressed(event), true);
    addEventListener("scroll", () => (this.#byKeys ? this.#place() : this.hide()), true);
    for (const type of HIDING)
      addEventListener(type, () => this.hide(), { capture: true, passive: true });
    addEventListener(
      "pointerdown",
      ({ pointerType, target }) => {
        this.#isTouch = pointerType === "touch";
        this.#done = this.#isTouch ? null : ownerOf(target);
      },
      true,
    );
  }

  /**
   * Shows what an event leads to that came before anybody listened.
   * @param {Event} event
   */
  begin(event) {
    // The focus may have gone on since.
    if (event.type === "focusin") return this.#focused({ target: document.activeElement });
    const pointer = /** @type {PointerEvent} */ (event);
    this.#isTouch = pointer.pointerType === "touch";
    if (this.#isTouch) this.#clicked(pointer);
    else if (event.type === "pointerdown") {
      this.hide();
      this.#done = ownerOf(event.target);
    } else this.#pointed(pointer);
  }

  hide() {
    clearTimeout(this.#waiting);
    if (!this.#owner) return;
    if (this.#owner.getAttribute("aria-describedby") === this.#box.id)
      this.#owner.removeAttribute("aria-describedby");
    this.#owner = null;
    this.#box.hidePopover();
  }

  /** @param {PointerEvent} event */
  #pointed({ target, pointerType, clientX, clientY }) {
    const owner = ownerOf(target);
    if (pointerType === "touch" || owner === this.#owner || (!owner && this.#byKeys)) return;
    this.hide();
    if (owner !== this.#done) this.#done = null;
    if (!owner || owner === this.#done) return;
    this.#waiting = setTimeout(() => this.#show(owner, false, [clientX, clientY]), DELAY_MS);
  }

  /** @param {PointerEvent} event */
  #clicked({ target, clientX, clientY }) {
    const owner = ownerOf(target);
    if (this.#isTouch && owner) this.#show(owner, false, [clientX, clientY]);
  }

  /** @param {{ target: EventTarget | null }} event */
  #focused({ target }) {
    this.#changes.disconnect();
    if (!(target instanceof Element) || !target.matches(":focus-visible")) return;
    this.#changes.observe(target, { attributeFilter: ["data-tip"] });
    const owner = ownerOf(target);
    if (owner) this.#show(owner, true);
  }

  #left() {
    this.#changes.disconnect();
    if (this.#byKeys) this.hide();
  }

  /** Who has asked for it by keys closes it first with Escape, and then the panel; what is typed goes on. */
  #pressed(/** @type {KeyboardEvent} */ event) {
    const isOpen = this.#owner !== null;
    if (!isOpen || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    const isTyped = event.target instanceof HTMLInputElement;
    if (event.key === "Escape" && this.#byKeys && !isTyped) event.stopPropagation();
    if (event.key === "Escape" || this.#byKeys) this.hide();
  }

  /**
   * @param {Owner} owner
   * @param {boolean} byKeys
   * @param {[number, number] | null} [pointer]
   */
  #show(owner, byKeys, pointer = null) {
    this.hide();
    const text = owner.dataset.tip;
    if (!owner.isConnected || !text || !owner.matches(TIPPED)) return;
    this.#owner = owner;
    this.#byKeys = byKeys;
    if (byKeys && !owner.hasAttribute("aria-describedby"))
      owner.setAttribute("aria-describedby", this.#box.id);
    this.#box.textContent = text;
    this.#box.showPopover();
    this.#place(pointer);
  }

  /** @param {[number, number] | null} [pointer] */
  #place(pointer = null) {
    if (!this.#owner) return;
    // Where it stood last, there may be less room for its width.
    Object.assign(this.#box.style, { left: "0", top: "0" });
    const { left, top } = placeOf(this.#box, this.#owner.getBoundingClientRect(), pointer);
    Object.assign(this.#box.style, { left: `${left}px`, top: `${top}px` });
  }
}

/** @param {EventTarget | null} target @returns {Owner | null} */
function ownerOf(target) {
  return target instanceof Element ? target.closest(TIPPED) : null;
}

/**
 * Above what it is about, or under it; never off the screen.
 * @param {Element} box
 * @param {DOMRect} about
 * @param {[number, number] | null} pointer
 */
function placeOf(box, about, pointer) {
  const { width, height } = box.getBoundingClientRect();
  const [x, y] = pointer ?? [about.x + about.width / 2, about.y];
  const [top, bottom] = about.height > TALL ? [y - GAP, y + 4 * GAP] : [about.top, about.bottom];
  const above = top - height - GAP;
  return {
    left: within(x - width / 2, innerWidth - width),
    top: within(above >= GAP ? above : bottom + GAP, innerHeight - height),
  };
}

/**
 * @param {number} at
 * @param {number} room
 */
function within(at, room) {
  return Math.max(GAP, Math.min(at, room - GAP));
}

/** @type {Popover | null} */
let popover = null;

/**
 * Shows popovers from now on.
 * @param {Event} event what has led here: a "pointermove", "pointerdown" or "focusin"
 */
export function showPopovers(event) {
  popover ??= new Popover();
  popover.begin(event);
}
