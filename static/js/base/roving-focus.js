/**
 * Numbers that are one stop of the Tab key together: arrows walk them, to the nearest in that direction, and Enter is a click.
 */

/** @type {Record<string, [number, number]>} across and down */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** How much worse it is to be off the way than far along it. */
const ASIDE = 3;

/**
 * For the keys pressed in what holds them.
 * @param {string} selector of the numbers
 * @returns {(event: KeyboardEvent) => void}
 */
export function walking(selector) {
  return (event) => {
    const from = /** @type {Element} */ (event.target).closest(selector);
    const way = WAYS[event.key];
    const isModified = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
    if (!from || isModified || !(way || event.key === "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!way) return void from.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    const all = /** @type {Element} */ (event.currentTarget).querySelectorAll(selector);
    const next = nearest(from, [...all], way);
    /** @type {HTMLElement | SVGElement | null} */ (next)?.focus();
  };
}

/**
 * @param {Element} from
 * @param {readonly Element[]} all
 * @param {[number, number]} way
 * @returns {Element | null}
 */
function nearest(from, all, [right, down]) {
  const here = middleOf(from);
  let best = null;
  let least = Number.POSITIVE_INFINITY;
  for (const it of all) {
    const { x, y } = middleOf(it);
    const [dx, dy] = [x - here.x, y - here.y];
    const ahead = dx * right + dy * down;
    const cost = ahead + ASIDE * Math.abs(dx * down + dy * right);
    if (it === from || ahead < 1 || cost >= least) continue;
    best = it;
    least = cost;
  }
  return best;
}

/** @param {Element} element */
function middleOf(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
