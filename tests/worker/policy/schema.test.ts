import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { toJsonSchema } from "@valibot/to-json-schema";
import { policySchema } from "../../../www/worker/src/policy/schema.ts";
import { problemsOfPolicy, readPolicy } from "./read-policy.ts";

const messageOf = (data: unknown): string => {
  const problems = problemsOfPolicy(data);
  assert.ok(problems.length > 0, `${JSON.stringify(data)} is accepted`);
  return problems.join(" ");
};

test("smallest policy names one table", () => {
  assert.deepEqual(readPolicy({ tables: { incident: {} } }), { tables: { incident: {} } });
  assert.deepEqual(readPolicy({}), {});
});

test("unknown option is refused by name with the supported ones", () => {
  assert.match(messageOf({ table: {} }), /^Unknown option `table`\. Supported options: tables, attachments, /);
  const misspelt = messageOf({ tables: { incident: { field: ["number"] } } });
  assert.match(misspelt, /^Unknown option `tables\.incident\.field`\. Supported options: methods, fields, /);
});

test("wrong values are named with their place", () => {
  for (const [table, place, pass] of [
    [{ methods: ["get"] }, "methods[0]", "one of GET, POST, PATCH, PUT, DELETE"],
    [{ methods: [] }, "methods", "a list of some of GET, POST, PATCH, PUT, DELETE"],
    [{ maxRows: 0 }, "maxRows", "a whole number from 1 to 100000"],
    [{ fields: ["a^b"] }, "fields[0]", "a field such as `number`, `caller_id.name` or `*`"],
  ] as const)
    assert.equal(
      messageOf({ tables: { incident: table } }),
      `Invalid option \`tables.incident.${place}\`. Pass ${pass}.`,
    );
  assert.match(
    messageOf({ tables: { "in cident": {} } }),
    /^Invalid option `tables\.in cident`\. Pass a table such as/,
  );
  assert.match(messageOf(7), /^Invalid value\. Pass an object\. Supported options: tables/);
});

test("no problem repeats a value", () => {
  const secret = "planted secret 71c2";
  const table = { methods: [secret], fields: [secret], conditions: [secret], writable: secret, views: [`${secret}!`] };
  const more = { displayValues: secret, textSearch: secret, aggregate: secret, attachments: secret, maxRows: secret };
  const importSets = { imp_user: { methods: [secret], writable: [secret] } };
  const pasted = {
    tables: { incident: { ...table, ...more } },
    importSets,
    batch: secret,
    paths: secret,
    maxBytes: secret,
  };
  assert.ok(problemsOfPolicy(pasted).length >= 12);
  assert.ok(!messageOf(pasted).includes(secret), messageOf(pasted));
});

test("empty list of readable fields is refused", () => {
  // sysparm_fields without a name asks for all fields.
  assert.match(messageOf({ tables: { incident: { fields: [] } } }), /Pass at least one field/);
});

test("beginning of tables' names needs an underscore", () => {
  for (const name of ["x_acme_*", "u_*", "cmdb_ci_*"]) readPolicy({ tables: { [name]: {} } });
  for (const name of ["*", "i*", "sys*", "u_*x", "*_u", "U_*"])
    assert.match(messageOf({ tables: { [name]: {} } }), /^Invalid option/);
});

test("path of an API that has options of its own is refused", () => {
  for (const path of [
    "/api/x_acme/orders",
    "/api/sn_sc/v1/servicecatalog/items",
    "/api/now/cmdb/meta",
    "/api/now/v1/cmdb",
  ]) {
    readPolicy({ paths: { [path]: ["GET"] } });
  }
  for (const path of [
    "/api",
    "/api/now",
    "/api/now/",
    "/api/now/v1",
    "/api/now/table",
    "/api/now/table/incident",
    "/api/now/v2/table",
    "/api/now/stats",
    "/api/now/attachment",
    "/api/now/v1/batch",
    "/api/now/graphql",
    "/api/now/import/imp_user",
    "/api/NOW/cmdb",
    "/api/x_acme/../now",
    "/api/x_acme/%6fw",
    "/api/x_acme//orders",
    "/api/x_acme/orders/",
    "/incident.do",
  ]) {
    assert.match(messageOf({ paths: { [path]: ["GET"] } }), /^Invalid option/, path);
  }
});

test("unrestricted methods cannot be combined with permissions", () => {
  readPolicy({ unrestricted: ["GET"], maxBytes: 1_000_000, requestsPerMinute: 600 });
  assert.match(messageOf({ unrestricted: ["GET"], tables: {} }), /`unrestricted` decides alone/);
});

test("published JSON Schema is the one of the code", () => {
  const file = new URL("../../../www/worker/policy.schema.json", import.meta.url);
  const schema = toJsonSchema(policySchema, { ignoreActions: ["check"] });
  const text = `${JSON.stringify({ ...schema, title: "Policy of a caller of the sysparm worker" }, null, 2)}\n`;
  if (process.env.SYSPARM_WRITE === "1") writeFileSync(file, text);
  const published = readFileSync(file, "utf8");
  assert.deepEqual(JSON.parse(published), JSON.parse(text), "write it with SYSPARM_WRITE=1");
});
