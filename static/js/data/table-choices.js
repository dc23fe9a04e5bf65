/**
 * What the reader has chosen of how a table is read and what it becomes, rather than have it found; and the question to
 * `/table` that says so. A choice stays until it is taken back, whatever else is chosen.
 */

/** @typedef {import("../server/wire.js").components["schemas"]["TableAnswer"]} TableAnswer */
/** @typedef {import("../server/wire.js").components["schemas"]["TableRead"]} TableRead */
/** @typedef {import("../server/wire.js").components["schemas"]["TableColumn"]} Column */
/** @typedef {Column["may_be"][number]} Role what becomes of a column; one_hot: an input for each of its values */
/**
 * @typedef {object} Choices null: as it is found
 * @property {string | null} delimiter by its name
 * @property {string | null} decimal   by its name
 * @property {boolean | null} header
 * @property {string | null} encoding  of a file
 * @property {Record<string, Role>} roles by name of a column
 * @property {number} holdBack         every so manieth row, of each class where there is one; 0: none
 * @property {boolean} scale           inputs to mean 0 and standard deviation 1
 * @property {boolean | null} suited   whether the network takes the cost and the last activation that suit the targets
 */

/** @type {Readonly<Choices>} */
export const AS_FOUND = Object.freeze({
  delimiter: null,
  decimal: null,
  header: null,
  encoding: null,
  roles: {},
  holdBack: 0,
  scale: false,
  suited: null,
});

/**
 * For another file or text: what is wanted of any data stays, what was said of the old one's letters and columns is over.
 * @param {Choices} choices
 * @returns {Choices}
 */
export function forAnother({ holdBack, scale, suited }) {
  return { ...AS_FOUND, holdBack, scale, suited };
}

/** The names that a question has for what parts cells, and the words that a reader has. */
export const DELIMITERS = Object.freeze({
  comma: { sign: ",", words: "commas" },
  semicolon: { sign: ";", words: "semicolons" },
  tab: { sign: "\t", words: "tabs" },
  pipe: { sign: "|", words: "pipes |" },
  space: { sign: " ", words: "spaces" },
});
export const DECIMALS = Object.freeze({
  point: { sign: ".", words: "a point, 0.5" },
  comma: { sign: ",", words: "a comma, 0,5" },
});
/** Those that files of one's own are in; a browser's names for them and the server's are the same. */
export const ENCODINGS = Object.freeze([
  "utf-8",
  "utf-16",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "iso-8859-15",
  "macintosh",
  "shift_jis",
  "euc-kr",
  "gb18030",
  "big5",
]);
/** @type {Role[]} */
const ROLES = ["input", "one_hot", "target", "class", "skip"];

/**
 * The roles of the columns that there are; those of other columns wait until these come again.
 * @param {Choices["roles"]} roles
 * @param {TableRead} table
 * @returns {Choices["roles"]}
 */
export function rolesIn(roles, { columns }) {
  const names = new Set(columns.map((it) => it.name));
  return Object.fromEntries(Object.entries(roles).filter(([name]) => names.has(name)));
}

/**
 * A column as chosen, or as it is found again. There is one class at most, or there are targets: what was chosen against
 * that is found anew.
 * @param {Choices["roles"]} roles
 * @param {string} name
 * @param {Role | null} role
 * @returns {Choices["roles"]}
 */
export function withRole(roles, name, role) {
  const ended = role === "class" ? ["class", "target"] : role === "target" ? ["class"] : [];
  const others = Object.entries(roles).filter(([it, was]) => it !== name && !ended.includes(was));
  return Object.fromEntries(role ? [...others, [name, role]] : others);
}

/**
 * The path of the question, with all that is chosen.
 * @param {Choices} choices
 */
export function questionOf({ delimiter, decimal, header, encoding, roles, holdBack, scale }) {
  const query = new URLSearchParams();
  const told = { delimiter, decimal, header, encoding };
  for (const [name, value] of Object.entries(told)) if (value !== null) query.set(name, `${value}`);
  const oneHot = [];
  for (const [name, role] of Object.entries(roles))
    if (role === "one_hot") oneHot.push(name);
    else query.set(`role.${name}`, role);
  if (oneHot.length > 0) query.set("one_hot", oneHot.join(","));
  if (holdBack > 0) query.set("hold_back", `${holdBack}`);
  if (scale) query.set("scale", "true");
  return `/table?${query}`;
}

/**
 * Choices in what was kept, perhaps by an older page; what is none is as it is found.
 * @param {unknown} value
 * @returns {Choices}
 */
export function choicesIn(value) {
  const given = /** @type {Record<string, unknown>} */ (
    value && typeof value === "object" ? value : {}
  );
  const { delimiter, decimal, header, roles, holdBack, scale, suited } = given;
  const named = Object.entries(roles && typeof roles === "object" ? roles : {});
  return {
    delimiter: keyIn(DELIMITERS, delimiter),
    decimal: keyIn(DECIMALS, decimal),
    header: typeof header === "boolean" ? header : null,
    encoding: null,
    roles: Object.fromEntries(named.filter(([, role]) => ROLES.includes(role))),
    holdBack:
      typeof holdBack === "number" && Number.isInteger(holdBack) && holdBack > 1 ? holdBack : 0,
    scale: scale === true,
    suited: typeof suited === "boolean" ? suited : null,
  };
}

/**
 * @param {Readonly<Record<string, unknown>>} rows
 * @param {unknown} key
 */
function keyIn(rows, key) {
  return typeof key === "string" && Object.hasOwn(rows, key) ? key : null;
}

/**
 * The name of what a table was found to be.
 * @param {Readonly<Record<string, { sign: string, words: string }>>} rows
 * @param {string | null} sign
 */
export function nameOf(rows, sign) {
  return Object.keys(rows).find((name) => rows[name].sign === sign) ?? null;
}

/** @typedef {{ columns: Column[], first: number }} Run columns side by side that are alike, from this place on */

/** So many that are alike are told as one. */
const LONG_RUN = 9;

/**
 * The columns, with long runs of such that hold the same kind of thing, and become the same for the same reason, as one.
 * @param {Column[]} columns
 * @param {Choices["roles"]} roles a column with a role of its own stands by itself
 * @param {readonly number[]} opened the runs that are shown column by column, by their first places
 * @returns {Run[]}
 */
export function runsOf(columns, roles, opened) {
  /** @type {Run[]} */
  const runs = [];
  columns.forEach((column, at) => {
    const last = runs.at(-1);
    const before = last?.columns[0];
    const isAlike =
      before?.kind === column.kind && before.role === column.role && before.why === column.why;
    const isOwn = [before, column].some((it) => it && Object.hasOwn(roles, it.name));
    if (last && isAlike && !isOwn) last.columns.push(column);
    else runs.push({ columns: [column], first: at });
  });
  return runs.flatMap((run) =>
    run.columns.length >= LONG_RUN && !opened.includes(run.first)
      ? [run]
      : run.columns.map((column, at) => ({ columns: [column], first: run.first + at })),
  );
}
