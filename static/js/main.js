/**
 * Wires the page: state, session, stage, views, and the browser's own events. The only file that knows all of them.
 */

import { render } from "../vendor/lit-html@3.3.3/lit-html.js";
import { frames } from "./player.js";
import { createSession } from "./session.js";
import { createStage } from "./stage.js";
import { initialState, reduce } from "./state.js";
import { currentIndex, doneAt, momentAt } from "./timeline.js";
import {
  addressOf,
  IN_A_FILE,
  packedIn,
  read as readAddress,
  refused,
  write as writeAddress,
} from "./url.js";
import { pageView } from "./views/page.js";

/** @typedef {import("./views/page.js").Panels} Panels */

const ADDRESS_DELAY_MS = 400;
const NARROW_PX = 700;
const KEYS_KEPT = "backprop-explorer.keys";
const THEME_KEPT = "backprop-explorer.theme";
const PANEL_FAILED =
  "A part of the page could not be loaded. Is the server still running? Dismiss this to try again.";

let state = initialState();
/** @type {Panels} */
const panels = {};
let helpOpen = false;
/** What the dialog for sharing shows; null while it is closed. @type {import("./views/share.js").Shared | null} */
let shared = null;
/** For a class: the graph as large as it gets, and the sentence. */
let presenting = false;
let scheduled = false;
/** Whether more has changed since the last paint than the place of the dots. */
let stale = true;
/** @type {import("./timeline.js").Moment | null} */
let moment = null;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const stage = createStage(root, () => schedule());
const session = createSession(() => state, dispatch, frames);

/** @param {import("./state.js").Action} action */
function dispatch(action) {
  const before = state;
  state = reduce(state, action);
  const withinBeat = action.type === "went" && sameMoment(before.t, state.t);
  schedule(!withinBeat);
}

/**
 * Whether nothing but the dots moves between two times: the same beat is under way, the same results are there.
 * @param {number} before
 * @param {number} after
 */
function sameMoment(before, after) {
  return currentIndex(before) === currentIndex(after) && doneAt(before) === doneAt(after);
}

function schedule(more = true) {
  stale ||= more;
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    paint();
  });
}

/** @type {import("./views/page.js").Actions} */
const act = {
  open: (example) => {
    stage.reset();
    session.open(example);
  },
  show: (view) => session.set({ view }),
  showRow: (row) => session.set({ row }),
  select: (selection) => {
    session.select(selection);
    if (selection !== null) showPanelOnPhone();
  },
  step: session.step,
  change: session.set,
  point: (names) => {
    if (names.join(" ") !== state.pointed.join(" ")) session.set({ pointed: names });
  },
  editWeight: session.editWeight,
  editRate: session.editRate,
  putBack: session.putBack,
  walkTo,
  share: openShare,
  copyLink,
  saveFile,
  openFile,
  iterateTo: session.iterateTo,
  togglePlay: session.togglePlay,
  toggleTraining: session.toggleTraining,
  beat: session.beat,
  phase: session.phase,
  iterate: session.iterate,
  restart: session.restart,
  go: session.go,
  setSpeed: (speed) => session.set({ speed }),
  walk: stage.walk,
  zoom: stage.zoom,
  drag: (event) => stage.drag(event, state),
  wheel: (event) => stage.wheel(event, state),
  toggleTheme,
  toggleKeys: () => {
    keep(KEYS_KEPT, state.keys ? "off" : "on");
    session.set({ keys: !state.keys });
  },
  help: (open) => {
    helpOpen = open;
    schedule();
  },
  dismiss: () => {
    for (const name of failed) asked.delete(name);
    failed.clear();
    session.set({ error: null });
    if (!state.iteration) visit(location.hash);
    if (state.examples.length === 0) session.loadExamples();
  },
  pause: session.pause,
  present: () => {
    presenting = !presenting;
    schedule();
  },
};

function paint() {
  if (stale) paintPage();
  if (moment) stage.pulse(state, moment);
}

function paintPage() {
  stale = false;
  const { iteration, beats, t } = state;
  moment = iteration && momentAt(iteration, beats, t);
  const scene =
    iteration && moment
      ? { moment, panels, helpOpen, shared, presenting, ...stage.look(iteration, moment) }
      : null;
  render(pageView(state, scene, act), root);
  keepChooser();
  if (!moment) return;
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  stage.watch();
  stage.follow(state, moment);
  loadPanels();
  keepAddress();
}

/** @type {Set<keyof Panels>} */
const asked = new Set();
/** @type {Set<keyof Panels>} */
const failed = new Set();

/** Loads the panels that the state calls for, once each, and paints again when they are there. */
function loadPanels() {
  const { view, panel, history: past, iteration } = state;
  if (iteration && hasZero(iteration)) need("zeros", () => import("./zeros.js"));
  if (panel === "inspect") need("inspect", () => import("./views/inspector.js"));
  if (panel === "chain") need("chain", () => import("./views/chain.js"));
  if (panel === "slope") need("slope", () => import("./views/slope.js"));
  if (panel === "cache") need("cache", () => import("./views/cache.js"));
  if (state.stop !== null) need("walk", () => import("./views/walk.js"));
  if (panel === "check") need("check", () => import("./views/check.js"));
  if (state.selection?.includes("[") || state.pointed.length > 0)
    need("lights", () => import("./lights.js"));
  if (view === "neurons") need("neurons", () => import("./views/neurons.js"));
  if (view === "table") need("table", () => import("./views/table.js"));
  if (past.length > 1) need("curve", () => import("./views/curve.js"));
  if (iteration?.experiment.data.held_back) need("drawings", () => import("./views/drawings.js"));
  if (helpOpen) need("help", () => import("./views/help.js"));
  if (shared) need("share", () => import("./views/share.js"));
}

/**
 * Whether any computed number is exactly 0, so that its reason may be asked for.
 * @param {import("./trace.js").Iteration} iteration
 */
function hasZero(iteration) {
  return iteration.nodes.some(
    ({ role, value, gradient }) =>
      gradient.some((row) => row.includes(0)) ||
      (role === "computed" && value.some((row) => row.includes(0))),
  );
}

/**
 * @template {keyof Panels} Name
 * @param {Name} name
 * @param {() => Promise<Panels[Name]>} load
 */
async function need(name, load) {
  if (asked.has(name)) return;
  asked.add(name);
  try {
    const [module] = await Promise.all([load(), panelStyles()]);
    panels[name] = module;
    schedule();
  } catch {
    failed.add(name);
    session.set({ error: PANEL_FAILED });
  }
}

/** @type {Promise<void> | null} */
let styles = null;

/** The panels' own style sheet, fetched with the first of them. */
function panelStyles() {
  styles ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../css/panels.css", import.meta.url).href;
    link.onload = () => resolve();
    link.onerror = () => {
      styles = null;
      link.remove();
      reject(new Error("panels.css did not load"));
    };
    document.head.append(link);
  });
  return styles;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let addressTimer;

/** The address follows the state, but not in every frame: browsers allow only so many changes a second. */
function keepAddress() {
  if (state.playing || state.training || state.replaying) return;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(async () => {
    const wanted = state;
    const { fragment } = await fragmentNow();
    if (wanted !== state || fragment === (location.hash || "#")) return;
    history.replaceState(null, "", fragment === "#" ? location.pathname : fragment);
  }, ADDRESS_DELAY_MS);
}

/** What was packed last: an experiment does not change, so its text does not. */
let packed = { experiment: /** @type {unknown} */ (null), text: "" };

/**
 * The address of what is shown. A run that is no longer the example's own travels along, packed, where it is small enough.
 * @returns {Promise<{ fragment: string, tooLong: boolean }>}
 */
async function fragmentNow() {
  const experiment = state.iteration?.experiment;
  const address = addressOf(state);
  if (!state.departed || !experiment) return { fragment: writeAddress(address), tooLong: false };
  const { MOST_LINK, pack } = await import("./packing.js");
  if (packed.experiment !== experiment) packed = { experiment, text: await pack(experiment) };
  const tooLong = packed.text.length > MOST_LINK;
  return { fragment: writeAddress(address, tooLong ? IN_A_FILE : packed.text), tooLong };
}

/** @param {boolean} open */
async function openShare(open) {
  shared = open ? { link: null, copied: false, tooLong: false, error: null } : null;
  schedule();
  if (!open) return;
  const { fragment, tooLong } = await fragmentNow();
  const link = tooLong ? null : location.href.split("#")[0] + (fragment === "#" ? "" : fragment);
  tell({ link, tooLong });
}

/**
 * Says more in the dialog for sharing, where it is open still.
 * @param {Partial<import("./views/share.js").Shared>} change
 */
function tell(change) {
  if (!shared) return;
  shared = { ...shared, ...change };
  schedule();
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(shared?.link ?? "");
    tell({ copied: true, error: null });
  } catch {
    tell({ error: "The browser does not let the page copy. Select the link and copy it by hand." });
  }
}

async function saveFile() {
  const experiment = state.iteration?.experiment;
  if (!experiment) return;
  const { fileOf } = await import("./packing.js");
  const text = fileOf(experiment, writeAddress(addressOf(state)));
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `backprop-${state.example || "experiment"}-${state.iteration?.number ?? 0}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** @param {File} file */
async function openFile(file) {
  const { MOST_FILE, PackingError, readFile } = await import("./packing.js");
  try {
    if (file.size > MOST_FILE) throw new PackingError("This file is too long to be an experiment.");
    const { experiment, fragment } = readFile(await file.text());
    const opened = await session.visit(readAddress(fragment), experiment);
    if (opened) return openShare(false);
    tell({ error: state.error });
  } catch (error) {
    if (!(error instanceof PackingError)) throw error;
    tell({ error: error.message });
  }
}

/** On a phone the panel is far below the picture: what was asked for is brought into sight. */
function showPanelOnPhone() {
  if (innerWidth >= NARROW_PX) return;
  requestAnimationFrame(() => root.querySelector(".desk")?.scrollIntoView({ block: "start" }));
}

function toggleTheme() {
  const { dataset } = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  dataset.theme = (dataset.theme ?? system) === "dark" ? "light" : "dark";
  keep(THEME_KEPT, dataset.theme);
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

/** A choice that could not be opened does not stay in the chooser. */
function keepChooser() {
  const chooser = /** @type {HTMLSelectElement | null} */ (root.querySelector(".chooser select"));
  if (chooser && chooser !== document.activeElement) chooser.value = state.example;
}

/**
 * Sets the page to a stop of the walk through the lecture; null ends the walk.
 * @param {number | null} stop
 */
async function walkTo(stop) {
  if (stop === null) return session.set({ stop });
  const { addressOfStop, slopeOfStop } = await import("./walk.js");
  session.set({ slope: slopeOfStop(stop) });
  await session.visit(addressOfStop(stop));
}

/** @param {string} fragment */
async function visit(fragment) {
  const odd = refused(fragment);
  const text = packedIn(fragment);
  let problem =
    odd.length === 0 ? "" : `This link was not followed in all: ${odd.join(", ")} is not allowed.`;
  let experiment = null;
  if (text) {
    const { PackingError, unpack } = await import("./packing.js");
    try {
      experiment = await unpack(text);
    } catch (error) {
      if (!(error instanceof PackingError)) throw error;
      problem = error.message;
    }
  }
  const address = readAddress(fragment);
  if (address.stop !== null) {
    const { slopeOfStop } = await import("./walk.js");
    session.set({ slope: slopeOfStop(address.stop) });
  }
  await session.visit(
    text && !experiment ? { ...address, iteration: 0, t: 0 } : address,
    experiment,
  );
  if (problem) session.set({ error: problem });
}

async function start() {
  const theme = kept(THEME_KEPT);
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  session.set({ keys: kept(KEYS_KEPT) !== "off" });
  root.replaceChildren();
  // Not location.hash: keepAddress may have written the present moment over the link that is being followed.
  addEventListener("hashchange", ({ newURL }) => visit(new URL(newURL).hash));
  await visit(location.hash);
  const { pressKey } = await import("./keys.js");
  addEventListener("keydown", (event) => pressKey(event, state, act));
  await session.loadExamples();
}

start();
