import assert from "node:assert/strict";
import { test } from "node:test";
import { createWork } from "../../../static/js/data/work.js";
import { fixture, iterationOf, panelPage, tabStorage } from "../support.js";

/** @typedef {import("../../../static/js/data/data-setting.js").Desk} Desk */
/** @typedef {import("../../../static/js/data/table-choices.js").TableAnswer} TableAnswer */
/** @typedef {{ query: URLSearchParams, bytes: Uint8Array, text: string, signal: AbortSignal | undefined }} Asked */

/** @param {string} name */
const column = (name) => ({
  name,
  kind: "number",
  role: "input",
  why: "it holds numbers",
  may_be: ["input"],
});

/**
 * What `/table` might answer: its columns are the first line's cells.
 * @param {Pick<Asked, "text" | "query">} asked
 * @returns {any}
 */
function answered({ text, query }) {
  const [first, ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const names = query.get("header") === "false" ? first.map((_, at) => `column ${at + 1}`) : first;
  const columns = names.map(column);
  const understood = {
    encoding: "utf-8",
    delimiter: ",",
    decimal: ".",
    header: true,
    unit: "line",
    columns,
  };
  const told = [...query.keys()].filter((it) => it.startsWith("role.")).map((it) => it.slice(5));
  if (told.some((it) => !names.includes(it))) return refused(422, "there is no column", understood);
  const x = rows.map((row) => row.slice(0, -1).map(Number));
  const y = rows.map((row) => [Number(row.at(-1))]);
  const rest = {
    rows: rows.length,
    rows_in_file: rows.length,
    left_out: [],
    left_out_count: 0,
    notes: [],
  };
  return { ...understood, ...rest, data: { x, y }, cost: "squared_error", activation: "identity" };
}

/** @param {number} status @param {string} detail @param {object} [table] */
function refused(status, detail, table) {
  return new Response(JSON.stringify({ detail, errors: [{ pointer: "", detail }], table }), {
    status,
  });
}

/** @param {(asked: Asked) => any} [answer] */
function page(answer = answered) {
  tabStorage();
  /** @type {Asked[]} */
  const asked = [];
  const one = iterationOf("xor");
  const around = panelPage("data", one, {
    "/trace": () => fixture("xor").steps[0].lean.trace,
    "/initialize": () => one.experiment,
    "/table": async (body, query, signal) => {
      const bytes = new Uint8Array(await /** @type {Blob} */ (body).arrayBuffer());
      asked.push({ query, bytes, text: new TextDecoder().decode(bytes), signal });
      return answer(asked[asked.length - 1]);
    },
  });
  const work = createWork(around.ports);
  const desk = () => /** @type {Desk} */ (around.state().desks.data);
  const rest = () => until(() => !desk().isReading);
  return { work, desk, asked, rest, calls: around.calls, replaced: around.replaced };
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  for (let k = 0; k < 400 && !isSo(); k++) await new Promise((later) => setTimeout(later, 5));
  assert.ok(isSo());
}

test("a text that is typed is asked about when the keys rest, as it is, and used", async () => {
  const { work, desk, asked, rest, calls, replaced } = page();
  const text = "a,b,ß\n1,2,3\n4,5,6\n";
  for (const end of [5, 9, text.length]) work.act.readText(text.slice(0, end));
  assert.equal(desk().isReading, true);
  work.act.use();
  await rest();
  assert.deepEqual(
    asked.map((it) => it.text),
    [text],
  );
  assert.equal(desk().text, text);
  assert.deepEqual(desk().answer?.data.x, [
    [1, 2],
    [4, 5],
  ]);
  assert.deepEqual(calls, [], "what is still read cannot be used");
  work.act.use();
  await until(() => calls.length > 0);
  assert.deepEqual(calls, ["replace: data: My own data"]);
  assert.deepEqual(replaced()?.data.y, [[3], [6]]);
  assert.deepEqual([desk().section, desk().text], ["rows", text]);
});

test("the bytes of a file go as they are; its letters are shown as the server read them", async () => {
  const utf16 = Uint8Array.from(
    [0xfe, 0xff, ..."ä,b\n1,2\n"].flatMap((it) =>
      typeof it === "number" ? [it] : [0, it.charCodeAt(0)],
    ),
  );
  const { work, desk, asked, rest } = page(() => ({
    ...answered({ text: "ä,b\n1,2\n", query: new URLSearchParams() }),
    encoding: "utf-16",
  }));
  work.act.openFile(new File([utf16], "wide.csv", { type: "text/csv" }));
  await rest();
  assert.deepEqual(asked[0].bytes, utf16);
  assert.deepEqual([desk().name, desk().text, desk().isFile], ["wide.csv", "ä,b\n1,2\n", true]);
  work.act.choose(() => ({ encoding: "utf-16" }));
  await rest();
  assert.deepEqual([asked[1].bytes, asked[1].query.get("encoding")], [utf16, "utf-16"]);
  work.act.readText(`${desk().text}3,4\n`);
  await rest();
  assert.equal(new TextDecoder().decode(asked[2].bytes), "ä,b\n1,2\n3,4\n");
  assert.deepEqual([asked[2].query.get("encoding"), desk().name, desk().isFile], [null, "", false]);
});

test("of questions that overtake one another the newest counts, in whatever order answers come", async () => {
  /** @type {((answer: any) => void)[]} */
  const waiting = [];
  const { work, desk, asked, rest } = page(
    (it) => new Promise((resolve) => waiting.push((late) => resolve(late ?? answered(it)))),
  );
  work.act.openFile(new File(["a,b\n1,2\n"], "first.csv"));
  await until(() => asked.length === 1);
  work.act.openFile(new File(["a,b\n3,4\n"], "second.csv"));
  await until(() => asked.length === 2);
  assert.equal(asked[0].signal?.aborted, true);
  waiting[1](null);
  await rest();
  waiting[0](null);
  await new Promise((later) => setTimeout(later, 20));
  assert.deepEqual([desk().name, desk().answer?.data.x], ["second.csv", [[3]]]);
});

test("a choice stays while others are made, and waits while its column is not there", async () => {
  const { work, desk, asked, rest } = page();
  work.act.readText("a,b\n1,2\n");
  await rest();
  work.act.choose(() => ({ roles: { a: "skip" } }));
  await rest();
  work.act.choose(() => ({ header: false }));
  await rest();
  assert.deepEqual(
    desk().answer?.columns.map((it) => it.name),
    ["column 1", "column 2"],
  );
  assert.equal(asked.at(-1)?.query.get("role.a"), null);
  assert.deepEqual(desk().choices.roles, { a: "skip" });
  work.act.choose(() => ({ header: null, decimal: "comma" }));
  await rest();
  const last = asked.at(-1)?.query;
  assert.deepEqual(
    [last?.get("role.a"), last?.get("decimal"), last?.get("header")],
    ["skip", "comma", null],
  );
  work.act.choose(() => ({ scale: true }));
  await rest();
  assert.equal(asked.at(-1)?.query.get("role.a"), "skip");
});

test("what is refused says why, with the columns where they were read; nothing typed is lost", async () => {
  const understood = answered({ text: "a,b\n1,2", query: new URLSearchParams() });
  const { work, desk, rest } = page(({ bytes }) =>
    bytes[0] === 0x50 ? refused(415, "this is a workbook") : refused(422, "no input", understood),
  );
  work.act.readText("a,b\n1,2\n");
  await rest();
  assert.deepEqual([desk().answer, desk().refusal?.detail], [null, "no input"]);
  assert.equal(desk().refusal?.table?.columns.length, 2);
  work.act.openFile(new File([Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0])], "iris.xlsx"));
  await rest();
  assert.deepEqual(
    [desk().refusal?.detail, desk().refusal?.table, desk().text],
    ["this is a workbook", null, ""],
  );
  work.act.takeBack();
  await rest();
  assert.deepEqual([desk().text, desk().name], ["a,b\n1,2\n", ""]);
});

test("a file too large, or gone, is told without a question; an empty box is none", async () => {
  const { work, desk, asked, rest } = page();
  const large = new File(["1,2"], "large.csv");
  Object.defineProperty(large, "size", { value: 99 * 1024 * 1024 });
  work.act.openFile(large);
  await rest();
  assert.match(
    desk().refusal?.detail ?? "",
    /these are 99 MB; at most 32 MB can be read\. Keep a part/,
  );
  const gone = new File(["1,2"], "gone.csv");
  Object.defineProperty(gone, "arrayBuffer", { value: () => Promise.reject(new Error("gone")) });
  work.act.openFile(gone);
  await rest();
  assert.match(desk().refusal?.detail ?? "", /could not be read/);
  work.act.clear();
  await rest();
  assert.deepEqual([desk().refusal, desk().answer, desk().name], [null, null, ""]);
  assert.equal(asked.length, 0);
});
