/**
 * An experiment as text for a link, or as a file: packed with what the browser has, unpacked with care, since a link may
 * come from anybody.
 *
 *     text = "1." + base64url(deflate-raw(JSON))        1 is the version of this form
 */

/** @typedef {import("../trace/trace.js").Experiment} Experiment */

/** What is wrong with a link or a file, and what to do, in words for the reader. */
export class PackingError extends Error {}

/** Characters of packed text in a link: longer ones are cut by mail and chat. */
export const MOST_LINK = 8000;
/** Bytes of JSON: a network of 150,000 weights, at up to 25 characters each, and no more than a moment to read. */
export const MOST_UNPACKED = 4 * 1024 * 1024;
/** Bytes of a file: more than any experiment that the server takes. */
export const MOST_FILE = 16 * 1024 * 1024;

const VERSION = "1";
const FORMAT = "backprop-explorer";
const DAMAGED = "This link is damaged or was cut off: ask for it again, or for a file.";
const CHUNK = 0x8000;

/**
 * @param {Experiment | import("./packed-run.js").Run} document
 * @returns {Promise<string>}
 */
export async function pack(document) {
  const json = new TextEncoder().encode(JSON.stringify(document));
  const bytes = await gathered(
    through(json, new CompressionStream("deflate-raw")),
    Number.POSITIVE_INFINITY,
  );
  return `${VERSION}.${base64url(bytes)}`;
}

/**
 * @param {string} text
 * @returns {Promise<Experiment>}
 * @throws {PackingError}
 */
export async function unpack(text) {
  const document = await unpackDocument(text);
  if (!isExperiment(document)) throw new PackingError("This link holds no experiment.");
  return turned(document);
}

/**
 * What was packed, whatever it is.
 * @param {string} text
 * @returns {Promise<unknown>}
 * @throws {PackingError}
 */
export async function unpackDocument(text) {
  const [version, packed, ...more] = text.split(".");
  if (text === "file")
    throw new PackingError(
      "This run is too large for a link. Ask for the file, and open it with Share.",
    );
  if (version !== VERSION)
    throw new PackingError(
      `This link was made by another version of the explorer (${version.slice(0, 12)}); this one reads version ${VERSION}.`,
    );
  if (!packed || more.length > 0 || !/^[\w-]+$/.test(packed)) throw new PackingError(DAMAGED);
  const bytes = bytesOf(packed);
  const json = await gathered(
    through(bytes, new DecompressionStream("deflate-raw")),
    MOST_UNPACKED,
  );
  return documentIn(json);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} transform
 */
function through(bytes, transform) {
  return new Blob([bytes]).stream().pipeThrough(transform);
}

/**
 * All of a stream, unless it is damaged or grows beyond a bound: a small link may unpack to gigabytes.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} most
 * @returns {Promise<Uint8Array>}
 */
async function gathered(stream, most) {
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new PackingError(DAMAGED);
    });
    if (done) break;
    length += value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new PackingError(
        `This link unpacks to more than ${most / 2 ** 20} MB, which is the most that is read.`,
      );
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} bytes
 * @returns {unknown}
 */
function documentIn(bytes) {
  let document;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    JSON.stringify(document); // where it is nested too deeply to be sent, it cannot be written either
  } catch {
    throw new PackingError(DAMAGED);
  }
  return document;
}

/**
 * Whether a document is an experiment by its outline; the server looks at the rest.
 * @param {any} document
 * @returns {document is Experiment}
 */
export function isExperiment(document) {
  const { formulas, network, data } = document ?? {};
  if (typeof formulas?.text === "string") return !network;
  return Array.isArray(network?.layers) && Array.isArray(data?.x);
}

/**
 * With all weights as the page has them, x · W, a row for each input: who writes W · x says so in a layer.
 * @param {Experiment} experiment
 * @returns {Experiment}
 */
function turned(experiment) {
  const { network } = experiment;
  if (!network?.layers.some((it) => it?.orientation)) return experiment;
  const layers = network.layers.map(({ orientation, ...layer }) =>
    orientation === "out_in" && Array.isArray(layer.weights?.[0])
      ? { ...layer, weights: layer.weights[0].map((_, at) => layer.weights.map((row) => row[at])) }
      : { ...layer, ...(orientation === "in_out" || !orientation ? {} : { orientation }) },
  );
  return { ...experiment, network: { ...network, layers } };
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text */
function bytesOf(text) {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (it) => it.charCodeAt(0));
  } catch {
    throw new PackingError(DAMAGED);
  }
}

/**
 * The text of a file: the experiment, which moment of it, and what led there.
 * @param {Experiment} experiment
 * @param {string} moment the fragment of the address
 * @param {import("./packed-run.js").Run | null} [run]
 */
export function fileOf(experiment, moment, run = null) {
  const document = { format: FORMAT, version: Number(VERSION), moment, experiment };
  return `${JSON.stringify(run ? { ...document, run } : document)}\n`;
}

/**
 * What a file holds; an experiment of the API alone is taken too.
 * @param {string} text
 * @returns {{ experiment: Experiment, fragment: string, run?: unknown }} run: not looked at yet
 * @throws {PackingError}
 */
export function readFile(text) {
  if (text.length > MOST_FILE)
    throw new PackingError(
      `This file is longer than ${MOST_FILE / 2 ** 20} MB, which is the most that is read.`,
    );
  let document;
  try {
    document = JSON.parse(text);
    JSON.stringify(document);
  } catch (error) {
    throw new PackingError(
      `This file is not JSON: ${error instanceof Error ? error.message : error}.`,
    );
  }
  if (isExperiment(document)) return { experiment: turned(document), fragment: "#" };
  const { format, version, moment, experiment, run } = document ?? {};
  if (format !== FORMAT || !isExperiment(experiment))
    throw new PackingError(
      "This file holds no experiment. Choose one that was saved here, or an experiment of the API.",
    );
  if (version !== Number(VERSION))
    throw new PackingError(
      `This file was made by another version of the explorer (${String(version).slice(0, 12)}); this one reads version ${VERSION}.`,
    );
  const fragment = typeof moment === "string" ? moment : "#";
  const opened = { experiment: turned(experiment), fragment };
  return run ? { ...opened, run } : opened;
}
