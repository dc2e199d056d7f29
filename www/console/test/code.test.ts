import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { type Code, type CodeFacts, codeOf, type Language } from "../src/interchange/code/index";
import { importText } from "../src/interchange/import/index";
import { newId, newPair, newRequest, newSecretRef, type SavedRequest } from "../src/workspace/model";
import { requestArbitrary } from "./interchange-samples";

const run = promisify(execFile);
const SECRET = "s3 'cr\"et$HOME`x`\\";
const HOSTILE = 'it\'s "q" $HOME $(x) `y` \\ 100% é 😀 {a} ‘typo’ \u2028';
const TEXT = '{"a": "it\'s \\"q\\" $HOME",\n "b": "😀\\\\"}';

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
const seen: Seen[] = [];
let facts: CodeFacts;
let folder: string;
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    seen.push({
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
    });
    response.setHeader("content-type", "application/json");
    response.end(
      request.url === "/oauth_token.do"
        ? '{"access_token":"granted","token_type":"Bearer","expires_in":1799}'
        : '{"result":[]}',
    );
  });
});

before(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  // Inside the repository, so that the generated module finds the package sysparm.
  folder = mkdtempSync(join(fileURLToPath(new URL("../../../target/", import.meta.url)), "code-"));
  facts = {
    instanceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    auth: { kind: "oauth", clientId: "c'1", clientSecret: newSecretRef(), grant: "client_credentials" },
    ancestors: [],
    variables: [{ id: newId(), name: "table", on: true, value: "incident" }],
  };
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function execute(language: Language, request: SavedRequest): Promise<Seen[]> {
  seen.length = 0;
  const { text, needs }: Code = codeOf(request, facts, language);
  assert.doesNotMatch(text, /s3 'cr/);
  const file = join(folder, language === "python" ? "r.py" : language === "curl" ? "r.sh" : "r.mjs");
  writeFileSync(file, text);
  const env = { ...process.env, ...Object.fromEntries(needs.map((name) => [name, SECRET])) };
  const command = language === "python" ? "python3" : language === "curl" ? "sh" : process.execPath;
  await run(command, [file], { env, cwd: folder });
  return [...seen];
}

const HAS_REQUESTS = (() => {
  try {
    execFileSync("python3", ["-c", "import requests"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

for (const language of ["curl", "fetch", "sysparm", "python"] as const) {
  const skip = language === "python" && !HAS_REQUESTS ? "python3 has no requests" : false;
  test(`generated ${language} code sends the request exactly`, { skip }, async () => {
    const request = newRequest({
      method: "POST",
      address: "/api/now/table/{{table}}",
      parameters: [newPair("q", HOSTILE), newPair("off", "x", false), newPair("k", "{{api_token}}")],
      headers: [newPair("X-A", 'it\'s "q" $HOME \\ %')],
      body: { kind: "json", text: TEXT },
    });
    const [token, call] = await execute(language, request);
    assert.equal(token?.url, "/oauth_token.do");
    const fields = new URLSearchParams(token?.body);
    assert.deepEqual(
      [fields.get("grant_type"), fields.get("client_id"), fields.get("client_secret")],
      ["client_credentials", "c'1", SECRET],
    );
    assert.equal(call?.method, "POST");
    assert.equal(call?.headers.authorization, "Bearer granted");
    const url = new URL(call?.url ?? "", "http://x");
    assert.equal(url.pathname, "/api/now/table/incident");
    assert.deepEqual(
      [...url.searchParams],
      [
        ["q", HOSTILE],
        ["k", SECRET],
      ],
    );
    assert.equal(call?.headers["x-a"], 'it\'s "q" $HOME \\ %');
    assert.match(String(call?.headers["content-type"]), /^application\/json/);
    assert.equal(call?.body, TEXT);
  });

  test(`generated ${language} code sends forms and parts`, { skip }, async () => {
    const auth = { kind: "basic", username: "ad'min", password: newSecretRef() } as const;
    const fields = [newPair("a b", HOSTILE), newPair("@c", "@d")];
    const form = (
      await execute(language, newRequest({ method: "PUT", address: "/x", auth, body: { kind: "form", fields } }))
    ).at(-1);
    assert.deepEqual(
      [...new URLSearchParams(form?.body)],
      [
        ["a b", HOSTILE],
        ["@c", "@d"],
      ],
    );
    assert.equal(form?.headers.authorization, `Basic ${Buffer.from(`ad'min:${SECRET}`).toString("base64")}`);
    writeFileSync(join(folder, "a 'b.txt"), "content");
    const parts = [
      { ...newPair("t", "@it's"), id: newId() },
      { ...newPair("f", ""), id: newId(), file: { fileName: "a 'b.txt", contentType: "text/x" } },
    ];
    const multipart = (
      await execute(language, newRequest({ method: "POST", address: "/x", auth, body: { kind: "multipart", parts } }))
    ).at(-1);
    assert.match(
      multipart?.body ?? "",
      /name="t"[\s\S]*@it's[\s\S]*name="f"; filename="a 'b\.txt"[\s\S]*text\/x[\s\S]*content/,
    );
  });
}

test("quoted braces of a body are no variable in code", () => {
  const body = { kind: "json", text: '{"value":{"{{":false}}' } as const;
  const request = newRequest({ method: "POST", address: "/x", auth: { kind: "none" }, body });
  const { text, needs } = codeOf(request, facts, "curl");
  assert.deepEqual(needs, []);
  assert.ok(text.includes(body.text), text);
});

test("curl code returns by import as it was", async () => {
  await fc.assert(
    fc.asyncProperty(requestArbitrary, async (given) => {
      fc.pre(!JSON.stringify(given).includes("{{name}}"));
      const request = { ...given, auth: { kind: "none" } as const, address: "https://other.example/a" };
      const { text } = codeOf(request, facts, "curl");
      const [back] = (await importText(text)).collections[0]?.items ?? [];
      assert.ok(back?.kind === "request");
      const plain = (one: SavedRequest) => ({
        method: one.method,
        address: one.address,
        parameters: one.parameters.filter(({ on }) => on).map(({ name, value }) => [name, value]),
        headers: one.headers.filter(({ on }) => on).map(({ name, value }) => [name, value]),
        body:
          one.body.kind === "form"
            ? one.body.fields.filter(({ on }) => on).map(({ name, value }) => [name, value])
            : one.body,
      });
      const expected = plain(request);
      if (Array.isArray(expected.body) && expected.body.length === 0) expected.body = { kind: "none" };
      assert.deepEqual(plain(back), expected);
    }),
    { numRuns: 150 },
  );
});

test("PowerShell code keeps quotes of every kind inside strings", () => {
  const { text } = codeOf(
    newRequest({ address: "/x", body: { kind: "json", text: `"a" 'b' ‘c’ $d` } }),
    facts,
    "powershell",
  );
  assert.match(text, /GetBytes\('"a" ''b'' ‘‘c’’ \$d'\)/);
  assert.match(text, /'client_secret' = \$env:SERVICENOW_CLIENT_SECRET/);
});
