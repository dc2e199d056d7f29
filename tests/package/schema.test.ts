/** Schemas, from scripted dictionaries: what is inherited, overridden and chosen, what is hidden, and what is kept how long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance, Page, ReadOptions, Row, Store } from "sysparm";
import type { SchemaOptions } from "sysparm/schema";
import { SchemaError, schema } from "../../www/glue/src/schema/index.js";

type Records = Record<string, Record<string, string>[]>;

/** A table that access rules close, or hide a number of records of. */
type Rules = Record<string, "closed" | "failing" | number>;

const RECORDS: Records = {
  sys_db_object: [
    { sys_id: "i", name: "incident", label: "Incident", super_class: "t" },
    { sys_id: "t", name: "task", label: "Task", super_class: "", "sys_scope.scope": "global" },
  ],
  sys_dictionary: [
    { name: "task", element: "sys_id", internal_type: "GUID", max_length: "32", active: "true" },
    {
      ...{ name: "task", element: "priority", internal_type: "integer", column_label: "Priority", default_value: "4" },
      ...{ mandatory: "false", read_only: "false", active: "true", sys_updated_on: "2026-01-02 00:00:00" },
    },
    { name: "task", element: "assigned_to", internal_type: "reference", reference: "sys_user", active: "true" },
    { name: "task", element: "retired", internal_type: "string", active: "false" },
    { name: "incident", element: "state", internal_type: "integer", active: "true" },
    { name: "incident", element: "u_symptom", internal_type: "string", choice: "2", active: "true" },
  ],
  sys_dictionary_override: [
    {
      ...{ name: "incident", element: "priority", default_value_override: "true", default_value: "5" },
      ...{ mandatory_override: "true", mandatory: "true", read_only_override: "false", read_only: "true" },
    },
    {
      ...{ name: "incident", element: "assigned_to", mandatory_override: "false", mandatory: "true" },
      ...{ read_only_override: "true", read_only: "true", default_value_override: "false", default_value: "x" },
    },
  ],
  sys_choice: [
    { name: "incident", element: "state", value: "2", label: "In Arbeit", language: "de", sequence: "2" },
    { name: "task", element: "state", value: "1", label: "Open", language: "en", sequence: "1" },
    { name: "incident", element: "state", value: "2", label: "In Progress", language: "en", sequence: "2" },
    { name: "incident", element: "state", value: "1", label: "New", language: "en", sequence: "1" },
    { name: "incident", element: "state", value: "1", label: "Neu", language: "de", sequence: "1" },
    { name: "incident", element: "state", value: "9", label: "Old", language: "en", sequence: "9", inactive: "true" },
    { name: "task", element: "state", value: "4", label: "Closed", language: "en", sequence: "4" },
    { name: "task", element: "priority", value: "1", label: "1 - Critical", language: "en", dependent_value: "" },
  ],
  sys_index: [{ logical_table_name: "task", col_name_string: "priority,state", unique_index: "false" }],
};

const SAMPLE: Row = {
  sys_id: "1",
  sys_updated_on: "2026-01-01 00:00:00",
  caller_id: { value: "u", link: "https://x.example/api/now/table/sys_user/u" } as never,
  x_acme_grade: "",
};

/** As much of an instance as a schema asks for; `asked` counts its requests. */
function scripted(rules: Rules = {}, samples: Row[] | "unknown" = [SAMPLE], records: Records = RECORDS) {
  const refused = (kind: string, code: string) => Object.assign(new Error(code), { kind, code });
  const asked: string[] = [];
  const barrier: { open: Promise<void>; signals: AbortSignal[] } = { open: Promise.resolve(), signals: [] };
  const table = (name: string) => ({
    async list({ query = "", signal }: ReadOptions): Promise<Page> {
      asked.push(name);
      if (signal) barrier.signals.push(signal);
      await barrier.open;
      signal?.throwIfAborted();
      const rule = rules[name];
      if (rule === "failing") throw refused("network", "network.unreachable");
      if (rule === "closed") throw refused("authorization", "table.denied");
      const conditions = String(query).split("^");
      const rows = (records[name] ?? []).filter((record) =>
        conditions.every((condition) => {
          const [, field = "", operator, value = ""] = /^(\w+?)(=|IN|ISNOTEMPTY)(.*)$/.exec(condition) ?? [];
          return operator === "ISNOTEMPTY" ? record[field] : value.split(",").includes(record[field] ?? "");
        }),
      );
      const hidden = Math.min(rule ?? 0, rows.length);
      const shown = rows.slice(hidden);
      return { rows: shown, seen: shown.length, total: rows.length, hidden, complete: true, caveat: null, next: null };
    },
    async count() {
      asked.push("count");
      return 250_000;
    },
  });
  const request = async () => {
    asked.push("rows");
    if (samples === "unknown") throw refused("request", "table.unknown");
    return Response.json({ result: samples });
  };
  const instance = { url: "https://x.example", table, request } as unknown as Instance;
  return { instance, asked, barrier };
}

const fieldsOf = async (instance: Instance, options: SchemaOptions = {}) =>
  (await schema(instance, "incident", options)).tables.incident?.fields ?? {};

test("table has its own and inherited fields with their class", async () => {
  const { instance, asked } = scripted();
  const made = await schema(instance, "incident");
  const fields = made.tables.incident?.fields ?? {};
  assert.deepEqual(Object.keys(fields).sort(), ["assigned_to", "priority", "state", "sys_id", "u_symptom"]);
  assert.deepEqual(fields.assigned_to, {
    type: "reference",
    reference: "sys_user",
    declaredIn: "task",
    readOnly: true,
    overridden: { readOnly: "incident" },
    source: "dictionary",
  });
  assert.deepEqual(made.ancestry, [
    { name: "incident", label: "Incident" },
    { name: "task", label: "Task", scope: "global" },
  ]);
  assert.deepEqual([made.custom, fields.u_symptom?.suggestions], [["u_symptom"], true]);
  assert.deepEqual([made.complete, made.unread], [true, []]);
  assert.equal(made.changedAt, Date.parse("2026-01-02T00:00:00Z"));
  assert.deepEqual(made.indexes, [{ fields: ["priority", "state"], unique: false, table: "task" }]);
  assert.deepEqual([fields.priority?.indexed, fields.sys_id?.indexed, fields.state?.indexed], [true, true, undefined]);
  assert.ok(!asked.includes("rows") && asked.length === 6, asked.join());
});

test("override changes what it says it does, and no more", async () => {
  const { priority, assigned_to: assigned } = await fieldsOf(scripted().instance);
  assert.deepEqual([assigned?.defaultValue, assigned?.mandatory, assigned?.readOnly], [undefined, undefined, true]);
  assert.deepEqual(assigned?.overridden, { readOnly: "incident" });
  assert.deepEqual([priority?.defaultValue, priority?.mandatory, priority?.readOnly], ["5", true, false]);
  assert.deepEqual(priority?.overridden, { defaultValue: "incident", mandatory: "incident" });
  const task = await schema(scripted().instance, "task");
  assert.deepEqual(task.tables.task?.fields.priority?.defaultValue, "4");
});

test("choices: nearest class, in order, in the language or English", async () => {
  const { instance } = scripted();
  const { state, priority } = await fieldsOf(instance);
  assert.deepEqual(state?.choices, [
    { value: "1", label: "New" },
    { value: "2", label: "In Progress" },
    { value: "9", label: "Old", inactive: true },
  ]);
  assert.deepEqual(priority?.choices, [{ value: "1", label: "1 - Critical" }]);
  const german = await fieldsOf(instance, { language: "de" });
  assert.deepEqual(
    german.state?.choices?.map(({ label }) => label),
    ["Neu", "In Arbeit", "Old"],
  );
});

test("hidden dictionary is reported, fields of rows marked", async () => {
  const closed = { sys_db_object: "closed", sys_dictionary: "closed", sys_dictionary_override: "closed" } as const;
  const { instance } = scripted({ ...closed, sys_choice: "closed", sys_index: "closed" });
  const made = await schema(instance, "incident", { rows: true });
  assert.deepEqual(made.tables, {
    incident: {
      fields: {
        sys_id: { type: "GUID", source: "row" },
        sys_updated_on: { type: "glide_date_time", source: "row" },
        caller_id: { type: "reference", reference: "sys_user", source: "row" },
        x_acme_grade: { custom: true, source: "row" },
      },
    },
  });
  assert.deepEqual([made.complete, made.indexes, made.custom], [false, null, ["x_acme_grade"]]);
  assert.deepEqual(
    made.unread.map(({ what, table, hidden }) => [what, table, hidden]),
    [
      ["ancestry", "sys_db_object", null],
      ["fields", "sys_dictionary", null],
      ["choices", "sys_choice", null],
      ["indexes", "sys_index", null],
    ],
  );
  assert.match(made.unread[1]?.message ?? "", /sys_dictionary may not be read by this user: fields may be missing/);
});

test("gaps in the dictionary are filled from rows, and counted", async () => {
  const made = await schema(scripted({ sys_dictionary: 2 }).instance, "incident");
  const fields = made.tables.incident?.fields ?? {};
  assert.deepEqual([fields.assigned_to?.source, fields.caller_id?.source], ["dictionary", "row"]);
  assert.deepEqual([made.complete, made.unread[0]?.hidden], [false, 2]);
  const allHidden = await schema(scripted({ sys_dictionary: 6 }).instance, "incident");
  assert.deepEqual(Object.keys(allHidden.tables.incident?.fields ?? {}).sort(), Object.keys(SAMPLE).sort());
  const parent = await schema(scripted({ sys_db_object: 1 }).instance, "incident");
  assert.deepEqual([parent.complete, parent.unread[0]?.what], [false, "ancestry"]);
});

test("unreadable schema and unknown table are errors, never empty", async () => {
  const rules: Rules = { sys_db_object: "closed", sys_dictionary: "closed", sys_choice: "closed", sys_index: "closed" };
  await assert.rejects(schema(scripted(rules, []).instance, "incident"), (thrown: SchemaError) => {
    assert.match(thrown.message, /shows no row.*sys_dictionary may not be read/);
    return thrown instanceof SchemaError && thrown.code === "schema.unreadable";
  });
  const unknown = schema(scripted({}, "unknown").instance, "incidnt");
  await assert.rejects(unknown, (thrown: { code?: string }) => thrown.code === "table.unknown");
});

test("other failures than access are thrown and not cached", async () => {
  const rules: Rules = { sys_choice: "failing" };
  const { instance } = scripted(rules);
  await assert.rejects(schema(instance, "incident"), (thrown: { kind?: string }) => thrown.kind === "network");
  rules.sys_choice = 0;
  assert.equal((await schema(instance, "incident")).complete, true);
});

test("dictionary that says nothing is filled from rows", async () => {
  const made = await schema(scripted({}, [SAMPLE], { ...RECORDS, sys_dictionary: [] }).instance, "incident");
  assert.deepEqual(Object.keys(made.tables.incident?.fields ?? {}).sort(), Object.keys(SAMPLE).sort());
});

test("classes in a circle end", async () => {
  const circle = [
    { sys_id: "a", name: "incident", super_class: "b" },
    { sys_id: "b", name: "b", super_class: "a" },
  ];
  const made = await schema(scripted({}, [SAMPLE], { ...RECORDS, sys_db_object: circle }).instance, "incident");
  assert.deepEqual(
    made.ancestry.map(({ name }) => name),
    ["incident", "b"],
  );
});

test("one reading serves all callers within its age", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const { instance, asked } = scripted();
  const [one, other] = await Promise.all([schema(instance, "incident"), schema(instance, "incident")]);
  assert.equal(one, other);
  const requests = asked.length;
  context.mock.timers.setTime(1_000_000 + 3_599_999);
  assert.equal(await schema(instance, "incident"), one);
  assert.equal(asked.length, requests);
  context.mock.timers.setTime(1_000_000 + 3_600_000);
  const later = await schema(instance, "incident");
  assert.deepEqual([later === one, later.readAt, asked.length], [false, 4_600_000, 2 * requests]);
  assert.notEqual(await schema(instance, "incident", { maxAgeMs: 0 }), later);
  context.mock.timers.setTime(0);
  assert.equal((await schema(instance, "incident")).readAt, 0);
});

test("failed reading is not cached; an abandoned one ends", async () => {
  const { instance, barrier } = scripted();
  let open = () => {};
  barrier.open = new Promise((resolve) => {
    open = resolve;
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const readings = [first, second].map(({ signal }) => schema(instance, "incident", { signal }));
  const reason = new Error("changed my mind");
  first.abort(reason);
  await assert.rejects(readings[0] as Promise<unknown>, reason);
  assert.equal(barrier.signals[0]?.aborted, false);
  second.abort(reason);
  await assert.rejects(readings[1] as Promise<unknown>, reason);
  assert.equal(barrier.signals[0]?.aborted, true);
  const again = schema(instance, "incident");
  open();
  assert.equal((await again).table, "incident");
});

test("store keeps one schema per user; its failure does no harm", async () => {
  const texts = new Map<string, string>();
  const store: Store = {
    get: async (name) => texts.get(name),
    set: async (name, text, { expiresAt }) => {
      assert.ok(expiresAt > Date.now());
      texts.set(name, text);
    },
  };
  const made = await schema(scripted().instance, "incident", { store, user: "ada" });
  const later = scripted();
  assert.deepEqual(await schema(later.instance, "incident", { store, user: "ada" }), JSON.parse(JSON.stringify(made)));
  assert.equal(later.asked.length, 0);
  await schema(later.instance, "incident", { store, user: "bob" });
  assert.equal(later.asked.length, 6);
  const other = JSON.stringify({ form: 1, schema: { ...made, table: "problem" } });
  for (const [name] of texts) texts.set(name, other);
  const spoilt = scripted();
  await schema(spoilt.instance, "incident", { store, user: "ada" });
  assert.equal(spoilt.asked.length, 6);
  const failing = { get: () => Promise.reject(new Error("full")), set: () => Promise.reject(new Error("full")) };
  assert.equal((await schema(scripted().instance, "incident", { store: failing })).table, "incident");
});

test("rows are counted on request, for lint's cost of an order", async () => {
  const made = await schema(scripted().instance, "incident", { rows: true });
  assert.equal(made.tables.incident?.rows, 250_000);
});

test("invalid options are refused before any request", async () => {
  const { instance, asked } = scripted();
  const refused = async (table: unknown, options: object = {}) => {
    const asking = schema(instance, table as string, options);
    await assert.rejects(asking, (thrown: SchemaError) => thrown.code === "schema.options");
  };
  await refused("incident^active=true");
  await refused(undefined);
  await refused("incident", { maxAge: 1 });
  await refused("incident", { maxAgeMs: Number.NaN });
  await refused("incident", { language: "en^x" });
  assert.equal(asked.length, 0);
});

test("key of a reference is named where it is not sys_id", async () => {
  const named = { internal_type: "reference", reference: "sys_db_object", active: "true", name: "incident" };
  const records = {
    ...RECORDS,
    sys_dictionary: [
      { ...named, element: "u_table", reference_key: "name" },
      { ...named, element: "u_object", reference_key: "sys_id" },
    ],
  };
  const { u_table, u_object } = await fieldsOf(scripted({}, [SAMPLE], records).instance);
  assert.deepEqual([u_table?.referenceKey, u_object?.referenceKey], ["name", undefined]);
});
