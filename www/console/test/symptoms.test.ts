/** Reading of pasted replies and of HAR logs, and their diagnoses. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { createExamined } from "../src/symptoms/examined";
import { harExchanges } from "../src/symptoms/har";
import { pastedReply } from "../src/symptoms/pasted";

const request = { method: "GET", url: "" };
const BODY =
  '{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}';

test("pasted reply has its status, headers and body", () => {
  for (const begin of [
    "HTTP/1.1 401 Unauthorized",
    "HTTP/2 401",
    "HTTP/1.1 100 Continue\n\nHTTP/1.1 401 Unauthorized",
    "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 401 Unauthorized",
    "HTTP/1.1 302 Found\nLocation: /login\n\nHTTP/2 401",
    "> GET /a HTTP/1.1\n>\n< HTTP/1.1 302 Found\n<\n* Connected\n> GET /b HTTP/1.1\n>\n< HTTP/1.1 401 Unauthorized",
  ]) {
    const read = pastedReply(
      `${begin}\r\nContent-Type: application/json\r\nX-Is-Logged-In: false\r\n\r\n${BODY}\n`,
      "",
      request,
    );
    assert.ok(!("problem" in read), begin);
    assert.equal(read.status, 401);
    assert.deepEqual(read.headers, [
      ["Content-Type", "application/json"],
      ["X-Is-Logged-In", "false"],
    ]);
    assert.equal(read.body, BODY);
  }
});

test("status line that a body quotes further down does not count", () => {
  const body = "It said:\n\nHTTP/1.1 200 OK\n\nand then nothing.";
  const read = pastedReply(`HTTP/1.1 502 Bad Gateway\nServer: x\n\n${body}`, "", request);
  assert.ok(!("problem" in read));
  assert.deepEqual([read.status, read.body], [502, body]);
});

test("HAR log that cannot be read says why", async () => {
  const examined = createExamined();
  const gone = async () => Promise.reject(new Error("It is gone."));
  await examined.examineHar({ size: 1, text: gone }, "");
  const state = examined.state.value;
  assert.match(state.name === "problem" ? state.problem : "", /^The file could not be read\. It is gone\./);
});

test("line of a reply shows no secret of its query", async () => {
  const examined = createExamined();
  const url = "/api/now/table/u_login?sysparm_query=active=true^password=hunter2&token=hunter2";
  await examined.examinePasted(BODY, "401", { method: "GET", url }, "");
  const state = examined.state.value;
  const line = state.name === "done" ? state.results[0]?.line : JSON.stringify(state);
  assert.match(line ?? "", /^GET \/api\/now\/table\/u_login\?sysparm_query=active=true\^password=•+&token=•+: 401$/);
});

test("body alone takes the status of the form", () => {
  const read = pastedReply(BODY, "401", request);
  assert.ok(!("problem" in read));
  assert.deepEqual([read.status, read.headers, read.body], [401, [], BODY]);
  const words = pastedReply("error: no such table", "400", request);
  assert.equal("body" in words && words.body, "error: no such table");
});

test("reply without a status, or with one that is none, is refused", () => {
  assert.match(JSON.stringify(pastedReply(BODY, "", request)), /status is not known/i);
  assert.match(JSON.stringify(pastedReply(BODY, "ok", request)), /ok is no HTTP status/);
});

test("reply printed with any headers and body is read back", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,15}$/);
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  const headers = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 5 });
  const body = fc.json();
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), headers, body, (status, given, text) => {
      const printed = [`HTTP/1.1 ${status}`, ...given.map((one) => one.join(": ")), "", text].join("\n");
      const read = pastedReply(printed, "", request);
      assert.ok(!("problem" in read));
      assert.deepEqual([read.status, read.headers, read.body], [status, given, text.trim()]);
    }),
  );
});

test("any text is read or refused, and never throws", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, status) => {
      pastedReply(text, status, request);
      harExchanges(text);
    }),
  );
  assert.match(JSON.stringify(harExchanges("{}")), /no log\.entries/);
});

test("pasted reply is diagnosed, and its secret is nowhere in the result", async () => {
  const examined = createExamined();
  const url = "/api/now/table/incident?sysparm_limit=1&password=pl4nted&sysparm_ck=pl4nted#access_token=pl4nted";
  await examined.examinePasted(
    `HTTP/1.1 401 Unauthorized\nauthorization: Bearer pl4nted\n\n${BODY}`,
    "",
    { method: "GET", url },
    "",
  );
  const state = examined.state.value;
  assert.ok(state.name === "done" && state.results.length === 1, state.name);
  assert.equal(state.results[0]?.classified.kind, "authentication");
  assert.match(state.results[0]?.line ?? "", /^GET \/api\/now\/table\/incident\?.+: 401$/);
  assert.doesNotMatch(JSON.stringify(state), /pl4nted/);
});

test("HAR log gives each exchange that has a symptom", async () => {
  const log = JSON.parse(readFileSync(new URL("./fixtures/log.har", import.meta.url), "utf8")) as {
    log: { entries: { request: { url: string }; response: unknown }[] };
  };
  const entry = (status: number, text: string) => ({
    startedDateTime: "2026-01-01T00:00:00Z",
    time: 12,
    request: {
      method: "GET",
      url: "https://dev.test/api/now/table/incident",
      headers: [{ name: ":path", value: "/" }],
    },
    response: { status, headers: [], content: { text } },
  });
  log.log.entries = [entry(200, '{"result":[]}'), entry(401, BODY), entry(0, "")];
  const exchanges = harExchanges(JSON.stringify(log));
  assert.ok(Array.isArray(exchanges));
  assert.deepEqual(
    exchanges.map(({ status, transport }) => status ?? transport),
    [200, 401, "unreachable"],
  );
  assert.deepEqual(exchanges[0]?.request?.headers, []);
  const examined = createExamined();
  const file = { size: 1, text: async () => JSON.stringify(log) };
  await examined.examineHar(file, "");
  const state = examined.state.value;
  assert.ok(state.name === "done", state.name);
  assert.equal(state.results.length + state.inOrder, 3);
  assert.ok(state.results.some(({ line }) => line.endsWith(": 401")));
});
