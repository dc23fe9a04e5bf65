/** Links that nobody made, or somebody made to do harm: refused in words, or read; never a fault, never a hang. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { read, refused } from "../../../static/js/state/address.js";
import { write } from "../../../static/js/state/address-text.js";
import {
  MOST_UNPACKED,
  PackingError,
  pack,
  readFile,
  unpack,
} from "../../../static/js/state/packed-experiment.js";
import { fixture, generator, NAMES } from "../support.js";

const LINKS = Number(process.env.BACKPROP_FUZZ ?? 2000);
const SEED = process.env.BACKPROP_FUZZ ? Math.floor(Date.now() / 86_400_000) : 1;
const MOST_MS = 2000;
const EXPERIMENTS = NAMES.map((name) => fixture(name).steps[0].experiment);
const CHARACTERS = [..."AZaz09-_.=+/%#& \u0000é√\ud800"];
const KEYS = ["example", "iteration", "beat", "view", "layers", "select", "panel", "form", "fold"];
const VALUES = [..."09-", "1e9", "__proto__", "W0[1,2]", "a1>m1", "auto:1,2", "%", "%zz", "%00"];
const ANSWERS = [null, true, -1, 1e308, "", "NaN", [], {}, [[]], { layers: [] }];

/** @typedef {import("../support.js").Generator} Generator */

/**
 * An experiment with a value somewhere changed for another kind of value.
 * @param {Generator} random
 */
function changed(random) {
  const document = structuredClone(random.pick(EXPERIMENTS));
  /** @type {any} */
  let holder = document;
  for (;;) {
    const key = random.pick(Object.keys(holder));
    const inner = holder[key];
    if (inner === null || typeof inner !== "object" || Object.keys(inner).length === 0) {
      holder[key] = random.pick(ANSWERS);
      return document;
    }
    if (random.whole(0, 3) === 0) {
      holder[key] = random.pick(ANSWERS);
      return document;
    }
    holder = inner;
  }
}

/**
 * @param {Generator} random
 * @param {string} text
 */
function spoiled(random, text) {
  let spoilt = text;
  for (let i = random.whole(1, 4); i > 0; i--) {
    const at = random.whole(0, spoilt.length);
    spoilt = spoilt.slice(0, at) + random.pick(CHARACTERS) + spoilt.slice(at + random.whole(0, 2));
  }
  return spoilt;
}

/** @param {Generator} random @returns {string | Buffer} */
function contents(random) {
  const json = JSON.stringify(changed(random));
  switch (random.whole(0, 4)) {
    case 0:
      return json;
    case 1:
      return spoiled(random, json);
    case 2:
      return json.slice(0, random.whole(0, json.length));
    case 3:
      return "[".repeat(random.pick([1, 1000, 200_000]));
    default:
      return Buffer.from(Array.from({ length: random.whole(0, 50) }, () => random.whole(0, 255)));
  }
}

/** @param {Generator} random @param {string[]} good */
function link(random, good) {
  switch (random.whole(0, 3)) {
    case 0:
      return Array.from({ length: random.whole(0, 60) }, () => random.pick(CHARACTERS)).join("");
    case 1:
      return spoiled(random, random.pick(good));
    case 2:
      return spoiled(random, `1.${deflateRawSync(contents(random)).toString("base64url")}`);
    default:
      return `1.${deflateRawSync(contents(random)).toString("base64url")}`;
  }
}

/**
 * Within some time, an experiment's outline or words.
 * @param {() => Promise<any> | any} open
 */
async function opens(open) {
  const start = performance.now();
  try {
    const experiment = await open();
    assert.ok(Array.isArray(experiment.network.layers) && Array.isArray(experiment.data.x));
  } catch (error) {
    assert.ok(error instanceof PackingError, String(error));
    assert.ok(error.message.length < 300, error.message);
  }
  assert.ok(performance.now() - start < MOST_MS);
}

test("no packed text is a fault or a hang", async () => {
  const random = generator(SEED);
  const good = await Promise.all(EXPERIMENTS.map(pack));
  for (let i = 0; i < LINKS; i++) {
    const text = link(random, good);
    await opens(() => unpack(text));
  }
});

test("a text that unpacks to more than is read is refused, however it is made", async () => {
  for (const [fill, size] of /** @type {const} */ ([
    [0, 64],
    [0x20, 200],
    [0x5b, 20],
  ])) {
    const bomb = deflateRawSync(Buffer.alloc(size * 2 ** 20, fill)).toString("base64url");
    await assert.rejects(unpack(`1.${bomb}`), /more than 4 MB/);
  }
  const nested = deflateRawSync(Buffer.alloc(MOST_UNPACKED, "[")).toString("base64url");
  await assert.rejects(unpack(`1.${nested}`), PackingError);
});

test("no file is a fault or a hang", async () => {
  const random = generator(SEED + 1);
  for (let i = 0; i < LINKS / 4; i++) {
    const text = String(contents(random));
    await opens(() => readFile(text).experiment);
  }
});

test("no address is a fault, and what is read of it can be written and read again", () => {
  const random = generator(SEED + 2);
  for (let i = 0; i < LINKS; i++) {
    const parts = Array.from({ length: random.whole(0, 8) }, () => {
      const value = random.pick([...VALUES, ...CHARACTERS]);
      return `${random.pick(KEYS)}=${value}${random.pick(["", value, "9".repeat(400)])}`;
    });
    const fragment = spoiled(random, `#${parts.join("&")}`);
    const address = read(fragment);
    assert.deepEqual(read(write(address)), address, fragment);
    assert.ok(refused(fragment).every((it) => it.length <= 60));
  }
});
