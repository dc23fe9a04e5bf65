/**
 * The viewport: how large it is, where the camera is, and so what of the graph is in sight. What moves the camera, and what
 * follows the beat, is loaded when it is first needed.
 */

import { isChain, layout, TIGHT_GAP } from "../layout/chain.js";
import { forwardDone } from "../time/timeline.js";
import { namesOf } from "../trace/trace.js";
import { automatic, neighbour, windowOn } from "./camera.js";
import { CELL, planCard, TIGHT_CELL } from "./card.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("../layout/chain.js").Direction} Direction */
/** @typedef {import("./graph-view.js").Drawing} Drawing */
/** @typedef {import("./graph-view.js").Window} Window */
/** @typedef {{ drawing: Drawing, window: Window, direction: Direction, focus: string, folding: "folded" | "open" | null, wide: boolean, zoomed: boolean, size: import("./camera.js").Size }} Sight size: of the board, or of the graph's half; zoomed: the reader has moved the camera; wide: there is room for two pictures; folding: null where there is nothing to fold */
/** @typedef {{ draw: (overlay: SVGSVGElement, size: { width: number, height: number }, sight: Sight, state: State, moment: Moment) => void }} Screen what draws a beat's film over the graph */

const NARROW_PX = 700;
const WIDE_PX = 1200;
/** A picture that is narrower has narrower cells, so that all is larger. */
const TIGHT_PX = 1000;
/** A graph of fewer nodes is never folded, but by the lines of its text. */
const LEAST_FOLDED = 16;
/** Around the graph, where it stands on the page as a whole. */
const AROUND = { x: 6, y: 10 };

export class Viewport {
  #root;
  #repaint;
  /** @type {Camera | null} null: the camera chooses by itself */
  #camera = null;
  #size;
  /** @type {{ nodes: Iteration["nodes"], way: string, structure: string, drawing: Drawing, isDone: boolean } | null} */
  #drawn = null;
  /** @type {Sight | null} */
  #sight = null;
  /** The board that is on the page now. @type {Element | null} */
  #board = null;
  #sizes = new ResizeObserver(([entry]) => this.#resize(entry.contentRect));
  /** Live: to look the overlay up in every frame would walk the whole graph. */
  #overlays;
  /** The node whose card takes the focus when it is there. @type {string | null} */
  #awaited = null;
  /** @type {string | null} */
  #selected = null;
  #motion;
  #follow;
  #folds;
  #heat;
  #rulers;
  #layered;

  /**
   * @param {HTMLElement} root
   * @param {() => void} repaint
   */
  constructor(root, repaint) {
    this.#root = root;
    this.#repaint = repaint;
    this.#size = { width: root.clientWidth, height: 400 };
    this.#overlays = root.getElementsByClassName("film");
    this.#motion = new Later(repaint, async () => {
      const { CameraMotion } = await import("./camera-motion-dom.js");
      return new CameraMotion({
        sight: () => /** @type {Sight} */ (this.#sight),
        size: () => this.#size,
        camera: () => this.#present(),
        move: (camera) => this.#move(camera),
      });
    });
    this.#follow = new Later(repaint, async () => {
      const { Follow } = await import("./follow-dom.js");
      return new Follow(root, (id) => this.#cardOf(id));
    });
    this.#folds = new Later(
      repaint,
      async () => new (await import("./folded-drawing.js")).FoldedDrawing(),
    );
    this.#heat = new Later(repaint, () => import("./heat-view.js"));
    this.#layered = new Later(repaint, async () => (await import("../layout/layered.js")).layered);
    this.#rulers = new Later(repaint, async () => ({
      ...(await import("./rulers-view.js")),
      ...(await import("./camera-moves.js")),
    }));
  }

  /**
   * What is in sight at a moment.
   * @param {Iteration} iteration
   * @param {Moment} moment
   * @param {State} state
   * @returns {Sight}
   */
  look(iteration, moment, state) {
    const room = state.view === "both" ? this.#root.clientWidth : this.#size.width;
    const direction = room < NARROW_PX ? "down" : "across";
    const isTight = direction === "across" && this.#size.width < TIGHT_PX;
    const whole = this.#drawingOf(iteration, direction, isTight);
    const { drawing, folding } = this.#folded(whole, iteration, moment, state, direction, isTight);
    const shows = moment.beat?.shows ?? iteration.nodes[0].id;
    const focus = drawing.holder.get(shows) ?? shows;
    const hasHeat = [...drawing.cards.values()].some((it) => it.value.kind === "heat");
    if (hasHeat) this.#followSelection(state.selection ?? "", drawing);
    this.#selected = state.selection;
    // On a narrow screen the whole graph stands on the page, and the page scrolls, until it is zoomed.
    this.#root.classList.toggle("zoomed", this.#camera !== null);
    const seen = this.#seen(drawing, direction, focus);
    const near = hasHeat
      ? this.#rulers.part?.nearIn(drawing, seen, this.#size.width / seen.width, state.selection)
      : null;
    // The local partials are heat maps too; they come on the way back.
    const heat = hasHeat || moment.beat?.kind === "edge" ? this.#heat.part : this.#heat.loaded;
    const window = { ...seen, near: near?.near ?? null, rulers: near?.rulers ?? null, heat };
    const zoomed = this.#camera !== null;
    const wide = innerWidth >= WIDE_PX;
    this.#sight = { drawing, window, direction, focus, folding, wide, zoomed, size: this.#size };
    return this.#sight;
  }

  /** Watches the size of the board that is on the page now. */
  watch() {
    const board = this.#root.querySelector(".half.near") ?? this.#root.querySelector(".board");
    if (board === this.#board) return;
    this.#sizes.disconnect();
    this.#board = board;
    if (!board) return;
    this.#sizes.observe(board);
    board.addEventListener("pointerover", () => this.#expectHand(), { once: true });
  }

  /**
   * Draws the film of the beat under way.
   * @param {Screen} films
   * @param {State} state
   * @param {Moment} moment
   */
  film(films, state, moment) {
    const overlay = /** @type {SVGSVGElement | undefined} */ (this.#overlays[0]);
    if (overlay && this.#sight) films.draw(overlay, this.#size, this.#sight, state, moment);
  }

  /**
   * Brings what a new beat is about into sight: in the table, and on a narrow screen, where the page scrolls.
   * @param {State} state
   * @param {Moment} moment
   */
  follow(state, moment) {
    const card = this.#awaited === null ? null : this.#cardOf(this.#awaited);
    if (card) this.#awaited = null;
    card?.focus({ preventScroll: true });
    if (!this.#sight) return;
    const opens = state.t === forwardDone(state.beats);
    const isNeeded = (moment.beat && !opens) || state.panel !== "beat" || state.view === "table";
    const follow = isNeeded ? this.#follow.part : this.#follow.loaded;
    follow?.follow(state, moment, this.#sight, this.#camera !== null);
  }

  /** Lets the camera choose by itself again. */
  reset() {
    this.#motion.loaded?.stop();
    this.#camera = null;
  }

  /** @param {"in" | "out" | "fit"} how */
  async zoom(how) {
    const motion = await this.#motion.ready();
    if (this.#sight) motion.zoom(how);
  }

  /** @param {string} name of an entry: zooms until it can be read */
  async zoomTo(name) {
    this.#follow.loaded?.stay();
    (await this.#motion.ready()).zoomTo(name);
  }

  /**
   * @param {WheelEvent} event
   * @param {State} state
   */
  async wheel(event, state) {
    const board = this.#board;
    if (!this.#isMovable(state) || !(event.ctrlKey || event.metaKey) || !board) return;
    event.preventDefault();
    (await this.#motion.ready()).wheel(event, board);
  }

  /**
   * @param {PointerEvent} start
   * @param {State} state
   */
  async drag(start, state) {
    const board = /** @type {HTMLElement | null} */ (this.#board);
    if (!board?.contains(/** @type {Node} */ (start.target))) return;
    if (!this.#isMovable(state) || start.button !== 0) return;
    (await this.#motion.ready()).grab(start, board);
  }

  /**
   * Lets a card take the focus that is not drawn yet.
   * @param {string} id
   */
  await(id) {
    this.#awaited = id;
  }

  /**
   * Moves the focus from a card or a chip to the next in an arrow's direction.
   * @param {string} from
   * @param {string} key
   */
  walk(from, key) {
    if (!this.#sight) return;
    const { boxes, links } = this.#sight.drawing.layout;
    /** @type {Map<string, { x: number, y: number }>} */
    const centres = new Map();
    for (const [id, { x, y, width, height }] of boxes)
      centres.set(id, { x: x + width / 2, y: y + height / 2 });
    for (const { key, chip } of links) centres.set(key, { x: chip[0], y: chip[1] });
    const next = neighbour(centres, from, key);
    if (next !== undefined) this.#cardOf(next)?.focus();
  }

  /** Whoever comes to the board may drag it next, or a number on it: what that takes is there by then. */
  #expectHand() {
    this.#motion.ready().catch(() => {});
    import("./drag-number-dom.js").catch(() => {});
  }

  /** @param {{ width: number, height: number }} size */
  #resize({ width, height }) {
    if (width === 0 || (width === this.#size.width && height === this.#size.height)) return;
    this.#size = { width, height };
    this.#repaint();
  }

  /**
   * The drawing of an iteration; the same again where the graph is.
   * @param {Iteration} iteration
   * @param {Direction} direction
   * @param {boolean} isTight
   */
  #drawingOf(iteration, direction, isTight) {
    const { nodes } = iteration;
    const way = `${direction} ${isTight}`;
    const drawn = this.#drawn;
    if (drawn?.nodes === nodes && drawn.way === way && drawn.isDone) return drawn.drawing;
    const shapes = nodes.map((it) => `${it.id}:${it.shape}:${it.inputs}`);
    const { features, classes } = iteration.experiment.data ?? {};
    const structure = `${way} ${shapes.join(" ")} ${features} ${classes}`;
    const last = drawn?.structure === structure ? drawn : null;
    if (last?.isDone) {
      this.#drawn = { ...last, nodes };
      return last.drawing;
    }
    // Until the layout of any graph is loaded, the one of chains has to do.
    const place = isChain(nodes) ? layout : this.#layered.part;
    const drawing = place || !last ? draw(iteration, direction, isTight, place) : last.drawing;
    this.#drawn = { nodes, way, structure, drawing, isDone: place !== null };
    return drawing;
  }

  /**
   * The drawing with the layers folded that are to be.
   * @param {Drawing} whole
   * @param {Iteration} iteration
   * @param {Moment} moment
   * @param {State} state
   * @param {Direction} direction
   * @param {boolean} isTight
   * @returns {Pick<Sight, "drawing" | "folding">}
   */
  #folded(whole, iteration, moment, state, direction, isTight) {
    const { nodes } = iteration;
    const canFold = nodes.length >= LEAST_FOLDED || nodes.some(isInside);
    const folds = canFold ? this.#folds.part : null;
    if (!folds) return { drawing: whole, folding: null };
    const gap = isTight ? TIGHT_GAP : undefined;
    const room = { direction, size: this.#size, screen: innerHeight, gap };
    const { camera, ...found } = folds.at(whole, iteration, moment, state, room, this.#camera);
    this.#camera = camera;
    return found;
  }

  /**
   * An entry that has just been selected stays in sight of a camera that is near enough to read it.
   * @param {string} selection
   * @param {Drawing} drawing
   */
  #followSelection(selection, drawing) {
    const detail = this.#rulers.part;
    if (!this.#camera || !detail || selection === (this.#selected ?? "")) return;
    this.#camera = detail.followingEntry(this.#camera, this.#size, selection, drawing);
  }

  /**
   * @param {Drawing} drawing
   * @param {Direction} direction
   * @param {string} focus
   */
  #seen({ layout: whole }, direction, focus) {
    if (direction === "across" || this.#camera)
      return windowOn(whole, this.#size, this.#camera, whole.boxes.get(focus));
    const { x, y } = AROUND;
    return { x: -x, y: -y, width: whole.width + 2 * x, height: whole.height + 2 * y };
  }

  /** @returns {Camera} */
  #present() {
    const { drawing, focus } = /** @type {Sight} */ (this.#sight);
    return this.#camera ?? automatic(drawing.layout, this.#size, drawing.layout.boxes.get(focus));
  }

  /** @param {Camera | null} next */
  #move(next) {
    this.#camera = next;
    this.#repaint();
  }

  /** @param {State} state */
  #isMovable({ view }) {
    const hasGraph = view === "graph" || view === "both";
    return hasGraph && (this.#camera !== null || this.#sight?.direction === "across");
  }

  /**
   * @param {string} id a node's id or an edge's key
   * @returns {SVGElement | null}
   */
  #cardOf(id) {
    return this.#root.querySelector(`[data-walk="${CSS.escape(id)}"]`);
  }
}

/**
 * Whether it is an operation inside a line of formulas.
 * @param {Iteration["nodes"][0]} node
 */
function isInside({ id, scope }) {
  return Boolean(scope) && id !== scope;
}

/**
 * A part that is loaded when it is first needed; when it is there, all is painted again.
 * @template Part
 */
class Later {
  #load;
  #repaint;
  /** @type {Promise<Part> | null} */
  #promise = null;
  /** What is there already. @type {Part | null} */
  loaded = null;

  /**
   * @param {() => void} repaint
   * @param {() => Promise<Part>} load
   */
  constructor(repaint, load) {
    this.#load = load;
    this.#repaint = repaint;
  }

  /** The part, if it is there already; asks for it. */
  get part() {
    // Where it does not come, the next paint asks again.
    if (!this.loaded) this.ready().catch(() => {});
    return this.loaded;
  }

  /** @returns {Promise<Part>} */
  async ready() {
    this.#promise ??= this.#load();
    try {
      const part = await this.#promise;
      if (!this.loaded) {
        this.loaded = part;
        this.#repaint();
      }
      return part;
    } catch (error) {
      this.#promise = null;
      throw error;
    }
  }
}

/**
 * @param {Iteration} iteration
 * @param {Direction} direction
 * @param {boolean} [isTight] the picture is narrow
 * @param {typeof layout | null} [place]
 * @returns {Drawing}
 */
export function draw(iteration, direction, isTight = false, place = layout) {
  const { nodes } = iteration;
  const cell = isTight ? TIGHT_CELL : CELL.width;
  const cards = new Map(
    nodes.map((node) => [node.id, planCard(node, namesOf(iteration, node), cell)]),
  );
  const sized = nodes.map(({ id, inputs }) => {
    const { width, height } = /** @type {import("./card.js").CardPlan} */ (cards.get(id));
    return { id, inputs, width, height };
  });
  return {
    cards,
    layout: (place ?? layout)(sized, direction, isTight ? TIGHT_GAP : undefined),
    groups: [],
    holder: new Map(),
  };
}
