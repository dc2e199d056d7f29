import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import { Query } from "sysparm/query";
import type { Field, TableSchema } from "sysparm/schema";
import { addressesOf, requestOf } from "../src/query-studio/addresses";
import { type Decoded, decode } from "../src/query-studio/decode";
import { type Facts, hintsOf } from "../src/query-studio/hints";
import { createRun, previewFields, withFixes } from "../src/query-studio/run";
import { createSavedQueries } from "../src/query-studio/saved";
import { createStudio } from "../src/query-studio/studio";
import type { Known } from "../src/schema/known";
import { createSchemas } from "../src/schema/schemas";
import { memoryBacking } from "../src/store/backing";
import { createStore } from "../src/store/store";

const taken = (text: string) => decode(text, Query) as Exclude<Decoded, { problem: string }>;

test("pasted address is decoded, and what was done is said", () => {
  const query = "active=true^priority=1";
  for (const [text, said] of [
    ["incident_list.do?sysparm_query=active%3Dtrue%5Epriority%3D1", "Decoded from the address of a list of incident."],
    [
      "https://dev1.service-now.com/now/nav/ui/classic/params/target/incident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriority%253D1%26sysparm_view%3Dess",
      "Decoded from an address of the navigation of incident. Not taken over: sysparm_view.",
    ],
    [
      "/api/now/table/incident?sysparm_query=active=true%5Epriority=1&sysparm_limit=5",
      "Decoded from a request of the REST API of incident. Not taken over: sysparm_limit.",
    ],
    [
      "HTTPS%3A%2F%2Fdev1.service-now.com%2Fincident_list.do%3Fsysparm_query%3Dactive%253Dtrue%255Epriority%253D1",
      "Decoded from the address of a list of incident.",
    ],
  ] as const) {
    assert.deepEqual(taken(text), { table: "incident", query, said }, text);
  }
  assert.deepEqual(taken("sysparm_query=active%3Dtrue%5Epriority%3D1"), {
    table: "",
    query,
    said: "Taken out of an address that names no table.",
  });
  const record = "0123456789abcdef0123456789abcdef";
  assert.equal(taken(`problem.do?sys_id=${record}`).query, `sys_id=${record}`);
});

test("pasted text is decoded, joined and written in normal form", () => {
  assert.deepEqual(taken("active%3Dtrue%5EnameCONTAINSx"), {
    table: "",
    query: "active=true^nameLIKEx",
    said: "The percent-encoding was removed.",
  });
  assert.deepEqual(taken("active=true"), { table: "", query: "active=true", said: "" });
  assert.equal(taken(" active=true\n  ^state=1\n  ^OR\nstate=2 ").query, "active=true^state=1^ORstate=2");
  assert.match(taken("active=true\n^state=1").said, /^Line breaks were removed\.$/);
  const spaces = `active=true${" ".repeat(100_000)}x`;
  const began = performance.now();
  assert.equal(taken(spaces).query, spaces);
  assert.ok(performance.now() - began < 2_000, "many spaces take no time");
  assert.match(taken("ORDERBYnumber^active=true^EQ").said, /normal form/);
  assert.deepEqual(decode("https://dev1.service-now.com/incident.do", Query), {
    problem: "This is an address and no query; pass the query itself, such as active=true.",
  });
});

const FIELDS: Readonly<Record<string, { type: string; indexed?: boolean }>> = {
  active: { type: "boolean", indexed: true },
  number: { type: "string", indexed: true },
  state: { type: "integer" },
  opened_at: { type: "glide_date_time" },
  short_description: { type: "string" },
  caller_id: { type: "reference" },
};
const facts: Facts = { table: "incident", field: (name) => FIELDS[name], indexesKnown: true, encodedLength: 10 };
const hints = (text: string, part: Partial<Facts> = {}) =>
  hintsOf(Query.parse(text).tree(), { ...facts, ...part }).map(({ tone, text }) => `${tone}: ${text}`);
const has = (text: string, pattern: RegExp) => assert.match(hints(text).join("\n"), pattern, text);

test("hints name indexes, unindexed sorts, joins and texts", () => {
  assert.deepEqual(hints("active=true^state=1"), ["ok: An index begins with active: the rows can be found by it."]);
  has("state=1", /warn: No index serves a condition: every row of incident is looked at/);
  has("active=true^ORstate=1", /warn: active or state: the index of one does not serve, because state has none/);
  has("active=true^NQstate=1", /ok: Group 1.*\nwarn: Group 2: no index/);
  has("", /warn: The query has no condition/);
  has("active=true^short_descriptionLIKEvpn", /warn: short_description: a text that may begin anywhere/);
  has("numberSTARTSWITHINC", /^ok: An index begins with number/);
  has(
    "caller_id.name=Joe^ORassigned_to.name=Joe",
    /warn: caller_id\.name or assigned_to\.name: alternatives in different tables/,
  );
  has("caller_idSTARTSWITHJoe", /warn: caller_id: a text operator on a reference/);
  has("active=true^ORDERBYopened_at", /warn: Sorted by opened_at, with which no index begins/);
  has("active=true^ORDERBYcaller_id.name", /warn: Sorted by caller_id.name, a field of another table/);
  assert.equal(hints("active=true^ORDERBYnumber^ORDERBYsys_id").length, 1);
  assert.match(hints("state=1", { indexesKnown: false }).join(), /^info: Which fields of incident have an index/);
  assert.doesNotMatch(
    hints("state=1", { indexesKnown: false }).join(),
    /could not be read/,
    "perhaps it was not asked for",
  );
  assert.match(hints("active=true", { encodedLength: 9_000 }).join(), /9,000 characters/);
});

const none = createSchemas(() => Promise.resolve(Query)).of(null, "Not connected.");
const schema = {
  table: "incident",
  tables: { incident: { fields: { state: { type: "integer" }, active: { type: "boolean" } } } },
};

test("likeliest fix of each error is taken, warnings stay", () => {
  assert.equal(withFixes(Query.parse("stat=1^activ=true", { lenient: true }), schema), "state=1^active=true");
  assert.equal(withFixes(Query.parse("state=1^state=1"), schema), null);
  assert.deepEqual(previewFields(["number", "state", "u_x"], ["u_x", "caller_id.name", "sys_id", "gone"]), [
    "number",
    "u_x",
    "caller_id.name",
    "state",
  ]);
  assert.deepEqual(previewFields(["u_a", "u_b"], []), ["sys_id", "u_a", "u_b"]);
});

test("run counts both queries, and a refusal keeps the other answers", async () => {
  const asked: string[] = [];
  const table = () => ({
    count: async (query: string) => {
      asked.push(query);
      if (query === "bad") throw new Error("refused");
      return query.length;
    },
    list: async ({ limit }: { limit: number }) => ({ rows: [{ number: String(limit) }] }),
  });
  const run = createRun(() => 5);
  const request = { table: "incident", query: "bad", fixed: "state=1", fields: ["number"] };
  await run.run({ table } as unknown as Instance, request);
  const { value } = run.state;
  assert.ok(value.phase === "done");
  assert.deepEqual([value.answer.written, value.answer.fixed, asked], [null, 7, ["bad", "state=1"]]);
  assert.match(value.answer.failure?.message ?? "", /refused/);
  assert.equal(value.answer.rows.length, 1);
});

test("run says why the fixed query could not be counted", async () => {
  const table = () => ({
    count: async (query: string) => {
      if (query === "state=1") throw new Error("refused");
      return 3;
    },
    list: async () => ({ rows: [] }),
  });
  const run = createRun(() => 5);
  await run.run({ table } as unknown as Instance, { table: "incident", query: "stat=1", fixed: "state=1", fields: [] });
  const { value } = run.state;
  assert.ok(value.phase === "done" && value.answer.written === 3 && value.answer.fixed === null);
  assert.match(value.answer.failure?.message ?? "", /refused/);
});

test("studio takes a pasted address with its table, and puts the former back", () => {
  const saved = createSavedQueries(createStore(memoryBacking()));
  const studio = createStudio(Query, () => none, saved);
  studio.edited.value.editText("active=true");
  studio.paste("problem_list.do?sysparm_query=state%3D1");
  assert.deepEqual([studio.asked.value.table, studio.asked.value.query], ["problem", "state=1"]);
  studio.putBack();
  assert.deepEqual([studio.asked.value.table, studio.asked.value.query], ["incident", "active=true"]);
  const { id } = saved.add("Open", { table: "incident", query: "active=true" });
  studio.open({ id, table: "incident", query: "active=true" });
  studio.paste("state=1");
  assert.equal(studio.savedId.value, "", "saving does not replace the query that was open");
  studio.putBack();
  assert.deepEqual([studio.savedId.value, studio.asked.value.query], [id, "active=true"]);
  studio.open({ table: "problem", query: "state=2" });
  assert.equal(studio.replaced.peek(), null, "the former one is saved");
  studio.open({ id, table: "incident", query: "active=true" });
  assert.match(studio.replaced.value?.said ?? "", /not saved/);
  studio.paste("https://dev1.service-now.com/incident.do");
  assert.match(studio.refused.value, /address/);
  assert.equal(studio.asked.value.query, "active=true");
  assert.ok(studio.isForeign("incident_list.do?sysparm_query=a%3D1") && !studio.isForeign("true^ORstate"));
  studio.sortBySysId();
  assert.equal(studio.edited.value.text.value, "active=true^ORDERBYsys_id");
  assert.match(studio.unwritable.value, /fields of incident are not known/);
});

test("rows are not writable while a table that they need is unread", async () => {
  const tables: Record<string, Record<string, Field>> = {
    incident: {
      active: { type: "boolean", source: "dictionary" },
      caller_id: { type: "reference", reference: "sys_user", source: "dictionary" },
    },
    sys_user: { name: { type: "string", source: "dictionary" } },
    task_sla: {
      task: { type: "reference", reference: "task", source: "dictionary" },
      stage: { type: "string", source: "dictionary" },
    },
  };
  const isRead = signal(false);
  const known: Known = {
    ...none,
    schema: (table) =>
      table === "incident" || isRead.value
        ? { phase: "read", data: { table, tables: { [table]: { fields: tables[table] } } } as TableSchema, note: "" }
        : { phase: "failed", why: "Refused." },
  };
  const studio = createStudio(Query, () => known, createSavedQueries(createStore(memoryBacking())));
  studio.edited.value.editText("active=true^caller_id.nam=Joe");
  assert.equal(studio.unwritable.value, "The fields of sys_user are not known, so the query could not be checked.");
  const related = "RLQUERYtask_sla.task,>=1^stag=x^ENDRLQUERY";
  studio.edited.value.editText(related);
  assert.match(studio.unwritable.value, /^The fields of task_sla are not known/);
  isRead.value = true;
  assert.match(studio.unwritable.value, /^Correct the errors/);
  studio.edited.value.editText(related.replace("stag", "stage"));
  assert.equal(studio.unwritable.value, "");
  studio.edited.value.editText("active=true^caller_id.nam=Joe");
  assert.match(studio.unwritable.value, /^Correct the errors/);
  studio.edited.value.editText("active=true^caller_id.name=Joe");
  assert.equal(studio.unwritable.value, "");
});

test("saved queries keep distinct names and come back after a removal", async () => {
  const backing = memoryBacking();
  const store = createStore(backing);
  const saved = createSavedQueries(store);
  const query = { table: "incident", query: "active=true" };
  saved.add("Open", query);
  const second = saved.add("Open", query);
  assert.deepEqual(
    saved.list.value.map(({ name }) => name),
    ["Open", "Open (2)"],
  );
  saved.change(second.id, { query: "state=1" });
  await store.all("queries");
  const other = createSavedQueries(createStore(backing));
  await other.load();
  assert.equal(other.find(second.id)?.query, "state=1");
  saved.remove(second.id);
  assert.equal(saved.list.value.length, 1);
  saved.putBack();
  assert.equal(saved.find(second.id)?.query, "state=1");
});

test("query that another tab changed is not said to be removed", async () => {
  const backing = memoryBacking();
  const [store, otherStore] = [createStore(backing), createStore(backing)];
  const [saved, other] = [createSavedQueries(store), createSavedQueries(otherStore)];
  const { id } = saved.add("Open", { table: "incident", query: "active=true" });
  await store.all("queries");
  await other.load();
  other.change(id, { query: "state=1" });
  await otherStore.all("queries");
  saved.remove(id);
  await store.all("queries");
  assert.equal(saved.find(id)?.query, "state=1", "the store kept it");
  assert.equal(saved.removed.value, null);
  saved.remove(id);
  await store.all("queries");
  assert.equal(saved.removed.peek()?.query, "state=1");
  assert.equal(saved.find(id), undefined);
});

test("addresses carry the whole query", () => {
  const [list, api] = addressesOf({ base: "https://x.example", pages: "https://x.example" }, "incident", "a=b&c^d=1");
  assert.equal(Query.fromUrl(list?.text ?? "").query.toString(), "a=b&c^d=1");
  assert.equal(Query.fromUrl(api?.text ?? "").query.toString(), "a=b&c^d=1");
  const [unknown] = addressesOf({ base: "https://worker.example/dev", pages: "" }, "incident", "a=1");
  assert.equal(unknown?.text, "/incident_list.do?sysparm_query=a%3D1", "a worker has no pages");
  const { address, parameters } = requestOf("incident", "a=1", ["number"]);
  assert.equal(address, "/api/now/table/incident");
  assert.deepEqual(
    parameters.map(({ name, value }) => `${name}=${value}`),
    ["sysparm_query=a=1", "sysparm_fields=number", "sysparm_limit=1000"],
  );
});
