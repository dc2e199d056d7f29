import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { importText } from "../src/interchange/import/index";
import type { Folder, Imported, SavedRequest } from "../src/workspace/model";

const fixture = readFileSync(new URL("fixtures/openapi-3.1.yaml", import.meta.url), "utf8");

function requestsOf(imported: Imported): SavedRequest[] {
  return (imported.collections[0]?.items ?? []).flatMap((item) =>
    item.kind === "folder" ? item.items.filter((one) => one.kind === "request") : [item],
  );
}

test("OpenAPI 3.1 in YAML becomes folders and requests", async () => {
  const imported = await importText(fixture);
  assert.equal(imported.format, "OpenAPI 3.1 (YAML)");
  const [collection] = imported.collections;
  assert.deepEqual(
    collection?.items.map(({ kind, name }) => `${kind} ${name}`),
    ["folder Table", "request Upload", "request Elsewhere"],
  );
  assert.equal((collection?.items[0] as Folder | undefined)?.description, "Rows of tables");
  assert.deepEqual(collection?.auth, { kind: "oauth", clientId: "", scope: "read", grant: "client_credentials" });
  assert.deepEqual(
    collection?.variables.map(({ name, value }) => [name, value]),
    [["table", "incident"]],
  );
  const [list, create, upload, elsewhere] = requestsOf(imported);
  assert.equal(elsewhere?.address, "https://api.example.com/v2/other");
  assert.equal(list?.address, "/api/now/table/{{table}}");
  assert.deepEqual(
    list?.parameters.map(({ name, value, on }) => [name, value, on]),
    [
      ["sysparm_limit", "10", true],
      ["sysparm_query", "active=true", false],
    ],
  );
  assert.deepEqual(
    list?.headers.map(({ name, value }) => [name, value]),
    [["X-Trace", "abc"]],
  );
  assert.deepEqual(create?.auth, { kind: "none" });
  assert.ok(create?.body.kind === "json");
  const row = JSON.parse(create.body.text);
  assert.deepEqual(
    [row.short_description, row.priority, row.opened_at, row.sys_id],
    ["It broke", 1, "2026-01-31", undefined],
  );
  assert.equal(row.parent.short_description, "It broke");
  assert.ok(upload?.body.kind === "multipart");
  assert.deepEqual(
    upload.body.parts.map(({ name, file }) => [name, file !== undefined]),
    [
      ["table_name", false],
      ["file", true],
    ],
  );
  assert.deepEqual(imported.losses.map(({ what }) => what).sort(), [
    "1 webhook",
    "body as application/xml",
    "cookie parameter visit",
    "reference #/components/schemas/Loop",
    "reference other.yaml#/x",
  ]);
});

test("YAML whose keys are sorted is read", async () => {
  const imported = await importText(
    `components: {}\n${"x-a: b\n".repeat(1000)}openapi: 3.0.0\npaths:\n  /a: { get: {} }`,
  );
  assert.equal(requestsOf(imported)[0]?.address, "/a");
});

test("OpenAPI 3.0 in JSON is read, with a foreign server", async () => {
  const document = { ...parse(fixture), openapi: "3.0.3", servers: [{ url: "https://api.example.com/v1/" }] };
  const imported = await importText(JSON.stringify(document));
  assert.equal(imported.format, "OpenAPI 3.0 (JSON)");
  assert.equal(requestsOf(imported)[0]?.address, "{{base_url}}/table/{{table}}");
  assert.equal(imported.collections[0]?.variables[0]?.value, "https://api.example.com/v1");
});

test("document of another version says what is expected", async () => {
  await assert.rejects(importText("swagger: '2.0'\npaths: {}"), /Swagger 2\.0.*Expected OpenAPI 3\.0 or 3\.1/);
  await assert.rejects(importText("openapi: 4.0.0\npaths: {}"), /4\.0\.0.*Expected 3\.0 or 3\.1/);
  await assert.rejects(importText("openapi: 3.0.0\na: [b"), /not valid YAML/);
});

test("alias bomb and deep nesting in YAML end with words", async () => {
  const bomb = Array.from(
    { length: 12 },
    (_, index) => `a${index}: &a${index} [${index === 0 ? "x" : `${`*a${index - 1},`.repeat(9)}`}]`,
  );
  await assert.rejects(importText(`openapi: 3.0.0\n${bomb.join("\n")}`), /not valid YAML/);
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const content = `{"content": {"application/json": {"example": ${deep}}}}`;
  const document = `{"openapi": "3.0.0", "paths": {"/a": {"post": {"requestBody": ${content}}}}}`;
  await assert.rejects(importText(document), /nested too deeply/);
  await assert.rejects(importText(`openapi: 3.0.0\n${"# comment\n".repeat(500_000)}`), /save it as JSON/);
});

test("schema that branches without end is bounded", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const all = {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { $ref: "#/components/schemas/A" }])),
  };
  const begun = performance.now();
  const imported = await importText(
    JSON.stringify({
      openapi: "3.1.0",
      paths: { "/__proto__": { post: { requestBody: { content: { "application/json": { schema: all } } } } } },
      components: { schemas: { A: { allOf: [all, { $ref: "#/components/schemas/A" }, { oneOf: [all] }] } } },
    }),
  );
  assert.equal(requestsOf(imported)[0]?.address, "/__proto__");
  assert.ok(performance.now() - begun < 1000);
});

test("no JSON in the place of a part breaks the reader", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (one, other) => {
      const operation = {
        parameters: [one, { name: one, in: "query", schema: other }],
        requestBody: { content: { "application/json": { schema: one, example: other } } },
        security: other,
        tags: one,
      };
      await importText(
        JSON.stringify({
          openapi: "3.0.1",
          info: one,
          servers: other,
          tags: one,
          security: one,
          paths: { "/a": { post: operation, get: one }, "/b": other },
          components: one,
        }),
      );
    }),
    { numRuns: 200 },
  );
});
