import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import type { Decision } from "../../../www/worker/src/policy/decide.ts";
import { needsBody } from "../../../www/worker/src/policy/request.ts";
import { decider, passes, refuses } from "./deciding.ts";

test("aggregates need the table's permission", () => {
  const stats = "/api/now/stats/incident";
  refuses(decider({ tables: { incident: {} } })(`GET ${stats}?sysparm_count=true`), "policy.aggregate", "`incident`");
  const decide = decider({
    tables: { incident: { aggregate: true, fields: ["state", "priority"], conditions: ["*"] } },
  });
  passes(decide(`GET ${stats}?sysparm_count=true&sysparm_query=active=true&sysparm_group_by=state`), undefined);
  passes(
    decide(`GET ${stats}?sysparm_avg_fields=priority&sysparm_having=count^priority^>^3&sysparm_order_by=AVG^state`),
  );
  passes(decide(`GET ${stats}?sysparm_order_by=state^DESC`));
  passes(decide(`GET ${stats}?sysparm_order_by=COUNT`));
  refuses(decide("GET /api/now/stats/problem"), "policy.table");
  refuses(decide(`POST ${stats}`), "policy.method");
  refuses(decide(`GET ${stats}/state`), "policy.path");
  for (const parameter of ["avg_fields", "min_fields", "max_fields", "sum_fields", "group_by", "order_by"]) {
    refuses(decide(`GET ${stats}?sysparm_${parameter}=cost`), "policy.field", "`cost`");
  }
  refuses(decide(`GET ${stats}?sysparm_having=sum^cost^>^3`), "policy.field", "`cost`");
  refuses(decide(`GET ${stats}?sysparm_group_by=state,caller_id.email`), "policy.field");
  refuses(decide(`GET ${stats}?sysparm_query=GROUPBYcost`), "policy.field", "`cost`");
  refuses(decide(`GET ${stats}?sysparm_display_value=true`), "policy.display-value");
  passes(
    decide(`GET ${stats}?sysparm_having=count^state^>^3,sum^priority^<=^1&sysparm_order_by=AVG^priority^DESC,state`),
  );
  refuses(decide(`GET ${stats}?sysparm_having=count^state^>^3,sum^cost^>^1`), "policy.field", "`cost`");
  refuses(decide(`GET ${stats}?sysparm_order_by=state,AVG^cost`), "policy.field", "`cost`");
  for (const value of [
    "",
    "count",
    "count^state",
    "count^state^>",
    "count^state^x^3",
    "count^state^>^3^4",
    "last^state^>^3",
    "count^^>^3",
    "count^a b^>^3",
  ]) {
    refuses(decide(`GET ${stats}?sysparm_having=${encodeURIComponent(value)}`), "policy.parameter");
  }
  for (const value of ["", "state^", "AVG^a^b^c", "state DESC"]) {
    refuses(decide(`GET ${stats}?sysparm_order_by=${encodeURIComponent(value)}`), "policy.parameter");
  }
  refuses(decide(`GET ${stats}?sysparm_limit=1`), "policy.parameter");
});

test("condition in a parameter of its own counts for aggregates, too", () => {
  const decide = decider({ tables: { incident: { aggregate: true, conditions: ["state"] } } });
  passes(decide("GET /api/now/stats/incident?state=3"));
  refuses(decide("GET /api/now/stats/incident?active=true"), "policy.parameter", "`active`");
});

test("groups are compared fields, too", () => {
  const decide = decider({ tables: { incident: { aggregate: true, conditions: ["state"] } } });
  for (const query of [
    "sysparm_group_by=priority",
    "sysparm_group_by=priority&sysparm_query=state=1",
    "sysparm_query=state=1&sysparm_group_by=priority",
  ]) {
    refuses(decide(`GET /api/now/stats/incident?${query}`), "policy.condition", "`priority`");
  }
});

test("attachments of a table are listed by a condition on it", () => {
  const list = "/api/now/attachment";
  const decide = decider({ maxRows: 50, tables: { incident: { attachments: ["GET", "POST"] }, problem: {} } });
  const limited = `${list}?sysparm_query=table_name=incident^table_sys_id=1&sysparm_limit=5`;
  passes(decide(`GET ${limited}`), limited);
  passes(
    decide(`GET ${list}?sysparm_query=table_name=incident`),
    `${list}?sysparm_query=table_name=incident&sysparm_limit=50`,
  );
  for (const query of [
    "",
    "?sysparm_query=table_sys_id=1",
    "?sysparm_query=table_name=problem",
    "?sysparm_query=table_name!=incident",
    "?sysparm_query=table_nameINincident,problem",
    "?sysparm_query=table_nameSTARTSWITHincident",
    "?sysparm_query=table_name=incident^ORtable_name=problem",
    "?sysparm_query=table_name=incident^NQtable_sys_id=1",
    "?sysparm_query=NQtable_name=incident",
    "?sysparm_query=EQ^table_name=incident",
    "?sysparm_query=sys_id=1^EQ^table_name=incident",
    "?sysparm_query=table_name=Incident",
  ]) {
    refuses(decide(`GET ${list}${query}`), "policy.attachment");
  }
  for (const query of ["file_name!=x^^table_name=incident", "file_name!=x^NQ^table_name=incident"])
    refuses(decide(`GET ${list}?sysparm_query=${query}`), "policy.query");
  refuses(decide(`GET ${list}?sysparm_query=table_name=incident^sys_created_by.email=x`), "policy.condition");
  refuses(decide(`GET ${list}?sysparm_query=table_name=incident^123TEXTQUERY321=x`), "policy.text-search");
  refuses(decide(`GET ${list}?table_name=incident`), "policy.parameter");
  refuses(decide(`GET ${list}?sysparm_query=table_name=incident&sysparm_limit=51`), "policy.rows");
});

test("file's address does not name its table", () => {
  const one = decider({ tables: { incident: { attachments: ["GET", "POST", "DELETE"] } } });
  for (const request of [
    "GET /api/now/attachment/1",
    "GET /api/now/attachment/1/file",
    "DELETE /api/now/attachment/1",
    "POST /api/now/attachment/upload",
  ]) {
    refuses(one(request), "policy.attachment", "all tables");
  }
  const all = decider({ attachments: ["GET"] });
  passes(all("GET /api/now/attachment/1/file"));
  passes(all("GET /api/now/attachment?sysparm_query=table_name=sys_user"));
  refuses(all("DELETE /api/now/attachment/1"), "policy.attachment");
  refuses(all("GET /api/now/attachment/1/file/x"), "policy.path");
  refuses(all("GET /api/now/attachment/1?sysparm_query=a=1"), "policy.parameter");
});

test("file is added to a record of an allowed table", () => {
  const decide = decider({ tables: { incident: { attachments: ["POST"] }, problem: { attachments: ["GET"] } } });
  const upload = "/api/now/attachment/file";
  passes(
    decide(`POST ${upload}?table_name=incident&table_sys_id=1&file_name=a%20b.png`, {
      headers: { "content-type": "image/png" },
    }),
  );
  refuses(decide(`POST ${upload}?table_name=problem&table_sys_id=1&file_name=a`), "policy.attachment", "`problem`");
  refuses(decide(`POST ${upload}?table_sys_id=1&file_name=a`), "policy.attachment");
  refuses(decide(`POST ${upload}?table_name=incident&other=1`), "policy.parameter", "`other`");
  refuses(decide(`POST ${upload}?table_name=incident&table_name=problem`), "policy.parameter", "twice");
  const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };
  refuses(decide(`POST ${upload}?table_name=incident&table_sys_id=1&file_name=a`, form), "policy.header");
});

test("form is taken by the upload of forms alone", () => {
  const all = decider({ attachments: ["POST", "PATCH", "DELETE"] });
  const multipart = { headers: { "content-type": "multipart/form-data; boundary=x" } };
  passes(all("POST /api/now/attachment/upload", multipart));
  for (const request of [
    "POST /api/now/attachment/file",
    "PATCH /api/now/attachment/1",
    "DELETE /api/now/attachment/1",
  ]) {
    refuses(all(request, multipart), "policy.header");
    passes(all(request, { headers: { "content-type": "application/json" } }));
  }
});

test("import set takes the writable fields of a named staging table", () => {
  const decide = decider({ importSets: { imp_user: { writable: ["email"] }, imp_any: {} } });
  passes(decide("POST /api/now/import/imp_user", { body: { email: "a" } }));
  refuses(decide("POST /api/now/import/imp_user", { body: { email: "a", role: "admin" } }), "policy.write", "`role`");
  refuses(decide("POST /api/now/import/imp_user/insertMultiple", { body: { records: [] } }), "policy.import", "label");
  refuses(decide("POST /api/now/import/imp_computer", { body: {} }), "policy.import", "imp_user, imp_any");
  refuses(decide("GET /api/now/import/imp_user/1"), "policy.method");
  passes(decide("POST /api/now/import/imp_any/insertMultiple?run_after=1", { body: { records: [] } }));
  refuses(decide("POST /api/now/import/imp_any/1", { body: {} }), "policy.path");
  refuses(decide("POST /api/now/import/imp_any?email=a", { body: {} }), "policy.parameter", "`email`");
  refuses(
    decide("POST /api/now/import/imp_any", { body: "a=1", headers: { "content-type": "text/plain" } }),
    "policy.header",
  );
  passes(decider({ importSets: { imp_user: { methods: ["GET"] } } })("GET /api/now/import/imp_user/1"));
});

test("GraphQL and other paths are refused unless named", () => {
  const none = decider({ tables: { incident: {} } });
  refuses(none("POST /api/now/graphql", { body: {} }), "policy.graphql");
  refuses(none("GET /api/x_acme/orders"), "policy.path");
  refuses(none("GET /api/now/ui/meta/incident"), "policy.path");
  refuses(none("POST /api/now/tinyurl", { body: {} }), "policy.path");
  passes(decider({ graphql: true })("POST /api/now/graphql", { body: {} }));
  refuses(decider({ graphql: true })("GET /api/now/graphql"), "policy.path");
  const some = decider({ paths: { "/api/x_acme/orders": ["GET"], "/api/x_acme/orders/new": ["POST"] } });
  passes(some("GET /api/x_acme/orders"));
  passes(some("GET /api/x_acme/orders/7/lines?anything=at+all;x"));
  refuses(some("GET /api/x_acme/orders2"), "policy.path");
  refuses(some("GET /api/x_acme/v1/orders"), "policy.path");
  refuses(some("POST /api/x_acme/orders"), "policy.method", "GET");
  refuses(some("GET /api/x_acme/orders/new"), "policy.method", "POST");
});

test("spelling of a path does not choose another rule", () => {
  const decide = decider({
    paths: { "/api/x_acme/orders": ["GET", "DELETE"], "/api/x_acme/orders/admin": ["GET"] },
  });
  refuses(decide("DELETE /api/x_acme/orders/admin/1"), "policy.method");
  for (const path of ["%61dmin/1", "adm%69n", "Admin/1", "ADMIN", "admin./1", "admin..", "%EF%BD%81dmin"]) {
    for (const method of ["GET", "DELETE"]) refuses(decide(`${method} /api/x_acme/orders/${path}`), "policy.path");
  }
  for (const path of ["7", "Administrator", "admins", "a.b@example.com", "7/Admin"])
    passes(decide(`DELETE /api/x_acme/orders/${path}`));
});

test("list of files has no more rows and bytes than its table allows", () => {
  const list = "/api/now/attachment?sysparm_query=table_name=incident";
  const attachments = ["GET"];
  const decide = decider({ maxBytes: 900, tables: { incident: { attachments, maxRows: 5, maxBytes: 500 } } });
  passes(decide(`GET ${list}`), `${list}&sysparm_limit=5`);
  refuses(decide(`GET ${list}&sysparm_limit=6`), "policy.rows", "1 to 5");
  const bytesOf = (decision: Decision) => decision.allowed && decision.maxBytes;
  assert.equal(bytesOf(decide(`GET ${list}`)), 500);
  const larger = decider({
    maxRows: 4,
    maxBytes: 300,
    tables: { incident: { attachments, maxRows: 5, maxBytes: 500 } },
  });
  passes(larger(`GET ${list}`), `${list}&sysparm_limit=4`);
  assert.equal(bytesOf(larger(`GET ${list}`)), 300);
});

test("unrestricted methods pass everything", () => {
  const decide = decider({ unrestricted: ["GET"], maxBytes: 9 });
  passes(decide("GET /api/now/table/sys_user?sysparm_query=a.b=javascript:x()&sysparm_query="));
  passes(decide("HEAD /api/x/y"));
  refuses(decide("POST /api/now/table/sys_user", { body: {} }), "policy.method", "Allowed: GET");
});

test("unrestricted POST alone does not include batches", () => {
  // A batch holds requests of any method.
  const some = decider({ unrestricted: ["GET", "POST"] });
  passes(some("POST /api/now/table/incident", { body: {} }));
  for (const path of [
    "/api/now/batch",
    "/api/now/v1/batch?x=1",
    "/api/now/b%61tch",
    "/api/now/BATCH",
    "/api/now/%62%61tch",
  ]) {
    refuses(some(`POST ${path}`, { body: {} }), "policy.batch");
  }
  passes(decider({ unrestricted: ["GET", "POST", "PATCH", "PUT", "DELETE"] })("POST /api/now/batch", { body: {} }));
});

test("requests of an unrestricted batch are counted per minute", () => {
  const decide = decider({ unrestricted: ["GET", "POST", "PATCH", "PUT", "DELETE"], requestsPerMinute: 3 });
  const counted = (rest_requests: unknown[]) => decide("POST /api/now/v1/batch", { body: { rest_requests } });
  const two = counted([{ url: "anything" }, {}]);
  passes(two);
  assert.equal(two.allowed && two.requests, 2);
  refuses(counted([1, 2, 3, 4]), "policy.batch", "at most 3");
  refuses(decide("POST /api/now/batch", { body: "<xml/>" }), "policy.body");
  refuses(decide("POST /api/now/b%61tch", { body: { rest_requests: [] } }), "policy.path");
  passes(decide("POST /api/now/table/incident", { body: "anything" }));
});

test("body is needed where what may be written is restricted", () => {
  const policy = compilePolicy({
    tables: { incident: { methods: ["PATCH"], fields: ["state"] }, problem: { methods: ["PATCH"] } },
    importSets: { imp_user: { writable: ["email"] }, imp_any: {} },
    batch: true,
  });
  const cases: [string, string, boolean][] = [
    ["PATCH", "/api/now/table/incident/1", true],
    ["PATCH", "/api/now/v1/table/incident/1?x", true],
    ["GET", "/api/now/table/incident/1", false],
    ["DELETE", "/api/now/table/incident/1", false],
    ["PATCH", "/api/now/table/problem/1", false],
    ["PATCH", "/api/now/table/sys_user/1", false],
    ["POST", "/api/now/import/imp_user", true],
    ["POST", "/api/now/import/imp_any", false],
    ["POST", "/api/now/v1/batch", true],
    ["POST", "/api/now/attachment/file", false],
  ];
  for (const [method, target, needed] of cases) {
    if (needsBody(policy, method, target) !== needed) throw new Error(`${method} ${target}: ${!needed}`);
  }
  if (needsBody(compilePolicy({ unrestricted: ["POST"] }), "POST", "/api/now/batch"))
    throw new Error("unrestricted batch");
  const counted = compilePolicy({ unrestricted: ["POST"], requestsPerMinute: 1 });
  assert.ok(needsBody(counted, "POST", "/api/now/batch"));
  assert.ok(!needsBody(counted, "POST", "/api/now/table/incident"));
});
