/**
 * What every button, key and gesture does.
 */

import { entryKey, entryOf } from "../base/format.js";
import { lastStopOf, walkBegun } from "../state/address.js";

/** @typedef {import("./page-view.js").Actions} Actions */
/**
 * @typedef {object} Members of the page
 * @property {import("./asking.js").Asking} asking
 * @property {import("./moving.js").Moving} moving
 * @property {import("../main.js").Page["afterwards"]} afterwards
 * @property {() => Promise<void>} reopen
 * @property {import("../graph/viewport-dom.js").Viewport} viewport
 * @property {() => Promise<import("../share/work.js").Sharing>} sharing
 * @property {() => Promise<import("../export/work.js").Takeaway>} takeaway
 * @property {() => Promise<import("../walk/ending-work.js").Ending>} ending
 */

/**
 * @param {Members} page
 * @returns {Actions}
 */
export function actionsOf(page) {
  return {
    ...timeActions(page),
    ...showActions(page),
    ...changeActions(page),
    ...dialogActions(page),
    ...pictureActions(page),
  };
}

/** @param {Members} page */
function timeActions(page) {
  const { asking, moving } = page;
  const { togglePlay, beat, phase, iterate, go, pause } = moving;
  return {
    ...{ togglePlay, beat, phase, iterate, go, pause },
    iterateTo: async (/** @type {number} */ number) => (await moving.goBack()).jump(number),
    restart: async () => (await moving.goBack()).restart(),
    restore: async (/** @type {"undo" | "redo"} */ way) => {
      if (!page.afterwards?.late.restore(way)) (await moving.goBack()).restore(way);
    },
    toggleTraining: async () => (await moving.train()).toggle(asking.read().goal),
    setGoal: (/** @type {number | null} */ goal) => asking.set({ goal }),
    setSpeed: (/** @type {number} */ speed) => asking.set({ speed }),
  };
}

/** @param {Members} page */
function showActions(page) {
  const { asking, moving, viewport } = page;
  const { read, set, select } = asking;
  return {
    open: (/** @type {string} */ example) => {
      viewport.reset();
      moving.open(example);
    },
    select,
    change: set,
    show: (/** @type {import("../state/state.js").View} */ view) => set({ view }),
    showRow: (/** @type {number} */ row) => set({ row }),
    point: (/** @type {string[]} */ pointed) => {
      if (pointed.join(" ") !== read().pointed.join(" ")) set({ pointed });
    },
    moveSelection: (/** @type {number} */ rows, /** @type {number} */ columns) => {
      const { iteration, selection } = read();
      const entry = entryOf(selection ?? "");
      if (!iteration || !entry) return;
      const [row, column] = [entry.row + rows, entry.column + columns];
      if (iteration.node.get(entry.id)?.value[row]?.[column] !== undefined)
        select(entryKey(entry.id, row, column));
    },
    setCurve: (/** @type {Partial<import("../cost/curve.js").CurveSetting>} */ change) =>
      set({ curve: { ...read().curve, ...change } }),
    ...walkActions(page),
    enlarge: () => set({ enlarged: !read().enlarged }),
    present: () => {
      const presenting = !read().presenting;
      set({ presenting });
      page.afterwards?.fullScreen(presenting);
    },
    toggleTheme: () => page.afterwards?.preferences.toggleTheme(),
    toggleKeys: () => {
      set({ keys: !read().keys });
      page.afterwards?.preferences.keepKeys(read().keys);
    },
    dismiss: () => {
      moving.pause();
      set({ error: null, notice: null });
      if (!read().iteration) page.reopen();
      if (read().examples.length === 0) moving.loadExamples();
    },
  };
}

/** @param {Members} page */
function walkActions({ asking: { read, set, obtain }, moving, ending }) {
  /** Sets the page to a stop of the walk that the example has; null ends the walk. */
  const walkTo = async (/** @type {number | null} */ stop) => {
    if (stop === null) return set({ stop, asksWalk: false });
    const { departed, stop: from, asksWalk } = read();
    // An experiment of one's own is not left without a word.
    if (departed && from === null && !asksWalk) return set({ asksWalk: true });
    const { addressOfStop } = await obtain(() => import("../walk/walk.js"));
    const isThere = await moving.visit(addressOfStop(walkBegun(read()), stop));
    if (isThere && stop === lastStopOf(read().example)) await (await ending()).arrive();
  };
  return {
    walkTo,
    walkOn: async (/** @type {1 | -1} */ direction) => {
      const { example, stop } = read();
      if (stop === null) return;
      if (stop === lastStopOf(example) && direction > 0) await (await ending()).next();
      else await walkTo(Math.max(0, stop + direction));
    },
  };
}

/** @param {Members} page */
function changeActions({ asking, moving }) {
  const { read, set } = asking;
  return {
    editEntry: async (
      /** @type {import("../base/format.js").Entry} */ entry,
      /** @type {number} */ value,
    ) => (await moving.edit()).entry(entry, value),
    beginEdit: (/** @type {import("../state/state.js").State["editing"]} */ editing) =>
      set({ editing }),
    endEdit: (/** @type {string} */ name) => {
      if (read().editing?.name === name) set({ editing: null });
    },
    editRate: async (/** @type {number} */ rate) => (await moving.edit()).rate(rate),
    restartWithRate: async (/** @type {number} */ rate) =>
      (await moving.edit()).restartWithRate(rate),
    putBack: async () => (await moving.edit()).putBack(),
  };
}

/** @param {Members} page */
function dialogActions({ asking, moving: { pause }, sharing, takeaway }) {
  const { read, set } = asking;
  /** Of dialogs that take their time to come, only the last that was asked for opens. @param {string} name */
  const isOpen = (name) => read().dialog?.open === name;
  return {
    help: (/** @type {boolean} */ open) => set({ dialog: open ? { open: "help" } : null }),
    docs: () => location.assign("/docs"),
    menu: (/** @type {boolean} */ open) => {
      if (open || isOpen("menu")) set({ dialog: open ? { open: "menu" } : null });
    },
    share: async (/** @type {boolean} */ open) => {
      set({ dialog: open ? { open: "share" } : null });
      if (!open) return;
      const part = await sharing();
      if (isOpen("share")) await part.open();
    },
    copyLink: async () => (await sharing()).copyLink(),
    saveFile: async () => (await sharing()).saveFile(),
    openFile: async (/** @type {File} */ file) => (await sharing()).openFile(file),
    shareAt: async (/** @type {string} */ address) => (await sharing()).shareAt(address),
    showCode: async (/** @type {boolean} */ open) => (await sharing()).showCode(open),
    savePicture: async (/** @type {import("../share/share-view.js").PictureKind} */ kind) => {
      pause();
      await (await sharing()).savePicture(kind);
    },
    stopPicture: async () => (await sharing()).stopPicture(),
    /** @type {import("../export/export-view.js").TakeActions} */
    take: {
      open: async (open) => {
        set({ dialog: open ? { open: "take" } : null });
        if (!open) return;
        const part = await takeaway();
        if (isOpen("take")) part.open();
      },
      choose: async (change) => (await takeaway()).choose(change),
      copy: async () => (await takeaway()).copy(),
      save: async (what) => (await takeaway()).save(what),
    },
  };
}

/** @param {Members} page */
function pictureActions(page) {
  const { asking, viewport } = page;
  const { read, set } = asking;
  return {
    walk: (/** @type {string} */ from, /** @type {string} */ key) => viewport.walk(from, key),
    zoom: (/** @type {"in" | "out" | "fit"} */ how) => viewport.zoom(how),
    zoomTo: (/** @type {string} */ name) => viewport.zoomTo(name),
    unfold: (/** @type {string} */ layers, /** @type {string} */ first) => {
      viewport.await(first);
      set({ layers });
    },
    drag: (/** @type {PointerEvent} */ event) => {
      if (!page.afterwards?.pointing.dragsNumber(event)) viewport.drag(event, read());
    },
    wheel: (/** @type {WheelEvent} */ event) => viewport.wheel(event, read()),
  };
}
