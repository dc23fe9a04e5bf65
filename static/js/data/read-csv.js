/**
 * Comma-separated text as records of cells, and back; RFC 4180, read kindly: the delimiter is guessed, blank lines are
 * passed over, and what breaks the rules is told with its line instead of breaking the rest.
 */

/**
 * What is wrong in one place of a text, in words for the reader.
 * @typedef {object} Fault
 * @property {number} line    from 1
 * @property {number | null} column from 1; null where it is about the whole line
 * @property {string} text    what stands there, cut where it is long
 * @property {string} message
 */
/**
 * @typedef {object} Records
 * @property {string[][]} records every line that is not blank, in cells
 * @property {number[]} lines     where each of them begins
 * @property {number[]} empty     lines between them that hold delimiters only
 * @property {Fault[]} faults     quotes that do not close; no more than the first few are kept
 */

export const DELIMITERS = ["\t", ";", ","];
/** Faults that are told one by one; of more, only the number is said. */
export const MOST_FAULTS = 100;
const SLICE = 1 << 19;
const SAMPLE_LINES = 40;
const LONGEST_SHOWN = 40;

/**
 * The records of a text, a slice at a time: it yields how much of the text is read, from 0 to 1, so that a page can
 * paint in between.
 * @param {string} text
 * @param {string} delimiter
 * @returns {Generator<number, Records>}
 */
export function* reading(text, delimiter) {
  // The oldest files of all end their lines with a carriage return alone.
  if (!text.includes("\n")) text = text.replaceAll("\r", "\n");
  /** @type {Records} */
  const found = { records: [], lines: [], empty: [], faults: [] };
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let pause = at + SLICE;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const plain = text.slice(at, end);
    const begins = line;
    if (plain.includes('"')) {
      const record = quotedRecord(text, at, delimiter, line, found.faults);
      if (record) add(found, record.cells, begins);
      line += (record?.breaks ?? 0) + 1;
      at = afterBreak(text, record?.end ?? end);
    } else {
      if (plain.trim() !== "" || plain.includes("\t")) add(found, plain.split(delimiter), begins);
      line += 1;
      at = afterBreak(text, end);
    }
    if (at >= pause) {
      pause = at + SLICE;
      yield at / text.length;
    }
  }
  // Below the last record they are what spreadsheets leave behind: nobody misses a row there.
  const last = found.lines[found.lines.length - 1] ?? 0;
  found.empty = found.empty.filter((it) => it < last);
  return found;
}

/**
 * @param {string} text
 * @param {string} [delimiter]
 * @returns {Records}
 */
export function recordsOf(text, delimiter = delimiterOf(text)) {
  return finished(reading(text, delimiter));
}

/**
 * What a generator returns in the end, with all its slices done at once.
 * @template T
 * @param {Generator<number, T>} slices
 * @returns {T}
 */
export function finished(slices) {
  let step = slices.next();
  while (!step.done) step = slices.next();
  return step.value;
}

/**
 * A line that only holds delimiters counts as blank; where it stands is kept, since a row may have been meant.
 * @param {Records} found
 * @param {string[]} cells
 * @param {number} line
 */
function add(found, cells, line) {
  if (cells.every((cell) => cell.trim() === "")) {
    if (cells.length > 1 && found.records.length > 0) found.empty.push(line);
    return;
  }
  found.records.push(cells);
  found.lines.push(line);
}

/**
 * Where a line ends, before its break.
 * @param {string} text
 * @param {number} from
 */
function endOfLine(text, from) {
  const found = text.indexOf("\n", from);
  const end = found < 0 ? text.length : found;
  return end > from && text[end - 1] === "\r" ? end - 1 : end;
}

/**
 * @param {string} text
 * @param {number} at
 */
function afterBreak(text, at) {
  return text[at] === "\r" && text[at + 1] === "\n" ? at + 2 : at + 1;
}

/**
 * A record with quotes in it, which may go over several lines. Where a quote never closes, only its own line is given up.
 * @param {string} text
 * @param {number} from
 * @param {string} delimiter
 * @param {number} line
 * @param {Fault[]} faults
 * @returns {{ cells: string[], end: number, breaks: number } | null}
 */
function quotedRecord(text, from, delimiter, line, faults) {
  /** @type {string[]} */
  const cells = [];
  let at = from;
  let breaks = 0;
  for (;;) {
    const column = cells.length + 1;
    if (text[at] === '"') {
      const cell = quotedCell(text, at);
      if (!cell)
        return refuse("This quotation mark is never closed: add a second one, or take it out.");
      at = cell.end;
      if (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r")
        return refuse(
          "Something follows a closing quotation mark. Within quotes, write a quotation mark twice.",
        );
      breaks += cell.content.match(/\r\n|\r|\n/g)?.length ?? 0;
      cells.push(cell.content);
    } else {
      const end = endOfLine(text, at);
      const next = text.indexOf(delimiter, at);
      const stop = next < 0 || next > end ? end : next;
      cells.push(text.slice(at, stop));
      at = stop;
    }
    if (text[at] !== delimiter) return { cells, end: at, breaks };
    at += 1;

    /** @param {string} message */
    function refuse(message) {
      const shown = text.slice(at, endOfLine(text, at));
      if (faults.length < MOST_FAULTS) faults.push({ line, column, text: cut(shown), message });
      return null;
    }
  }
}

/**
 * @param {string} text
 * @param {number} from the opening quote
 */
function quotedCell(text, from) {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) return null;
  return { content: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1 };
}

/** @param {string} text */
export function cut(text) {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/**
 * The delimiter that cuts the first lines into equally many cells; of several, the one that is rarest within a cell.
 * @param {string} text
 */
export function delimiterOf(text) {
  const lines = text
    .slice(0, 1 << 16)
    .replace(/"(?:[^"]|"")*"/g, "")
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, SAMPLE_LINES);
  const scores = DELIMITERS.map((delimiter) => agreement(lines, delimiter));
  const best = Math.max(...scores);
  return best > 0 ? DELIMITERS[scores.indexOf(best)] : ",";
}

/**
 * The share of lines that a delimiter cuts into the number of cells that is the most frequent; 0 where that is one cell.
 * @param {string[]} lines
 * @param {string} delimiter
 */
function agreement(lines, delimiter) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const line of lines) {
    const count = line.split(delimiter).length;
    if (count > 1) counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) / Math.max(1, lines.length);
}

/**
 * Records as text: cells are quoted where they have to be.
 * @param {readonly (readonly (string | number)[])[]} records
 * @param {string} [delimiter]
 */
export function csvOf(records, delimiter = ",") {
  /** @param {string | number} cell */
  const written = (cell) => {
    const text = String(cell);
    const special = /["\r\n]/.test(text) || text.includes(delimiter) || text.trim() !== text;
    return special ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return records.map((record) => `${record.map(written).join(delimiter)}\r\n`).join("");
}
