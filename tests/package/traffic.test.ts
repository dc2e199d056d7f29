/** What recorded calls needed, read from each kind of recording. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { traffic } from "../../www/glue/src/environments/audit/traffic/index.js";

const ORIGIN = "https://dev1.service-now.com";
const ID = "0123456789abcdef0123456789abcdef";

const table = (result: ReturnType<typeof traffic>, name: string) => {
  const found = result.tables.find((one) => one.table === name);
  assert.ok(found, name);
  return found;
};

const operations = (result: ReturnType<typeof traffic>) =>
  Object.fromEntries(result.tables.map((one) => [one.table, Object.keys(one.operations).sort().join()]));

const har = (entries: object[]) => ({ log: { version: "1.2", entries } });

function entry(
  method: string,
  url: string,
  more: { body?: string; status?: number; reply?: unknown; auth?: string } = {},
) {
  const { body, status = 200, reply, auth = "Bearer planted-token" } = more;
  return {
    startedDateTime: "2026-11-01T10:00:00.000Z",
    request: {
      method,
      url: ORIGIN + url,
      headers: [{ name: "Authorization", value: auth }],
      ...(body !== undefined && { postData: { mimeType: "application/json", text: body } }),
    },
    response: { status, content: { text: reply === undefined ? "" : JSON.stringify(reply) } },
  };
}

test("every API's call needs its operation on its table", () => {
  const cases: [method: string, path: string, expected: Record<string, string>][] = [
    ["GET", "/api/now/table/incident", { incident: "read" }],
    ["GET", `/api/now/v2/table/incident/${ID}`, { incident: "read" }],
    ["POST", "/api/now/table/incident", { incident: "create,read" }],
    ["PATCH", `/api/now/v1/table/problem/${ID}`, { problem: "read,write" }],
    ["PUT", `/api/now/table/problem/${ID}`, { problem: "read,write" }],
    ["DELETE", `/api/now/table/problem/${ID}`, { problem: "delete,read" }],
    ["HEAD", "/api/now/table/incident", { incident: "read" }],
    ["GET", "/api/now/stats/change_request", { change_request: "read" }],
    ["POST", "/api/now/import/imp_user", { imp_user: "create,read" }],
    ["GET", "/api/now/cmdb/instance/cmdb_ci_server", { cmdb_ci_server: "read" }],
    ["POST", "/api/sn_chg_rest/v1/change/normal", { change_request: "create,read" }],
    ["GET", `/api/sn_chg_rest/change/${ID}/task`, { change_task: "read" }],
    ["GET", "/incident_list.do?CSV", { incident: "read" }],
    ["POST", "/api/now/attachment/file?table_name=incident", { incident: "read,write", sys_attachment: "create,read" }],
    ["POST", "/api/sn_sc/servicecatalog/items/x/order_now", {}],
    ["POST", "/api/now/identifyreconcile", {}],
  ];
  for (const [method, path, expected] of cases)
    assert.deepEqual(operations(traffic([{ method, path, status: 200 }])), expected, `${method} ${path}`);
});

test("refused calls are counted apart from needed ones", () => {
  const result = traffic([
    { method: "GET", path: "/api/now/table/incident", status: 200 },
    { method: "GET", path: "/api/now/table/incident", status: 403 },
    { method: "GET", path: "/api/now/table/problem", status: 401 },
    { method: "GET", path: "/api/now/table/sys_user", status: null },
  ]);
  assert.deepEqual(table(result, "incident").operations.read, { calls: 1, refused: 1, through: ["Table API"] });
  assert.deepEqual(operations(result), { incident: "read", sys_user: "read" });
  assert.equal(result.calls, 4);
});

test("fields are listed by read, condition and write", () => {
  const query = encodeURIComponent("active=true^ORpriority=1^ORDERBYDESCopened_at");
  const result = traffic(
    har([
      entry("GET", `/api/now/table/incident?sysparm_query=${query}&sysparm_fields=number,state`),
      entry("POST", "/api/now/table/incident?sysparm_fields=number", { body: '{"short_description":"planted-text"}' }),
    ]),
  );
  assert.deepEqual(table(result, "incident").fields, {
    all: false,
    read: ["number", "state"],
    queried: ["active", "opened_at", "priority"],
    written: ["short_description"],
  });
  assert.equal(JSON.stringify(result).includes("planted"), false);
});

test("fields behind dots need the tables that references lead to", () => {
  const calls = [{ method: "GET", path: "/api/now/table/incident?sysparm_fields=caller_id.department.name" }];
  const schemas = [
    {
      table: "incident",
      tables: {
        incident: { extends: "task", fields: { caller_id: { type: "reference", reference: "sys_user" } } },
        sys_user: { fields: { department: { type: "reference", reference: "cmn_department" } } },
      },
    },
  ];
  const known = traffic(calls, { schemas });
  assert.deepEqual(operations(known), { cmn_department: "read", incident: "read", sys_user: "read" });
  assert.deepEqual(table(known, "cmn_department").fields.read, ["name"]);
  assert.deepEqual(known.gaps, []);
  assert.equal(traffic(calls).gaps[0]?.code, "reference.unresolved");
});

test("calls in a batch count with their own status", () => {
  const body = JSON.stringify({
    rest_requests: [
      { id: "1", method: "GET", url: "/api/now/table/incident?sysparm_limit=1" },
      { id: "2", method: "DELETE", url: `/api/now/table/problem/${ID}` },
    ],
  });
  const reply = {
    serviced_requests: [
      { id: "1", status_code: 200 },
      { id: "2", status_code: 403 },
    ],
  };
  const result = traffic(har([entry("POST", "/api/now/v1/batch", { body, reply })]));
  assert.deepEqual(result.gaps, []);
  assert.equal(table(result, "problem").operations.delete?.refused, 1);
  assert.equal(table(result, "incident").operations.read?.calls, 1);
  assert.equal(traffic([{ method: "POST", path: "/api/now/batch" }]).gaps[0]?.code, "batch.no-bodies");
});

test("an import needs its target, or its target is a gap", () => {
  const reply = { result: [{ table: "sys_user", status: "inserted" }] };
  const shown = traffic(har([entry("POST", "/api/now/import/imp_user", { body: "{}", status: 201, reply })]));
  assert.deepEqual(operations(shown), { imp_user: "create,read", sys_user: "create,read" });
  assert.equal(traffic([{ method: "POST", path: "/api/now/import/imp_user" }]).gaps[0]?.code, "import.no-target");
});

test("rows of a base table need the classes they are of", () => {
  const reply = { result: [{ sys_class_name: "incident" }, { sys_class_name: { value: "problem" } }] };
  assert.deepEqual(operations(traffic(har([entry("GET", "/api/now/table/task", { reply })]))), {
    incident: "read",
    problem: "read",
    task: "read",
  });
  assert.equal(traffic([{ method: "GET", path: "/api/now/table/task" }]).gaps[0]?.code, "table.classes-unknown");
});

test("a log shows means and grants, and keeps no credential", () => {
  const token = (grant: string, status = 200) => ({
    ...entry("POST", "/oauth_token.do", { body: `grant_type=${grant}&client_secret=planted-secret`, status }),
  });
  const result = traffic(
    har([
      token("password"),
      token("refresh_token", 401),
      entry("GET", "/api/now/table/incident"),
      entry("GET", "/api/now/table/incident", { auth: `Basic ${btoa("planted.user:planted-password")}` }),
      entry("GET", "/styles/app.css"),
    ]),
  );
  assert.deepEqual(result.means, [
    { means: "basic", calls: 1 },
    { means: "bearer", calls: 1 },
  ]);
  assert.deepEqual(result.grants, [
    { grant: "password", requests: 1, refused: 0 },
    { grant: "refresh_token", requests: 1, refused: 1 },
  ]);
  assert.equal(result.passedOver, 1);
  assert.equal(JSON.stringify(result).includes("planted"), false);
});

test("calls that are not understood are gaps", () => {
  const page = {
    ...entry("GET", "/incident.do?sys_id=1"),
    response: { status: 200, content: { text: "<!DOCTYPE html>" } },
  };
  const understood = [
    entry("GET", "/login.do"),
    entry("POST", "/incident.do?SOAP", { status: 401 }),
    entry("GET", "/styles/app.css"),
    entry("GET", "/incident_list.do?CSV"),
    entry("POST", "/api/now/identifyreconcile", { status: 403 }),
    page,
  ];
  assert.deepEqual(traffic(har(understood)).gaps, []);
  const cases: [recorded: unknown, code: string, what: string][] = [
    [har([entry("POST", "/incident.do?SOAP")]), "processor.unread", "incident.do"],
    [har([entry("GET", "/incident.do?JSONv2&sysparm_query=active=true")]), "processor.unread", "incident.do"],
    [har([entry("POST", "/xmlhttp.do")]), "processor.unread", "xmlhttp.do"],
    [[{ url: "/incident.do", type: "soap", http_response_code: "200" }], "processor.unread", "incident.do"],
    [har([entry("POST", "/api/now/identifyreconcile")]), "api.uses-unknown", "Identification and Reconciliation API"],
    [har([entry("GET", "/api/now/cmdb/meta/cmdb_ci_server")]), "api.uses-unknown", "CMDB Meta API"],
    [har([entry("GET", "/api/sn_sc/servicecatalog/items")]), "api.uses-unknown", "Service Catalog API"],
  ];
  for (const [recorded, code, what] of cases)
    assert.deepEqual(
      traffic(recorded).gaps.map((gap) => [gap.code, gap.what]),
      [[code, what]],
    );
});

test("journals, hooks, logs and lines are read alike", () => {
  const path = "/api/now/table/incident";
  const sent = { id: 1, at: 5, method: "GET", path, search: "?sysparm_fields=number", isForToken: false };
  const recordings = {
    journal: { requests: [{ at: 5, method: "GET", path, query: "sysparm_fields=number", status: 200, user: "bot" }] },
    hooks: [sent, { ...sent, status: 200, durationMs: 3 }],
    lines: `{"at":5,"method":"GET","path":"${path}?sysparm_fields=number","status":200}\n\nnot json\n`,
    rows: {
      result: [
        {
          url: `${path}?sysparm_fields=number`,
          type: "rest",
          http_method: "GET",
          http_response_code: "200",
          sys_created_on: "1970-01-01 00:00:05",
          sys_created_by: "bot",
        },
      ],
    },
    text: JSON.stringify(har([entry("GET", `${path}?sysparm_fields=number`)])),
  };
  for (const [kind, recording] of Object.entries(recordings)) {
    const result = traffic(recording);
    assert.equal(result.calls, 1, kind);
    assert.deepEqual(table(result, "incident").fields.read, ["number"], kind);
  }
  assert.deepEqual(traffic(recordings.journal).users, [{ name: "bot", calls: 1 }]);
  assert.equal(traffic(recordings.rows).from, 5000);
});

test("only calls of one user and origin count", () => {
  const lines = ["bot", "other"].map((user) => ({ method: "GET", path: "/api/now/table/incident", user }));
  assert.equal(traffic(lines, { user: "bot" }).calls, 1);
  const log = har([entry("GET", "/api/now/table/incident")]);
  assert.equal(traffic(log, { origin: "https://elsewhere.example" }).calls, 0);
});

test("what is no recording is refused", () => {
  for (const wrong of [undefined, 5, {}, "hello", '{"log":{}}'])
    assert.throws(() => traffic(wrong), { code: "options.type" });
  assert.throws(() => traffic([], { users: "x" } as object), { code: "options.unknown" });
});

test("a recording with many names is bounded", () => {
  const calls = Array.from({ length: 1100 }, (_, place) => ({ method: "GET", path: `/api/now/table/t${place}` }));
  const result = traffic(calls);
  assert.equal(result.tables.length, 1000);
  assert.ok(result.gaps.some(({ code }) => code === "too-many"));
});
