/**
 * The address: what of the state a link carries. One table both writes and reads it, so neither can forget a field.
 */

/** @typedef {import("./state.js").State} State */
/** @typedef {{ example: string, iteration: number, t: number, view: State["view"], selection: string | null, row: number }} Address */
/**
 * @typedef {object} Field
 * @property {keyof Address} name
 * @property {string} key
 * @property {(text: string) => unknown} read gives undefined for what is not allowed
 */

const VIEWS = ["graph", "neurons", "table"];
const MOST_ITERATIONS = 10_000;

/** @type {Field[]} */
const FIELDS = [
  {
    name: "example",
    key: "example",
    read: (text) => (/^[a-z0-9-]{1,40}$/.test(text) ? text : undefined),
  },
  { name: "iteration", key: "iteration", read: (text) => whole(text, MOST_ITERATIONS) },
  { name: "t", key: "beat", read: (text) => whole(text, MOST_ITERATIONS) },
  { name: "view", key: "view", read: (text) => (VIEWS.includes(text) ? text : undefined) },
  {
    name: "selection",
    key: "select",
    read: (text) => (/^\w{1,12}(>\w{1,12})?$/.test(text) ? text : undefined),
  },
  { name: "row", key: "row", read: (text) => whole(text, MOST_ITERATIONS) },
];

/** @type {Address} */
export const START = {
  example: "lecture",
  iteration: 0,
  t: 0,
  view: "graph",
  selection: null,
  row: 0,
};

/**
 * @param {string} text
 * @param {number} most
 */
function whole(text, most) {
  const value = Number(text);
  return /^\d{1,6}$/.test(text) && value <= most ? value : undefined;
}

/**
 * @param {State} state
 * @returns {Address}
 */
export function addressOf(state) {
  const { example, view, selection, row } = state;
  return {
    example,
    iteration: state.iteration?.number ?? 0,
    t: Math.ceil(state.t),
    view,
    selection,
    row,
  };
}

/**
 * The address as a fragment; what is as at the start is left out.
 * @param {Address} address
 */
export function write(address) {
  const parts = FIELDS.filter(({ name }) => address[name] !== START[name]).map(
    ({ name, key }) => `${key}=${encodeURIComponent(String(address[name])).replaceAll("%3E", ">")}`,
  );
  return parts.length > 0 ? `#${parts.join("&")}` : "#";
}

/**
 * What a fragment says that is not allowed, as it was written.
 * @param {string} fragment
 * @returns {string[]}
 */
export function refused(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  return FIELDS.flatMap(({ key, read: parse }) => {
    const text = given.get(key);
    return text === null || parse(text) !== undefined ? [] : [`${key}=${text.slice(0, 40)}`];
  });
}

/**
 * What a fragment says; anything it does not say, or says wrongly, is as at the start.
 * @param {string} fragment
 * @returns {Address}
 */
export function read(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const said = FIELDS.map(({ name, key, read: parse }) => [name, parse(given.get(key) ?? "")]);
  return { ...START, ...Object.fromEntries(said.filter(([, value]) => value !== undefined)) };
}
