import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import {
  fileOf,
  MOST_LINK,
  PackingError,
  pack,
  readFile,
  unpack,
} from "../../../static/js/state/packed-experiment.js";
import { fixture, generator, NAMES } from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Experiment} Experiment */

const LECTURE = fixture("lecture").steps[0].experiment;

/**
 * A link as somebody else may make it.
 * @param {string | Buffer} text
 */
function linkOf(text) {
  return `1.${deflateRawSync(text).toString("base64url")}`;
}

/**
 * @param {string} text
 * @param {RegExp} words
 */
function refuses(text, words) {
  return assert.rejects(unpack(text), (error) => {
    assert.ok(error instanceof PackingError, String(error));
    assert.match(error.message, words);
    return true;
  });
}

test("an experiment comes out of a link as it went in, to the last bit", async () => {
  const random = generator(1);
  for (const name of NAMES) {
    const experiment = structuredClone(fixture(name).steps[0].experiment);
    for (const layer of experiment.network.layers)
      layer.weights = layer.weights.map((row) => row.map(() => random.double() || 5e-324));
    const back = await unpack(await pack(experiment));
    assert.deepEqual(back, experiment);
    assert.equal(await pack(back), await pack(experiment));
  }
});

test("the lecture's link is short, and safe in an address", async () => {
  const text = await pack(LECTURE);
  assert.ok(text.length < 700 && text.length < MOST_LINK, String(text.length));
  assert.equal(encodeURIComponent(text), text);
});

test("another version, a file's mark and nothing at all say what they are", async () => {
  await refuses("2.abc", /another version of the explorer \(2\); this one reads version 1/);
  await refuses("file", /too large for a link/);
  for (const text of ["", "1", "1.", "1.ü", "1.a.b"]) await refuses(text, /version|damaged/);
});

test("a link cut off or changed anywhere is refused, or is another experiment: never a fault", async () => {
  const text = await pack(LECTURE);
  const random = generator(7);
  for (let length = 0; length < text.length; length += 3) await refuses(text.slice(0, length), /./);
  for (let i = 0; i < 300; i++) {
    const at = random.whole(2, text.length - 1);
    const changed = text.slice(0, at) + random.pick([..."AZaz09-_"]) + text.slice(at + 1);
    try {
      const found = await unpack(changed);
      assert.ok(Array.isArray(found.network.layers));
    } catch (error) {
      assert.ok(error instanceof PackingError, String(error));
    }
  }
});

test("a bomb is not unpacked", async () => {
  const bomb = linkOf(Buffer.alloc(200 * 1024 * 1024));
  const before = process.memoryUsage().arrayBuffers;
  await refuses(bomb, /more than 4 MB/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
});

test("what is no experiment is refused", async () => {
  for (const json of ["", "no", "[]", "null", "3", "{}", '{"network": {}}', '{"data": {"x": []}}'])
    await refuses(linkOf(json), /damaged|no experiment/);
  await refuses(linkOf(Buffer.from([0xff, 0xfe, 0x7b])), /damaged/);
});

test("a key of the prototype does no harm", async () => {
  const text = JSON.stringify(LECTURE).replace("{", '{"__proto__": {"polluted": 1}, ');
  await unpack(linkOf(text));
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test("a file holds experiment and moment; an experiment of the API alone opens too", () => {
  const text = fileOf(LECTURE, "#beat=3");
  assert.deepEqual(readFile(text), { experiment: LECTURE, fragment: "#beat=3" });
  assert.deepEqual(readFile(JSON.stringify(LECTURE)), { experiment: LECTURE, fragment: "#" });
});

test("a file of another kind says what it is", () => {
  /** @param {string} text @param {RegExp} words */
  const says = (text, words) =>
    assert.throws(
      () => readFile(text),
      (error) => error instanceof PackingError && words.test(error.message),
    );
  says("x,y\n1,2", /not JSON/);
  says("{}", /holds no experiment/);
  says("null", /holds no experiment/);
  says(
    fileOf(LECTURE, "#").replace('"version":1', '"version":7'),
    /another version of the explorer \(7\)/,
  );
  says(`"${"a".repeat(17 * 1024 * 1024)}"`, /longer than 16 MB/);
});

test("weights that are written for W · x are turned, so that the page has them as it shows them", async () => {
  const { layers } = LECTURE.network;
  const written = layers.map((layer) => ({
    ...layer,
    weights: layer.weights[0].map((_, at) => layer.weights.map((row) => row[at])),
    orientation: "out_in",
  }));
  const printed = { ...LECTURE, network: { ...LECTURE.network, layers: written } };
  assert.deepEqual(readFile(JSON.stringify(printed)).experiment, LECTURE);
  assert.deepEqual(await unpack(await pack(printed)), LECTURE);
  const said = layers.map((layer) => ({ ...layer, orientation: "in_out" }));
  const same = { ...LECTURE, network: { ...LECTURE.network, layers: said } };
  assert.deepEqual(readFile(JSON.stringify(same)).experiment, LECTURE);
});
