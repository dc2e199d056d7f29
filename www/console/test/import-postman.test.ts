import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { importText, recognise } from "../src/interchange/import/index";
import type { Imported, Item, SavedRequest } from "../src/workspace/model";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

function requests(items: readonly Item[]): SavedRequest[] {
  return items.flatMap((item) => (item.kind === "folder" ? requests(item.items) : [item]));
}

function named(imported: Imported, name: string): SavedRequest {
  const found = requests(imported.collections[0]?.items ?? []).find((request) => request.name === name);
  assert.ok(found, name);
  return found;
}

test("Postman 2.1 with every shape is read", async () => {
  const imported = await importText(fixture("postman-2.1.json"));
  assert.equal(imported.format, "Postman 2.1");
  assert.doesNotMatch(JSON.stringify(imported), /hunter2/);
  const list = named(imported, "List");
  assert.equal(list.address, "{{base}}/api/now/table/incident");
  assert.deepEqual(
    list.parameters.map(({ name, value, on, note }) => [name, value, on, note]),
    [
      ["sysparm_query", "active=true^priority=1", true, undefined],
      ["sysparm_limit", "5", false, "rows"],
    ],
  );
  assert.deepEqual(list.auth, { kind: "inherit" });
  const parts = named(imported, "Without raw");
  assert.equal(parts.address, "https://dev1.service-now.com:8443/api/now/table/incident/{{sys_id}}/46d");
  const create = named(imported, "Create");
  assert.deepEqual(create.body, { kind: "json", text: '{"short_description":"x"}' });
  assert.deepEqual(
    create.headers.map(({ name }) => name),
    ["Accept"],
  );
  assert.deepEqual(
    create.assertions.map((one) => one.subject),
    ["status"],
  );
  assert.deepEqual(
    create.extractions.map((one) => one.variable),
    ["sys_id"],
  );
  assert.equal(named(imported, "Text").address, "https://x.example/a");
  assert.equal(named(imported, "Token").body.kind, "form");
  const upload = named(imported, "Upload").body;
  assert.ok(upload.kind === "multipart");
  assert.equal(upload.parts[1]?.file?.fileName, "a.png");
  assert.match(JSON.stringify(named(imported, "GraphQL").body), /query.*\{ x \}/);
  assert.deepEqual(
    imported.losses.map(({ where, what }) => `${where}: ${what}`),
    [
      "All shapes: pre-request script",
      "All shapes > Folder > List: 1 saved reply",
      "All shapes > Folder > List: test script",
      "All shapes > Upload: file a.png",
    ],
  );
});

test("Postman 2.0 with plain auth and header lines is read", async () => {
  const imported = await importText(fixture("postman-2.0.json"));
  assert.equal(imported.format, "Postman 2.0");
  const [first] = requests(imported.collections[0]?.items ?? []);
  assert.equal(first?.auth.kind, "basic");
  assert.deepEqual(
    first?.headers.map(({ name, value }) => [name, value]),
    [
      ["Accept", "application/json"],
      ["X-A", "b:c"],
    ],
  );
  assert.deepEqual(
    first?.parameters.map(({ name }) => name),
    ["a"],
  );
  assert.deepEqual([...imported.secrets.values()], ["hunter2"]);
});

test("Postman format 1 and a broken one say what to do", async () => {
  await assert.rejects(importText('{"requests":[],"order":[]}'), /format 1.*Export it as 2\.1/);
  await assert.rejects(importText('{"info":{"schema":5},"item":[]}'), /info\.schema: expected string, found 5/);
  await assert.rejects(importText("hello"), /no known format/);
});

test("Postman environment brings variables and secrets", async () => {
  const imported = await importText(
    '{"name":"dev","values":[{"key":"host","value":"x","enabled":false},{"key":"k","value":"hunter2","type":"secret"}],"_postman_variable_scope":"environment"}',
  );
  assert.deepEqual(
    imported.variables.map(({ name, on, secret }) => [name, on, secret !== undefined]),
    [
      ["host", false, false],
      ["k", true, true],
    ],
  );
  assert.doesNotMatch(JSON.stringify(imported), /hunter2/);
});

test("very deep folders are cut and reported", async () => {
  const deep = `${'{"name":"f","item":['.repeat(5000)}${"]}".repeat(5000)}`;
  const imported = await importText(`{"info":{"name":"c"},"item":[${deep}]}`);
  assert.match(imported.losses[0]?.what ?? "", /folder/);
});

test("names of prototypes are plain names", async () => {
  const names = ["__proto__", "constructor", "toString"];
  const item = names.map((name) => ({
    name,
    request: { url: `/${name}`, auth: { type: name }, body: { mode: name } },
  }));
  const imported = await importText(
    JSON.stringify({ info: { name: "__proto__" }, item, variable: [{ key: "__proto__", value: 1 }] }),
  );
  assert.deepEqual(
    requests(imported.collections[0]?.items ?? []).map(({ name }) => name),
    names,
  );
  assert.equal(({} as Record<string, unknown>).value, undefined);
});

test("no JSON in the place of an item breaks the reader", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (one, other) => {
      const item = [
        one,
        { name: other, request: one },
        { request: { url: one, header: other, body: other, auth: one } },
      ];
      const text = JSON.stringify({ info: {}, item, variable: one, auth: other, event: one });
      assert.equal(recognise(text), "postman");
      await importText(text);
    }),
    { numRuns: 200 },
  );
});

test("collection of 10 MB is read in a moment", async () => {
  const item = Array.from({ length: 20_000 }, (_, index) => ({
    name: `r${index}`,
    request: {
      method: "POST",
      url: { raw: `{{b}}/x/${index}?a=1` },
      body: { mode: "raw", raw: `{"a":"${"y".repeat(300)}"}` },
    },
  }));
  const text = JSON.stringify({ info: { name: "big" }, item });
  assert.ok(text.length > 8_000_000);
  const begun = performance.now();
  const imported = await importText(text);
  assert.equal(imported.collections[0]?.items.length, 20_000);
  assert.ok(performance.now() - begun < 5000);
});

test("Postman environment is read with and without a name", async () => {
  for (const name of [{ name: "Dev" }, {}]) {
    const { format, variables } = await importText(JSON.stringify({ ...name, values: [{ key: "table", value: "x" }] }));
    assert.equal(format, "Postman environment");
    assert.deepEqual(
      variables.map((one) => [one.name, one.value]),
      [["table", "x"]],
    );
  }
  await assert.rejects(importText('{"values": [1, 2]}'), /no known format/);
});
