/**
 * Wires the page: state, session, stage, views, and the browser's own events. The only file that knows all of them.
 */

import { render } from "../vendor/lit-html@3.3.3/lit-html.js";
import { pageView } from "./app/page-view.js";
import { createSession } from "./app/session.js";
import { entryName, entryOf } from "./base/format.js";
import { Viewport } from "./graph/viewport-dom.js";
import {
  addressOf,
  isReached,
  packedIn,
  read as readAddress,
  refused,
  write as writeAddress,
} from "./state/address.js";
import { initialState, reduce } from "./state/state.js";
import { currentIndex, doneAt, momentAt } from "./time/timeline.js";

/** @typedef {import("./app/page-view.js").Panels} Panels */
/** @typedef {import("./state/state.js").State} State */

const ADDRESS_DELAY_MS = 400;
const KEYS_KEPT = "backprop-explorer.keys";
const THEME_KEPT = "backprop-explorer.theme";

let state = initialState();
/** @type {Panels} */
const panels = {};
/** The dialog asked for last: only it opens. */
let front = "";
/** What the dialog for sharing shows; null while it is closed. @type {import("./share/share-view.js").Shared | null} */
let shared = null;
/** What the dialog shows that takes things away. @type {import("./export/export-view.js").Taken | null} */
let taken = null;
/** For a class: the graph as large as it gets, and the sentence. */
let presenting = false;
/** How many iterations Train takes; null: until stopped. @type {number | null} */
let goal = null;
/** How the curve of the cost is shown, where not as at the start. @type {Partial<import("./cost/curve.js").CurveSetting>} */
let curve = {};
let scheduled = false;
/** Whether more has changed since the last paint than the place of the dots. */
let stale = true;
/** @type {import("./time/timeline.js").Moment | null} */
let moment = null;

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const stage = new Viewport(root, () => schedule());
const session = createSession(
  () => state,
  dispatch,
  {
    request: (callback) => requestAnimationFrame(callback),
    cancel: (id) => cancelAnimationFrame(id),
  },
  { player: () => import("./time/clock.js"), steering: () => import("./app/steering.js") },
);

/** @param {import("./state/state.js").Action} action */
function dispatch(action) {
  const before = state;
  state = reduce(state, action);
  if (chapter(before) === written && chapter() !== written) left = before;
  if (action.type === "did" && state.undo.length > 0 && !keeper) prepareToLeave();
  const withinBeat = action.type === "went" && sameMoment(before.t, state.t);
  schedule(!withinBeat);
}

/** From the first deed on there is something to keep when the page is left. */
async function prepareToLeave() {
  const kept = await import("./state/tab-storage.js").catch(() => null);
  keeper ??= kept?.createKeeper(() => state) ?? null;
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

/** @type {import("./app/page-view.js").Actions} */
const act = {
  open: (example) => {
    stage.reset();
    session.open(example);
  },
  show: (view) => session.set({ view }),
  showRow: (row) => session.set({ row }),
  select: (selection) => {
    selectedAt = performance.now();
    session.select(selection);
  },
  step: async (rows, columns) => (await session.steer()).step(rows, columns),
  change: session.set,
  point: (names) => {
    if (names.join(" ") !== state.pointed.join(" ")) session.set({ pointed: names });
  },
  editEntry,
  beginEdit: (editing) => session.set({ editing }),
  endEdit: (name) => {
    if (state.editing?.name === name) session.set({ editing: null });
  },
  editRate: async (rate) => (await session.steer()).editRate(rate),
  putBack: async () => (await session.steer()).putBack(),
  restore: async (way) => (await session.steer()).restore(way),
  walkTo,
  take: {
    open: async (open) => {
      front = "take";
      (await takeaway()).open(open);
    },
    choose: async (change) => (await takeaway()).choose(change),
    copy: async () => (await takeaway()).copy(),
    save: async (what) => (await takeaway()).save(what),
  },
  share: async (open) => {
    front = "share";
    (await sharing()).open(open);
  },
  copyLink: async () => (await sharing()).copyLink(),
  saveFile: async () => (await sharing()).saveFile(),
  openFile: async (file) => (await sharing()).openFile(file),
  iterateTo: async (number) => (await session.steer()).jump(number),
  restartWithRate: async (rate) => (await session.steer()).restartWithRate(rate),
  setCurve: (change) => {
    curve = { ...curve, ...change };
    schedule();
  },
  togglePlay: session.togglePlay,
  toggleTraining: async () => (await session.steer()).toggleTraining(goal),
  setGoal: (many) => {
    goal = many;
    schedule();
  },
  beat: session.beat,
  phase: session.phase,
  iterate: session.iterate,
  restart: async () => (await session.steer()).restart(),
  go: session.go,
  setSpeed: (speed) => session.set({ speed }),
  walk: (from, key) => stage.walk(from, key),
  zoom: (how) => stage.zoom(how),
  zoomTo: (name) => stage.zoomTo(name),
  unfold: (layers, first) => {
    stage.await(first);
    session.set({ layers });
  },
  drag: (event) => {
    if (!dragNumber(event)) stage.drag(event, state);
  },
  wheel: (event) => stage.wheel(event, state),
  toggleTheme,
  toggleKeys: () => {
    keep(KEYS_KEPT, state.keys ? "off" : "on");
    session.set({ keys: !state.keys });
  },
  help: (open) => {
    front = open ? "help" : "";
    schedule();
  },
  dismiss: () => {
    session.pause();
    session.set({ error: null });
    if (!state.iteration) visit(location.hash);
    if (state.examples.length === 0) session.loadExamples();
  },
  pause: session.pause,
  present: () => {
    presenting = !presenting;
    session.obtain(() => styleSheet("panels"));
    schedule();
  },
};

/**
 * @param {import("./base/format.js").Entry} entry of a leaf
 * @param {number} value
 */
async function editEntry(entry, value) {
  const name = entryName(entry.id, entry.row, entry.column);
  (await session.steer()).editEntry(entry, value, name);
}

/**
 * Whether a number of a leaf is under the pointer: it is dragged then, not the picture.
 * @param {PointerEvent} event
 */
function dragNumber(event) {
  const cell = /** @type {Element} */ (event.target).closest("[data-entry]");
  const name = /** @type {SVGElement | null} */ (cell)?.dataset.entry ?? "";
  const entry = entryOf(name);
  const node = entry && state.iteration?.node.get(entry.id);
  if (!node || node.role === "computed" || event.button !== 0 || event.pointerType === "touch")
    return false;
  if (cell?.closest(".heat")) return false; // to drag it moves the picture
  const board = /** @type {HTMLElement} */ (event.currentTarget);
  const value = node.value[entry.row][entry.column];
  let released = false;
  for (const end of ["pointerup", "pointercancel"])
    addEventListener(end, () => (released = true), { once: true });
  import("./graph/drag-number-dom.js").then(({ dragNumber: drag }) => {
    if (!released) drag(event, board, name, value, editEntry);
  });
  return true;
}

/** When something was selected last, in milliseconds. */
let selectedAt = Number.NEGATIVE_INFINITY;
const DOUBLE_CLICK_MS = 700;

/**
 * A double click edits what its first click selected, or goes nearer to it in a heat map, whose numbers do not show: that
 * click opened a panel, and the picture may have moved since.
 * @param {Event} event
 */
function clickedTwice(event) {
  const name = state.selection ?? "";
  const entry = entryOf(name);
  const node = entry && state.iteration?.node.get(entry.id);
  if (!node || event.timeStamp - selectedAt > DOUBLE_CLICK_MS) return;
  const shows = root.querySelector(`.board .cell[data-entry="${CSS.escape(name)}"]`);
  const target = /** @type {Element} */ (event.target);
  if (shows && node.role !== "computed") session.set({ editing: { name, typed: null } });
  else if (!shows && !target.closest(`[data-walk="${node.id}"]`)) act.zoomTo(name);
  else return;
  event.stopPropagation();
}

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
      ? {
          moment,
          panels,
          helpOpen: front === "help",
          shared: front === "share" ? shared : null,
          taken: front === "take" ? taken : null,
          presenting,
          goal,
          bar: root.querySelector(".track")?.clientWidth ?? 0,
          curve,
          ...stage.look(iteration, moment, state),
        }
      : null;
  render(pageView(state, scene, act), root);
  keepChooser();
  if (!moment) return;
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  panels.focus?.focusEditor(root, state);
  if (scene?.folding === "folded") need("group", () => import("./graph/fold-view.js"));
  stage.watch();
  stage.follow(state, moment);
  loadPanels();
  panels.work?.refresh();
  keepAddress();
}

/** @type {Set<keyof Panels>} */
const asked = new Set();

/** Loads the panels that the state calls for, once each, and paints again when they are there. */
function loadPanels() {
  const { view, panel, history: past, iteration } = state;
  if (!asked.has("zeros") && iteration && hasZero(iteration))
    need("zeros", () => import("./trace/why-zero.js"));
  if (state.editing) need("focus", () => import("./graph/editor-focus-dom.js"));
  if (state.editing || panel === "inspect")
    need("editor", () => import("./graph/number-editor-view.js"));
  if (panel === "inspect") need("inspect", () => import("./inspect/inspect-view.js"));
  if (panel === "chain") need("chain", () => import("./weight/chain-view.js"));
  if (panel === "slope") need("slope", () => import("./weight/slope-view.js"));
  if (panel === "cache") need("cache", () => import("./weight/cache-view.js"));
  if (state.origin) need("changes", () => import("./experiment/changes.js"));
  if (state.stop !== null) need("walk", () => import("./lecture/walk-view.js"));
  if (panel === "check") need("check", () => import("./weight/check-view.js"));
  if (WORK.has(panel)) need("work", workshop, ["build", "data", "compare"]);
  if (state.selection?.includes("[") || state.pointed.length > 0)
    need("lights", () => import("./state/highlights.js"));
  if (view === "neurons" || view === "both")
    need("neurons", () => import("./neurons/neurons-view.js"));
  if (view === "table") need("table", () => import("./inspect/table-view.js"));
  if (iteration?.status === "diverged") need("diverged", () => import("./cost/diverged-view.js"));
  if (state.t > 0) need("equations", () => import("./formula/equations-view.js"));
  if (iteration && iteration.warnings.length > 0)
    need("warnings", () => import("./cost/warnings-view.js"));
  if (past.length > 1) need("curve", () => import("./cost/curve-view.js"));
  const { held_back: held, image_shape: picture } = iteration?.experiment.data ?? {};
  if (held && picture) need("drawings", () => import("./cost/held-back-drawings-view.js"));
  if (held && !picture) need("heldBack", () => import("./cost/held-back-view.js"));
  if (front === "help") need("help", () => import("./app/help-view.js"));
  if (taken) need("take", () => import("./export/export-view.js"));
  if (shared) need("share", () => import("./share/share-view.js"));
}

/**
 * Whether any computed number is exactly 0, so that its reason may be asked for.
 * @param {import("./trace/trace.js").Iteration} iteration
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
 * @param {string[]} [sheets] of its own, besides the panels'
 */
async function need(name, load, sheets = []) {
  if (asked.has(name)) return;
  asked.add(name);
  const wanted = () => Promise.all([load(), ...["panels", ...sheets].map(styleSheet)]);
  [panels[name]] = await session.obtain(wanted);
  schedule();
}

/** Panels that change the experiment. */
const WORK = new Set(["build", "data", "compare"]);

/** @type {Record<string, Promise<void>>} */
const styles = {};

/**
 * A style sheet, fetched with the first panel that needs it.
 * @param {string} name
 */
function styleSheet(name) {
  styles[name] ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../css/${name}.css`, import.meta.url).href;
    link.onload = () => resolve();
    link.onerror = () => {
      delete styles[name];
      link.remove();
      reject(new Error(`${name}.css did not load`));
    };
    document.head.append(link);
  });
  return styles[name];
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let addressTimer;

/** The example, or the walk, that the address is about; null where the browser has just changed it. @type {string | null} */
let written = null;
/** How many links are followed: the newest counts. Until it is open, the address is the reader's. */
let links = 0;
let following = false;

/** As all was when that was left: the browser's Back leads there. @type {State | null} */
let left = null;

/** The part of the page's story that is open: an example, or the walk. */
function chapter({ example, stop } = state) {
  return `${example} ${stop === null ? "" : "walk"}`;
}

/** @param {State} shown */
async function placeOf(shown) {
  const fragment = isReached(shown)
    ? writeAddress(addressOf(shown))
    : (await (await sharing()).fragment(shown)).fragment;
  return fragment === "#" ? location.pathname : fragment;
}

/** The address follows the state, but not in every frame: browsers allow only so many changes a second. */
function keepAddress() {
  if (state.playing || state.training || following) return;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(async () => {
    const wanted = state;
    const isNew = written !== null && written !== chapter();
    const before = isNew && left ? await placeOf(left) : null;
    const place = await placeOf(state);
    if (wanted !== state || following) return;
    written = chapter();
    // The browser's Back leads from example to example, not through every beat.
    if (before) history.replaceState(null, "", before);
    if (isNew) history.pushState(null, "", place);
    else if (place !== (location.hash || location.pathname)) history.replaceState(null, "", place);
    keeper?.keepTab(location.hash || "#");
  }, ADDRESS_DELAY_MS);
}

/** @type {import("./state/tab-storage.js").Keeper | null} */
let keeper = null;

/**
 * A part that is loaded when it is first needed, and made once.
 * @template Module, Part
 * @param {() => Promise<Module>} load
 * @param {(module: Module) => Part} make
 */
function once(load, make) {
  /** @type {Promise<Part> | undefined} */
  let part;
  return () => {
    part ??= session.obtain(load).then(make);
    return part;
  };
}

const present = () => state;
const sharing = once(
  () => import("./share/work.js"),
  ({ createSharing }) =>
    createSharing(present, session, (dialog) => {
      shared = dialog;
      schedule();
    }),
);
const takeaway = once(
  () => import("./export/work.js"),
  ({ createTakeaway }) =>
    createTakeaway(present, (dialog) => {
      taken = dialog;
      schedule();
    }),
);
const workshop = once(
  () => import("./app/workshop.js"),
  ({ createWorkshop }) => createWorkshop(present, session, schedule),
);

/** Popovers come with the first move of a pointer, or of the focus; where they do not, with the next. */
function awaitPopovers() {
  const listening = new AbortController();
  const begin = async (/** @type {Event} */ event) => {
    const popovers = await import("./base/popover-dom.js").catch(() => null);
    if (!popovers || listening.signal.aborted) return;
    listening.abort();
    popovers.showPopovers(event);
  };
  for (const type of ["pointermove", "pointerdown", "focusin"])
    addEventListener(type, begin, listening);
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
  const { addressOfStop } = await session.obtain(() => import("./lecture/walk.js"));
  await session.visit(addressOfStop(stop));
}

/**
 * Most links hold nothing to unpack and nothing that is refused, and all that they name is there.
 * @param {string} fragment
 */
async function visit(fragment) {
  links += 1;
  const mine = links;
  const isNewest = () => mine === links;
  if (packedIn(fragment) || refused(fragment).length > 0)
    return (await sharing()).follow(fragment, isNewest);
  const address = readAddress(fragment);
  if (!(await session.visit(address)) || !isNewest()) return;
  if (writeAddress(address) !== writeAddress(addressOf(state)))
    (await sharing()).tellMissing(address);
}

/** After a reload the tab goes on where it was; else the address says what to show. */
async function begin() {
  if (isKnownTab()) {
    await prepareToLeave();
    const before = await keeper?.recalled(location.hash || "#");
    if (before && (await (await session.steer()).recall(before)))
      return session.arrange({ ...readAddress(location.hash), t: state.t });
  }
  await visit(location.hash);
}

function isKnownTab() {
  try {
    return sessionStorage.getItem("backprop-explorer.tab") !== null;
  } catch {
    return false;
  }
}

async function start() {
  const theme = kept(THEME_KEPT);
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  session.set({ keys: kept(KEYS_KEPT) !== "off" });
  root.replaceChildren();
  // Not location.hash: keepAddress may have written the present moment over the link that is being followed.
  addEventListener("pagehide", () => keeper?.leave(location.hash || "#"));
  root.addEventListener("dblclick", clickedTwice, true);
  addEventListener("hashchange", async ({ newURL }) => {
    written = null;
    following = true;
    const mine = links + 1;
    await visit(new URL(newURL).hash).finally(() => {
      if (mine === links) following = false;
    });
    schedule();
  });
  awaitPopovers();
  const keys = session.obtain(() => import("./app/keys.js"));
  await begin().finally(async () => {
    written = chapter();
    const { pressKey } = await keys;
    addEventListener("keydown", (event) => pressKey(event, state, act));
    await session.loadExamples();
  });
}

start();
