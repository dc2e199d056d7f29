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
  const tables = { sys_user: { fields: ["name"] }, incident: { fields: ["number", "caller_id.emai"] } };
  await worker.register("behind", instance.url, forTestsKey({ tables }));
  const deep = { tables: Object.fromEntries(["a", "b", "c"].map((name) => [name, {}])) };
  await worker.register("deep", instance.url, forTestsKey(deep));
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

/** Tables with all the ancestors that a reading follows, or with none; incident refers to sys_user. */
const dictionary =
  (ancestors: number): Answer =>
  (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://instance.test");
    const query = searchParams.get("sysparm_query") ?? "";
    const [, name = "", depth = "0"] = /^(?:name|sys_id)=([a-z_]+?)(\d*)$/.exec(query) ?? [];
    const [, table = ""] = /^nameIN(\w+)/.exec(query) ?? [];
    const parent = Number(depth) < ancestors ? { super_class: `${name}${Number(depth) + 1}` } : {};
    const columns = [
      { name: table, element: table === "sys_user" ? "email" : "number", internal_type: "string" },
      { name: table, element: table === "sys_user" ? "name" : "caller_id", reference: "sys_user" },
    ];
    const rows = pathname.endsWith("sys_db_object")
      ? [{ name: `${name}${depth === "0" ? "" : depth}`, ...parent }]
      : [];
    const result = pathname.endsWith("sys_dictionary") ? columns : rows;
    json(200, { result }, { "x-total-count": String(result.length) })(request, response);
  };

test("name behind a reference that does not exist is left out", async () => {
  instance.answer = dictionary(0);
  const [status, text] = await answer("behind");
  assert.ok(status === 200 && !/emai|Nearest/.test(text), text);
});

test("reading stops before the platform's limit, and a repeat goes on", async () => {
  instance.answer = dictionary(15);
  const { length } = instance.arrived;
  const [status, text, { error }] = await answer("deep");
  assert.deepEqual([status, error?.code], [503, "openapi.requests"], text);
  assert.ok(instance.arrived.length - length <= 42, `${instance.arrived.length - length} requests`);
  assert.equal((await answer("deep"))[0], 200);
});

test("dictionary that is too long is refused", async () => {
  const long = json(200, { result: [{ name: "x".repeat(3 * 2 ** 20) }] });
  instance.answer = (request, response) => (isDictionary(request.url) ? long : ROWS)(request, response);
  const [status, , { error }] = await answer("long");
  assert.deepEqual([status, error.code], [502, "openapi.dictionary"]);
});
