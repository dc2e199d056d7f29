/** A tenant's map: checked when it is registered, and used by the endpoints without a deployment. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ModelMap, Ticket } from "sysparm/model";
import { hashOfKey } from "../../../www/worker/serve.ts";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call, type Envelope, KEY } from "../worker-under-test.ts";

let instance: ScriptedInstance;
let worker: WorkerWithRegistry;
before(async () => {
  [instance, worker] = await Promise.all([scriptedInstance(), workerWithRegistry()]);
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

const ROW = {
  sys_id: "6816f79cc0a8016401c5a33be04be441",
  number: "INC0000001",
  state: "9",
  u_target: "2026-02-28 08:30:00",
  u_plant: "Lyon",
  u_site: "north",
};

/** Answers with the columns that are requested, as an instance does. */
function answerRow() {
  instance.arrived.splice(0);
  instance.answer = (request, response) => {
    const named = new URL(request.url ?? "", "http://x").searchParams.get("sysparm_fields")?.split(",");
    const row = Object.fromEntries(Object.entries(ROW).filter(([column]) => named?.includes(column) ?? true));
    json(200, { result: row })(request, response);
  };
}

const readTicket = async (tenant: string, query = "") => {
  const reply = await call(worker, `/${tenant}/unified/tickets/${ROW.sys_id}${query}`);
  assert.equal(reply.status, 200, await reply.clone().text());
  return ((await reply.json()) as { item: Ticket }).item;
};

const put = (id: string, map: unknown) =>
  worker.admin("PUT", `tenants/${id}`, {
    instanceUrl: instance.url,
    auth: { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" },
    ...forTestsKey(),
    map,
  });

test("customer's column appears under custom without a deployment", async () => {
  answerRow();
  await put("acme", undefined);
  assert.deepEqual((await readTicket("acme")).custom, {});
  assert.deepEqual((await readTicket("acme", "?custom=u_site")).custom, { u_site: "north" });
  assert.deepEqual(Object.keys((await readTicket("acme", "?custom=true")).custom), ["u_target", "u_plant", "u_site"]);
  assert.equal((await put("acme", { version: 1, tables: { incident: { custom: ["u_site"] } } })).status, 200);
  assert.deepEqual((await readTicket("acme")).custom, { u_site: "north" });
});

test("map moves fields, renames values and adds fields and tables", async () => {
  answerRow();
  const map: ModelMap = {
    version: 1,
    tables: {
      incident: {
        fields: { dueAt: { column: "u_target" }, status: { values: { "9": "closed" } } },
        extra: { plant: { column: "u_plant" } },
      },
      u_ticket: { like: "incident" },
    },
  };
  assert.equal((await put("mapped", map)).status, 201);
  const { dueAt, status, extra } = await readTicket("mapped");
  assert.deepEqual([dueAt, status?.value, extra], ["2026-02-28T08:30:00Z", "closed", { plant: "Lyon" }]);
  assert.equal((await readTicket("mapped", "?table=u_ticket")).table, "u_ticket");
  assert.match(instance.arrived.at(-1)?.target ?? "", /^\/api\/now\/table\/u_ticket\//);
  const shown = (await (await worker.admin("GET", "tenants/mapped")).json()) as { record: { map: ModelMap } };
  assert.deepEqual(shown.record.map, map);
  // Another tenant has its own map.
  await put("plain", undefined);
  assert.equal((await readTicket("plain")).status?.value, null);
  // A PUT without a map takes it away.
  await put("mapped", undefined);
  assert.equal((await readTicket("mapped")).status?.value, null);
});

test("every problem of a map is named when it is registered", async () => {
  const map = {
    version: 1,
    tables: { incident: { fields: { nothing: null, status: { values: { "1": "opne" } } } }, u_a: { like: "u_b" } },
  };
  const reply = await put("refused", map);
  assert.equal(reply.status, 400);
  const { error } = (await reply.json()) as Envelope;
  assert.equal(error.code, "admin.problems");
  const fixes = error.causes?.flatMap(({ fix }) => fix) ?? [];
  for (const path of [
    "map.tables.incident.fields.nothing",
    "map.tables.incident.fields.status.values.1",
    "map.tables.u_a",
  ])
    assert.ok(
      fixes.some((fix) => fix.startsWith(`Invalid option \`${path}`)),
      `${path}: ${fixes}`,
    );
  assert.equal((await worker.admin("GET", "tenants/refused")).status, 404);
  for (const wrong of [[], "map", { version: 2 }]) assert.equal((await put("refused", wrong)).status, 400);
});

test("unknown key reaches no unified endpoint of any tenant", async () => {
  answerRow();
  const stranger = `stranger-${hashOfKey("x").slice(0, 8)}`;
  const reply = await fetch(`${worker.url}/mapped/unified/tickets`, { headers: { "x-api-key": stranger } });
  assert.equal(reply.status, 401);
  const nobody = await call(worker, "/nobody/unified/tickets");
  const asKnown = await fetch(`${worker.url}/mapped/unified/tickets`, { headers: { "x-api-key": `${KEY}x` } });
  assert.deepEqual([nobody.status, asKnown.status], [401, 401]);
  assert.deepEqual(instance.arrived, []);
});
