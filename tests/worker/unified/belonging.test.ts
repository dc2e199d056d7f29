/** What belongs to a record is shown of records that the caller may read, by the record's own class. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refused } from "../../../www/worker/src/gateway/refusals.ts";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { decide } from "../../../www/worker/src/policy/decide.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { Answered } from "../../../www/worker/src/unified/answered.ts";
import { attachmentsOf, commentsOf } from "../../../www/worker/src/unified/belonging.ts";
import type { UnifiedCall } from "../../../www/worker/src/unified/calls.ts";
import { type Resource, resourceOf } from "../../../www/worker/src/unified/resources.ts";

const ID = "6816f79cc0a8016401c5a33be04be441";
const CLASSES: Readonly<Record<string, string>> = {
  incident: "incident",
  sn_hr_core_case: "sn_hr_core_case",
  cmdb_ci: "cmdb_ci_server",
};
const ENTRIES = [
  { sys_id: "b", element: "comments", value: "first", sys_created_on: "2026-02-28 08:00:00" },
  { sys_id: "a", element: "work_notes", value: "second", sys_created_on: "2026-02-28 09:00:00" },
];

/** A call under a policy, and the addresses that reach an instance which has records of `CLASSES`. */
function callUnder(policy: Policy) {
  const asked: URL[] = [];
  const compiled = compilePolicy(policy);
  const call: UnifiedCall = {
    tenant: "acme",
    policy: compiled,
    map: undefined,
    pass: () => assert.fail(),
    body: () => assert.fail(),
    async send(method, target) {
      const decision = decide(compiled, { method, target });
      if (!decision.allowed) return refused({ ...decision, message: "Refused", fix: [] });
      const url = new URL(decision.target, "http://instance.example");
      asked.push(url);
      const [, , , api, table = "", id] = url.pathname.split("/");
      const headers = { "x-total-count": "1" };
      if (api === "attachment" || table === "sys_journal_field") return Response.json({ result: ENTRIES }, { headers });
      if (id === undefined || CLASSES[table] === undefined) return new Response("{}", { status: 404 });
      return Response.json({ result: { sys_id: id, sys_class_name: CLASSES[table] } });
    },
  };
  return { call, asked };
}

const resource = (name: string): Resource => resourceOf(name) ?? assert.fail(name);
const address = (query = "") => `https://worker.example/acme/unified/x${query}`;
const queryIn = (url: URL | undefined) => url?.searchParams.get("sysparm_query") ?? "";

async function refusalOf(work: Promise<unknown>): Promise<[status: number, code: string | undefined]> {
  const error = await work.then(
    () => assert.fail("an answer"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Answered, String(error));
  return [error.reply.status, (await error.reply.json()).error?.code];
}

const JOURNALS = { sys_journal_field: {} };

test("comments of a table that the policy forbids are refused", async () => {
  const { call, asked } = callUnder({ tables: { incident: {}, ...JOURNALS } });
  const work = commentsOf(call, resource("tickets"), ID, address("?table=sn_hr_core_case"));
  assert.deepEqual(await refusalOf(work), [403, "policy.table"]);
  assert.deepEqual(await refusalOf(commentsOf(call, resource("users"), ID, address())), [403, "policy.table"]);
  assert.deepEqual(asked, []);
});

test("comments of a record that the instance does not show are none", async () => {
  const { call, asked } = callUnder({ unrestricted: ["GET"] });
  const work = commentsOf(call, resource("tickets"), ID, address("?table=change_request"));
  assert.equal((await refusalOf(work))[0], 404);
  assert.ok(asked.length === 1 && asked[0]?.pathname.endsWith(`/change_request/${ID}`));
});

test("comments of a class that the policy forbids are refused", async () => {
  const { call, asked } = callUnder({ tables: { cmdb_ci: {}, ...JOURNALS } });
  const work = commentsOf(call, resource("configuration-items"), ID, address());
  assert.deepEqual(await refusalOf(work), [403, "policy.table"]);
  assert.equal(asked.length, 1);
});

test("comments come in the order of time, or its reverse", async () => {
  const { call, asked } = callUnder({ unrestricted: ["GET"] });
  await commentsOf(call, resource("tickets"), ID, address());
  assert.match(
    queryIn(asked[1]),
    /^element_id=6816\w+\^elementINcomments,work_notes\^ORDERBYsys_created_on\^ORDERBYsys_id$/,
  );
  await commentsOf(call, resource("tickets"), ID, address("?order=-createdAt"));
  assert.match(queryIn(asked[3]), /\^ORDERBYDESCsys_created_on\^/);
});

test("work notes are withheld with the column of the record", async () => {
  const fields = ["sys_id", "sys_class_name", "comments"];
  const { call, asked } = callUnder({ tables: { incident: { fields }, ...JOURNALS } });
  const { omitted } = await commentsOf(call, resource("tickets"), ID, address());
  assert.match(queryIn(asked[1]), /\^elementINcomments\^/);
  assert.ok(omitted.includes("workNote"), omitted.join());
  const none = callUnder({ tables: { incident: { fields: ["sys_id", "sys_class_name"] }, ...JOURNALS } });
  const work = commentsOf(none.call, resource("tickets"), ID, address());
  assert.deepEqual(await refusalOf(work), [403, "policy.field"]);
});

test("files are looked up by the class of the record", async () => {
  const { call, asked } = callUnder({ unrestricted: ["GET"] });
  await attachmentsOf(call, resource("configuration-items"), ID, address());
  assert.match(queryIn(asked[1]), /^table_name=cmdb_ci_server\^table_sys_id=6816\w+\^/);
  const { call: narrow } = callUnder({ tables: { cmdb_ci: { attachments: ["GET"] } } });
  const work = attachmentsOf(narrow, resource("configuration-items"), ID, address());
  assert.deepEqual(await refusalOf(work), [403, "policy.table"]);
});
