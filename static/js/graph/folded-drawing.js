/**
 * Which layers are folded at a moment, and the drawing of that. It keeps what it drew last: most frames draw the same.
 */

import { isChain, layout } from "../layout/chain.js";
import { layered } from "../layout/layered.js";
import { isLayered } from "../trace/trace.js";
import { fitZoom } from "./camera.js";
import { fold, foldsOf, openStages, planGroup, readLayers, TAB } from "./fold.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("../layout/chain.js").Direction} Direction */
/** @typedef {import("./graph-view.js").Drawing} Drawing */
/** @typedef {{ direction: Direction, size: import("./camera.js").Size, screen: number, gap: number | undefined }} Room screen: the height of the window in pixels; gap: between ranks, where not as ever */

/** Below these zooms a card's numbers are smaller than 7 pixels, and 9: a line that is folded hides less than layers do. */
const LEGIBLE = { layers: 0.53, lines: 0.68 };
/** So many screens of a phone are too long a way. */
const LONGEST_SCREENS = 3;

export class FoldedDrawing {
  /** @type {{ whole: Drawing, stages: import("./fold.js").Stages, open: string, drawing: Drawing } | null} */
  #last = null;

  /**
   * The drawing at a moment, and the camera on it: what it looks at stays where it is when layers beside it are folded.
   * @param {Drawing} whole
   * @param {Iteration} iteration
   * @param {Moment} moment
   * @param {State} state
   * @param {Room} room
   * @param {Camera | null} camera
   * @returns {{ drawing: Drawing, folding: "folded" | "open", camera: Camera | null }}
   */
  at(whole, iteration, moment, state, room, camera) {
    const { way, open } = readLayers(state.layers);
    const wanted = way === "folded" || (way === "auto" && !isLegible(whole, room, iteration));
    if (!wanted) return { drawing: whole, folding: "open", camera };
    // While it plays, the folded layers light up; where it stands still, the layer of the beat is open.
    const runs = state.playing || state.training;
    const shown = [runs ? null : moment.beat?.shows, ...nodesOf(state.selection)];
    const before = this.#last;
    const stages = before?.whole === whole ? before.stages : foldsOf(iteration.nodes);
    const opened = openStages(stages, shown, open);
    const key = [...opened].toSorted().join();
    const isSame = before?.whole === whole && before.open === key;
    const drawing = isSame
      ? before.drawing
      : draw(fold(iteration.nodes, stages, opened), whole, room);
    this.#last = { whole, stages, open: key, drawing };
    return {
      drawing,
      folding: drawing.groups.length === 0 ? "open" : "folded",
      camera: camera && before && !isSame ? cameraKept(camera, before.drawing, drawing) : camera,
    };
  }
}

/**
 * Whether all of a graph can be read at once.
 * @param {Drawing} drawing
 * @param {Room} room
 * @param {Iteration} iteration
 */
function isLegible({ layout: placed }, { direction, size, screen }, { experiment }) {
  const least = LEGIBLE[isLayered(experiment) ? "layers" : "lines"];
  if (direction === "across") return fitZoom(placed, size) >= least;
  return (placed.height * size.width) / placed.width < LONGEST_SCREENS * screen;
}

/**
 * @param {import("./fold.js").Folded} folded
 * @param {Drawing} whole
 * @param {Room} room
 * @returns {Drawing}
 */
function draw({ items, groups, holder, joined }, { cards }, { direction, gap }) {
  /** @type {Map<string, { width: number, height: number }>} */
  const plans = new Map(cards);
  for (const group of groups) {
    const card = cards.get(group.id);
    plans.set(group.id, card ? { ...card, height: card.height + TAB } : planGroup(group));
  }
  const sized = items.map((item) => {
    const { width, height } = /** @type {{ width: number, height: number }} */ (plans.get(item.id));
    return { ...item, width, height };
  });
  const placed = (isChain(sized) ? layout : layered)(sized, direction, gap);
  // An edge between cards is drawn as the first of those it stands for: that one's chip is on it.
  const links = placed.links.map((link) => {
    const keys = joined.get(link.key) ?? [];
    const [of, wrt] = keys[0].split(/[>:]/);
    return { ...link, key: keys[0], of, wrt, joined: keys };
  });
  return { cards, layout: { ...placed, links }, groups, holder };
}

/**
 * What the camera looks at stays where it is when layers beside it are folded.
 * @param {Camera} camera
 * @param {Drawing} before
 * @param {Drawing} after
 * @returns {Camera}
 */
function cameraKept(camera, before, after) {
  let nearest = Number.POSITIVE_INFINITY;
  let kept = camera;
  for (const [id, box] of before.layout.boxes) {
    const now = after.layout.boxes.get(id);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const distance = Math.hypot(x - camera.x, y - camera.y);
    if (!now || distance >= nearest) continue;
    nearest = distance;
    kept = { ...camera, x: camera.x + now.x - box.x, y: camera.y + now.y - box.y };
  }
  return kept;
}

/**
 * The nodes that a selection is about: an edge's two, an entry's own.
 * @param {string | null} selection
 */
function nodesOf(selection) {
  return selection?.replace(/\[.*/, "").split(/[>:]/) ?? [];
}
