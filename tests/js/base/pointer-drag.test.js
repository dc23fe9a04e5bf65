import assert from "node:assert/strict";
import { test } from "node:test";
import { dragPointer } from "../../../static/js/base/pointer-drag.js";

/**
 * @param {string} type
 * @param {{ pointerId?: number, clientX?: number, buttons?: number }} what
 */
function event(type, { pointerId = 1, clientX = 0, buttons = 1 } = {}) {
  return Object.assign(new Event(type), { pointerId, clientX, clientY: 0, buttons });
}

/** @param {Partial<import("../../../static/js/base/pointer-drag.js").Drag>} [drag] */
function dragging(drag) {
  /** @type {string[]} */
  const said = [];
  const holder = Object.assign(new EventTarget(), {
    setPointerCapture: (/** @type {number} */ id) => said.push(`holds ${id}`),
  });
  dragPointer(/** @type {any} */ (event("pointerdown")), {
    move: ({ clientX }) => said.push(`moved to ${clientX}`),
    end: (isDrag) => said.push(isDrag ? "dragged" : "clicked"),
    holder: /** @type {any} */ (holder),
    ...drag,
  });
  /** @param {string} type @param {Parameters<typeof event>[1]} [what] */
  const send = (type, what) => holder.dispatchEvent(event(type, what));
  return { said, send };
}

test("a pointer is followed until it goes up, and no other is", () => {
  const { said, send } = dragging();
  send("pointermove", { clientX: 3 });
  send("pointermove", { clientX: 50, pointerId: 2 });
  send("pointerup", { pointerId: 2 });
  send("pointermove", { clientX: 4 });
  send("pointerup");
  send("pointermove", { clientX: 5 });
  assert.deepEqual(said, ["holds 1", "moved to 3", "moved to 4", "dragged"]);
});

test("what moves less than the threshold is a click; what has gone further may come back", () => {
  const near = dragging({ threshold: 4 });
  near.send("pointermove", { clientX: 3 });
  near.send("pointerup");
  assert.deepEqual(near.said, ["holds 1", "clicked"]);
  const far = dragging({ threshold: 4 });
  for (const clientX of [3, 4, 1]) far.send("pointermove", { clientX });
  far.send("pointerup");
  assert.deepEqual(far.said, ["holds 1", "moved to 4", "moved to 1", "dragged"]);
});

test("a pointer that is taken away cancels, or ends where nothing else is said", () => {
  const ends = dragging();
  ends.send("pointercancel");
  assert.deepEqual(ends.said, ["holds 1", "dragged"]);
  const cancels = dragging({ cancel: () => cancels.said.push("cancelled") });
  cancels.send("pointercancel");
  cancels.send("pointerup");
  assert.deepEqual(cancels.said, ["holds 1", "cancelled"]);
});

test("one that went up before anybody listened has ended", () => {
  const { said, send } = dragging({ threshold: 4 });
  send("pointermove", { clientX: 30, buttons: 0 });
  send("pointermove", { clientX: 40 });
  assert.deepEqual(said, ["holds 1", "clicked"]);
});
