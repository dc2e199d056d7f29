import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exportPostman } from "../src/interchange/export/postman";
import { importText } from "../src/interchange/import/index";
import { type Item, newCollection, newId, newPair, newRequest, newSecretRef } from "../src/workspace/model";
import { bare, collectionArbitrary } from "./interchange-samples";

const FACTS = {
  instanceUrl: "https://dev1.service-now.com",
  auth: { kind: "oauth", clientId: "c", clientSecret: newSecretRef(), grant: "client_credentials" },
} as const;

test("Postman export begins with a token request", () => {
  const collection = newCollection("Mine", [
    newRequest({ name: "List", address: "/api/now/table/incident", parameters: [newPair("q", "a=b^c")] }),
  ]);
  collection.variables = [{ id: newId(), name: "password", on: true, secret: newSecretRef() }];
  const { files, losses } = exportPostman(collection, FACTS);
  const document = JSON.parse(files[0]?.text ?? "");
  assert.equal(files[0]?.path, "Mine.postman_collection.json");
  assert.deepEqual(losses, []);
  assert.equal(document.item[0].request.url.raw, "{{instance_url}}/oauth_token.do");
  assert.match(
    document.item[0].event[0].script.exec.join("\n"),
    /set\("access_token", pm\.response\.json\(\)\.access_token\)/,
  );
  assert.equal(document.auth.bearer[0].value, "{{access_token}}");
  assert.equal(document.item[1].request.url.raw, "{{instance_url}}/api/now/table/incident?q=a%3Db%5Ec");
  assert.deepEqual(
    document.variable.map(({ key, value }: { key: string; value: string }) => [key, value]),
    [
      ["instance_url", "https://dev1.service-now.com"],
      ["access_token", ""],
      ["password", ""],
      ["client_secret", ""],
    ],
  );
});

test("Postman export returns by import as it was", async () => {
  await fc.assert(
    fc.asyncProperty(collectionArbitrary, async (collection) => {
      const { files } = exportPostman(collection, FACTS);
      const imported = await importText(files[0]?.text ?? "");
      assert.deepEqual(bare(imported.collections[0]?.items ?? []), bare(withoutForeign(collection.items)));
    }),
    { numRuns: 150 },
  );
});

test("assertions and extractions survive Postman", async () => {
  const request = newRequest({
    name: "R",
    address: "/x",
    assertions: [{ id: newId(), on: true, subject: "status", operator: "is", value: "201" }],
    extractions: [{ id: newId(), on: true, variable: "id", from: "body", path: "$.result[0].sys_id" }],
  });
  const { files, losses } = exportPostman(newCollection("c", [request]), FACTS);
  const imported = await importText(files[0]?.text ?? "");
  assert.deepEqual(bare(imported.collections[0]?.items ?? []), bare([request]));
  assert.deepEqual([...losses, ...imported.losses], []);
});

/** Requests to another host inherit nothing in the export. */
function withoutForeign(items: readonly Item[]): Item[] {
  return items.map((item) => {
    if (item.kind === "folder") return { ...item, items: withoutForeign(item.items) };
    return item.auth.kind === "inherit" && !item.address.startsWith("/") ? { ...item, auth: { kind: "none" } } : item;
  });
}
