/**
 * The stage: how large it is, what of the graph is in sight, and the reader's hands on it (drag, zoom, arrow keys).
 */

import { automatic, fitZoom, neighbour, windowOn, ZOOMS, zoomed, zoomedAt } from "./camera.js";
import { planCard } from "./cards.js";
import { entryOf } from "./format.js";
import { layout } from "./layout.js";
import { ARRIVAL, progress } from "./timeline.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./timeline.js").Moment} Moment */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./layout.js").Direction} Direction */
/** @typedef {import("./views/graph.js").Drawing} Drawing */
/** @typedef {import("./views/graph.js").Window} Window */
/** @typedef {{ drawing: Drawing, window: Window, direction: Direction, focus: string, folding: "folded" | "open" | null, wide: boolean }} Sight wide: there is room for two pictures; folding: null where there is nothing to fold */

/** @typedef {typeof import("./detail.js")} Detail */

const NARROW_PX = 700;
const WIDE_PX = 1200;
/** A graph of fewer nodes is never folded. */
const LEAST_FOLDED = 16;
/** Below this zoom a card's numbers are smaller than 7 pixels. */
const LEGIBLE = 0.53;
/** So many screens of a phone are too long a way. */
const LONGEST_SCREENS = 3;
/** How long the camera is on its way. */
const GLIDE_MS = 350;
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
  /** @type {typeof import("./folding.js") | null} where there is enough to fold */
  let folding = null;
  /** @type {{ whole: Drawing, stages: import("./folding.js").Stages, open: string, drawing: Drawing } | null} */
  let folded = null;
  /** The node whose card takes the focus when it is there. @type {string | null} */
  let awaited = null;
  /** @type {Detail | null} where there are heat maps */
  let detail = null;
  /** @type {ReturnType<typeof import("./hands.js").createHands> | null} */
  let hands = null;
  /** Counts what moved the camera, so that what moves it last is not overruled. */
  let moves = 0;
  /** @type {string | null} */
  let selected = null;
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
    const isOpen = { drawing: whole, folding: null };
    if (iteration.nodes.length < LEAST_FOLDED) return isOpen;
    if (!folding) {
      import("./folding.js").then((module) => {
        folding = module;
        repaint();
      });
      return isOpen;
    }
    const { way, open } = folding.readLayers(state.layers);
    const wanted = way === "folded" || (way === "auto" && !isLegible(whole, direction));
    if (!wanted) return { drawing: whole, folding: "open" };
    // While it plays, the folded layers light up; where it stands still, the layer of the beat is open.
    const runs = state.playing || state.training;
    const shown = [runs ? null : moment.beat?.shows, ...nodesOf(state.selection)];
    const stages = folded?.whole === whole ? folded.stages : folding.stagesOf(iteration.nodes);
    const opened = folding.openStages(stages, shown, open);
    const key = [...opened].toSorted().join();
    if (folded?.whole !== whole || folded.open !== key) {
      const drawing = drawFolded(
        folding,
        folding.fold(iteration.nodes, stages, opened),
        whole,
        direction,
      );
      if (folded) keepPlace(folded.drawing, drawing);
      folded = { whole, stages, open: key, drawing };
    }
    const nothingLeft = folded.drawing.groups.length === 0;
    return { drawing: folded.drawing, folding: nothingLeft ? "open" : "folded" };
  }

  /**
   * Whether all of a graph can be read at once.
   * @param {Drawing} drawing
   * @param {Direction} direction
   */
  function isLegible({ layout: { width, height } }, direction) {
    if (direction === "across") return fitZoom({ width, height }, size) >= LEGIBLE;
    return (height * size.width) / width < LONGEST_SCREENS * innerHeight;
  }

  /**
   * What the camera looks at stays where it is when layers beside it are folded.
   * @param {Drawing} before
   * @param {Drawing} after
   */
  function keepPlace(before, after) {
    if (!camera) return;
    const { x, y } = camera;
    let nearest = Number.POSITIVE_INFINITY;
    for (const [id, box] of before.layout.boxes) {
      const now = after.layout.boxes.get(id);
      const distance = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
      if (!now || distance >= nearest) continue;
      nearest = distance;
      camera = { ...camera, x: x + now.x - box.x, y: y + now.y - box.y };
    }
  }

  /** @returns {Camera} */
  function present() {
    const { drawing, focus } = /** @type {Sight} */ (sight);
    return camera ?? automatic(drawing.layout, size, drawing.layout.boxes.get(focus));
  }

  /** @param {Camera | null} next */
  function move(next) {
    moves += 1;
    camera = next;
    repaint();
  }

  /**
   * Moves the camera smoothly, unless the reader wants less motion.
   * @param {Camera} goal
   * @param {Camera | null} [end] what it is in the end
   */
  async function glide(goal, end = goal) {
    const { between } = await theDetail();
    const [from, start] = [present(), performance.now()];
    if (calm.matches) return move(end);
    move(from);
    const mine = moves;
    const frame = () => {
      if (moves !== mine) return;
      const share = Math.min(1, (performance.now() - start) / GLIDE_MS);
      camera = share < 1 ? between(from, goal, share * share * (3 - 2 * share)) : end;
      repaint();
      if (share < 1) requestAnimationFrame(frame);
    };
    frame();
  }

  /** @returns {Promise<Detail>} */
  async function theDetail() {
    detail ??= await import("./detail.js");
    return detail;
  }

  function mostZoom() {
    const plans = [...(sight?.drawing.cards.values() ?? [])];
    const needed = plans.map((it) =>
      detail && it.value.kind === "heat" ? detail.zoomOf(it.value) : 0,
    );
    return Math.max(ZOOMS.most, 2 * Math.max(...needed));
  }

  /** What of the heat maps is near enough to be read. @type {(drawing: Drawing, window: import("./camera.js").Window) => Window["near"]} */
  function nearIn({ cards, layout: { boxes } }, window) {
    if (![...cards.values()].some((it) => it.value.kind === "heat")) return null;
    if (!detail) {
      theDetail().then(repaint);
      return null;
    }
    const { nearOf } = detail;
    const zoom = size.width / window.width;
    return new Map(
      [...cards].map(([id, { value, gradient }]) => {
        const box = /** @type {import("./layout.js").Box} */ (boxes.get(id));
        return [
          id,
          {
            value: nearOf(value, box, window, zoom),
            gradient: nearOf(gradient, box, window, zoom),
          },
        ];
      }),
    );
  }

  /**
   * An entry that is selected among numbers that are zoomed to stays in sight.
   * @param {State} state
   * @param {Drawing} drawing
   */
  function followEntry({ selection }, drawing) {
    if (selection === selected) return;
    selected = selection;
    const entry = selection?.includes("[") ? entryOf(selection) : null;
    const plan = entry && drawing.cards.get(entry.id);
    const box = entry && drawing.layout.boxes.get(entry.id);
    if (!camera || !detail || !plan || !box || plan.value.kind !== "heat") return;
    if (detail.levelOf(plan.value, camera.zoom) === "squares") return;
    camera = detail.following(camera, size, detail.entryBox(plan.value, box, entry));
  }

  /** @param {State} state */
  function movable(state) {
    return hasGraph(state) && (camera !== null || sight?.direction === "across");
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
      followEntry(state, drawing);
      // On a narrow screen the whole graph stands on the page, and the page scrolls, until it is zoomed.
      root.classList.toggle("zoomed", camera !== null);
      const window =
        direction === "across" || camera
          ? windowOn(drawing.layout, size, camera, boxes.get(focus))
          : { x: -6, y: -10, width: width + 12, height: height + 20 };
      sight = {
        drawing,
        window: { ...window, near: nearIn(drawing, window) },
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
        import("./pulses.js").then((module) => {
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
      bringPanel(state);
      const card = awaited === null ? undefined : cardOf(root, awaited);
      if (card) awaited = null;
      card?.focus({ preventScroll: true });
      const index = moment.beat?.index ?? -1;
      const isNew = index !== followed;
      followed = index;
      if (!isNew || index < 0) return;
      if (state.view === "table")
        root.querySelector(".tables .now")?.scrollIntoView({ block: "nearest" });
      if (!hasGraph(state) || sight?.direction !== "down") return;
      if (state.panel !== "beat" && isInSight(panelIn(root))) return; // it is being read
      const box = cardOf(root, sight.focus)?.getBoundingClientRect();
      const goal = innerHeight * READING_HEIGHT;
      if (box) scrollBy({ top: box.top - goal, behavior: calm.matches ? "auto" : "smooth" });
    },

    /** Lets the camera choose by itself again. */
    reset() {
      moves += 1;
      camera = null;
    },

    /** @param {"in" | "out" | "fit"} how */
    zoom(how) {
      if (!sight) return;
      const { drawing, focus, direction } = sight;
      if (how !== "fit") move(zoomed(present(), how === "in" ? 1.25 : 0.8, mostZoom()));
      else if (camera && direction === "across")
        glide(automatic(drawing.layout, size, drawing.layout.boxes.get(focus)), null);
      else move(null);
    },

    /**
     * Zooms until an entry can be read.
     * @param {string} name "W0[3,1]", or "∂W0[3,1]" for the gradient's
     */
    async zoomTo(name) {
      const { zoomOf, entryBox } = await theDetail();
      const entry = entryOf(name.replace("∂", ""));
      const plan = entry && sight?.drawing.cards.get(entry.id);
      const card = entry && sight?.drawing.layout.boxes.get(entry.id);
      if (!plan || !card) return;
      const block = name.startsWith("∂") ? plan.gradient : plan.value;
      const { x, y, width, height } = entryBox(block, card, entry);
      await glide({ x: x + width / 2, y: y + height / 2, zoom: zoomOf(block) });
      // The entry's panel may have been brought into sight by the click that selected it.
      const behavior = calm.matches ? "auto" : "smooth";
      if (sight?.direction === "down") watched?.scrollIntoView({ block: "start", behavior });
    },

    /**
     * @param {WheelEvent} event
     * @param {State} state
     */
    wheel(event, state) {
      if (!movable(state) || !(event.ctrlKey || event.metaKey) || !watched) return;
      event.preventDefault();
      const box = watched.getBoundingClientRect();
      const dx = event.clientX - box.left - box.width / 2;
      const dy = event.clientY - box.top - box.height / 2;
      move(zoomedAt(present(), Math.exp(-event.deltaY * 0.004), dx, dy, mostZoom()));
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
      hands ??= (await import("./hands.js")).createHands(present, move, mostZoom);
      hands(start, board);
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
    const { width, height } = /** @type {import("./cards.js").CardPlan} */ (cards.get(id));
    return { id, inputs, width, height };
  });
  return { cards, layout: layout(sized, direction), groups: [], holder: new Map() };
}

/**
 * @param {typeof import("./folding.js")} folding
 * @param {import("./folding.js").Folded} folded
 * @param {Drawing} whole
 * @param {Direction} direction
 * @returns {Drawing}
 */
function drawFolded({ planGroup }, { items, groups, holder, joined }, { cards }, direction) {
  /** @type {Map<string, { width: number, height: number }>} */
  const plans = new Map(cards);
  for (const group of groups) plans.set(group.id, planGroup(group));
  const sized = items.map((item) => {
    const { width, height } = /** @type {{ width: number, height: number }} */ (plans.get(item.id));
    return { ...item, width, height };
  });
  const placed = layout(sized, direction);
  // An edge between cards is drawn as the first of those it stands for: that one's chip is on it.
  const links = placed.links.map((link) => {
    const keys = joined.get(link.key) ?? [];
    const [of, wrt] = keys[0].split(">");
    return { ...link, key: keys[0], of, wrt, joined: keys };
  });
  return { cards, layout: { ...placed, links }, groups, holder };
}

/**
 * The nodes that a selection is about: an edge's two, an entry's own.
 * @param {string | null} selection
 */
function nodesOf(selection) {
  return selection?.replace(/\[.*/, "").split(">") ?? [];
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
