/**
 * The stage: how large it is, what of the graph is in sight, and the reader's hands on it (drag, zoom, arrow keys).
 */

import { automatic, neighbour, panned, windowOn, zoomed, zoomedAt } from "./camera.js";
import { planCard } from "./cards.js";
import { layout } from "./layout.js";
import { ARRIVAL, progress } from "./timeline.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./timeline.js").Moment} Moment */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./layout.js").Direction} Direction */
/** @typedef {import("./views/graph.js").Drawing} Drawing */
/** @typedef {import("./views/graph.js").Window} Window */
/** @typedef {{ drawing: Drawing, window: Window, direction: Direction, focus: string }} Sight */

const NARROW_PX = 700;
/** Where on a phone's screen the card of the beat is brought to, from the top. */
const READING_HEIGHT = 0.28;
/** So much of the screen's height a panel needs, to be in sight: beside the graph, and alone on a phone's screen. */
const ENOUGH = { across: 0.25, down: 0.55 };

/**
 * @param {HTMLElement} root
 * @param {() => void} repaint
 */
export function createStage(root, repaint) {
  /** @type {Camera | null} null: the camera chooses by itself */
  let camera = null;
  let size = { width: root.clientWidth, height: 400 };
  /** @type {{ nodes: import("./trace.js").Node[], direction: Direction, structure: string, drawing: Drawing } | null} */
  let drawn = null;
  /** @type {Sight | null} */
  let sight = null;
  /** @type {Element | null} */
  let watched = null;
  /** @type {typeof import("./pulses.js") | null} */
  let pulses = null;
  let followed = -1;
  /** What the open panel was last brought into sight for. */
  let brought = "";
  /** Live: to look the canvas up in every frame would walk the whole graph. */
  const canvases = root.getElementsByClassName("pulses");
  /** The dots' colours under the theme they were read in. */
  let painted = { theme: "", colours: { forward: "", backward: "", outline: "" } };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const sizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    if (width === 0 || (width === size.width && height === size.height)) return;
    size = { width, height };
    repaint();
  });

  /**
   * @param {Iteration} iteration
   * @param {Direction} direction
   */
  function drawingOf(iteration, direction) {
    if (drawn?.nodes === iteration.nodes && drawn.direction === direction) return drawn.drawing;
    const shapes = iteration.nodes.map((it) => `${it.id}:${it.shape}:${it.inputs}`);
    const structure = `${direction} ${shapes.join(" ")}`;
    const drawing = drawn?.structure === structure ? drawn.drawing : draw(iteration, direction);
    drawn = { nodes: iteration.nodes, direction, structure, drawing };
    return drawing;
  }

  /** @returns {Camera} */
  function present() {
    const { drawing, focus } = /** @type {Sight} */ (sight);
    return camera ?? automatic(drawing.layout, size, drawing.layout.boxes.get(focus));
  }

  /** @param {Camera | null} next */
  function move(next) {
    camera = next;
    repaint();
  }

  /** @param {State} state */
  function movable(state) {
    return state.view === "graph" && sight?.direction === "across";
  }

  /**
   * A panel that was opened, or is about something new, is brought into sight once it is there, below the words of the
   * walk.
   * @param {State} state
   */
  function bringPanel({ panel, selection, stop, answer }) {
    const what = `${panel} ${selection} ${stop}`;
    if (what === brought) return;
    const element = panelIn(root);
    if (panel !== "beat" && (!element || (element.ariaBusy === "true" && !answer))) return; // not all there yet
    brought = what;
    if (panel === "beat" || isInSight(element, sight?.direction)) return;
    const above = stop !== null && sight?.direction === "down" ? ".walk" : ".desk";
    root
      .querySelector(above)
      ?.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }

  return {
    /**
     * @param {Iteration} iteration
     * @param {Moment} moment
     * @returns {Sight}
     */
    look(iteration, moment) {
      const direction = size.width < NARROW_PX ? "down" : "across";
      const drawing = drawingOf(iteration, direction);
      const focus = moment.beat?.shows ?? iteration.nodes[0].id;
      const { boxes, width, height } = drawing.layout;
      // On a narrow screen the whole graph stands on the page, and the page scrolls.
      const window =
        direction === "across"
          ? windowOn(drawing.layout, size, camera, boxes.get(focus))
          : { x: -6, y: -10, width: width + 12, height: height + 20 };
      sight = { drawing, window, direction, focus };
      return sight;
    },

    /** Watches the size of the board that is on the page now. */
    watch() {
      const board = root.querySelector(".board");
      if (board === watched) return;
      sizes.disconnect();
      watched = board;
      if (board) sizes.observe(board);
    },

    /**
     * Draws the dots of the beat under way.
     * @param {State} state
     * @param {Moment} moment
     */
    pulse(state, moment) {
      const canvas = /** @type {HTMLCanvasElement | undefined} */ (canvases[0]);
      const beat = moment.beat;
      if (!canvas || !sight || calm.matches || (!state.playing && !pulses)) return;
      if (!pulses) {
        import("./pulses.js").then((module) => {
          pulses = module;
          repaint();
        });
        return;
      }
      const share = progress(state.t) / ARRIVAL;
      const routes = sight.drawing.layout.links
        .filter((link) => beat?.along.includes(link.key))
        .map((link) => ({ curve: link.curve, backward: beat?.kind === "edge" }));
      const theme = `${document.documentElement.dataset.theme} ${dark.matches}`;
      if (painted.theme !== theme) painted = { theme, colours: pulses.coloursOf(canvas) };
      const shown = state.playing && share < 1 ? share : null;
      pulses.drawPulses(canvas, size, painted.colours, sight.window, routes, shown);
    },

    /**
     * Brings what a new beat is about into sight: in the table, and on a narrow screen, where the page scrolls.
     * @param {State} state
     * @param {Moment} moment
     */
    follow(state, moment) {
      bringPanel(state);
      const index = moment.beat?.index ?? -1;
      const isNew = index !== followed;
      followed = index;
      if (!isNew || index < 0) return;
      if (state.view === "table")
        root.querySelector(".tables .now")?.scrollIntoView({ block: "nearest" });
      if (state.view !== "graph" || sight?.direction !== "down") return;
      if (state.panel !== "beat" && isInSight(panelIn(root))) return; // it is being read
      const box = cardOf(root, sight.focus)?.getBoundingClientRect();
      const goal = innerHeight * READING_HEIGHT;
      if (box) scrollBy({ top: box.top - goal, behavior: calm.matches ? "auto" : "smooth" });
    },

    /** Lets the camera choose by itself again. */
    reset() {
      camera = null;
    },

    /** @param {"in" | "out" | "fit"} how */
    zoom(how) {
      if (sight) move(how === "fit" ? null : zoomed(present(), how === "in" ? 1.25 : 0.8));
    },

    /**
     * @param {WheelEvent} event
     * @param {State} state
     */
    wheel(event, state) {
      if (!movable(state) || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
      const dx = event.clientX - box.left - box.width / 2;
      const dy = event.clientY - box.top - box.height / 2;
      move(zoomedAt(present(), Math.exp(-event.deltaY * 0.004), dx, dy));
    },

    /**
     * @param {PointerEvent} start
     * @param {State} state
     */
    drag(start, state) {
      const board = /** @type {HTMLElement} */ (start.currentTarget);
      const onCard = /** @type {Element} */ (start.target).closest("[data-walk]");
      if (!movable(state) || start.button !== 0 || onCard) return;
      let last = start;
      board.setPointerCapture(start.pointerId);
      const over = new AbortController();
      board.addEventListener(
        "pointermove",
        (event) => {
          move(panned(present(), event.clientX - last.clientX, event.clientY - last.clientY));
          last = event;
        },
        over,
      );
      for (const end of ["pointerup", "pointercancel"]) {
        board.addEventListener(end, () => over.abort(), over);
      }
    },

    /**
     * Moves the focus from a card or a chip to the next in an arrow's direction.
     * @param {string} from
     * @param {string} key
     */
    walk(from, key) {
      if (!sight) return;
      /** @type {Map<string, { x: number, y: number }>} */
      const centres = new Map();
      for (const [id, box] of sight.drawing.layout.boxes) {
        centres.set(id, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
      }
      for (const link of sight.drawing.layout.links) {
        centres.set(link.key, { x: link.chip[0], y: link.chip[1] });
      }
      const next = neighbour(centres, from, key);
      if (next !== undefined) cardOf(root, next)?.focus();
    },
  };
}

/**
 * @param {Iteration} iteration
 * @param {Direction} direction
 * @returns {Drawing}
 */
function draw(iteration, direction) {
  const cards = new Map(iteration.nodes.map((node) => [node.id, planCard(node)]));
  const sized = iteration.nodes.map(({ id, inputs }) => {
    const { width, height } = /** @type {import("./cards.js").CardPlan} */ (cards.get(id));
    return { id, inputs, width, height };
  });
  return { cards, layout: layout(sized, direction) };
}

/**
 * The panel that explains, where it is loaded.
 * @param {HTMLElement} root
 */
function panelIn(root) {
  return root.querySelector(".desk > .panel");
}

/**
 * @param {Element | null} element
 * @param {Direction} [direction]
 */
function isInSight(element, direction = "across") {
  if (!element) return false;
  const { top, bottom, height } = element.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return top < innerHeight && seen >= Math.min(height, innerHeight * ENOUGH[direction]);
}

/**
 * @param {HTMLElement} root
 * @param {string} id a node's id or an edge's key
 */
function cardOf(root, id) {
  const all = /** @type {NodeListOf<SVGElement>} */ (root.querySelectorAll("[data-walk]"));
  return [...all].find((it) => it.dataset.walk === id);
}
