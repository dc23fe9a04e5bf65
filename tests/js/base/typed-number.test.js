import assert from "node:assert/strict";
import { test } from "node:test";
import { misread, numberOf, slip, typedNumber } from "../../../static/js/base/typed-number.js";
import { holds } from "../support.js";

test("what is meant as a number and is none is told, and what to write", () => {
  for (const [text, mended] of [
    ["−1,234,567.5", "−1234567.5"],
    ["1.234,5", "1234.5"],
    ["0,5", "0.5"],
    ["12 000", "12000"],
    ["3'000", "3000"],
  ])
    assert.match(slip(text) ?? "", new RegExp(`write ${mended}$`));
  for (const plain of ["1", "0.5", "red", "", "1 2", "a,b", "2024-01-02"])
    assert.equal(slip(plain), null);
});

test("what is suggested in place of a number's slip is a number", () => {
  holds(300, (random) => {
    const signs = [..."0123456789,._ '-+eE"];
    const text = Array.from({ length: random.whole(1, 9) }, () => random.pick(signs)).join("");
    const advice = /write (\S+)$/.exec(slip(text) ?? "")?.[1];
    if (advice) assert.ok(!Number.isNaN(numberOf(advice)), `${text} → ${advice}`);
  });
});

test("a number that is typed is read as it is meant, or not at all, and its reader is told what to write", () => {
  for (const [text, value] of /** @type {const} */ ([
    ["0,5", 0.5],
    ["−1,25", -1.25],
    ["0,125", 0.125],
    [" 1e3 ", 1000],
    ["1.000", 1],
    ["1234,567", 1234.567],
    ["1/3", 1 / 3],
    ["−2 / 0,5", -4],
  ])) {
    assert.equal(typedNumber(text), value);
    assert.equal(misread(text), null);
  }
  for (const [text, words] of /** @type {const} */ ([
    ["1,000", "1,000 may be 1000 or 1.000: write the one that is meant"],
    ["-12,345", "-12,345 may be -12345 or -12.345: write the one that is meant"],
    ["1,234,567", "1,234,567 has a comma: write 1234567"],
    ["1_000", "1_000 has an underscore: write 1000"],
    ["Infinity", "Infinity is no finite number: write one such as 0.5"],
    ["0x10", null],
    ["1/0", "1/0 divides by 0"],
    ["1/2/3", null],
    ["abc", null],
    ["1e999", "1e999 is too large: a number is at most about 1.8e308"],
    ["NaN", "NaN is no number: write one such as 0.5"],
    ["", null],
  ])) {
    assert.equal(typedNumber(text), Number.NaN);
    assert.equal(misread(text), words);
  }
});
