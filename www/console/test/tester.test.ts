import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonProblem, KEPT_BYTES, present, receive } from "../src/tester/body";
import { indentJson } from "../src/tester/indent";
import { buildHeaders, buildTarget } from "../src/tester/target";
import { newPair, type Pair } from "../src/workspace/model";

const ORIGIN = "https://dev1.service-now.com";

function pairs(...given: [name: string, value: string, on?: boolean][]): Pair[] {
  return given.map(([name, value, on]) => newPair(name, value, on));
}

test("enabled parameters are added to the path, encoded", () => {
  const target = buildTarget(
    "/api/now/table/incident",
    pairs(["sysparm_query", "a=b^c>d e&f"], ["sysparm_limit", "5", false], ["", "no name"]),
    ORIGIN,
  );
  assert.deepEqual(target, { path: "/api/now/table/incident?sysparm_query=a%3Db%5Ec%3Ed%20e%26f" });
});

test("query in the path is kept", () => {
  assert.deepEqual(buildTarget("/x?a=1#here", pairs(["b", "2"]), ORIGIN), { path: "/x?a=1&b=2" });
});

test("whole address is accepted for this instance only", () => {
  assert.deepEqual(buildTarget(`${ORIGIN}/api/now/table/task?x=1`, [], ORIGIN), { path: "/api/now/table/task?x=1" });
  const elsewhere = buildTarget("https://evil.example/api", [], ORIGIN);
  assert.ok("problem" in elsewhere && elsewhere.problem.includes("https://evil.example"));
});

test("path that a browser would read as another host is refused", () => {
  for (const path of [
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "api/now",
    "javascript:alert(1)",
    "",
  ]) {
    assert.ok("problem" in buildTarget(path, [], ORIGIN), path);
  }
});

test("headers have defaults, and the token cannot be replaced", () => {
  const built = buildHeaders(pairs(["accept", "application/xml"]), "application/json");
  assert.ok("headers" in built);
  assert.equal(built.headers.get("Accept"), "application/xml");
  assert.equal(built.headers.get("Content-Type"), "application/json");
  assert.ok("problem" in buildHeaders(pairs(["Authorization", "Bearer x"]), ""));
  assert.ok("problem" in buildHeaders(pairs(["bad name", "x"]), ""));
});

test("indenting equals JSON.stringify for values of JavaScript", () => {
  const values = [
    { result: [{ a: 'x"y\\', b: [], c: {}, d: [1, -2.5e3, true, null] }, []] },
    [],
    {},
    "text",
    [[[{ deep: [{ deeper: "" }] }]]],
  ];
  for (const value of values) {
    assert.equal(indentJson(JSON.stringify(value)), JSON.stringify(value, null, 2));
    assert.equal(indentJson(JSON.stringify(value, null, 7)), JSON.stringify(value, null, 2));
  }
});

test("indenting keeps what JSON.parse would change", () => {
  assert.equal(indentJson('{"n":12345678901234567890,"n":1.0}'), '{\n  "n": 12345678901234567890,\n  "n": 1.0\n}');
});

test("truncated text is indented to its end", () => {
  assert.equal(indentJson('{"result":[{"a":"un'), '{\n  "result": [\n    {\n      "a": "un');
});

test("deep nesting does not blow up the output", () => {
  const deep = "[".repeat(20_000);
  assert.ok(indentJson(deep).length < deep.length * 100);
});

test("huge body is cut, and its true size is shown", async () => {
  const bytes = KEPT_BYTES * 3 + 17;
  const body = await receive(new Response(new Uint8Array(bytes).fill(0x20)));
  assert.equal(body.bytes, bytes);
  assert.equal(body.kept.byteLength, KEPT_BYTES);
  assert.match(present(body, "application/json").note, /the first 262,144 of 786,449 bytes/);
});

test("body in many small pieces is received whole", async () => {
  const text = JSON.stringify({ result: "é".repeat(5_000) });
  const bytes = new TextEncoder().encode(text);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
  const body = await receive(new Response(stream));
  assert.deepEqual(JSON.parse(present(body, "application/json;charset=UTF-8").text), JSON.parse(text));
});

test("body that is empty, binary or invalid JSON gets a note", async () => {
  const shown = async (content: BodyInit, type: string) => present(await receive(new Response(content)), type);
  assert.match((await shown(new Uint8Array(10), "image/png")).note, /image\/png: 10 bytes, not shown/);
  assert.equal((await shown("", "application/json")).note, "The body is empty.");
  const page = await shown("<html>asleep</html>", "application/json");
  assert.match(page.note, /not valid JSON/);
  assert.equal(page.text, "<html>asleep</html>");
});

test("request body that is not JSON is reported", () => {
  assert.equal(jsonProblem('{"a":1}'), "");
  assert.equal(jsonProblem(""), "");
  assert.notEqual(jsonProblem('{"a":}'), "");
});
