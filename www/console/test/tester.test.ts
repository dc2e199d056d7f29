import assert from "node:assert/strict";
import { test } from "node:test";
import { isFormattable, jsonProblem, KEPT_BYTES, receive, remark } from "../src/tester/body";
import { indentJson } from "../src/tester/indent";
import { formatLines, linesOf, MOST_CHARACTERS, searchLines } from "../src/tester/lines";
import { buildHeaders, buildTarget } from "../src/tester/target";
import { newPair, type Pair } from "../src/workspace/model";

const JSON_TYPE = { "Content-Type": "application/json" };
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
  const bytes = KEPT_BYTES + 17;
  const body = await receive(new Response(new Uint8Array(bytes).fill(0x20), { headers: JSON_TYPE }));
  assert.equal(body.bytes, bytes);
  assert.equal(body.text?.length, KEPT_BYTES);
  assert.match(remark(body), /the first 64,000,000 of 64,000,017 bytes/);
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
  assert.equal((await receive(new Response(stream, { headers: JSON_TYPE }))).text, text);
});

test("body that is empty, binary or invalid JSON gets a remark", async () => {
  const received = (content: BodyInit, type: string) =>
    receive(new Response(content, { headers: { "Content-Type": type } }));
  const image = await received(new Uint8Array(10), "image/png");
  assert.match(remark(image), /image\/png: 10 bytes, not shown/);
  assert.equal(image.file?.size, 10);
  assert.equal(remark(await received("", "application/json")), "The body is empty.");
  const page = await received("<html>asleep</html>", "application/json");
  assert.match(remark(page), /not valid JSON/);
  assert.equal(isFormattable(page), false);
});

test("long line is cut without breaking a character", () => {
  const text = `a${"😀".repeat(3_000)}\nb`;
  const lines = linesOf(text);
  assert.equal(lines.slice(0, -1).join(""), text.slice(0, -2));
  assert.ok(lines.every((line) => line.length <= MOST_CHARACTERS && !/\p{Surrogate}/u.test(line)));
  assert.deepEqual(linesOf("a\n\nb"), ["a", "", "b"]);
  assert.equal(linesOf("\n".repeat(100), 10).length, 10);
});

test("large JSON is formatted in steps and searched", async () => {
  const value = { result: Array.from({ length: 60_000 }, (_, n) => ({ number: `INC${n}`, ok: true })) };
  const { signal } = new AbortController();
  const parts: number[] = [];
  const lines = await formatLines(JSON.stringify(value), signal, (part) => parts.push(part));
  assert.equal(lines?.join("\n"), JSON.stringify(value, null, 2));
  assert.ok(parts.length > 0 && parts.every((part) => part > 0 && part < 1));
  assert.deepEqual(await searchLines(lines ?? [], "inc59999", signal), [59_999 * 4 + 3]);
  assert.equal(await formatLines(JSON.stringify(value), AbortSignal.abort(), () => undefined), null);
});

test("request body that is not JSON is reported", () => {
  assert.equal(jsonProblem('{"a":1}'), "");
  assert.equal(jsonProblem(""), "");
  assert.notEqual(jsonProblem('{"a":}'), "");
});

test("address that cannot be read is named, with what to enter", () => {
  const target = buildTarget("https://dev1:port/api/now/table/incident", [], "https://dev1.test");
  assert.ok("problem" in target);
  assert.equal(
    target.problem,
    '"https://dev1:port/api/now/table/incident" is no address: its host or port cannot be read. Correct it, or enter the path alone: /api/now/table/incident',
  );
  const long = buildTarget(`https://[${"x".repeat(10_000)}`, [], "https://dev1.test");
  assert.ok("problem" in long && long.problem.length < 500, "a long address is cut");
});
