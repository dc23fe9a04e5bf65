/**
 * The line that the beat is of stays in sight where the formulas are read, once the reader moves on: as they are opened they
 * stand at their beginning. Nothing but their list scrolls.
 */

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new FollowLine(ports);

class FollowLine {
  #ports;
  /** What was shown last: its text, and the line. @type {[string | undefined, Element | null]} */
  #last = [undefined, null];
  act = {};

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
  }

  refresh() {
    const text = this.#ports.read().iteration?.experiment.formulas?.text;
    const line = text === undefined ? null : document.querySelector(".lines .now");
    const [was, before] = this.#last;
    if (text === was && line === before) return;
    this.#last = [text, line];
    const list = line?.parentElement;
    if (!list || !(line instanceof HTMLElement)) return;
    if (text !== was) list.scrollTop = 0;
    else scroll(list, line);
  }
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} line
 */
function scroll(list, line) {
  const top = line.offsetTop;
  const end = top + line.offsetHeight - list.clientHeight;
  list.scrollTop = Math.max(Math.min(list.scrollTop, top), end);
}
