/**
 * The stage: how large it is, what of the graph is in sight, and the reader's hands on it (drag, zoom, arrow keys).
 */

import { ARRIVAL, progress } from "../time/timeline.js";
import { automatic, neighbour, windowOn, zoomed, zoomedAt } from "./camera.js";
import { planCard } from "./card.js";
import { layout } from "./layout.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./layout.js").Direction} Direction */
/** @typedef {import("./graph-view.js").Drawing} Drawing */
/** @typedef {import("./graph-view.js").Window} Window */
/** @typedef {{ drawing: Drawing, window: Window, direction: Direction, focus: string, folding: "folded" | "open" | null, wide: boolean }} Sight wide: there is room for two pictures; folding: null where there is nothing to fold */

/** @type {import("./graph-view.js").Near} */
const NONE_NEAR = { near: null, rulers: null };
const NARROW_PX = 700;
const WIDE_PX = 1200;
/** The page does not scroll away between the two clicks of a double click on a heat map. */
const DOUBLE_CLICK_MS = 300;
/** A graph of fewer nodes is never folded. */
const LEAST_FOLDED = 16;
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
  /** @type {{ nodes: import("../trace/trace.js").Node[], direction: Direction, structure: string, drawing: Drawing } | null} */
  let drawn = null;
  /** @type {Sight | null} */
  let sight = null;
  /** @type {Element | null} */
  let watched = null;
  /** @type {typeof import("./pulses-dom.js") | null} */
  let pulses = null;
  /** @type {typeof import("./folded-drawing.js") | null} where there is enough to fold */
  let folding = null;
  /** @type {ReturnType<typeof import("./folded-drawing.js").createFolds> | null} */
  let folds = null;
  /** The node whose card takes the focus when it is there. @type {string | null} */
  let awaited = null;
  /** @type {ReturnType<typeof import("./zoom-to-entry-dom.js").createZooming> | null} where there are heat maps, and hands */
  let zooming = null;
  /** @type {string | null} */
  let selected = null;
  let followed = -1;
  /** What the open panel was last brought into sight for. */
  let brought = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let bringing;
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

  /**
   * The drawing with the layers folded that are to be.
   * @param {Drawing} whole
   * @param {Iteration} iteration
   * @param {Moment} moment
   * @param {State} state
   * @param {Direction} direction
   * @returns {{ drawing: Drawing, folding: Sight["folding"] }}
   */
  function foldedOf(whole, iteration, moment, state, direction) {
    if (iteration.nodes.length >= LEAST_FOLDED && !folding)
      import("./folded-drawing.js").then((module) => {
        folding = module;
        repaint();
      });
    if (iteration.nodes.length < LEAST_FOLDED || !folding) return { drawing: whole, folding: null };
    folds ??= folding.createFolds();
    const found = folds(whole, iteration, moment, state, { direction, size, screen: innerHeight });
    if (camera && found.before) camera = folding.keptPlace(camera, found.before, found.drawing);
    return found;
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

  async function theZooming() {
    const { createZooming } = await import("./zoom-to-entry-dom.js");
    zooming ??= createZooming({
      drawing: () => /** @type {Sight} */ (sight).drawing,
      size: () => size,
      present,
      move,
      calm: () => calm.matches,
    });
    return zooming;
  }

  /**
   * What of the heat maps is near enough to be read, with their indices.
   * @param {Drawing} drawing
   * @param {import("./camera.js").Window} window
   * @param {string | null} selection
   */
  function nearIn(drawing, window, selection) {
    if (![...drawing.cards.values()].some((it) => it.value.kind === "heat")) return NONE_NEAR;
    if (!zooming) theZooming().then(repaint);
    return zooming?.near(drawing, window, selection) ?? NONE_NEAR;
  }

  /** @param {State} state */
  function movable(state) {
    return hasGraph(state) && (camera !== null || sight?.direction === "across");
  }

  /**
   * A panel that was opened, or is about something new, is brought into sight once it is there, below the words of the
   * walk.
   * @param {State} state
   * @returns {boolean | void} whether it is on its way
   */
  function bringPanel({ panel, selection, stop, answer }) {
    const what = `${panel} ${selection} ${stop}`;
    if (what === brought) return;
    // Who has zoomed to numbers and walks among them reads those.
    if (camera && selection?.includes("[")) brought = what;
    if (what === brought) return;
    const element = panelIn(root);
    if (panel !== "beat" && (!element || (element.ariaBusy === "true" && !answer))) return; // not all there yet
    brought = what;
    if (panel === "beat" || isInSight(element, sight?.direction)) return;
    const above = stop !== null && sight?.direction === "down" ? ".walk" : ".desk";
    const behavior = calm.matches ? "auto" : "smooth";
    const bring = () => root.querySelector(above)?.scrollIntoView({ block: "start", behavior });
    const node = selection?.replace(/\[.*/, "") ?? "";
    clearTimeout(bringing);
    if (sight?.drawing.cards.get(node)?.value.kind !== "heat") bring();
    else bringing = setTimeout(bring, DOUBLE_CLICK_MS);
    return true;
  }

  return {
    /**
     * @param {Iteration} iteration
     * @param {Moment} moment
     * @param {State} state
     * @returns {Sight}
     */
    look(iteration, moment, state) {
      const room = state.view === "both" ? root.clientWidth : size.width;
      const direction = room < NARROW_PX ? "down" : "across";
      const whole = drawingOf(iteration, direction);
      const { drawing, folding: how } = foldedOf(whole, iteration, moment, state, direction);
      const shows = moment.beat?.shows ?? iteration.nodes[0].id;
      const focus = drawing.holder.get(shows) ?? shows;
      const { boxes, width, height } = drawing.layout;
      if (camera && zooming && state.selection !== selected)
        camera = zooming.followed(camera, state.selection ?? "", drawing);
      selected = state.selection;
      // On a narrow screen the whole graph stands on the page, and the page scrolls, until it is zoomed.
      root.classList.toggle("zoomed", camera !== null);
      const window =
        direction === "across" || camera
          ? windowOn(drawing.layout, size, camera, boxes.get(focus))
          : { x: -6, y: -10, width: width + 12, height: height + 20 };
      sight = {
        drawing,
        window: { ...window, ...nearIn(drawing, window, state.selection) },
        direction,
        focus,
        folding: how,
        wide: innerWidth >= WIDE_PX,
      };
      return sight;
    },

    /** Watches the size of the board that is on the page now. */
    watch() {
      const board = root.querySelector(".half.near") ?? root.querySelector(".board");
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
        import("./pulses-dom.js").then((module) => {
          pulses = module;
          repaint();
        });
        return;
      }
      const share = progress(state.t) / ARRIVAL;
      const routes = sight.drawing.layout.links
        .filter((link) => beat?.along.some((key) => key === link.key || link.joined?.includes(key)))
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
      const brings = bringPanel(state);
      const card = awaited === null ? undefined : cardOf(root, awaited);
      if (card) awaited = null;
      card?.focus({ preventScroll: true });
      const index = moment.beat?.index ?? -1;
      const isNew = index !== followed;
      followed = index;
      if (!isNew || index < 0) return;
      if (state.view === "table")
        root.querySelector(".tables .now")?.scrollIntoView({ block: "nearest" });
      if (!hasGraph(state) || sight?.direction !== "down" || brings) return;
      if (state.panel !== "beat" && isInSight(panelIn(root))) return; // it is being read
      const box = cardOf(root, sight.focus)?.getBoundingClientRect();
      const goal = innerHeight * READING_HEIGHT;
      if (box) scrollBy({ top: box.top - goal, behavior: calm.matches ? "auto" : "smooth" });
    },

    /** Lets the camera choose by itself again. */
    reset() {
      zooming?.stop();
      camera = null;
    },

    /** @param {"in" | "out" | "fit"} how */
    zoom(how) {
      if (!sight) return;
      const { drawing, focus, direction } = sight;
      zooming?.stop();
      if (how !== "fit") move(zoomed(present(), how === "in" ? 1.25 : 0.8, zooming?.most()));
      else if (camera && zooming && direction === "across")
        zooming.glide(automatic(drawing.layout, size, drawing.layout.boxes.get(focus)), null);
      else move(null);
    },

    /** @param {string} name of an entry: zooms until it can be read */
    async zoomTo(name) {
      clearTimeout(bringing);
      (await theZooming()).zoomTo(name);
    },

    /**
     * @param {WheelEvent} event
     * @param {State} state
     */
    wheel(event, state) {
      if (!movable(state) || !(event.ctrlKey || event.metaKey) || !watched) return;
      event.preventDefault();
      zooming?.stop();
      const box = watched.getBoundingClientRect();
      const dx = event.clientX - box.left - box.width / 2;
      const dy = event.clientY - box.top - box.height / 2;
      move(zoomedAt(present(), Math.exp(-event.deltaY * 0.004), dx, dy, zooming?.most()));
    },

    /**
     * @param {PointerEvent} start
     * @param {State} state
     */
    async drag(start, state) {
      const board = /** @type {HTMLElement | null} */ (watched);
      if (
        !movable(state) ||
        start.button !== 0 ||
        !board?.contains(/** @type {Node} */ (start.target))
      )
        return;
      (await theZooming()).grab(start, board);
    },

    /**
     * Lets a card take the focus that is not drawn yet.
     * @param {string} id
     */
    await(id) {
      awaited = id;
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
    const { width, height } = /** @type {import("./card.js").CardPlan} */ (cards.get(id));
    return { id, inputs, width, height };
  });
  return { cards, layout: layout(sized, direction), groups: [], holder: new Map() };
}

/** @param {State} state */
function hasGraph({ view }) {
  return view === "graph" || view === "both";
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
