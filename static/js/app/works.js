/**
 * What a panel that changes the experiment has of the page around it: `state/panels.js` names its module, which is made
 * with these ports when the panel is first opened.
 */

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/**
 * @typedef {object} Ports
 * @property {() => State} read
 * @property {(change: import("../state/state.js").Set["change"]) => void} set of the page
 * @property {() => boolean} isOpen whether the panel is in sight
 * @property {(change: object) => void} setDesk what the panel is set to
 * @property {() => Promise<import("../server/api.js").Catalog>} catalog
 * @property {<T>(ask: () => Promise<T>, signal?: AbortSignal) => Promise<T>} patiently asks again while the server is away
 * @property {(change: (experiment: Experiment) => Experiment, label: string, gesture?: string | null) => Promise<unknown>} edit the open experiment, in place; can be undone
 * @property {(make: (from: Experiment) => Promise<Experiment | null>, label: string) => Promise<unknown>} replace it by another, whose run begins anew
 * @property {(example: string) => Promise<unknown>} open
 * @property {(iteration: number, t: number) => Promise<unknown>} go to a moment of the open run
 */

/**
 * @param {string} panel
 * @param {import("./asking.js").Asking} asking
 * @param {import("./moving.js").Moving} moving
 * @returns {Ports}
 */
export function portsFor(panel, asking, moving) {
  const { read, set, dispatch, catalog } = asking;
  return {
    read,
    set,
    isOpen: () => read().panel === panel,
    setDesk: (change) => dispatch({ type: "desk", panel, change }),
    catalog,
    patiently: asking.patiently,
    edit: async (...how) => (await moving.edit()).change(...how),
    replace: async (...how) => (await moving.edit()).replace(...how),
    open: (example) => moving.open(example),
    go: async (iteration, t) => {
      if (read().iteration?.number === iteration) return moving.go(t);
      return (await moving.goBack()).jump(iteration, () => t);
    },
  };
}
