import assert from "node:assert/strict";
import { test } from "node:test";
import { headersForInstance } from "../../../www/worker/src/gateway/passing-headers.ts";
import { requestId } from "../../../www/worker/src/gateway/request-id.ts";
import { isTraceParent, isTraceState } from "../../../www/worker/src/gateway/trace-context.ts";

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("well formed traceparent passes, another does not", () => {
  for (const value of [PARENT, PARENT.replace("00-", "cc-"), PARENT.replace("-01", "-00")])
    assert.equal(isTraceParent(value), true, value);
  for (const value of [
    "",
    PARENT.toUpperCase(),
    PARENT.replace("00-", "ff-"),
    `${PARENT}-extra`,
    ` ${PARENT}`,
    PARENT.slice(1),
    PARENT.replace("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)),
    PARENT.replace("b7ad6b7169203331", "0".repeat(16)),
    PARENT.replace("0af", "0ag"),
    `${PARENT}, ${PARENT}`,
  ])
    assert.equal(isTraceParent(value), false, value);
});

test("tracestate passes with valid members only", () => {
  for (const value of ["rojo=00f067aa0ba902b7", "a=1,b=2 , c=3", "t@v=x y", "", "a=1,,b=2", "k=~!$"])
    assert.equal(isTraceState(value), true, value);
  const most = Array.from({ length: 32 }, (_, index) => `k${index}=v`).join(",");
  assert.equal(isTraceState(most), true);
  for (const value of [`${most},more=v`, "novalue", "A=1", "a=", "a=x ,b=é", "a=b=c", `a=${"x".repeat(2_000)}`])
    assert.equal(isTraceState(value), false, value.slice(0, 40));
});

test("tracestate is bounded in length, keys and values", () => {
  assert.equal(isTraceState(`${"x".repeat(256)}=v`), true);
  assert.equal(isTraceState(`${"x".repeat(257)}=v`), false);
  assert.equal(isTraceState(`k=${"v".repeat(256)}`), true);
  assert.equal(isTraceState(`k=${"v".repeat(257)}`), false);
  for (const value of ["_a=1", "@a=1", "a b=1", "a=1\u007f", "a=\u001f1", "k=v;", "=v"])
    assert.equal(isTraceState(value), value === "k=v;", value);
  const long = ["a", "b", "c", "d"].map((key) => `${key}=${"x".repeat(253)}`).join(",");
  assert.equal(isTraceState(`${long},`.padEnd(1_024, " ")), true);
  assert.equal(isTraceState(`${long},`.padEnd(1_025, " ")), false);
});

test("tracestate passes only with a valid traceparent", () => {
  const passing = (headers: Record<string, string>) => headersForInstance(new Headers(headers));
  const { traceparent, tracestate } = passing({ traceparent: PARENT, tracestate: "a=1" });
  assert.deepEqual([traceparent, tracestate], [PARENT, "a=1"]);
  for (const headers of [{ tracestate: "a=1" }, { traceparent: "00-x", tracestate: "a=1" }])
    assert.deepEqual(Object.keys(passing(headers)), ["accept"]);
  assert.deepEqual(Object.keys(passing({ traceparent: PARENT, tracestate: "A" })), ["accept", "traceparent"]);
});

test("request id is the caller's if it is short and safe", () => {
  const id = (value?: string) => requestId(new Headers(value === undefined ? {} : { "x-request-id": value }));
  for (const value of ["a", "run-7.step_2", "7f9c24e8-3b12-4fef-91d0-1d2f3a4b5c6d", "x".repeat(64)])
    assert.equal(id(value), value);
  for (const value of [undefined, "", "x".repeat(65), "a b", "a<b>", "-a", "a;b", "a/b", "../a", "caf\u00e9"])
    assert.match(id(value), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, value);
  assert.notEqual(id(), id());
});
