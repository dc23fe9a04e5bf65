/**
 * A drag: one pointer from where it comes down until it goes up. What moves less than a little is a click.
 */

/**
 * @typedef {object} Drag what is to be done
 * @property {(event: PointerEvent) => void} move once it has gone as far as `threshold`
 * @property {(isDrag: boolean) => void} [end] it went up; isDrag: it had gone that far
 * @property {() => void} [cancel] the browser has taken the pointer for itself; `end` where nothing is said
 * @property {number} [threshold] in pixels
 * @property {Element} [holder] keeps the pointer, and gets its click; without one both stay what is under the pointer
 */

/**
 * @param {PointerEvent} start
 * @param {Drag} drag
 */
export function dragPointer(start, { move, end, cancel, threshold = 0, holder }) {
  const { pointerId, clientX, clientY } = start;
  const listening = new AbortController();
  const far = (/** @type {PointerEvent} */ { clientX: x, clientY: y }) =>
    Math.hypot(x - clientX, y - clientY) >= threshold;
  let isDrag = threshold === 0;
  const over = () => {
    listening.abort();
    if (isDrag && !holder) swallowClick();
  };
  /** @type {Record<string, (event: PointerEvent) => void>} */
  const listeners = {
    pointermove(event) {
      if (event.buttons === 0) return listeners.pointerup(event); // it went up before anybody listened
      isDrag ||= far(event);
      if (isDrag) move(event);
    },
    pointerup() {
      over();
      end?.(isDrag);
    },
    pointercancel() {
      over();
      if (cancel) cancel();
      else end?.(isDrag);
    },
  };
  holder?.setPointerCapture(pointerId);
  for (const [type, listener] of Object.entries(listeners))
    (holder ?? globalThis).addEventListener(
      type,
      (event) => {
        const it = /** @type {PointerEvent} */ (event);
        if (it.pointerId === pointerId) listener(it);
      },
      listening,
    );
}

/** The click that ends a drag selects nothing; one that comes later, or from a key, does. */
function swallowClick() {
  const listening = new AbortController();
  const once = { capture: true, signal: listening.signal };
  addEventListener("pointerdown", () => listening.abort(), once);
  addEventListener(
    "click",
    (event) => {
      if (event.detail === 0) return;
      event.stopPropagation();
      listening.abort();
    },
    once,
  );
}
