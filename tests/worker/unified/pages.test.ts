/** Pages where access rules hide rows, and changes of the last seconds, without workerd. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Answered } from "../../../www/worker/src/unified/answered.ts";
import { type Row, readPage, type Send, type Source, settled } from "../../../www/worker/src/unified/records.ts";

const SOURCE: Source = {
  target: (query, limit, keysOnly) => `${keysOnly ? "keys" : "rows"} ${limit} ${query}`,
  conditions: ["active=true"],
  order: { column: undefined, descending: false },
  maxRows: undefined,
};

const reply = (result: unknown, headers: Record<string, string> = {}, status = 200) =>
  new Response(JSON.stringify({ result }), { status, headers });

/** An instance whose replies are these, in turn. */
function replies(...all: Response[]) {
  const asked: string[] = [];
  const send: Send = async (_, target) => {
    asked.push(target);
    return all.shift() ?? assert.fail(`unexpected: ${target}`);
  };
  return { send, asked };
}

/** What the caller gets instead of a page. */
async function refusalOf(page: Promise<unknown>): Promise<[status: number, code: string]> {
  const error = await page.then(
    () => assert.fail("a page"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Answered);
  return [error.reply.status, (await error.reply.json()).error.code];
}

test("short page is not the last one while the count says more", async () => {
  for (const [total, isLast] of [
    ["9", false],
    ["4", true],
  ] as const) {
    const { send, asked } = replies(reply([{ sys_id: "a" }], { "x-total-count": total }));
    assert.equal((await readPage(send, SOURCE, { value: "", id: "0" }, 4)).isLast, isLast);
    assert.deepEqual(asked, ["rows 4 active=true^sys_id>0^ORDERBYsys_id"]);
  }
});

test("page without a count is the last one when it is empty", async () => {
  for (const [rows, isLast] of [
    [[{ sys_id: "a" }], false],
    [[], true],
  ] as const)
    assert.equal((await readPage(replies(reply(rows)).send, SOURCE, undefined, 4)).isLast, isLast);
});

test("empty page before the end goes on at the next row that shows", async () => {
  const { send, asked } = replies(
    reply([], { "x-total-count": "900" }),
    reply([{ sys_id: "k" }, { sys_id: "m" }], { "x-total-count": "900" }),
    reply([{ sys_id: "k", number: "1" }], { "x-total-count": "20" }),
  );
  const page = await readPage(send, SOURCE, { value: "", id: "c" }, 4);
  assert.deepEqual([page.rows, page.isLast], [[{ sys_id: "k", number: "1" }], false]);
  assert.deepEqual(asked, [
    "rows 4 active=true^sys_id>c^ORDERBYsys_id",
    "keys 10000 active=true^sys_id>c^ORDERBYsys_id",
    "rows 4 active=true^sys_id>=k^ORDERBYsys_id",
  ]);
});

test("page whose rest is hidden is the last one", async () => {
  const hidden = () => reply([], { "x-total-count": "900" });
  const { send } = replies(hidden(), hidden());
  const { rows, isLast } = await readPage(send, SOURCE, undefined, 4);
  assert.deepEqual([rows, isLast], [[], true]);
});

test("page goes on where its first row has gone meanwhile", async () => {
  const { send, asked } = replies(
    reply([], { "x-total-count": "900" }),
    reply([{ sys_id: "k" }, { sys_id: "m" }], { "x-total-count": "900" }),
    reply([], { "x-total-count": "20" }),
    reply([{ sys_id: "m" }], { "x-total-count": "20" }),
    reply([{ sys_id: "m", number: "1" }], { "x-total-count": "19" }),
  );
  const page = await readPage(send, SOURCE, { value: "", id: "c" }, 4);
  assert.deepEqual([page.rows, page.isLast], [[{ sys_id: "m", number: "1" }], false]);
  assert.deepEqual(asked.slice(3), [
    "keys 10000 active=true^sys_id>=k^ORDERBYsys_id",
    "rows 4 active=true^sys_id>=m^ORDERBYsys_id",
  ]);
});

test("page whose rows always go is refused, not the last one", async () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    reply(index % 2 === 0 ? [] : [{ sys_id: "k" }], { "x-total-count": "20" }),
  );
  assert.deepEqual(await refusalOf(readPage(replies(...many).send, SOURCE, undefined, 4)), [
    409,
    "unified.hidden-rows",
  ]);
});

test("rows behind too many hidden ones are refused, not lost", async () => {
  const hidden = () => reply([], { "x-total-count": "900" });
  const { send, asked } = replies(hidden(), hidden());
  const page = readPage(send, { ...SOURCE, maxRows: 20 }, undefined, 4);
  assert.deepEqual(await refusalOf(page), [409, "unified.hidden-rows"]);
  assert.match(asked[1] ?? "", /^keys 20 /);
});

test("reply that is no list, or none of success, ends the call", async () => {
  for (const [given, status, code] of [
    [reply({ sys_id: "a" }), 502, "unified.reply"],
    [reply(["a"]), 502, "unified.reply"],
    [new Response("<html>", { status: 200 }), 502, "unified.reply"],
    [new Response('{"error":{"code":"record.not-found"}}', { status: 404 }), 404, "record.not-found"],
  ] as const)
    assert.deepEqual(await refusalOf(readPage(replies(given).send, SOURCE, undefined, 4)), [status, code]);
});

test("reply that is too long to convert says so", async () => {
  const long = reply([], { "content-length": String(4 * 1024 * 1024 + 1) });
  const error = await readPage(replies(long).send, SOURCE, undefined, 4).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Answered);
  assert.match(await error.reply.text(), /Ask for fewer items/);
});

test("changes of the last three seconds wait for the next reading", () => {
  const at = Date.parse("2026-02-28T08:30:10Z");
  const rows: Row[] = ["06", "07", "08", "09"].map((second) => ({ sys_updated_on: `2026-02-28 08:30:${second}` }));
  assert.deepEqual(settled({ rows, at, isLast: true }, "sys_updated_on").rows, rows.slice(0, 2));
  assert.deepEqual(settled({ rows, at: at + 9_000, isLast: true }, "sys_updated_on").rows, rows);
  const both = rows.map(({ sys_updated_on: value }) => ({ sys_updated_on: { value, display_value: "in local time" } }));
  assert.deepEqual(settled({ rows: both, at, isLast: true }, "sys_updated_on").rows, both.slice(0, 2));
});
