/** What policies leave of a table's description and how long it is kept, without workerd. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type OpenApiDocument, openApi } from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";
import { AUTOMATIC_COLUMNS } from "../../../www/glue/src/shared/automatic-columns.js";
import { Timing } from "../../../www/worker/src/gateway/timing.ts";
import { choiceFor, operationsOf } from "../../../www/worker/src/openapi/choice.ts";
import { openApiReply } from "../../../www/worker/src/openapi/openapi.ts";
import { covers } from "../../../www/worker/src/policy/compile.ts";
import { compilePolicy } from "../../../www/worker/src/policy/policy.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";

type TablePolicy = NonNullable<Policy["tables"]>[string];

const NAMES = ["qalpha", "qbravo", "qcharlie", "qdelta", "qecho"];
const schemaOf = (complete = true): TableSchema => ({
  table: "u_thing",
  tables: {
    u_thing: {
      fields: Object.fromEntries([
        ...NAMES.map((name) => [name, { type: "string", source: "dictionary" }]),
        ["qsecret", { type: "password2", source: "dictionary" }],
      ]),
    },
  },
  ancestry: [{ name: "u_thing" }],
  ...{ custom: [], indexes: null, complete, unread: [], language: "en", readAt: 0, changedAt: null },
});

function described(rules: TablePolicy, complete = true, name = "u_thing"): OpenApiDocument {
  const policy = compilePolicy({ tables: { [name]: rules } });
  const schema = schemaOf(complete);
  const choice = choiceFor(policy, schema, operationsOf(policy, "u_thing", undefined), [schema]);
  return openApi({ url: "https://worker.test/acme", server: "worker", schemas: [schema], tables: { u_thing: choice } });
}
const propertiesOf = ({ components }: OpenApiDocument, schema: string) =>
  Object.keys((components.schemas[schema] as { properties?: object } | undefined)?.properties ?? {});

test("no field appears that a policy does not allow", () => {
  const fields = fc.subarray([...NAMES, "qalpha.qname", "*", "qother"], { minLength: 1 });
  const list = fc.option(fields, { nil: undefined });
  const methods = fc.subarray(["GET", "POST", "PATCH", "DELETE"] as const, { minLength: 1 });
  fc.assert(
    fc.property(methods, list, list, list, fc.boolean(), (given, readable, conditions, writable, complete) => {
      const rules = {
        methods: [...given],
        ...(readable && { fields: readable }),
        ...(conditions && { conditions }),
        ...(writable && { writable }),
      };
      const compiled = compilePolicy({ tables: { u_thing: rules } }).tables.get("u_thing") ?? assert.fail("no rules");
      const document = described(rules, complete);
      for (const name of propertiesOf(document, "u_thing")) assert.ok(covers(compiled.readable, name), name);
      for (const name of propertiesOf(document, "u_thing-write")) assert.ok(covers(compiled.writable, name), name);
      const text = JSON.stringify(document).replaceAll("qalpha.qname", "");
      for (const name of NAMES) {
        const isAllowed = [compiled.readable, compiled.conditions, compiled.writable].some((one) => covers(one, name));
        assert.ok(isAllowed || !text.includes(name), name);
      }
      assert.ok(!text.includes("qsecret"));
    }),
    { numRuns: 100 },
  );
});

test("policy without conditions has no query", () => {
  const text = JSON.stringify(described({ fields: ["qalpha"], conditions: [] }));
  assert.ok(text.includes("qalpha") && !text.includes("sysparm_query"));
});

/** A table of these fields. */
const tableOf = (table: string, fields: Record<string, Partial<Field>>): TableSchema => {
  const all = Object.entries(fields).map(([name, field]) => [name, { type: "string", source: "dictionary", ...field }]);
  return {
    ...schemaOf(),
    table,
    tables: { [table]: { fields: Object.fromEntries(all) } },
    ancestry: [{ name: table }],
  };
};

test("unknown names behind references are left out", () => {
  const names = ["number", "caller_id.email", "caller_id.emai", "caller_id.boss.qname", "a.b.c.d.e.f.g", "ünbekannt"];
  const policy = compilePolicy({ tables: { incident: { fields: names }, sys_user: { fields: ["name"] } } });
  const user = tableOf("sys_user", { name: {}, email: {}, boss: { type: "reference", reference: "u_unread" } });
  const incident = tableOf("incident", { number: {}, caller_id: { type: "reference", reference: "sys_user" } });
  const { fields } = choiceFor(policy, incident, ["list"], [incident, user]);
  assert.deepEqual(fields, ["number", "caller_id.email", "caller_id.boss.qname"]);
  assert.deepEqual(choiceFor(policy, incident, ["list"], [incident]).fields?.length, 4);
});

test("automatic fields are written only if the policy says so", () => {
  const fixed = ["opened_at", ...AUTOMATIC_COLUMNS];
  const fields = Object.fromEntries([...fixed, "name"].map((name) => [name, { readOnly: name === "opened_at" }]));
  const schema = tableOf("u_thing", fields);
  const written = (rules: TablePolicy) =>
    choiceFor(compilePolicy({ tables: { u_thing: rules } }), schema, ["update"], [schema]).writable;
  assert.deepEqual(written({ fields: [...fixed, "name"] }), ["name"]);
  for (const rules of [{}, { writable: ["*"] }, { fields: ["name"], writable: ["*"] }])
    assert.deepEqual(written(rules), ["name"]);
  assert.deepEqual(written({ writable: [...fixed, "name"] }), [...fixed, "name"]);
  assert.deepEqual(written({ writable: ["*", "sys_created_on"] }), ["sys_created_on", "name"]);
});

test("policy of all fields chooses none", () => {
  const choice = (rules: TablePolicy) =>
    choiceFor(compilePolicy({ tables: { u_thing: rules } }), schemaOf(), ["list"], []);
  assert.deepEqual([choice({}).fields, choice({}).conditions], [undefined, undefined]);
  assert.deepEqual(choice({ conditions: ["qalpha"] }).conditions, ["qalpha"]);
  assert.deepEqual(choice({ fields: ["qecho"], conditions: ["*"] }).conditions, NAMES);
});

test("rules of a beginning of names describe its tables", () => {
  const document = described({ methods: ["POST"], writable: ["qecho"] }, true, "u_*");
  assert.deepEqual(
    [propertiesOf(document, "u_thing-write"), Object.keys(document.paths)],
    [["qecho"], ["/api/now/table/u_thing"]],
  );
});

test("fields of an unknown dictionary are those that the policy names", () => {
  assert.deepEqual(propertiesOf(described({ fields: ["qother", "qalpha"] }, false), "u_thing"), ["qother", "qalpha"]);
  assert.deepEqual(propertiesOf(described({ fields: ["qother", "qalpha"] }), "u_thing"), ["qalpha"]);
});

test("description is kept as long as its oldest dictionary", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 0, 31) });
  let label = "First";
  t.mock.method(globalThis, "fetch", async (target: string) => {
    const rows = target.includes("/sys_db_object?") ? [{ name: "u_thing", label }] : [];
    const result = target.includes("/sys_dictionary?") ? [{ name: "u_thing", element: "u_name" }] : rows;
    return Response.json({ result }, { headers: { "x-total-count": String(result.length) } });
  });
  const to = {
    instanceUrl: "https://instance.test",
    credentials: { held: () => TOKEN, obtain: async () => TOKEN },
    policy: compilePolicy({ tables: { u_thing: {} } }),
    scripted: false,
    use: { tenant: "acme", take: () => 0 },
  };
  const read = async (search = "") => {
    const request = new Request(`https://worker.test/acme/openapi.json${search}`);
    const text = await (await openApiReply(request, to, new Timing(Date.now))).text();
    return /Records of ServiceNow: (\w+)/.exec(text)?.[1];
  };
  const minutes = (count: number) => t.mock.timers.tick(count * 60_000);
  assert.equal(await read(), "First");
  minutes(14);
  label = "Second";
  assert.equal(await read("?version=3.0"), "First");
  minutes(2);
  assert.equal(await read("?version=3.0"), "Second");
});

const TOKEN = { name: "authorization", value: "Bearer token" } as const;
