/** Proposals of maps and their check, one instance at a time: what each says, and why. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { MapFinding, Model, ModelMap } from "sysparm/model";
import type { Field, TableSchema } from "sysparm/schema";

let model: Model;
before(async () => {
  const entry = new URL("../../pkg/dist/model-node.js", import.meta.url).href;
  model = await ((await import(entry)) as typeof import("sysparm/model")).load();
});

function schemaOf(table: string, fields: Record<string, Partial<Field>>, complete = true): TableSchema {
  const described = Object.entries(fields).map(([name, field]) => [name, { source: "dictionary", ...field } as Field]);
  const custom = Object.keys(fields).filter((name) => /^[ux]_/.test(name));
  return {
    ...{ table, tables: { [table]: { fields: Object.fromEntries(described) } }, ancestry: [{ name: table }], custom },
    ...{ indexes: [], complete, unread: [], language: "en", readAt: 0, changedAt: null },
  };
}

const STATES = { 1: "New", 2: "In Progress", 3: "On Hold", 6: "Resolved", 7: "Closed", 8: "Canceled" };
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** A company of a new instance: few columns. */
const COMPANY: Record<string, Partial<Field>> = Object.fromEntries([
  ...["sys_id", "sys_created_by", "sys_updated_by", "name", "street", "city", "state", "zip", "country", "phone"].map(
    (name) => [name, { type: "string" }],
  ),
  ...["website", "stock_symbol"].map((name) => [name, { type: "string" }]),
  ...["sys_created_on", "sys_updated_on"].map((name) => [name, { type: "glide_date_time" }]),
  ...["customer", "vendor", "manufacturer"].map((name) => [name, { type: "boolean" }]),
  ["sys_mod_count", { type: "integer" }],
  ["parent", { type: "reference", reference: "core_company" }],
]);

const found = (findings: MapFinding[]) =>
  findings.map(({ code, severity, field, column }) => `${code} ${severity} ${field} ${column}`);

test("new instance needs no map", async () => {
  const schema = schemaOf("core_company", COMPANY);
  const { map, lines } = await model.suggest(schema);
  assert.deepEqual(map, { version: 1, tables: { core_company: {} } });
  assert.ok(lines.every(({ confidence }) => confidence === "sure"));
  assert.deepEqual(await model.check(null, schema), []);
});

test("changes of a customer are found by the check of the map", async () => {
  const { street: _, phone, ...rest } = COMPANY;
  const schema = schemaOf("core_company", {
    ...rest,
    customer: { type: "string" },
    parent: { type: "reference", reference: "u_group" },
    website: { type: "string", readOnly: true },
    u_tier: { type: "string" },
    u_secret: { type: "password2" },
  });
  const children = [schemaOf("u_company", { phone: { ...phone } })];
  assert.deepEqual(found(await model.check(null, schema, { children })), [
    "column.reference changed parent parent",
    "column.type broken customer customer",
    "column.gone broken street street",
    "column.moved broken phone phone",
    "column.read-only changed website website",
    "column.new new null u_tier",
  ]);
  const partly = await model.check(null, schemaOf("core_company", rest, false));
  assert.deepEqual(found(partly), ["column.unseen changed street street", "column.unseen changed phone phone"]);
});

test("renumbered, new and removed choices are found by the check", async () => {
  const columns = Object.fromEntries(
    model
      .plan("incident")
      .lines.filter(({ column }) => !column.includes("."))
      .map(({ column, shape, reference }) => {
        const types = {
          instant: "glide_date_time",
          boolean: "boolean",
          entry: "journal_input",
          reference: "reference",
        };
        const type = { ...types, choice: "integer", integer: "integer" }[shape as "instant"] ?? "string";
        return [column, { type, ...(reference ? { reference } : {}) }];
      }),
  );
  const check = async (labels: Record<string, string>, map: ModelMap | null = null) =>
    found(
      await model.check(
        map,
        schemaOf("incident", { ...columns, state: { type: "integer", choices: choices(labels) } }),
      ),
    );
  assert.deepEqual(await check(STATES), []);
  assert.deepEqual(await check({ ...STATES, 3: "Closed", 7: "On Hold", 9: "Parked" }), [
    "choice.renumbered broken status state",
    "choice.renumbered broken status state",
    "choice.new broken status state",
  ]);
  const { 8: _, ...fewer } = STATES;
  assert.deepEqual(await check(fewer), ["choice.gone changed status state"]);
  // A map that knows the numbers of the instance has nothing to complain about.
  const values = { 10: "new", 20: "closed" } as const;
  const own: ModelMap = { version: 1, tables: { incident: { fields: { status: { values } } } } };
  assert.deepEqual(await check({ 10: "New", 20: "Closed" }, own), []);
});

test("renumbered choices are proposed by their labels", async () => {
  const state = { type: "integer", choices: choices({ 10: "New", 20: "In Progress", 30: "Closed", 40: "Parked" }) };
  const { map, lines } = await model.suggest(schemaOf("incident", { sys_id: { type: "GUID" }, state }));
  const line = lines.find(({ field }) => field === "status");
  assert.deepEqual(line?.values, { 10: "new", 20: "in_progress", 30: "closed" });
  assert.equal(line?.confidence, "unsure");
  assert.match(line?.reason ?? "", /without a counterpart: Parked/);
  assert.deepEqual(model.plan("incident", map).write({ status: "closed" }).fields, { state: "30" });
});

test("column of a longer name is not taken for a shorter one", async () => {
  const row = { contact_type: "", type: "", u_contact_type: "phone" };
  const text = { type: "string" };
  const schema = schemaOf("change_request", { contact_type: text, type: text, u_contact_type: text });
  const { map, lines } = await model.suggest(schema, { samples: Array.from({ length: 6 }, () => row) });
  const column = (field: string) => lines.find((line) => line.field === field)?.column;
  assert.deepEqual([column("channel"), column("type")], ["u_contact_type", "type"]);
  assert.equal(model.plan("change_request", map).column("channel"), "u_contact_type");
});

test("table of the customer's own is proposed like one of the model", async () => {
  const schema = schemaOf("u_ticket", { u_short_description: { type: "string", label: "Short description" } });
  await assert.rejects(model.suggest(schema), {
    code: "model.table",
    message: /`u_ticket`\. Pass .* like: "incident"/,
  });
  await assert.rejects(model.suggest(schema, { like: "u_x" }), {
    code: "model.table",
    message: /`u_x`\. Pass .* like: "incident" }\. Known: .*problem/,
  });
  const { map, lines } = await model.suggest(schema, { like: "incident" });
  assert.equal(map.tables?.u_ticket?.like, "incident");
  assert.equal(lines.find(({ field }) => field === "title")?.column, "u_short_description");
  assert.deepEqual(model.plan("u_ticket", map).read({ u_short_description: "x" }).custom, {});
});

test("arguments that cannot work are refused by name", async () => {
  await assert.rejects(model.suggest({} as TableSchema), { code: "model.options" });
  await assert.rejects(model.suggest(schemaOf("incident", {}), { samples: [1] as never }), { code: "model.options" });
  await assert.rejects(model.check({ version: 2 } as never, schemaOf("incident", {})), { code: "model.map" });
});
