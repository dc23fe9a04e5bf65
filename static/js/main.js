/**
 * Wires the page: state, session, views, and the browser's own events. The only file that knows all of them.
 */

import { render } from "../vendor/lit-html@3.3.3/lit-html.js";
import { automatic, neighbour, panned, windowOn, zoomed, zoomedAt } from "./camera.js";
import { planCard } from "./cards.js";
import { layout } from "./layout.js";
import { frames } from "./player.js";
import { createSession } from "./session.js";
import { initialState, reduce } from "./state.js";
import { ARRIVAL, momentAt, progress } from "./timeline.js";
import { addressOf, read as readAddress, write as writeAddress } from "./url.js";
import { pageView } from "./views/page.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./views/page.js").Scene} Scene */
/** @typedef {import("./camera.js").Camera} Camera */

const NARROW_PX = 700;
const ADDRESS_DELAY_MS = 400;
const KEYS_KEPT = "backprop-explorer.keys";
const THEME_KEPT = "backprop-explorer.theme";

let state = initialState();
/** @type {Camera | null} */
let camera = null;
let stageSize = { width: 1000, height: 400 };
/** @type {import("./views/page.js").Panels} */
const panels = {};
let helpOpen = false;
/** @type {typeof import("./pulses.js") | null} */
let pulses = null;
let scheduled = false;
/** @type {{ structure: string, drawing: import("./views/graph.js").Drawing } | null} */
let drawn = null;
/** @type {Scene | null} */
let scene = null;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {import("./state.js").Action} action */
function dispatch(action) {
  state = reduce(state, action);
  schedule();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    paint();
  });
}

const session = createSession(() => state, dispatch, frames);

/** @type {import("./views/page.js").Actions} */
const act = {
  open: (example) => {
    camera = null;
    session.open(example);
  },
  show: (view) => session.set({ view }),
  showRow: (row) => session.set({ row }),
  select: (selection) =>
    session.set({ selection: selection === state.selection ? null : selection }),
  walk,
  iterateTo: (number) => session.iterateTo(number),
  togglePlay: () => session.togglePlay(),
  toggleTraining: () => session.toggleTraining(),
  beat: (direction) => session.beat(direction),
  phase: (direction) => session.phase(direction),
  iterate: (direction) => session.iterate(direction),
  go: (t) => session.go(t),
  setSpeed: (speed) => session.set({ speed }),
  zoom,
  toggleTheme,
  toggleKeys: () => {
    keep(KEYS_KEPT, state.keys ? "off" : "on");
    session.set({ keys: !state.keys });
  },
  help: (open) => {
    helpOpen = open;
    schedule();
  },
  dismiss: () => session.set({ error: null }),
  drag,
  wheel,
};

function paint() {
  scene = sceneOf();
  render(pageView(state, scene, act), root);
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  watchStage();
  paintPulses();
  loadPanels();
  keepAddress();
}

/** @returns {Scene | null} */
function sceneOf() {
  const { iteration, beats, t } = state;
  if (!iteration) return null;
  const direction = stageSize.width < NARROW_PX ? "down" : "across";
  const structure = `${direction} ${iteration.nodes.map((it) => `${it.id}:${it.shape}`).join(" ")}`;
  if (drawn?.structure !== structure)
    drawn = { structure, drawing: drawingOf(iteration, direction) };
  const moment = momentAt(iteration, beats, t);
  const focus = drawn.drawing.layout.boxes.get(moment.beat?.shows ?? iteration.nodes[0].id);
  return {
    moment,
    drawing: drawn.drawing,
    window: windowOf(focus, direction),
    panels,
    helpOpen,
    direction,
  };
}

/**
 * @param {import("./trace.js").Iteration} iteration
 * @param {import("./layout.js").Direction} direction
 */
function drawingOf(iteration, direction) {
  const cards = new Map(iteration.nodes.map((node) => [node.id, planCard(node)]));
  const sized = iteration.nodes.map((node) => {
    const plan = /** @type {import("./cards.js").CardPlan} */ (cards.get(node.id));
    return { id: node.id, inputs: node.inputs, width: plan.width, height: plan.height };
  });
  return { cards, layout: layout(sized, direction) };
}

/**
 * @param {import("./layout.js").Box | undefined} focus
 * @param {import("./layout.js").Direction} direction
 */
function windowOf(focus, direction) {
  const drawing = /** @type {{ drawing: import("./views/graph.js").Drawing }} */ (drawn).drawing;
  if (direction === "across") return windowOn(drawing.layout, stageSize, camera, focus);
  // On a narrow screen the whole graph stands on the page, and the page scrolls.
  const { width, height } = drawing.layout;
  return { x: -6, y: -10, width: width + 12, height: height + 20 };
}

function paintPulses() {
  const canvas = /** @type {HTMLCanvasElement | null} */ (root.querySelector("canvas.pulses"));
  if (!canvas || !scene) return;
  const { beat } = scene.moment;
  const running = (state.playing || pulses !== null) && beat && !calm.matches;
  if (!running) return;
  if (!pulses) {
    import("./pulses.js").then((module) => {
      pulses = module;
      schedule();
    });
    return;
  }
  const share = progress(state.t) / ARRIVAL;
  const routes = scene.drawing.layout.links
    .filter((link) => beat.along.includes(link.key))
    .map((link) => ({ curve: link.curve, backward: beat.kind === "edge" }));
  pulses.drawPulses(canvas, scene.window, routes, state.playing && share < 1 ? share : null);
}

/** @type {Set<string>} */
const asked = new Set();

/** Loads the panels that the state calls for, once each, and paints again when they are there. */
function loadPanels() {
  if (state.selection) need("inspector", () => import("./views/inspector.js"));
  if (state.view === "neurons") need("neurons", () => import("./views/neurons.js"));
  if (state.view === "table") need("table", () => import("./views/table.js"));
  if (state.history.length > 1) need("curve", () => import("./views/curve.js"));
  if (state.iteration?.experiment.data.held_back)
    need("drawings", () => import("./views/drawings.js"));
  if (helpOpen) need("help", () => import("./views/help.js"));
}

/**
 * @template {keyof import("./views/page.js").Panels} Name
 * @param {Name} name
 * @param {() => Promise<import("./views/page.js").Panels[Name]>} load
 */
function need(name, load) {
  if (asked.has(name)) return;
  asked.add(name);
  load().then(
    (module) => {
      panels[name] = module;
      schedule();
    },
    () => {
      asked.delete(name);
      session.set({
        error: "A part of the page could not be loaded. Is the server still running?",
      });
    },
  );
}

const sizes = new ResizeObserver(([entry]) => {
  const { width, height } = entry.contentRect;
  if (width === 0 || (width === stageSize.width && height === stageSize.height)) return;
  stageSize = { width, height };
  schedule();
});
/** @type {Element | null} */
let watched = null;

function watchStage() {
  const board = root.querySelector(".board");
  if (board === watched) return;
  sizes.disconnect();
  watched = board;
  if (board) sizes.observe(board);
}

/** @returns {Camera} */
function presentCamera() {
  const drawing = /** @type {Scene} */ (scene).drawing;
  const focus = drawing.layout.boxes.get(scene?.moment.beat?.shows ?? "");
  return camera ?? automatic(drawing.layout, stageSize, focus);
}

/** @param {"in" | "out" | "fit"} how */
function zoom(how) {
  if (!scene) return;
  camera = how === "fit" ? null : zoomed(presentCamera(), how === "in" ? 1.25 : 0.8);
  schedule();
}

/** @param {WheelEvent} event */
function wheel(event) {
  if (state.view !== "graph" || scene?.direction !== "across" || !(event.ctrlKey || event.metaKey))
    return;
  event.preventDefault();
  const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const dx = event.clientX - box.left - box.width / 2;
  const dy = event.clientY - box.top - box.height / 2;
  camera = zoomedAt(presentCamera(), Math.exp(-event.deltaY * 0.004), dx, dy);
  schedule();
}

/** @param {PointerEvent} start */
function drag(start) {
  const board = /** @type {HTMLElement} */ (start.currentTarget);
  const onCard = /** @type {Element} */ (start.target).closest("[data-walk]");
  if (state.view !== "graph" || scene?.direction !== "across" || start.button !== 0 || onCard)
    return;
  let last = start;
  board.setPointerCapture(start.pointerId);
  /** @param {PointerEvent} event */
  const move = (event) => {
    camera = panned(presentCamera(), event.clientX - last.clientX, event.clientY - last.clientY);
    last = event;
    schedule();
  };
  const end = () => {
    board.removeEventListener("pointermove", move);
    board.removeEventListener("pointerup", end);
    board.removeEventListener("pointercancel", end);
  };
  board.addEventListener("pointermove", move);
  board.addEventListener("pointerup", end);
  board.addEventListener("pointercancel", end);
}

/**
 * @param {string} from
 * @param {string} key
 */
function walk(from, key) {
  if (!scene) return;
  /** @type {Map<string, { x: number, y: number }>} */
  const centres = new Map();
  for (const [id, box] of scene.drawing.layout.boxes)
    centres.set(id, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  for (const link of scene.drawing.layout.links) {
    const [x, y] = link.chip;
    centres.set(link.key, { x, y });
  }
  const next = neighbour(centres, from, key);
  const element = [...root.querySelectorAll("[data-walk]")].find(
    (it) => it.getAttribute("data-walk") === next,
  );
  /** @type {SVGElement | undefined} */ (element)?.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || helpOpen) return;
  if (event.key === "Escape" && state.selection) return session.set({ selection: null });
  if (!state.keys || target.closest("input, select, textarea, dialog, .scroll, .tables")) return;
  if (event.key === " " && target.closest("button, a")) return;
  const command =
    COMMANDS[
      event.shiftKey && event.key.startsWith("Arrow")
        ? `Shift+${event.key}`
        : event.key.toLowerCase()
    ];
  if (!command) return;
  event.preventDefault();
  command();
}

/** @type {Record<string, () => unknown>} */
const COMMANDS = {
  " ": () => act.togglePlay(),
  arrowright: () => act.beat(1),
  arrowleft: () => act.beat(-1),
  "Shift+ArrowRight": () => act.phase(1),
  "Shift+ArrowLeft": () => act.phase(-1),
  n: () => act.iterate(1),
  b: () => act.iterate(-1),
  t: () => act.toggleTraining(),
  1: () => act.show("graph"),
  2: () => act.show("neurons"),
  3: () => act.show("table"),
  "+": () => act.zoom("in"),
  "-": () => act.zoom("out"),
  f: () => act.zoom("fit"),
  "?": () => act.help(true),
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let addressTimer;

/** The address follows the state, but not in every frame: browsers allow only so many changes a second. */
function keepAddress() {
  if (!state.iteration || state.playing || state.training) return;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => {
    const fragment = writeAddress(addressOf(state));
    if (fragment !== (location.hash || "#"))
      history.replaceState(null, "", fragment === "#" ? location.pathname : fragment);
  }, ADDRESS_DELAY_MS);
}

function toggleTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  keep(THEME_KEPT, document.documentElement.dataset.theme);
}

/**
 * Storage may be full or forbidden; the page works without.
 * @param {string} name
 * @param {string} value
 */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice holds until the page is closed.
  }
}

/** @param {string} name */
function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

async function start() {
  const theme = kept(THEME_KEPT);
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  session.set({ keys: kept(KEYS_KEPT) !== "off" });
  root.replaceChildren();
  addEventListener("keydown", onKey);
  addEventListener("hashchange", () => session.visit(readAddress(location.hash)));
  await session.visit(readAddress(location.hash));
  await session.loadExamples();
}

start();
