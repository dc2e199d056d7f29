/** `sysparm/openapi`: documents are valid and bounded, and hold what was chosen and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import SwaggerParser from "@apidevtools/swagger-parser";
import fc from "fast-check";
import { RequestError } from "sysparm";
import {
  type HttpMethod,
  importExported,
  type OpenApiDocument,
  OpenApiError,
  type OpenApiOptions,
  openApi,
  type TableChoice,
} from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";
import {
  ALL,
  INCIDENT,
  operationsOf,
  parameterOf,
  propertiesOf,
  STATES,
  schemaOf,
  URL,
  USER,
} from "./openapi-document.ts";

const validate = (document: OpenApiDocument) => SwaggerParser.validate(structuredClone(document) as never);
const codeOf = (call: () => unknown) => {
  try {
    call();
  } catch (thrown) {
    assert.ok(thrown instanceof OpenApiError && thrown instanceof RequestError, String(thrown));
    return `${thrown.code}: ${thrown.message}`;
  }
  return assert.fail("nothing was thrown");
};

for (const version of ["3.0", "3.1"] as const)
  test(`document of version ${version} is valid`, async () => {
    const tables = { incident: { operations: ALL }, sys_user: { operations: ALL, displayValues: false } };
    const document = openApi({ url: `${URL}/`, schemas: [INCIDENT, USER], tables, version });
    await validate(document);
    assert.deepEqual([document.openapi.slice(0, 3), document.servers], [version, [{ url: URL }]]);
    assert.equal(operationsOf(document).length, 10);
  });

test("reading alone is described unless writing is chosen", () => {
  const document = openApi({ url: URL, schemas: [INCIDENT] });
  assert.deepEqual(
    operationsOf(document).map(({ operationId }) => operationId),
    ["list_incident", "get_incident"],
  );
  assert.ok(!JSON.stringify(document).includes("secret"));
  assert.ok(!JSON.stringify(document).includes("incident-write"));
});

test("field that is not chosen appears nowhere", () => {
  const choice = { operations: ALL, fields: ["sys_id", "number", "caller_id.name"], writable: ["state"] };
  const document = openApi({ url: URL, schemas: [INCIDENT, USER], tables: { incident: choice } });
  const text = JSON.stringify(document);
  for (const name of ["short_description", "opened_at", "work_notes", "sys_updated_on", "email"])
    assert.ok(!text.includes(name), name);
  assert.deepEqual(Object.keys(propertiesOf(document, "incident")), ["sys_id", "number", "caller_id.name"]);
  assert.deepEqual(Object.keys(propertiesOf(document, "incident-write")), ["state"]);
});

test("words tell choices, references, times and empty answers", () => {
  const document = openApi({ url: URL, schemas: [INCIDENT], tables: { incident: { operations: ALL } } });
  const { state, caller_id: caller, opened_at: opened } = propertiesOf(document, "incident");
  assert.match(state?.description ?? "", /State\..* 1 = New; 2 = In Progress\./);
  assert.match(caller?.description ?? "", /sys_user/);
  assert.match(opened?.description ?? "", /UTC.*Read-only/);
  assert.deepEqual(propertiesOf(document, "incident-write").state?.enum, ["1", "2", ""]);
  assert.equal(propertiesOf(document, "incident-write").opened_at, undefined);
  const list = document.paths["/api/now/table/incident"]?.get;
  assert.match(list?.description ?? "", /access rules hide/);
  assert.match(parameterOf(list, "sysparm_query")?.description ?? "", /stateIN1,2.*ORDERBYDESC/);
});

test("worker adds what an instance must be asked for", () => {
  const of = (server: "instance" | "worker", maxRows?: number) => {
    const tables = { incident: { fields: ["number"], maxRows } };
    const list = openApi({ url: URL, schemas: [INCIDENT], server, tables }).paths["/api/now/table/incident"]?.get;
    return ["sysparm_fields", "sysparm_limit"].map((name) => parameterOf(list, name)?.required ?? false);
  };
  assert.deepEqual(of("instance", 20), [true, true]);
  assert.deepEqual(of("worker", 20), [false, false]);
  assert.deepEqual(of("worker"), [false, true]);
});

test("limits of assistants hold for any dictionary", async () => {
  const word = fc.string({ unit: "grapheme", maxLength: 200 });
  const choice = fc.record({ value: word, label: word });
  const field = fc.record({
    type: fc.constantFrom("string", "integer", "glide_list", "journal", "boolean", "strange"),
    label: word,
    choices: fc.array(choice, { maxLength: 60 }),
    mandatory: fc.boolean(),
  });
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,79}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
      fc.dictionary(name, field, { minKeys: 1, maxKeys: 30 }),
      async (names, fields) => {
        const schemas = names.map((table) => schemaOf(table, fields, `${table} of ${names[0]}`.repeat(5)));
        const tables = Object.fromEntries(names.map((table) => [table, { operations: ALL }]));
        const document = openApi({ url: URL, schemas, tables });
        const ids = operationsOf(document).map(({ operationId }) => operationId);
        assert.equal(new Set(ids).size, 5 * names.length);
        assert.ok(ids.every((id) => /^\w{1,64}$/.test(id)));
        for (const operation of operationsOf(document)) {
          assert.ok((operation.description ?? "").length <= 300 && (operation.summary ?? "").length <= 300);
          const parameters = operation.parameters as { description: string }[];
          assert.ok(parameters.every(({ description }) => description.length <= 700));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test("identifiers depend on the table alone, also long ones", () => {
  const [long, longer] = ["x_acme_application_of_something_with_a_name_that_goes_on_and_on", "_for_longer_1"];
  const schemas = [`${long}${longer}`, `${long}${longer.replace("1", "2")}`].map((table) => schemaOf(table, { a: {} }));
  const ids = (given: TableSchema[]) =>
    operationsOf(openApi({ url: URL, schemas: given })).map((one) => one.operationId);
  assert.equal(new Set(ids(schemas)).size, 4);
  assert.deepEqual(ids(schemas.slice(1)), ids(schemas).slice(2));
  assert.ok(ids(schemas).every((id) => id.length === 64 && id.startsWith("list_x_acme") === id.startsWith("list")));
});

test("identifiers of tables differ by an underscore too", () => {
  const schemas = ["u_a", "u_a_", "_u_a"].map((table) => schemaOf(table, { a: {} }));
  const ids = operationsOf(openApi({ url: URL, schemas })).map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, 6, ids.join(" "));
});

const queryWords = (fields: Record<string, Partial<Field>>, choice: TableChoice = {}) => {
  const tables = { u_thing: { operations: ALL, ...choice } };
  const document = openApi({ url: URL, schemas: [schemaOf("u_thing", fields)], tables });
  const list = document.paths["/api/now/table/u_thing"]?.get;
  const of = (name: string) => parameterOf(list, name)?.description ?? "";
  return { document, list, of, get: document.paths["/api/now/table/u_thing/{sys_id}"]?.get?.description ?? "" };
};

test("order of pages is one that may be compared", () => {
  const fields = { u_notes: { type: "journal_input" }, u_name: { type: "string" }, sys_id: { type: "GUID" } };
  assert.match(queryWords(fields).of("sysparm_offset"), /ORDERBYsys_id/);
  assert.match(queryWords(fields, { conditions: ["u_notes", "u_name"] }).of("sysparm_offset"), /ORDERBYu_name/);
  for (const conditions of [[], ["u_notes"]])
    assert.doesNotMatch(queryWords(fields, { conditions }).of("sysparm_offset"), /ORDERBY/);
});

test("cut list of fields says how many more there are", () => {
  const names = Array.from({ length: 91 }, (_, index) => `u_field_of_something_${index}`);
  const many = Object.fromEntries([...names, "number"].map((name) => [name, { type: "string" }]));
  const { of } = queryWords(many, { fields: Object.keys(many) });
  for (const name of ["sysparm_fields", "sysparm_query"]) {
    const [, list = "", more = ""] = /: (number\W[\w, ]*?) and (\d+) more, see the schema/.exec(of(name)) ?? [];
    assert.equal(list.split(",").length + Number(more), 92, of(name));
  }
});

test("words name a list and a number only where there are", () => {
  const fields = { number: { type: "string" }, u_name: { type: "string" } };
  assert.match(queryWords(fields).get, /by its number, use list_u_thing/);
  assert.match(queryWords(fields, { conditions: ["u_name"] }).get, /by other fields, use list_u_thing/);
  assert.doesNotMatch(queryWords(fields, { operations: ["get"] }).get, /list_u_thing/);
});

test("optional choice can be cleared, a mandatory one cannot", () => {
  const choices = [{ value: "", label: "-- None --" }, ...STATES];
  const { document } = queryWords({ a: { choices }, b: { choices, mandatory: true } });
  const { a, b } = propertiesOf(document, "u_thing-write");
  assert.deepEqual(
    [a?.enum, b?.enum],
    [
      ["1", "2", ""],
      ["1", "2"],
    ],
  );
  assert.match(a?.description ?? "", /Choices: 1 = New; 2/);
});

test("example queries hold no value that would end a condition", () => {
  const strange = { choices: ["a^b", "c,d", ""].map((value) => ({ value, label: value })) };
  const plain = { choices: [...strange.choices, { value: "e", label: "E" }, { value: "f", label: "F" }] };
  assert.match(queryWords({ a: strange, b: plain }).of("sysparm_query"), /Examples: b=e ; bINe,f/);
  assert.doesNotMatch(queryWords({ a: strange }).of("sysparm_query"), /\ba(?:=|IN)/);
});

test("words for a worker name only described tables", () => {
  const of = (server: "instance" | "worker", schemas: TableSchema[]) =>
    propertiesOf(openApi({ url: URL, server, schemas }), "incident").caller_id?.description ?? "";
  assert.match(of("instance", [INCIDENT]), /a record of sys_user/);
  assert.match(of("worker", [INCIDENT, USER]), /a record of sys_user/);
  assert.match(of("worker", [INCIDENT]), /sys_id of a record of another table/);
});

test("more operations or bytes are refused with advice", () => {
  const tables = { incident: { operations: ALL } };
  const given = { url: URL, schemas: [INCIDENT], tables };
  assert.match(
    codeOf(() => openApi({ ...given, maxOperations: 4 })),
    /^openapi\.too-large: .*5 operations.*Choose fewer/,
  );
  assert.match(
    codeOf(() => openApi({ ...given, maxBytes: 900 })),
    /^openapi\.too-large: .*incident has 8 fields/,
  );
});

test("names that no schema has are refused with the nearest", () => {
  const wrong = (options: object, text: RegExp) =>
    assert.match(
      codeOf(() => openApi({ url: URL, schemas: [INCIDENT, USER], ...options } as OpenApiOptions)),
      text,
    );
  wrong({ tables: { problem: {} } }, /openapi\.options: Missing schema of table `problem`/);
  wrong({ tables: { incident: { fields: ["nunber"] } } }, /Unknown field in `fields` of incident: nunber.*number/);
  wrong({ tables: { incident: { fields: ["caller_id.nam"] } } }, /caller_id\.nam\. Nearest fields: name/);
  wrong({ tables: { incident: { operations: ["read"] } } }, /Invalid option `tables.incident.operations`/);
  wrong({ tables: { incident: { colour: 1 } } }, /Unknown option `tables.incident.colour`/);
  wrong({ url: "dev12345" }, /Invalid option `url`/);
  for (const url of [
    "https://a:b@host.test",
    "https://host.test?token=1",
    "https://host.test/#a",
    "https://host.test/?",
  ])
    wrong({ url }, /Invalid option `url`/);
  const { ancestry: _, ...unrelated } = INCIDENT;
  for (const schema of [{}, null, { ...INCIDENT, tables: null }, { ...INCIDENT, tables: "x" }, unrelated])
    wrong({ schemas: [INCIDENT, schema] }, /Invalid option `schemas`/);
});

test("fields that an incomplete dictionary lacks are described as unknown", () => {
  const gaps = { ...INCIDENT, complete: false };
  const document = openApi({ url: URL, schemas: [gaps], tables: { incident: { fields: ["u_other"] } } });
  assert.match(propertiesOf(document, "incident").u_other?.description ?? "", /Not in the dictionary/);
  assert.match(document.info.description ?? "", /could not be read whole: incident/);
});

/** As release Australia exports it: empty types and responses, no identifiers, no security. */
const parameter = (name: string, place: string) => ({ name, in: place, required: place === "path", schema: {} });
const exportedOperation = (description: string) => ({
  description,
  parameters: [parameter("tableName", "path"), parameter("sysparm_query", "query")],
  requestBody: { content: { "application/json": {}, "application/xml": {}, "text/xml": {} } },
  responses: {},
});
const EXPORTED = {
  openapi: "3.0.1",
  info: { title: "Table API", version: "latest" },
  servers: [{ url: URL }],
  paths: {
    "/api/now/table/{tableName}": { get: exportedOperation("Find"), post: exportedOperation("Insert") },
    "/api/now/table/{tableName}/{sys_id}": { get: exportedOperation("One"), delete: exportedOperation("Remove") },
  },
  components: { schemas: { Unused: {} } },
};

test("exported specification becomes valid", async () => {
  const document = importExported(JSON.stringify(EXPORTED));
  await validate(document);
  assert.deepEqual(
    operationsOf(document).map(({ operationId }) => operationId),
    [
      "get_now_table_tableName",
      "post_now_table_tableName",
      "get_now_table_tableName_sys_id",
      "delete_now_table_tableName_sys_id",
    ],
  );
  assert.deepEqual([document.security, document.components.schemas], [[{ bearer: [] }], {}]);
  assert.ok(!JSON.stringify(document).includes("xml"));
});

test("exported specification is trimmed to paths and methods", async () => {
  const paths: Record<string, HttpMethod[]> = { "/api/now/table/{tableName}/*": ["GET"] };
  const document = importExported(EXPORTED, {
    paths,
    values: { tableName: ["incident"] },
    url: "https://worker.test/acme",
  });
  await validate(document);
  assert.deepEqual(
    Object.entries(document.paths).map(([path, item]) => [path, Object.keys(item)]),
    [["/api/now/table/{tableName}/{sys_id}", ["get"]]],
  );
  const [operation] = operationsOf(document);
  assert.deepEqual(parameterOf(operation, "tableName")?.schema, { type: "string", enum: ["incident"] });
  assert.equal(parameterOf(operation, "sys_id")?.required, true);
  assert.deepEqual(document.servers, [{ url: "https://worker.test/acme" }]);
});

test("schemas that trimmed operations refer to stay, in circles too", async () => {
  const schema = { $ref: "#/components/schemas/A" };
  const responses = { "200": { description: "ok", content: { "application/json": { schema } } } };
  const paths = { "/api/x/a": { get: { responses } } };
  const circle = { type: "object", properties: { b: { $ref: "#/components/schemas/B/items" } } };
  const schemas = { A: circle, B: { type: "array", items: schema }, C: {} };
  const document = importExported({ ...EXPORTED, paths, components: { schemas } });
  await validate(document);
  assert.deepEqual(Object.keys(document.components.schemas), ["A", "B"]);
});

test("what is no exported specification is refused", () => {
  assert.match(
    codeOf(() => importExported("openapi: 3.0.1")),
    /^openapi\.document: .*JSON/,
  );
  assert.match(
    codeOf(() => importExported({ swagger: "2.0" })),
    /^openapi\.document/,
  );
  assert.match(
    codeOf(() => importExported({ ...EXPORTED, openapi: "4.0.0" })),
    /version 4\.0\.0/,
  );
  assert.match(
    codeOf(() => importExported({ ...EXPORTED, servers: [] })),
    /^openapi\.options: Missing option `url`/,
  );
  assert.match(
    codeOf(() => importExported(EXPORTED, { paths: { "/none": ["GET"] } })),
    /Unknown path in `paths`: \/none/,
  );
  assert.match(
    codeOf(() => importExported(EXPORTED, { maxOperations: 3 })),
    /^openapi\.too-large/,
  );
});

test("servers and tags of an export may be anything", () => {
  for (const servers of [{}, null, "x", [null], { 0: { url: URL } }])
    assert.match(
      codeOf(() => importExported({ ...EXPORTED, servers })),
      /^openapi\.options: Missing option `url`/,
    );
  const tags = ["table", { toString: null }, null, 1];
  const given = { ...EXPORTED, paths: { "/a": { get: { ...exportedOperation("Find"), tags } } } };
  assert.deepEqual(operationsOf(importExported(given))[0]?.tags, ["table"]);
});

test("any document is refused or becomes a bounded one", () => {
  const part = fc.jsonValue({ maxDepth: 2 });
  const words = ["get", "post", "parameters", "responses", "requestBody", "schema", "name", "in", "$ref", "tags"];
  const word = fc.constantFrom(...words);
  const operation = fc.dictionary(word, part);
  const path = fc.oneof(fc.constantFrom("/a/{b}", "/a/{c}/d", "__proto__", "x"), fc.string());
  const paths = fc.dictionary(
    path,
    fc.dictionary(fc.constantFrom("get", "post", "parameters"), fc.oneof(operation, part)),
  );
  fc.assert(
    fc.property(fc.record({ paths, components: part, info: part, servers: part }), fc.boolean(), (given, isNamed) => {
      let document: OpenApiDocument;
      try {
        document = importExported({ openapi: "3.0.1", ...given }, isNamed ? { url: URL } : {});
      } catch (thrown) {
        assert.ok(thrown instanceof OpenApiError, String(thrown));
        return;
      }
      const ids = operationsOf(document).map(({ operationId }) => operationId);
      assert.ok(ids.length > 0 && new Set(ids).size === ids.length && ids.every((id) => /^\w{1,64}$/.test(id)));
      for (const { summary = "", description = "", responses } of operationsOf(document)) {
        assert.ok(summary.length <= 300 && description.length <= 300);
        assert.ok(Object.keys(responses as object).length > 0);
      }
    }),
    { numRuns: 40 },
  );
  const circle: Record<string, unknown> = { openapi: "3.0.1", paths: {} };
  circle.info = circle;
  assert.match(
    codeOf(() => importExported(circle)),
    /^openapi\.document: .*circle/,
  );
});
