import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson } from "../../../www/worker/src/policy/json-body.ts";

const JSON_TYPE = "application/json";

const read = (body: string | number[], type: string | null = JSON_TYPE) =>
  readJson(typeof body === "string" ? new TextEncoder().encode(body) : Uint8Array.from(body), type);

test("JSON in UTF-8 is read", () => {
  for (const text of [
    '{"a":"\u00e9 \\" : \u2028","b":[{"a":1},{"a":2}]}',
    "[]",
    '"a"',
    " null\n",
    '{"":{"":1}}',
    '{"a\\":":1}',
  ]) {
    assert.deepEqual(read(text), { value: JSON.parse(text) }, text);
  }
  for (const type of ["application/json;charset=utf-8", 'Application/JSON; charset="UTF-8"', " application/json "]) {
    assert.deepEqual(read("1", type), { value: 1 });
  }
});

test("what is no JSON in UTF-8 is a problem", () => {
  const bytes = (text: string) => [...new TextEncoder().encode(text)];
  const invalid = [...bytes('{"a'), 0xff, ...bytes('":1}')];
  for (const body of ["", "{", "{'a':1}", "{a:1}", "[1,]", "\ufeff1", "1 // one", invalid])
    assert.ok("problem" in read(body), String(body));
  for (const type of [
    null,
    "",
    "text/json",
    "application/json;charset=utf-16",
    "application/json, text/plain",
    "application/jsonp",
  ]) {
    assert.ok("problem" in read("1", type), String(type));
  }
  assert.ok("problem" in readJson(undefined, JSON_TYPE));
});

test("member that is given twice is a problem at every depth", () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[[{"b":{"a":1,"a" : 2}}]]',
    '{"__proto__":1,"__proto__":2}',
  ]) {
    assert.ok("problem" in read(text), text);
  }
});

test("documents are at most 32 levels deep", () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  assert.ok("value" in read(nested(32)));
  assert.ok("problem" in read(nested(33)));
  assert.ok("problem" in read(`${"[".repeat(100_000)}${"]".repeat(100_000)}`));
});
