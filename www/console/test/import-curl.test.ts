import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { importText } from "../src/interchange/import/index";
import type { Imported, SavedRequest } from "../src/workspace/model";

async function read(line: string): Promise<{ request: SavedRequest; imported: Imported }> {
  const imported = await importText(line);
  const request = imported.collections[0]?.items[0];
  assert.ok(request?.kind === "request");
  return { request, imported };
}

const plain = (pairs: readonly { name: string; value: string }[]) => pairs.map(({ name, value }) => [name, value]);

test("curl line with several lines and quotes is read", async () => {
  const { request, imported } = await read(
    `curl -sS -X PATCH \\\n  'https://dev1.service-now.com/api/now/table/incident/1?sysparm_fields=a%2Cb&x=1#top' \\\n  -H "Accept: application/json" -H 'Content-Type: application/json' \\\n  --data-raw $'{"note":"it\\'s \\\\"}'`,
  );
  assert.equal(request.method, "PATCH");
  assert.equal(request.address, "https://dev1.service-now.com/api/now/table/incident/1");
  assert.deepEqual(plain(request.parameters), [
    ["sysparm_fields", "a,b"],
    ["x", "1"],
  ]);
  assert.deepEqual(plain(request.headers), [["Accept", "application/json"]]);
  assert.deepEqual(request.body, { kind: "json", text: '{"note":"it\'s \\"}' });
  assert.deepEqual(imported.losses, []);
});

test("credentials of a curl line become secrets", async () => {
  const lines = [
    "curl https://x.example/a -u admin:hunter2",
    "curl https://admin:hunter2@x.example/a",
    `curl https://x.example/a -H "Authorization: Basic ${btoa("admin:hunter2")}"`,
    "curl https://x.example/a -H 'authorization: Bearer hunter2'",
    "curl https://x.example/a --oauth2-bearer hunter2",
    "curl https://x.example/a -H 'x-sn-apikey: hunter2'",
    "curl https://x.example/a -H 'X-Api-Key: hunter2'",
    "curl https://x.example/oauth_token.do -d grant_type=password -d password=hunter2",
    `curl https://x.example/a --json '{"password": "hunter2"}'`,
    "curl 'https://x.example/a?access_token=hunter2'",
  ];
  for (const line of lines) {
    const { imported } = await read(line);
    assert.doesNotMatch(JSON.stringify(imported), /hunter2|aHVudGVy/, line);
    assert.deepEqual([...imported.secrets.values()], ["hunter2"], line);
  }
});

test("unknown option of curl is reported", async () => {
  const { imported, request } = await read("curl --frobnicate -k -Z https://x.example/a");
  assert.deepEqual(
    imported.losses.map(({ what }) => what),
    ["option --frobnicate", "option -k", "option -Z"],
  );
  assert.equal(request.address, "https://x.example/a");
});

test("data of curl becomes form, JSON, parts or query", async () => {
  const form = await read("curl https://x.example -d a=1 --data-urlencode 'b=c d&e' -d 'f=%26'");
  assert.equal(form.request.method, "POST");
  assert.ok(form.request.body.kind === "form");
  assert.deepEqual(plain(form.request.body.fields), [
    ["a", "1"],
    ["b", "c d&e"],
    ["f", "&"],
  ]);
  const get = await read("curl -G https://x.example/q -d a=1 --data-urlencode 'sysparm_query=x=1^y=2'");
  assert.equal(get.request.method, "GET");
  assert.deepEqual(plain(get.request.parameters), [
    ["a", "1"],
    ["sysparm_query", "x=1^y=2"],
  ]);
  const parts = await read("curl https://x.example -F table=incident -F 'file=@/home/me/a.png;type=image/png'");
  assert.ok(parts.request.body.kind === "multipart");
  assert.deepEqual(parts.request.body.parts[1]?.file, { fileName: "a.png", contentType: "image/png" });
  const file = await read("curl https://x.example --data-binary @a.bin -H 'Content-Type: image/png'");
  assert.deepEqual(file.request.body, { kind: "file", fileName: "a.bin", contentType: "image/png" });
  const json = await read("curl https://x.example --json '{\"a\":1}'");
  assert.deepEqual(plain(json.request.headers), [["Accept", "application/json"]]);
});

test("curl line in the form for cmd is read", async () => {
  const { request } = await read(
    'curl ^"https://x.example/a?b=1^" ^\r\n  -H ^"accept: */*^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"',
  );
  assert.deepEqual(request.body, { kind: "json", text: '{"a":1}' });
  assert.deepEqual(plain(request.headers), [["accept", "*/*"]]);
});

test("quoted text of a curl line is kept exactly", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), async (hostile) => {
      fc.pre(!hostile.includes("\0"));
      const { request } = await read(
        `curl 'https://x.example' -H 'Content-Type: text/x' --data-raw '${hostile.replaceAll("'", "'\\''")}'`,
      );
      assert.deepEqual(request.body, { kind: "text", text: hostile, contentType: "text/x" });
    }),
    { numRuns: 200 },
  );
});

test("no text after curl breaks the reader", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 80 }), async (rest) => {
      await importText(`curl ${rest}`).catch((thrown) => assert.equal(thrown.name, "ImportError"));
    }),
    { numRuns: 300 },
  );
});
