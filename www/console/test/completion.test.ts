import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Instance } from "sysparm";
import { Query } from "sysparm/query";
import type { Field, TableSchema } from "sysparm/schema";
import type { Completion } from "../src/kit/suggestion";
import { completeAddress, tableOf } from "../src/schema/complete-address";
import { completeParameter } from "../src/schema/complete-parameter";
import { completeQuery } from "../src/schema/complete-query";
import type { Known } from "../src/schema/known";
import { createSchemas, type SchemaSource } from "../src/schema/schemas";

const INCIDENT = schemaOf("incident", {
  number: { type: "string", label: "Number" },
  active: { type: "boolean", label: "Active" },
  opened_at: { type: "glide_date_time", label: "Opened" },
  caller_id: { type: "reference", label: "Caller", reference: "sys_user" },
  state: {
    type: "integer",
    label: "State",
    choices: [
      { value: "1", label: "New" },
      { value: "6", label: "Resolved" },
    ],
  },
});
const USER = schemaOf("sys_user", { name: { type: "string", label: "Name" }, vip: { type: "boolean", label: "VIP" } });
const TABLES = [
  { name: "incident", label: "Incident", extends: "task" },
  { name: "sys_user", label: "User", extends: "" },
  { name: "imp_user", label: "Users to import", extends: "sys_import_set_row" },
  { name: "cmdb_ci", label: "Configuration item", extends: "cmdb" },
  { name: "cmdb_ci_server", label: "Server", extends: "cmdb_ci" },
];

const schemas = createSchemas(() => Promise.resolve(Query));
const operators = schemas.of(null, "").operators;
const known: Known = {
  tables: () => ({ phase: "read", data: TABLES, note: "" }),
  schema: (table) => {
    const data = { incident: INCIDENT, sys_user: USER }[table];
    return data ? { phase: "read", data, note: "" } : { phase: "failed", why: `No table ${table}.` };
  },
  operators,
};

before(async () => {
  operators(undefined);
  await settled();
});

function schemaOf(table: string, fields: Record<string, Omit<Field, "source">>): TableSchema {
  const declared = Object.entries(fields).map(([name, field]) => [name, { ...field, source: "dictionary" }]);
  return {
    table,
    tables: { [table]: { fields: Object.fromEntries(declared) } },
    ancestry: [{ name: table }],
    custom: [],
    indexes: [],
    complete: true,
    unread: [],
    language: "en",
    readAt: 0,
    changedAt: null,
  };
}

/** The text with the first option accepted, or with the one of a value. `|` is the cursor. */
function accept(complete: (text: string, caret: number) => Completion | null, marked: string, value?: string): string {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = complete(text, caret);
  const option = value === undefined ? found?.options[0] : found?.options.find((one) => one.value === value);
  assert.ok(found && option, `an option at ${marked}: ${JSON.stringify(found)}`);
  return text.slice(0, found.from) + option.value + text.slice(found.to);
}

const query = (text: string, caret: number) => completeQuery(text, caret, "incident", known);
const path = (text: string, caret: number) => completeAddress(text, caret, known, []);
const values = (found: Completion | null) => (found?.options ?? []).map((option) => option.value);

test("table name is completed in the path of each API", () => {
  assert.equal(accept(path, "/api/now/table/inc|"), "/api/now/table/incident");
  assert.equal(accept(path, "/api/now/v2/stats/use|/x"), "/api/now/v2/stats/sys_user/x", "by its label too");
  assert.deepEqual(values(path("/api/now/import/", 16)), ["imp_user"]);
  assert.deepEqual(values(path("/api/now/cmdb/instance/", 23)), ["cmdb_ci", "cmdb_ci_server"]);
  assert.equal(path("/api/now/table/incident?x=/api/now/table/", 41), null);
});

test("table of a request is that of its path", () => {
  assert.equal(tableOf("https://dev.service-now.com/api/now/v2/table/incident/1c74?x=1"), "incident");
  assert.equal(tableOf("/api/now/attachment"), "sys_attachment");
  assert.equal(tableOf("/api/now/v1/batch"), "");
});

test("query is completed by field, operator and choice", () => {
  assert.equal(accept(query, "st|"), "state");
  assert.equal(accept(query, "active=true^ORsta|^NQa=1"), "active=true^ORstate^NQa=1");
  assert.equal(accept(query, "state|", "state!="), "state!=");
  assert.equal(accept(query, "state=Res|"), "state=6", "by the label of the choice");
  assert.equal(accept(query, "stateIN1,|,9", "6"), "stateIN1,6,9");
  assert.equal(accept(query, "caller_id.na|"), "caller_id.name");
  assert.equal(accept(query, "caller_id|", "caller_id."), "caller_id.");
  assert.equal(accept(query, "caller_id.vip=|"), "caller_id.vip=true");
  assert.equal(accept(query, "active=true^ORDERBYDESCopen|"), "active=true^ORDERBYDESCopened_at");
  assert.equal(accept(query, "stateSAMEASnum|"), "stateSAMEASnumber");
});

test("times, the user and classes are proposed as values", () => {
  assert.equal(accept(query, "opened_at>=daysAgoS|"), "opened_at>=javascript:gs.daysAgoStart(7)");
  assert.equal(accept(query, "caller_id=|^active=true"), "caller_id=javascript:gs.getUserID()^active=true");
  assert.equal(accept(query, "numberINSTANCEOFserv|"), "numberINSTANCEOFcmdb_ci_server");
  for (const value of values(query("opened_at>=", 11))) {
    const [problem] = Query.parse(`opened_at>=${value}`).lint(INCIDENT);
    assert.equal(problem, undefined, `guarded script allows ${value}`);
  }
});

test("nothing is said where nothing fits", () => {
  assert.equal(query("state=12345", 11), null);
  assert.equal(path("/api/now/table/zzz", 18), null);
});

test("conditions on related records are left to the person", () => {
  for (const text of ["RLQUERYincident.problem_id,>=1^sta", "active=true^RLQUERYincident.problem_id,>=1^sta"])
    assert.equal(query(text, text.length), null, text);
  assert.equal(
    accept(query, "RLQUERYincident.problem_id,>=1^ENDRLQUERY^sta|"),
    "RLQUERYincident.problem_id,>=1^ENDRLQUERY^state",
  );
});

test("hostile names and labels stay short texts", () => {
  const fields = JSON.parse(`{"__proto__": {"type": "string"}, "constructor": {"type": "string"}}`);
  const long = { type: "string", label: "<img src=x>".repeat(100_000) };
  const data = schemaOf("incident", { ...INCIDENT.tables.incident?.fields, long });
  for (const [name, field] of Object.entries(fields))
    Object.defineProperty(data.tables.incident?.fields, name, { value: field, enumerable: true });
  const hostile: Known = { ...known, schema: () => ({ phase: "read", data, note: "" }) };
  const of = (text: string) => completeQuery(text, text.length, "incident", hostile);
  assert.ok(values(of("__pro")).includes("__proto__"));
  assert.ok(values(of("__proto__")).includes("__proto__="));
  assert.match(query("constructor.x", 13)?.footer ?? "", /incident has no field constructor/);
  assert.ok(of("lon")?.options.every(({ note }) => note.length < 200));
});

test("reading that failed is tried again later", async () => {
  let time = 0;
  let asked = 0;
  const read = createSchemas(
    () => Promise.resolve(Query),
    () => time,
  );
  const source: SchemaSource = {
    schema: () => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error("no network")) : Promise.resolve(INCIDENT);
    },
    table: () => assert.fail(),
  };
  read.of(source, "").schema("incident");
  await settled();
  assert.equal(read.of(source, "").schema("incident").phase, "failed");
  time = 30_000;
  assert.equal(read.of(source, "").schema("incident").phase, "reading");
  await settled();
  assert.equal(read.of(source, "").schema("incident").phase, "read");
});

test("fields that were read stay if reading them again fails", async () => {
  let fails = false;
  const read = createSchemas(() => Promise.resolve(Query));
  const source: SchemaSource = {
    schema: () => (fails ? Promise.reject(new Error("no network")) : Promise.resolve(INCIDENT)),
    table: () => assert.fail(),
  };
  read.of(source, "").schema("incident");
  await settled();
  fails = true;
  await read.refresh(source, "incident");
  const kept = read.of(source, "").schema("incident");
  assert.equal(kept.phase === "read" && kept.data, INCIDENT);
  assert.match(
    kept.phase === "read" ? kept.note : "",
    /^These are of an earlier reading\. The fields of incident could not/,
  );
});

test("reading fields again is shown until it ends", async () => {
  const read = createSchemas(() => Promise.resolve(Query));
  const source: SchemaSource = {
    schema: (table) => (table === "gone" ? Promise.reject(new Error("no network")) : Promise.resolve(INCIDENT)),
    table: () => assert.fail(),
  };
  assert.deepEqual([read.isRefreshing(source), read.isRefreshing(null)], [false, false]);
  const both = ["incident", "gone"].map((table) => read.refresh(source, table));
  assert.equal(read.isRefreshing(source), true);
  await Promise.all(both);
  assert.equal(read.isRefreshing(source), false);
});

test("operators that could not be loaded are asked for again", async () => {
  let fails = true;
  const read = createSchemas(() => (fails ? Promise.reject(new TypeError("failed to fetch")) : Promise.resolve(Query)));
  const here: Known = { ...known, ...read.of(null, ""), schema: known.schema };
  completeQuery("numberST", 8, "incident", here);
  await settled();
  assert.match(
    completeQuery("numberST", 8, "incident", here)?.footer ?? "",
    /^Operators could not be loaded\. Type on/,
  );
  await settled();
  fails = false;
  completeQuery("numberST", 8, "incident", here);
  await settled();
  assert.ok(values(completeQuery("numberST", 8, "incident", here)).includes("STARTSWITH"));
});

test("operators are those that the package accepts for the type", () => {
  const fitting = (text: string) => values(query(text, text.length));
  assert.ok(fitting("opened_at").includes("opened_atRELATIVEGT"));
  assert.ok(!fitting("active").includes("active>"), "no order of true and false");
  assert.ok(fitting("numberST").includes("STARTSWITH"));
  assert.equal(query("active>", 7), null, "an operator that does not fit is left as it is typed");
  const words = operators(undefined).map((operator) => `${operator.token} ${operator.words}`);
  assert.ok(words.includes("IN is one of") && words.includes("RELATIVEGT is after"), words.join(", "));
});

test("join and order are proposed after a condition", () => {
  const found = values(query("active=true^", 12));
  assert.ok(
    ["state", "OR", "NQ", "ORDERBY"].every((value) => found.includes(value)),
    found.join(", "),
  );
  assert.ok(!values(query("", 0)).includes("NQ"), "nothing can be joined to nothing");
});

test("missing schema is said in the footer and proposes nothing", () => {
  const none = schemas.of(null, "DEV is not connected.");
  assert.deepEqual(completeQuery("st", 2, "incident", none), {
    from: 0,
    to: 0,
    options: [],
    footer: "DEV is not connected.",
  });
  assert.match(completeQuery("caller_id.x.", 12, "incident", known)?.footer ?? "", /sys_user has no field x/);
  assert.match(completeQuery("number.", 7, "incident", known)?.footer ?? "", /number is no reference/);
});

test("parameters are completed by what they take", () => {
  const of = (name: string) => (text: string, caret: number) => completeParameter(name, text, caret, "incident", known);
  assert.equal(accept(of("sysparm_fields"), "number,calle|,x"), "number,caller_id,x");
  assert.equal(accept(of("sysparm_fields"), "number, caller_id.na|"), "number, caller_id.name");
  assert.equal(accept(of("sysparm_order_by"), "AVG^st|"), "AVG^state");
  assert.equal(accept(of("sysparm_order_by"), "state^|"), "state^DESC");
  assert.equal(accept(of("sysparm_display_value"), "a|"), "all");
  assert.equal(accept(of("table_name"), "serv|"), "cmdb_ci_server");
  assert.equal(accept(of("state"), "|", "6"), "6");
  assert.equal(of("sysparm_query")("number={{na", 11), null, "variables are the person's own");
});

test("schemas of one connection are not those of another", async () => {
  const asked: string[] = [];
  const source = (name: string): SchemaSource => ({
    schema: (table) => {
      asked.push(`${name} ${table}`);
      return Promise.resolve(schemaOf(table, { [`u_${name}`]: { type: "string" } }));
    },
    table: () => {
      throw new Error(`${name} hides its tables`);
    },
  });
  const [dev, prod] = [source("dev"), source("prod")];
  for (const one of [dev, dev, prod]) assert.equal(schemas.of(one, "").schema("incident").phase, "reading");
  await settled();
  const fields = (one: SchemaSource) => {
    const reading = schemas.of(one, "").schema("incident");
    return reading.phase === "read" ? Object.keys(reading.data.tables.incident?.fields ?? {}) : [];
  };
  assert.deepEqual([fields(dev), fields(prod)], [["u_dev"], ["u_prod"]]);
  assert.deepEqual(asked, ["dev incident", "prod incident"], "each is read once");
  await schemas.refresh(prod, "incident");
  assert.deepEqual(asked.slice(2), ["prod incident"]);
  schemas.of(dev, "").tables();
  await settled();
  const tables = schemas.of(dev, "").tables();
  assert.match(tables.phase === "failed" ? tables.why : "", /list of tables could not be read.*dev hides/);
});

test("hidden part of the dictionary is said with the fields", async () => {
  const message = "sys_choice is hidden: labels of choices are missing";
  const hidden = { ...INCIDENT, unread: [{ what: "choices" as const, table: "sys_choice", hidden: null, message }] };
  const source = { schema: () => Promise.resolve(hidden), table: () => undefined } as unknown as Instance;
  const here = schemas.of(source, "");
  here.schema("incident");
  await settled();
  const found = completeQuery("st", 2, "incident", here);
  assert.equal(found?.options[0]?.value, "state");
  assert.match(found?.footer ?? "", /Not all could be read: sys_choice is hidden/);
});

function settled(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}
