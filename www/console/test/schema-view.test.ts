/** The parts of the view Schema that need no browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as codegen from "sysparm/codegen";
import { openApi } from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";
import { descriptionsOf } from "../src/schema-view/descriptions.ts";
import { schemaDifferences } from "../src/schema-view/difference.ts";
import { readReferrers } from "../src/schema-view/referrers.ts";
import { BOX, drawing, MOST_DRAWN, referredTables } from "../src/schema-view/relations.ts";
import { shownFields } from "../src/schema-view/shown-fields.ts";
import type { Environment } from "../src/workspace/model.ts";

const field = (part: Partial<Field>): Field => ({ type: "string", source: "dictionary", declaredIn: "task", ...part });

function schemaOf(fields: Record<string, Field>): TableSchema {
  const ancestry = [{ name: "incident", label: "Incident" }, { name: "task" }];
  const rest = { custom: [], indexes: [], complete: true, unread: [], language: "en", readAt: 0, changedAt: null };
  return { table: "incident", tables: { incident: { fields } }, ancestry, ...rest };
}

const fields = {
  number: field({ label: "Number", maxLength: 40 }),
  caller_id: field({ label: "Caller", type: "reference", reference: "sys_user", declaredIn: "incident" }),
  opened_by: field({ label: "Opened by", type: "reference", reference: "sys_user" }),
  cmdb_ci: field({ label: "Item", type: "reference", reference: "cmdb_ci" }),
  u_cost: field({ label: "Cost", type: "decimal", custom: true, declaredIn: "incident" }),
};
const schema = schemaOf(fields);

test("fields are found by words, by their table and by custom", () => {
  const names = (filter: Partial<Parameters<typeof shownFields>[1]>) =>
    shownFields(schema, { text: "", ownOnly: false, customOnly: false, ...filter }).map(([name]) => name);
  assert.deepEqual(names({ text: "user reference" }), ["caller_id", "opened_by"]);
  assert.deepEqual(names({ ownOnly: true }), ["caller_id", "u_cost"]);
  assert.deepEqual(names({ customOnly: true }), ["u_cost"]);
  assert.equal(names({}).length, 5);
});

test("differences name what a program depends on", () => {
  const other = schemaOf({
    ...fields,
    number: field({ label: "Number", maxLength: 80 }),
    caller_id: field({ ...fields.caller_id, choices: [{ value: "1", label: "One", inactive: true }] }),
    u_more: field({ type: "reference", reference: "u_table" }),
  });
  assert.deepEqual(schemaDifferences(schema, schema), { differences: [], equal: 5 });
  assert.deepEqual(schemaDifferences(schema, other), {
    differences: [
      { name: "caller_id", what: "choices", values: ["", "1 One (no longer offered)"] },
      { name: "number", what: "length", values: ["40", "80"] },
      { name: "u_more", what: "", values: [null, "reference to u_table"] },
    ],
    equal: 3,
  });
});

test("relations stand in boxes that do not overlap, or in the list", () => {
  assert.deepEqual(
    referredTables(schema).map(({ table, fields: by }) => [table, by.map((one) => one.field)]),
    [
      ["sys_user", ["caller_id", "opened_by"]],
      ["cmdb_ci", ["cmdb_ci"]],
    ],
  );
  const relations = (count: number) => Array.from({ length: count }, (_, at) => ({ table: `t_${at}`, fields: [] }));
  const counts = fc.nat({ max: 30 });
  fc.assert(
    fc.property(counts, counts, (referrers, referred) => {
      const drawn = drawing("incident", relations(referrers), relations(referred));
      assert.equal(drawn.left.length + drawn.right.length + drawn.leftOut, referrers + referred);
      assert.ok(drawn.left.length <= MOST_DRAWN && drawn.right.length <= MOST_DRAWN);
      for (const side of [drawn.left, [drawn.centre], drawn.right]) {
        for (const [at, { x, y }] of side.entries()) {
          assert.ok(x >= 0 && y >= 0 && x + BOX.width <= drawn.width && y + BOX.height <= drawn.height);
          assert.ok(y >= (side[at - 1]?.y ?? -BOX.height) + BOX.height, "boxes of a side stand below each other");
        }
      }
    }),
  );
});

test("table is described in TypeScript, JSON Schema and OpenAPI", () => {
  const auth = { kind: "oauth", grant: "client_credentials", clientId: "a" } as const;
  const route = { way: "direct", instanceUrl: "https://dev.example/", auth } as const;
  const environment = { id: "a", name: "DEV", kind: "dev", route, release: "" } as unknown as Environment;
  const [typescript, jsonSchema, openapi] = descriptionsOf({ codegen, openApi }, schema, environment);
  assert.match(typescript?.text ?? "", /export interface Incident \{/);
  assert.ok(JSON.parse(jsonSchema?.text ?? "").$defs.Incident);
  const document = JSON.parse(openapi?.text ?? "");
  assert.deepEqual(document.servers, [{ url: "https://dev.example" }]);
  const methods = Object.values(document.paths).flatMap((path) => Object.keys(path as object));
  assert.ok(methods.includes("get") && !methods.some((method) => /post|patch|delete/.test(method)), methods.join());
  const [, , refused] = descriptionsOf({ codegen, openApi }, schema, {
    ...environment,
    route: { ...route, instanceUrl: "dev" },
  });
  assert.deepEqual([refused?.text, refused?.problem !== ""], ["", true]);
});

test("referrers are grouped by table, and what is hidden is said", async () => {
  const rows = [
    { name: "problem", element: "parent_incident", column_label: "Parent" },
    { name: "change_request", element: "cause", column_label: "" },
    { name: "problem", element: "first", column_label: "" },
  ];
  const table = () => ({ list: async () => ({ rows, hidden: 2, total: 5 }) });
  const found = await readReferrers({ table } as never, "incident", new AbortController().signal);
  assert.deepEqual(
    found.relations?.map((one) => [one.table, one.fields.length]),
    [
      ["problem", 2],
      ["change_request", 1],
    ],
  );
  assert.equal(found.note, "Access rules hide 2 entries of the dictionary.");
  const denied = { table: () => ({ list: () => Promise.reject(new Error("denied")) }) };
  const none = await readReferrers(denied as never, "incident", new AbortController().signal);
  assert.equal(none.relations, null, "not known is not none");
});
