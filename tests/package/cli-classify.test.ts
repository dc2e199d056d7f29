/** `sysparm classify`, and the practice instance that `sysparm instance` serves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { practiceInstance } from "sysparm/testing";
import { readExchanges } from "../../www/glue/src/cli/classify/exchanges.js";
import { servePractice } from "../../www/glue/src/cli/instance/server.js";
import { sysparm } from "./cli-world.js";

const TOKEN = "D-gT0WQ5IQBNIhhVdGs4O9QBKj_7qs7m8dOnEFpsw9VC9kIg";
/** As curl 7.88.1 writes it with both outputs in one file. */
const TO_A_FILE = `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 192.0.2.7:443...
* ALPN: offers h2,http/1.1
> GET /api/now/table/incident?sysparm_limit=1 HTTP/1.1
> Host: dev12345.service-now.com
> User-Agent: curl/7.88.1
> Authorization: Bearer ${TOKEN}
>${" "}
< HTTP/1.1 200 OK
< content-type: application/json;charset=UTF-8
< Transfer-Encoding: chunked
<${" "}
{ [201 bytes data]
\r100   190    0   190    0     0  14547      0 --:--:-- --:--:-- --:--:-- 14615
* Connection #0 to host dev12345.service-now.com left intact
{"result":[{"number":"INC0000001"}]}  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
> POST /oauth_token.do HTTP/1.1
> Host: dev12345.service-now.com
> Content-Type: application/x-www-form-urlencoded
>${" "}
} [95 bytes data]
< HTTP/1.1 401 Unauthorized
< content-type: application/json
<${" "}
{"error_description":"access_denied",
"error":"server_error"}* Connection #0 to host dev12345.service-now.com left intact
curl: (7) Failed to connect to dev12345.service-now.com port 443 after 0 ms: Couldn't connect to server
* Could not resolve host: nosuchhost.invalid
curl: (6) Could not resolve host: nosuchhost.invalid
curl: (28) Operation timed out after 5001 milliseconds with 0 bytes received
`;

test("transcript of curl is read exchange by exchange", () => {
  const read = readExchanges(TO_A_FILE.replaceAll("\n", "\r\n"));
  const url = "https://dev12345.service-now.com";
  const seen = read.map(({ request, status, body, transport }) => [
    request?.method,
    request?.url,
    status ?? transport,
    body,
  ]);
  assert.deepEqual(seen, [
    ["GET", `${url}/api/now/table/incident?sysparm_limit=1`, 200, '{"result":[{"number":"INC0000001"}]}'],
    ["POST", `${url}/oauth_token.do`, 401, '{"error_description":"access_denied",\n"error":"server_error"}'],
    ["GET", `${url}/`, "unreachable", undefined],
    ["GET", "https://nosuchhost.invalid/", "unreachable", undefined],
    ["GET", "https://nosuchhost.invalid/", "timed-out", undefined],
  ]);
});

test("classify names what replies mean, and quotes no secret", async () => {
  const ran = await sysparm(["classify", "-", "--release", "zurich"], { files: { "-": TO_A_FILE } });
  assert.equal(ran.code, 1);
  assert.match(ran.output, /^POST https:\/\/dev12345\.service-now\.com\/oauth_token\.do 401: .*\(token\.refused\)$/m);
  assert.match(ran.output, /\(network\.unreachable\)$/m);
  assert.match(ran.output, /^4 of 5 replies show a failure\.$/m);
  assert.ok(!ran.output.includes(TOKEN));
  const all = await sysparm(["classify", "a.txt", "--all", "--json"], { files: { "a.txt": TO_A_FILE } });
  const codes = (JSON.parse(all.output) as { diagnosis: { code: string } }[]).map(({ diagnosis }) => diagnosis.code);
  assert.deepEqual(codes.slice(0, 2), ["reply.in-order", "token.refused"]);
});

test("classify prints no credential of an address or a body", async () => {
  const secrets = ["hunter2", "s3cr3t-value", "p4ssword", "abcdefgh12345678"];
  const detail = `client_secret=${secrets[1]} and "password": "${secrets[2]}" Bearer ${secrets[3]}`;
  const urls = [
    "https://ada:hunter2@dev1.service-now.com/api/now/table/incident?x=hunter2",
    "//ada:hunter2@dev1/api/now/x",
  ];
  const entries = [...urls, "https://[hunter2/api/now/x"].map((url) => ({
    request: { method: "POST", url, headers: [] },
    response: { status: 400, headers: [], content: { text: JSON.stringify({ error: { message: "Bad", detail } }) } },
  }));
  const files = { "log.har": JSON.stringify({ log: { entries } }) };
  for (const more of [[], ["--json"]]) {
    const { output } = await sysparm(["classify", "log.har", ...more], { files });
    assert.match(output, /POST https:\/\/dev1\.service-now\.com\/api\/now\/table\/incident/);
    assert.match(output, /client_secret=\[concealed\]/);
    for (const secret of secrets) assert.ok(!output.includes(secret), `${secret}: ${output}`);
  }
});

test("classify reads a HAR, and leaves out files of pages", async () => {
  const entry = (path: string, status: number, content: object, more: object = {}) => ({
    startedDateTime: "2026-11-30T12:00:00.000Z",
    time: 12.5,
    request: {
      method: "GET",
      url: `https://dev12345.service-now.com${path}`,
      headers: [{ name: ":method", value: "GET" }],
    },
    response: { status, headers: [{ name: "content-type", value: "application/json" }], content },
    ...more,
  });
  const json = Buffer.from('{"result":[]}').toString("base64");
  const entries = [
    entry("/styles/main.css", 404, { size: 0 }),
    entry("/api/now/table/incident", 200, { text: json, encoding: "base64" }),
    entry("/api/now/table/problem", 429, { text: '{"error":{"message":"Rate limit exceeded"}}' }),
    entry("/api/now/table/change_request", 0, {}),
  ];
  const files = { "log.har": JSON.stringify({ log: { version: "1.2", entries } }) };
  const { output, code } = await sysparm(["classify", "log.har", "--json", "--all"], { files });
  const found = JSON.parse(output) as { request: string; status: number | null; diagnosis: { code: string } }[];
  assert.equal(code, 1);
  const called = "GET https://dev12345.service-now.com/api/now/table";
  assert.deepEqual(
    found.map(({ request, status, diagnosis }) => [request, status, diagnosis.code]),
    [
      [`${called}/incident`, 200, "reply.in-order"],
      [`${called}/problem`, 429, "rate.rule"],
      [`${called}/change_request`, null, "network.unreachable"],
    ],
  );
  for (const [text, said] of [
    ["{", /is not valid JSON/],
    ["{}", /no `log\.entries`/],
    ["hello", /No exchange was found/],
  ] as const) {
    const refused = await sysparm(["classify", "-"], { files: { "-": text } });
    assert.match(refused.errors, said);
    assert.equal(refused.code, 2);
  }
});

test("instance serves records over HTTP until it is interrupted", async () => {
  const interrupt = new AbortController();
  let asked: Promise<{ code: number; output: string; errors: string }> | undefined;
  const printed = (text: string) => {
    const { url, clients } = JSON.parse(text);
    const [{ client_id, client_secret }] = clients;
    const environment = { SYSPARM_URL: url, SYSPARM_CLIENT_ID: client_id, SYSPARM_CLIENT_SECRET: client_secret };
    asked = sysparm(["query", "count", "incident"], { environment });
    void asked.finally(() => interrupt.abort());
  };
  const served = await sysparm(["instance", "--rows", "12", "--json"], { interrupt, printed });
  assert.equal((await asked)?.output, "12\n");
  assert.deepEqual([served.code, served.errors], [0, ""]);
  const { output } = await sysparm(["instance", "--scenarios"]);
  assert.match(output, /^token-expired: /m);
  const wrong = await sysparm(["instance", "--release", "atlantis"]);
  assert.equal(wrong.code, 2);
});

test("instance prints variables for the shell of the system", async () => {
  const shown = async (platform: string) => {
    const interrupt = new AbortController();
    const printed = (text: string) => text.startsWith("Use it") && interrupt.abort();
    return (await sysparm(["instance", "--rows", "1"], { platform, interrupt, printed })).output;
  };
  assert.match(
    await shown("win32"),
    /^ {2}\$env:SYSPARM_URL = 'http:.*'; \$env:SYSPARM_CLIENT_ID = 'practice-client'; /m,
  );
  assert.match(await shown("linux"), /^ {2}export SYSPARM_URL=http:.* SYSPARM_CLIENT_ID=practice-client /m);
});

test("served instance answers with its own address and bytes", async () => {
  const practice = await practiceInstance({ rows: 3 });
  const server = await servePractice(practice, 0);
  try {
    const [user] = practice.accounts.users.filter(({ roles, apis_only }) => roles.includes("admin") && apis_only);
    const authorization = `Basic ${btoa(`${user?.user_name}:${user?.password}`)}`;
    const get = (path: string, init: RequestInit = {}) =>
      fetch(server.url + path, {
        ...init,
        headers: { authorization, "content-type": "application/json", ...init.headers },
      });
    const listed = await get("/api/now/table/incident?sysparm_limit=1");
    assert.ok(listed.headers.get("link")?.startsWith(`<${server.url}/api/now/table/incident`));
    const { result } = await listed.json();
    assert.ok(result[0].caller_id.link.startsWith(`${server.url}/api/now/table/sys_user/`), result[0].caller_id.link);
    const created = await get("/api/now/table/incident", { method: "POST", body: '{"short_description":"é"}' });
    assert.deepEqual([created.status, (await created.json()).result.short_description], [201, "é"]);
    assert.equal((await get("/api/now/table/incident", { headers: { authorization: "Basic eDp5" } })).status, 401);
    const bytes = new TextEncoder().encode(`${practice.url}\u0000`);
    const name = `?table_name=incident&table_sys_id=${result[0].sys_id}&file_name=a.txt`;
    const type = { "content-type": "text/plain" };
    const kept = await get(`/api/now/attachment/file${name}`, { method: "POST", body: bytes, headers: type });
    const { sys_id } = (await kept.json()).result;
    const file = await get(`/api/now/attachment/${sys_id}/file`);
    assert.deepEqual(new Uint8Array(await file.arrayBuffer()), bytes);
    await assert.rejects(
      servePractice(practice, Number(new URL(server.url).port)),
      /Invalid option `--port`: .*EADDRINUSE/,
    );
  } finally {
    await server.close();
  }
});
