/** Hostile parameters reach no other table, condition or host than a right one would. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readQuery } from "../../../www/worker/src/policy/encoded-query.ts";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call } from "../worker-under-test.ts";

let instance: ScriptedInstance;
let worker: WorkerWithRegistry;
before(async () => {
  [instance, worker] = await Promise.all([scriptedInstance(), workerWithRegistry()]);
  await worker.register("acme", instance.url, forTestsKey());
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

const HOSTILE = [
  "1^NQactive=true",
  "1^ORsys_idISNOTEMPTY",
  "1^^active=true",
  "javascript:gs.log(1)",
  "JavaScript :gs.log(1)",
  "raw:1^active=true",
  "../sys_user",
  "..%2fsys_user",
  "sys_user?sysparm_query=",
  "incident/../sys_user",
  "a&sysparm_query=active=true",
  "a\r\nx-other: 1",
  "\u2028",
  "*",
  "%00",
  "sys_user",
  "WzEsMCwiIiwiYV5OUWFjdGl2ZT10cnVlIl0",
  "2026-02-28T08:30:00Z^NQactive=true",
];

/** Parameters and the columns that a right value of each compares or sorts by. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  table: ["sys_id"],
  limit: ["sys_id"],
  cursor: ["sys_id"],
  order: ["sys_id", "sys_created_on", "sys_updated_on"],
  custom: ["sys_id"],
  status: ["sys_id", "state"],
  number: ["sys_id", "number"],
  assignee: ["sys_id", "assigned_to"],
  active: ["sys_id", "active"],
  updatedSince: ["sys_id", "sys_updated_on"],
};

test("hostile parameters add no condition and name no other table", async () => {
  let arrivals = 0;
  for (const [name, columns] of Object.entries(PARAMETERS))
    for (const value of HOSTILE) {
      instance.arrived.splice(0);
      const shown = `${name}=${value}`;
      const reply = await call(worker, `/acme/unified/tickets?${new URLSearchParams({ [name]: value })}`);
      assert.ok([200, 400, 403].includes(reply.status), `${shown}: ${reply.status} ${await reply.text()}`);
      for (const { target } of instance.arrived.filter((one) => one.target !== "/oauth_token.do")) {
        arrivals += 1;
        const { pathname, searchParams } = new URL(target, "http://instance.example");
        assert.equal(pathname, "/api/now/table/incident", shown);
        const known = ["sysparm_query", "sysparm_limit", "sysparm_fields", "sysparm_display_value"];
        assert.deepEqual(
          [...searchParams.keys()].filter((key) => !known.includes(key)),
          [],
          shown,
        );
        const read = readQuery(searchParams.get("sysparm_query") ?? "");
        assert.ok("fields" in read, shown);
        assert.deepEqual(
          read.fields.filter((field) => !columns.includes(field)),
          [],
          shown,
        );
        assert.ok(
          read.terms.every(({ joined }) => joined === "and"),
          shown,
        );
      }
    }
  assert.ok(arrivals > 10, `${arrivals} arrived`);
});

test("hostile ids, cursors and bodies reach no other record", async () => {
  const id = "6816f79cc0a8016401c5a33be04be441";
  instance.answer = json(200, { result: { sys_id: id } });
  for (const value of HOSTILE) {
    instance.arrived.splice(0);
    const segment = encodeURIComponent(value);
    for (const path of [segment, `${segment}/raw`, `${segment}/comments`, `${segment}/attachments`])
      await (await call(worker, `/acme/unified/tickets/${path}`)).text();
    await (await call(worker, `/acme/unified/tickets/changes?since=${segment}`)).text();
    await (await call(worker, `/acme/unified/${segment}`)).text();
    const targets = instance.arrived.map(({ target }) => decodeURIComponent(target));
    // `sys_user` and what looks like a cursor are well-formed ids.
    const isPlain = /^[\w-]{1,64}$/.test(value);
    const isOwn = (target: string) => target === "/oauth_token.do" || (isPlain && target.includes(value));
    assert.deepEqual(
      targets.filter((target) => !isOwn(target)),
      [],
      value,
    );
  }
  instance.arrived.splice(0);
  const body = JSON.stringify({ title: "x", custom: { "a&b": "1", "sys_user.name": "2" } });
  const init = { method: "PATCH", body, headers: { "content-type": "application/json" } };
  const reply = await call(worker, `/acme/unified/tickets/${id}`, init);
  assert.equal(reply.status, 400, await reply.text());
  assert.deepEqual(instance.arrived, []);
});

test("map cannot name a table or column that is none", async () => {
  for (const tables of [
    { "../sys_user": { like: "incident" } },
    { "u_a?x=": { like: "incident" } },
    { incident: { fields: { title: { column: "a^NQactive=true" } } } },
    { incident: { custom: ["u_a&sysparm_limit=1"] } },
    { incident: { extra: { a: { column: "u_a,b" } } } },
  ]) {
    const reply = await worker.admin("PUT", "tenants/hostile", {
      instanceUrl: instance.url,
      auth: { username: "a", password: "b" },
      policies: {},
      map: { version: 1, tables },
    });
    assert.equal(reply.status, 400, `${JSON.stringify(tables)}: ${await reply.text()}`);
  }
});
