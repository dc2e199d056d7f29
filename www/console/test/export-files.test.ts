import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exportBruno } from "../src/interchange/export/bruno";
import { exportHar } from "../src/interchange/export/har";
import { exportOpenapi } from "../src/interchange/export/openapi";
import { importFiles, importText } from "../src/interchange/import/index";
import { type Folder, newCollection, newId, newPair, newRequest, newSecretRef } from "../src/workspace/model";
import { bare, collectionArbitrary } from "./interchange-samples";

const FACTS = {
  instanceUrl: "https://dev1.service-now.com",
  auth: { kind: "oauth", clientId: "c", clientSecret: newSecretRef(), grant: "client_credentials" },
} as const;

test("Bruno files return by import, or say what is lost", async () => {
  let whole = 0;
  await fc.assert(
    fc.asyncProperty(collectionArbitrary, async (collection) => {
      fc.pre(collection.items.some((item) => item.kind === "request"));
      const { files, losses } = exportBruno(collection, FACTS);
      const imported = await importFiles(files);
      if (losses.length > 0) return;
      whole += 1;
      const [back] = imported.collections;
      assert.deepEqual(bare(back?.items ?? []), bare(collection.items));
    }),
    { numRuns: 150 },
  );
  assert.ok(whole > 20, `${whole} compared`);
});

test("Bruno files name secrets and hold none", () => {
  const collection = newCollection("c", [
    newRequest({ name: "a", address: "/x", auth: { kind: "bearer", token: newSecretRef() } }),
    newRequest({ name: "A" }),
  ]);
  collection.variables = [{ id: newId(), name: "mine", on: true, secret: newSecretRef() }];
  const { files } = exportBruno(collection, FACTS);
  assert.deepEqual(
    files.map(({ path }) => path),
    ["bruno.json", "collection.bru", "a.bru", "A 2.bru", "environments/Instance.bru"],
  );
  assert.match(files[4]?.text ?? "", /vars:secret \[\n {2}mine,\n {2}client_secret,\n {2}token\n\]/);
  assert.match(files[2]?.text ?? "", /token: \{\{token\}\}/);
});

test("OpenAPI export keeps paths, parameters and bodies", async () => {
  const request = newRequest({
    name: "Create",
    method: "POST",
    address: "/api/now/table/{{table}}",
    parameters: [newPair("a", "1"), newPair("b", "2", false)],
    headers: [newPair("X-A", "y")],
    body: { kind: "json", text: '{\n  "__proto__": 1\n}' },
  });
  const folder: Folder = {
    kind: "folder",
    id: newId(),
    name: "F",
    description: "",
    auth: { kind: "inherit" },
    variables: [],
    items: [request],
  };
  const { files, losses } = exportOpenapi(
    newCollection("c", [{ ...folder, items: [request, newRequest({ ...request, name: "Twice" })] }]),
    FACTS,
  );
  assert.deepEqual(
    losses.map(({ where, what }) => `${where}: ${what}`),
    ["c > F > Twice: request"],
  );
  const imported = await importText(files[0]?.text ?? "");
  assert.deepEqual(bare(imported.collections[0]?.items ?? []), bare([{ ...folder, items: [request] }]));
});

test("HAR of the history is masked and returns by import", async () => {
  const request = newRequest({
    method: "POST",
    address: "/api/x",
    parameters: [newPair("q", "a=b^c"), newPair("access_token", "hunter2")],
    headers: [newPair("Authorization", "Bearer hunter2")],
    body: { kind: "form", fields: [newPair("password", "hunter2"), newPair("a", "é&=")] },
  });
  const entry = {
    id: "1",
    at: 0,
    environmentId: "e",
    environmentName: "DEV",
    line: "POST /api/x",
    request,
    status: 200,
    totalMs: 5,
    bytes: 2,
    code: "",
  };
  const { files } = exportHar([entry], () => "https://dev1.service-now.com");
  assert.doesNotMatch(files[0]?.text ?? "", /hunter2/);
  const [back] = (await importText(files[0]?.text ?? "")).collections[0]?.items ?? [];
  assert.ok(back?.kind === "request" && back.body.kind === "form");
  assert.equal(back.address, "https://dev1.service-now.com/api/x");
  assert.equal(back.parameters[0]?.value, "a=b^c");
  assert.equal(back.body.fields[1]?.value, "é&=");
});

test("HAR entry joins the query of its address and its parameters", () => {
  const parameters = [newPair("sysparm_query", "a=b"), newPair("off", "x", false)];
  const entry = (address: string, given = parameters) => ({
    ...{
      id: "h",
      at: 0,
      environmentId: "d",
      environmentName: "DEV",
      line: "GET /x",
      status: 200,
      totalMs: 5,
      bytes: 2,
    },
    ...{ code: "", request: newRequest({ address, parameters: given }) },
  });
  const history = [entry("/x?sysparm_limit=1#top"), entry("/x?token=hunter2&q=a%20b", []), entry("/x#top")];
  const { files } = exportHar(history, () => "https://dev1.service-now.com");
  const text = files[0]?.text ?? "";
  const { log } = JSON.parse(text) as { log: { entries: { request: { url: string; queryString: object[] } }[] } };
  const [both, own, added] = log.entries.map(({ request }) => request);
  assert.equal(both?.url, "https://dev1.service-now.com/x?sysparm_limit=1&sysparm_query=a%3Db");
  assert.deepEqual(both?.queryString, [
    { name: "sysparm_limit", value: "1" },
    { name: "sysparm_query", value: "a=b" },
  ]);
  assert.deepEqual(own?.queryString[1], { name: "q", value: "a b" });
  assert.equal(added?.url, "https://dev1.service-now.com/x?sysparm_query=a%3Db");
  assert.doesNotMatch(text, /hunter2/);
});

test("HAR entry has the address of its own environment", async () => {
  const entry = (id: string, environmentName: string) => ({
    id,
    at: 0,
    environmentId: id,
    environmentName,
    line: `GET /api/${id}`,
    request: newRequest({ address: `/api/${id}` }),
    status: 200,
    totalMs: 5,
    bytes: 2,
    code: "",
  });
  const bases = new Map([
    ["dev", "https://dev1.service-now.com"],
    ["test", "https://worker.example/acme"],
  ]);
  const history = [entry("dev", "DEV"), entry("test", "TEST"), entry("gone", "OLD")];
  const { files, losses } = exportHar(history, ({ environmentId }) => bases.get(environmentId));
  const { log } = JSON.parse(files[0]?.text ?? "") as { log: { entries: { request: { url: string } }[] } };
  assert.deepEqual(
    log.entries.map(({ request }) => request.url),
    [
      "https://dev1.service-now.com/api/dev",
      "https://worker.example/acme/api/test",
      "https://unknown.invalid/api/gone",
    ],
  );
  assert.deepEqual(losses, [
    { where: "GET /api/gone", what: "address of the instance", why: "the environment OLD is not kept any more" },
  ]);
});
