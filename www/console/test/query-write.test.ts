import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "sysparm";
import { Query } from "sysparm/query";
import { newEnvironment } from "../src/environments/environments";
import { createGuard } from "../src/environments/guard";
import { createWriting, FRESH_MS, type Plan, TOO_OLD, type WriteHost } from "../src/query-studio/write";
import { newSecretRef } from "../src/workspace/model";

const plan: Plan = {
  kind: "update",
  environment: "DEV",
  table: "incident",
  query: Query.parse("active=true"),
  schema: {
    table: "incident",
    tables: { incident: { fields: { active: { type: "boolean" }, state: { type: "integer" } } } },
  },
  patch: { state: "7" },
  fields: ["state"],
};

/** Three rows; `log` has what was read and written, in order. */
function setUp(host: Partial<WriteHost> = {}) {
  const log: string[] = [];
  let rows = ["a", "b", "c"].map((id) => ({ sys_id: id.repeat(32), state: "1" }));
  const table = () => ({
    name: "incident",
    pages: async function* ({ fields }: { fields?: string[] }) {
      log.push(`pages ${fields?.join() ?? "all"}`);
      yield { rows, hidden: 1 };
    },
    list: async () => ({ rows }),
    update: async (id: string, patch: object) => void log.push(`update ${id[0]} ${JSON.stringify(patch)}`),
    delete: async (id: string) => void log.push(`delete ${id[0]}`),
  });
  let now = 1_000;
  const writing = createWriting(
    () => import("sysparm/query"),
    () => now,
  );
  const full: WriteHost = { asks: () => false, allow: async () => true, keep: null, ...host };
  const find = (part: Partial<Plan> = {}) => writing.find({ table } as unknown as Instance, { ...plan, ...part }, full);
  const asking = async () => {
    while (writing.state.value.phase === "finding") await new Promise((resolve) => setTimeout(resolve));
    assert.equal(writing.state.value.phase, "asking", JSON.stringify(writing.state.value));
  };
  return {
    writing,
    log,
    find,
    asking,
    wait: (ms: number) => {
      now += ms;
    },
    grow: () => {
      rows = Array.from({ length: 10_001 }, (_, index) => ({ sys_id: String(index).padStart(32, "0"), state: "1" }));
    },
    /** The first row no longer matches the query; another one does. */
    change: () => {
      rows = [...rows.slice(1), { sys_id: "d".repeat(32), state: "1" }];
    },
  };
}

test("rows are written after their number was typed", async () => {
  const { writing, log, find, asking } = setUp();
  const ended = find();
  await asking();
  assert.ok(writing.state.value.phase === "asking" && writing.state.value.hidden === 1);
  assert.equal(writing.confirm("4"), "“4” is not the number of rows. Enter 3.");
  assert.deepEqual(log, ["pages sys_id"], "nothing is written for another number");
  assert.equal(writing.confirm("3"), "");
  await ended;
  const state = writing.state.peek();
  assert.ok(state.phase === "ended");
  assert.equal(state.outcome.written, 3);
  assert.deepEqual(
    log.slice(1).sort(),
    ["a", "b", "c"].map((id) => `update ${id} {"state":"7"}`),
  );
});

test("number is typed once, for production by its guard", async () => {
  const guard = createGuard();
  const environment = newEnvironment({
    ...{ name: "PROD", kind: "prod" },
    route: { way: "direct", instanceUrl: "https://a.test", auth: { kind: "bearer", token: newSecretRef() } },
  });
  const { writing, log, find, asking } = setUp({
    asks: () => guard.asks(environment),
    allow: (name, writes) => guard.allowRun(environment, name, writes),
  });
  const ended = find({ kind: "delete", patch: {} });
  await asking();
  assert.equal(writing.confirm(""), "", "the guard asks for the number");
  while (!guard.question.value) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(guard.question.value.writes, [{ line: "DELETE /api/now/table/incident/…", times: 3 }]);
  assert.deepEqual(log, ["pages sys_id"], "nothing is written before its answer");
  guard.question.value.answer(true);
  await ended;
  assert.equal(log.length, 4);
  assert.equal(guard.question.value, null, "it asks once");
});

test("rows found more than a minute ago are not written", async () => {
  const { writing, log, find, asking, wait } = setUp();
  const ended = find({ kind: "delete" });
  await asking();
  wait(FRESH_MS + 1);
  assert.equal(writing.confirm("3"), TOO_OLD);
  writing.cancel();
  await ended;
  assert.equal(writing.state.value.phase, "idle");
  assert.deepEqual(log, ["pages sys_id"]);
});

test("rows are not written when the question stood for too long", async () => {
  let later = () => {};
  const { writing, log, find, asking, wait } = setUp({
    allow: async () => {
      later();
      return true;
    },
  });
  later = () => wait(FRESH_MS + 1);
  const ended = find();
  await asking();
  assert.equal(writing.confirm("3"), "");
  await ended;
  assert.ok(writing.state.value.phase === "failed" && !writing.state.value.changed);
  assert.equal(writing.state.value.failure.message, TOO_OLD);
  assert.deepEqual(log, ["pages sys_id"]);
});

test("no row is written whose present values are not kept", async () => {
  const kept: unknown[] = [];
  const { writing, log, find, asking, change } = setUp({ keep: (_, rows) => void kept.push(rows) });
  const ended = find();
  await asking();
  change();
  writing.confirm("3");
  await ended;
  assert.ok(writing.state.value.phase === "failed" && !writing.state.value.changed);
  assert.match(writing.state.value.failure.message, /no longer finds 1 of the 3 rows/);
  assert.deepEqual([kept, log], [[], ["pages sys_id", "pages sys_id,state"]]);
});

test("more rows than are written at once are refused in plain words", async () => {
  const { writing, find, grow } = setUp();
  grow();
  await find();
  assert.ok(writing.state.value.phase === "failed");
  assert.match(writing.state.value.failure.message, /more than 10,000 rows.* Narrow it\./);
});

test("present values are kept before the first write", async () => {
  const order: string[] = [];
  const { writing, log, find, asking } = setUp({
    keep: (_, rows) => void order.push(`${writing.state.value.phase} ${rows.length}`),
  });
  const ended = find({ kind: "delete" });
  await asking();
  writing.confirm("3");
  await ended;
  assert.deepEqual(order, ["keeping 3"]);
  assert.deepEqual(log.slice(0, 2), ["pages sys_id", "pages all"]);
  assert.equal(log.length, 5);
});

test("refused question and unsound query write nothing", async () => {
  const asked: unknown[] = [];
  const { writing, log, find, asking } = setUp({
    allow: async (...given) => {
      asked.push(given);
      return false;
    },
  });
  const refused = find();
  await asking();
  writing.confirm("3");
  await refused;
  assert.equal(writing.state.peek().phase, "idle");
  const planned = { line: "PATCH /api/now/table/incident/…: state=7", times: 3 };
  assert.deepEqual(asked, [["Update rows of incident", [planned]]]);
  for (const part of [{ query: Query.parse("activ=true") }, { query: Query.parse("") }, { patch: { stat: "7" } }]) {
    await find(part);
    assert.ok(writing.state.value.phase === "failed" && !writing.state.value.changed, JSON.stringify(part));
  }
  assert.deepEqual(log, ["pages sys_id"]);
});
