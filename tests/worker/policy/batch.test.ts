import assert from "node:assert/strict";
import { test } from "node:test";
import { decider, passes, refuses } from "./deciding.ts";

const decide = decider({
  batch: true,
  tables: { incident: { fields: ["number", "state"], methods: ["GET", "PATCH"] }, problem: {} },
});

const encoded = (body: unknown) => btoa(typeof body === "string" ? body : JSON.stringify(body));
const item = (method: string, url: string, more: object = {}) => ({ id: "1", method, url, ...more });
const batch = (...items: unknown[]) =>
  decide("POST /api/now/v1/batch", { body: { batch_request_id: "1", rest_requests: items } });
const JSON_BODY = [{ name: "Content-Type", value: "application/json" }];

const PROBLEM = item("GET", "/api/now/table/problem?sysparm_limit=1");

test("batch passes when every request in it passes", () => {
  const patch = item("PATCH", "/api/now/table/incident/1?sysparm_fields=number", {
    headers: JSON_BODY,
    body: encoded({ state: "2" }),
  });
  const decision = batch(PROBLEM, patch);
  passes(decision, "/api/now/v1/batch");
  assert.equal(decision.allowed && decision.requests, 2);
});

test("batch is refused for a parameter of its own", () => {
  const body = { batch_request_id: "1", rest_requests: [PROBLEM] };
  for (const query of ["sysparm_query=u_secret=1", "sysparm_fields=number", "x=", "%"])
    refuses(decide(`POST /api/now/batch?${query}`, { body }), "policy.parameter");
});

test("batch is refused for any request that would be refused alone", () => {
  refuses(
    batch(PROBLEM, item("GET", "/api/now/table/sys_user")),
    "policy.table",
    "Request 2 of the batch: Table `sys_user`",
  );
  refuses(batch(item("GET", "/api/now/table/incident?sysparm_fields=u_secret")), "policy.field");
  refuses(batch(item("GET", "/api/now/table/problem?sysparm_query=a.b=1")), "policy.condition");
  refuses(batch(item("DELETE", "/api/now/table/problem/1")), "policy.method");
  refuses(batch(item("get", "/api/now/table/problem")), "policy.method");
  const write = { headers: JSON_BODY, body: encoded({ u_secret: "2" }) };
  refuses(batch(item("PATCH", "/api/now/table/incident/1?sysparm_fields=number", write)), "policy.write", "`u_secret`");
  refuses(decider({ tables: { problem: {} } })("POST /api/now/batch", { body: { rest_requests: [] } }), "policy.batch");
});

test("batch is sent to the path of the API by POST", () => {
  for (const request of ["GET /api/now/batch", "PUT /api/now/v1/batch", "POST /api/now/batch/1"]) {
    refuses(decide(request, { body: { rest_requests: [] } }), "policy.path");
  }
});

test("nothing is added to a request in a batch", () => {
  refuses(batch(item("GET", "/api/now/table/incident")), "policy.batch", "Add sysparm_fields=number,state to");
  passes(batch(item("GET", "/api/now/table/incident?sysparm_fields=number")));
});

test("batch inside a batch is refused", () => {
  for (const url of ["/api/now/batch", "/api/now/v1/batch", "/api/now/batch?x=1"])
    refuses(batch(item("POST", url)), "policy.batch");
  refuses(batch(item("POST", "/api/now/b%61tch")), "policy.path");
});

test("url that servers may read differently is refused", () => {
  for (const url of [
    "api/now/table/problem",
    "//api/now/table/problem",
    "https://other.example/api/now/table/problem",
    "/api/now/table/x/../problem",
    "/api/now/table/problem/.",
    "/api/now/table/problem/",
    "/api/now/table/probl%65m",
    "/api/now/table\\problem",
    "/api/now/table/problem#x",
    "/api/now/table/problem?a=\n",
    "",
    7,
    null,
  ]) {
    refuses(batch({ id: "1", method: "GET", url }), "policy.path");
  }
  for (const method of [undefined, null, 7, ["GET"]]) refuses(batch({ ...PROBLEM, method }), "policy.path");
});

test("headers of a request in a batch are an allow list", () => {
  for (const name of [
    "X-HTTP-Method-Override",
    "x-http-method-override",
    "Authorization",
    "Cookie",
    "X-UserToken",
    "Host",
    "Content-Type ",
  ]) {
    refuses(batch(item("GET", PROBLEM.url, { headers: [{ name, value: "DELETE" }] })), "policy.header");
  }
  const twice = [...JSON_BODY, { name: "content-type", value: "application/xml" }];
  refuses(batch(item("GET", PROBLEM.url, { headers: twice })), "policy.header", "twice");
  refuses(batch(item("GET", PROBLEM.url, { headers: { Accept: "x" } })), "policy.header");
  for (const header of [
    "Accept",
    null,
    { name: "Accept" },
    { name: "Accept", value: 7 },
    { name: 7, value: "x" },
    { name: "Accept", value: "x", other: "y" },
  ]) {
    refuses(batch(item("GET", PROBLEM.url, { headers: [header] })), "policy.header");
  }
  passes(batch(item("GET", PROBLEM.url, { headers: null })));
  passes(
    batch(
      item("GET", PROBLEM.url, {
        headers: [{ name: "accept", value: "application/json" }],
        exclude_response_headers: true,
      }),
    ),
  );
});

test("body of a request in a batch is decoded strictly", () => {
  const patch = (body: unknown) =>
    batch(item("PATCH", "/api/now/table/incident/1?sysparm_fields=number", { headers: JSON_BODY, body }));
  for (const body of ["eyJ9", "e30", "e3 0=", "e30=\n", "-_-_", { state: 1 }, 7]) refuses(patch(body), "policy.body");
  refuses(patch(encoded('{"state":1,"state":2}')), "policy.body");
  for (const nothing of [undefined, null, ""]) refuses(patch(nothing), "policy.body", "no body");
  refuses(batch(item("GET", PROBLEM.url, { body: "e30=" })), "policy.body", "no body");
});

test("member that readers may read differently is refused", () => {
  const raw = (body: string) => decide("POST /api/now/batch", { body });
  const good = JSON.stringify(PROBLEM);
  const bad = JSON.stringify(item("GET", "/api/now/table/sys_user"));
  passes(raw(`{"rest_requests":[${good}]}`));
  refuses(raw(`{"rest_requests":[${bad}],"rest_requests":[${good}]}`), "policy.body", "twice");
  refuses(raw(`{"rest_requests":[{"url":"/api/now/table/sys_user",${good.slice(1)}]}`), "policy.body", "twice");
  refuses(raw(`{"rest_requests":[{"URL":"/api/now/table/sys_user",${good.slice(1)}]}`), "policy.body", "`URL`");
  refuses(raw(`{"rest_requests":[{"\\u0075rl":"/api/now/table/sys_user",${good.slice(1)}]}`), "policy.body", "twice");
  refuses(raw(`{"Rest_Requests":[${bad}],"rest_requests":[${good}]}`), "policy.body");
  refuses(raw(`{"rest_requests":{"0":${good}}}`), "policy.body");
  refuses(raw(`{"rest_requests":[[${good}]]}`), "policy.body");
  refuses(raw(`{"rest_requests":[${good}]} x`), "policy.body");
  refuses(raw(`/**/{"rest_requests":[${good}]}`), "policy.body");
  refuses(raw(`${"[".repeat(40)}${"]".repeat(40)}`), "policy.body");
});

test("reply to a batch is as short as its shortest one", () => {
  const capped = decider({ batch: true, maxBytes: 900, tables: { incident: { maxBytes: 500 }, problem: {} } });
  const bytes = (...tables: string[]) => {
    const items = tables.map((name) => item("GET", `/api/now/table/${name}`));
    const decision = capped("POST /api/now/batch", { body: { rest_requests: items } });
    return decision.allowed ? decision.maxBytes : decision.why;
  };
  assert.equal(bytes(), 900);
  assert.equal(bytes("problem"), 900);
  assert.equal(bytes("problem", "incident", "problem"), 500);
});

test("value of a header in a batch is visible ASCII", () => {
  for (const value of ["application/json\r\nX-HTTP-Method-Override: DELETE", "a\n", "\0", "a\u0085b", "\u2028"])
    refuses(
      batch(item("GET", PROBLEM.url, { headers: [{ name: "accept", value }] })),
      "policy.header",
      "visible ASCII",
    );
});

test("every request in a batch counts, and an empty batch counts one", () => {
  const limited = decider({ batch: true, requestsPerMinute: 2, tables: { problem: {} } });
  const counted = (count: number) =>
    limited("POST /api/now/batch", { body: { rest_requests: Array.from({ length: count }, () => PROBLEM) } });
  for (const count of [0, 1, 2]) {
    const decision = counted(count);
    assert.equal(decision.allowed && decision.requests, Math.max(1, count));
  }
  refuses(counted(3), "policy.batch", "Send at most 2, as many as the policy allows per minute");
});

test("batch has a bounded number of requests", () => {
  passes(batch(...Array.from({ length: 1000 }, () => PROBLEM)));
  refuses(batch(...Array.from({ length: 1001 }, () => PROBLEM)), "policy.batch", "at most 1000");
});
