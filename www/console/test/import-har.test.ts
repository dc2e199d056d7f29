import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { importText } from "../src/interchange/import/index";

test("HAR log becomes requests without cookies and secrets", async () => {
  const imported = await importText(readFileSync(new URL("fixtures/log.har", import.meta.url), "utf8"));
  assert.equal(imported.format, "HAR 1.2");
  assert.doesNotMatch(JSON.stringify(imported), /hunter2/);
  const [list, token, upload] = imported.collections[0]?.items ?? [];
  assert.ok(list?.kind === "request" && token?.kind === "request" && upload?.kind === "request");
  assert.deepEqual(
    list.parameters.map(({ name, value }) => [name, value]),
    [
      ["sysparm_query", "active=true"],
      ["sysparm_limit", "1"],
    ],
  );
  assert.deepEqual(
    list.headers.map(({ name }) => name),
    ["X-UserToken", "Accept"],
  );
  assert.ok(token.body.kind === "form");
  assert.deepEqual(
    token.body.fields.map(({ name }) => name),
    ["grant_type", "username", "password"],
  );
  assert.equal(upload.body.kind, "multipart");
  assert.deepEqual(
    imported.losses.map(({ what }) => what),
    ["file a.png", "entry", "1 reply"],
  );
});

test("no JSON in the place of an entry breaks the HAR reader", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (one, other) => {
      const request = {
        method: one,
        url: "/x",
        headers: other,
        postData: { mimeType: "multipart/x", params: one, text: other },
      };
      await importText(
        JSON.stringify({ log: { entries: [one, { request }, { request: { url: one, postData: other } }] } }),
      );
    }),
    { numRuns: 200 },
  );
});
