import assert from "node:assert/strict";
import { test } from "node:test";
import { explainDecision } from "../../../www/worker/src/gateway/explain.ts";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";

const policy = compilePolicy({
  maxBytes: 1000,
  tables: { incident: { fields: ["number", "state"], methods: ["GET", "PATCH"], maxRows: 10 } },
});

test("sample request is explained with what the instance would receive", () => {
  const target = "/api/now/table/incident?sysparm_query=state=1^ORDERBYnumber";
  assert.deepEqual(explainDecision(policy, { method: "GET", target }), {
    allowed: true,
    why: "Table incident allows GET, PATCH, and every field and condition of the request is allowed. The policy adds sysparm_fields=number,state&sysparm_limit=10.",
    sent: { method: "GET", target: `${target}&sysparm_fields=number,state&sysparm_limit=10` },
    added: "sysparm_fields=number,state&sysparm_limit=10",
    maxBytes: 1000,
    asks: { api: "table", table: "incident", fields: "all", conditions: ["state", "number"] },
    readsBody: false,
  });
});

test("refused sample is explained by code and sentence", () => {
  const target = "/api/now/table/incident/1";
  const headers = { "Content-Type": "application/json" };
  const explained = explainDecision(policy, { method: "PATCH", target, headers, body: '{"caller_id":"x"}' });
  assert.equal(explained.allowed, false);
  assert.equal(explained.status, 403);
  assert.equal(explained.code, "policy.write");
  assert.match(explained.why, /`caller_id` may not be written\. Allowed: number, state\./);
  assert.equal(explained.readsBody, true);
  assert.equal(explained.sent, undefined);
});

test("explanation says what the request was understood to ask for", () => {
  const asked = (target: string, data: Parameters<typeof compilePolicy>[0] = {}) =>
    explainDecision(compilePolicy(data), { method: "GET", target }).asks;
  const all =
    "sysparm_fields=number,state&sysparm_query=a=1^a=2^123TEXTQUERY321=x&sysparm_view=ess&sysparm_display_value=all&sysparm_limit=3&b=4";
  assert.deepEqual(asked(`/api/now/table/incident/1?${all}`), {
    api: "table",
    table: "incident",
    record: "1",
    fields: ["number", "state"],
    conditions: ["a", "b"],
    rows: 3,
    view: "ess",
    displayValues: true,
    textSearch: true,
  });
  assert.deepEqual(asked("/api/now/table/incident?sysparm_query=nonsense"), { api: "table" });
  assert.deepEqual(asked("/api/now/stats/incident?sysparm_sum_fields=cost"), {
    api: "stats",
    table: "incident",
    fields: ["cost"],
    conditions: [],
  });
  assert.deepEqual(asked("/api/now/attachment/1/file"), {
    api: "attachment",
    record: "file",
    fields: "all",
    conditions: [],
  });
  assert.deepEqual(asked("/api/x_acme/orders/7?a"), { api: "path", path: "/api/x_acme/orders/7" });
});

test("allowed sample says which permission lets it pass", () => {
  const why = (target: string, data: Parameters<typeof compilePolicy>[0], method = "GET") => {
    const headers = { "content-type": "application/json" };
    const explained = explainDecision(compilePolicy(data), { method, target, headers, body: '{"rest_requests":[]}' });
    assert.equal(explained.allowed, true, explained.why);
    return explained.why;
  };
  assert.match(why("/api/now/table/x", { unrestricted: ["GET"] }), /unrestricted allows GET/);
  assert.match(
    why("/api/now/stats/incident", { tables: { incident: { aggregate: true } } }),
    /incident allows the Aggregate API/,
  );
  assert.match(why("/api/now/attachment/1", { attachments: ["GET"] }), /of all tables/);
  const files = { tables: { incident: { attachments: ["GET" as const] } } };
  assert.match(why("/api/now/attachment?sysparm_query=table_name=incident", files), /names a table/);
  assert.match(
    why("/api/now/import/imp_user", { importSets: { imp_user: {} } }, "POST"),
    /Staging table imp_user allows POST/,
  );
  assert.match(why("/api/now/batch", { batch: true }, "POST"), /every request in the batch/);
  assert.match(why("/api/now/graphql", { graphql: true }, "POST"), /GraphQL API is allowed/);
  assert.match(why("/api/x_acme/orders", { paths: { "/api/x_acme/orders": ["GET"] } }), /names this path/);
});

test("address that the gateway refuses is named as such", () => {
  const explained = explainDecision(policy, { method: "GET", target: "/api/now/table/../x" });
  assert.deepEqual([explained.allowed, explained.status, explained.code], [false, 403, "gateway.address"]);
});

test("what the gateway itself refuses is explained by its code", () => {
  const target = "/api/now/table/incident/1";
  const codeOf = (method: string, headers: Record<string, string> = {}, body?: string) => {
    const { status, code } = explainDecision(policy, { method, target, headers, body });
    return [status, code];
  };
  assert.deepEqual(codeOf("PATCH", { "If-Match": "1" }), [400, "gateway.header"]);
  assert.deepEqual(codeOf("OPTIONS"), [405, "gateway.method"]);
  assert.deepEqual(codeOf("PATCH", { "Content-Length": "1048577" }, "{}"), [413, "gateway.body-too-long-for-policy"]);
});
