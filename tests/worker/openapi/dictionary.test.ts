/** Descriptions of an instance whose dictionary is closed to the tenant's user, broken or too long. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { OpenApiDocument } from "sysparm/openapi";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { type Answer, json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { call, type Envelope } from "../worker-under-test.ts";

const CLOSED = json(403, {
  error: { message: "User Not Authorized", detail: "Failed API level ACL Validation" },
  status: "failure",
});
const ROWS = json(200, { result: [{ sys_id: "0".repeat(32), number: "INC1", secret_note: "never shown" }] });
const isDictionary = (url = "") => /\/table\/sys_(?:db_object|dictionary|choice|index)/.test(url);
const rowsAlone: Answer = (request, response) => (isDictionary(request.url) ? CLOSED : ROWS)(request, response);

let instance: ScriptedInstance;
let worker: WorkerWithRegistry;
before(async () => {
  [instance, worker] = await Promise.all([scriptedInstance(rowsAlone), workerWithRegistry()]);
  for (const name of ["closed", "nothing", "broken", "long"]) {
    const policy = { tables: { incident: { fields: ["number", "u_site"], maxRows: 10 } } };
    await worker.register(name, instance.url, forTestsKey(policy));
  }
});
after(async () => {
  await worker?.stop();
  await instance?.stop();
});

async function answer(tenant: string): Promise<[number, string, Envelope & OpenApiDocument]> {
  const reply = await call(worker, `/${tenant}/openapi.json`);
  const text = await reply.text();
  return [reply.status, text, JSON.parse(text)];
}

test("closed dictionary leaves what rows show and the policy names", async () => {
  instance.answer = rowsAlone;
  const [status, text, document] = await answer("closed");
  const { properties } = document.components.schemas.incident as { properties: Record<string, object> };
  assert.deepEqual([status, Object.keys(properties)], [200, ["number", "u_site"]]);
  assert.match(String(document.info.description), /could not be read whole: incident/);
  assert.ok(!text.includes("secret_note") && !text.includes("never shown") && !text.includes("INC1"));
});

test("instance that shows nothing is not asked twice at once", async () => {
  instance.answer = CLOSED;
  const [status, , { error }] = await answer("nothing");
  assert.deepEqual([status, error.code], [502, "openapi.dictionary"]);
  const { length } = instance.arrived;
  assert.equal((await answer("nothing"))[0], 502);
  assert.equal(instance.arrived.length, length);
});

test("failure of the instance passes with its causes and is not kept", async () => {
  instance.answer = json(500, {
    error: { message: "Transaction cancelled: maximum execution time exceeded", detail: "" },
  });
  const [status, , { error }] = await answer("broken");
  assert.ok(status >= 500 && error.code && !error.code.startsWith("openapi."), `${status} ${error.code}`);
  instance.answer = rowsAlone;
  assert.equal((await answer("broken"))[0], 200);
});

test("dictionary that is too long is refused", async () => {
  const long = json(200, { result: [{ name: "x".repeat(3 * 2 ** 20) }] });
  instance.answer = (request, response) => (isDictionary(request.url) ? long : ROWS)(request, response);
  const [status, , { error }] = await answer("long");
  assert.deepEqual([status, error.code], [502, "openapi.dictionary"]);
});
