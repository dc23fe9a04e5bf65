/**
 * The types of the page as a whole, by their names. Nothing here is loaded: only comments of other modules speak of it.
 */

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/state.js").View} View */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../graph/graph-view.js").Drawing} Drawing */
/** @typedef {import("../graph/graph-view.js").Window} Window */
/** @typedef {import("./late-parts.js").Parts} Parts */
/**
 * @typedef {import("./transport-view.js").TransportActions & import("../graph/graph-view.js").GraphActions & import("../graph/number-editor-view.js").EditorActions & import("../share/share-view.js").ShareActions & {
 *   open: (example: string) => void,
 *   show: (view: View) => void,
 *   showRow: (row: number) => void,
 *   iterateTo: (iteration: number) => void,
 *   restartWithRate: (rate: number) => void,
 *   setCurve: (change: Partial<import("../cost/curve.js").CurveSetting>) => void,
 *   zoom: (how: "in" | "out" | "fit") => void,
 *   toggleTheme: () => void,
 *   toggleKeys: () => void,
 *   help: (open: boolean) => void,
 *   menu: (open: boolean) => void,
 *   docs: () => void,
 *   enlarge: () => void,
 *   dismiss: () => void,
 *   editEntry: (entry: import("../base/format.js").Entry, value: number) => void,
 *   moveSelection: (rows: number, columns: number) => void,
 *   pause: () => void,
 *   present: () => void,
 *   change: (change: import("../state/state.js").Set["change"]) => void,
 *   point: (names: string[]) => void,
 *   editRate: (rate: number) => void,
 *   putBack: () => void,
 *   take: import("../export/export-view.js").TakeActions,
 *   restore: (way: "undo" | "redo") => void,
 *   walkTo: (stop: number | null) => void,
 *   walkOn: (direction: 1 | -1) => void,
 *   drag: (event: PointerEvent) => void,
 *   wheel: (event: WheelEvent) => void,
 * }} Actions
 */
/**
 * What is drawn besides the state: how the graph is seen, and what was loaded.
 * @typedef {import("../graph/viewport-dom.js").Sight & {
 *   moment: Moment,
 *   opening: boolean,
 *   parts: Parts,
 *   verdict: typeof import("./verdict-view.js") | undefined,
 *   module: {} | undefined,
 *   work: import("../state/panels.js").Work | undefined,
 *   works: Record<string, import("../state/panels.js").Work>,
 *   bar: number,
 *   films: import("../films/films-dom.js").Films | null,
 * }} Scene opening: the first picture, which is the stage alone; module: of the open panel; work: what acts for it; bar: how wide the track of time is; films: once they are loaded
 */

export {};
