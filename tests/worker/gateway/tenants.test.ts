/** Many tenants behind one worker: each request reaches its own tenant's instance, and nobody learns which tenants there are. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { forTestsKey, type WorkerWithRegistry, workerWithRegistry } from "../registry-under-test.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { CONSOLE, call, envelopeOf, KEY } from "../worker-under-test.ts";

let acme: ScriptedInstance;
let other: ScriptedInstance;
let worker: WorkerWithRegistry;
before(async () => {
  [acme, other] = await Promise.all([scriptedInstance(), scriptedInstance()]);
  worker = await workerWithRegistry();
  await worker.register("acme", acme.url, { ...forTestsKey(), allowedOrigins: [CONSOLE] });
  await worker.register("other", other.url, forTestsKey({ tables: { incident: { fields: ["number"] } } }));
});
beforeEach(() => {
  for (const instance of [acme, other]) {
    instance.arrived.splice(0);
    instance.answer = json(200, { result: [] });
  }
});
after(async () => {
  await worker?.stop();
  await Promise.all([acme?.stop(), other?.stop()]);
});

const targets = ({ arrived }: ScriptedInstance) =>
  arrived.filter(({ target }) => target !== "/oauth_token.do").map(({ method, target }) => `${method} ${target}`);

test("each tenant's requests reach its own instance, with its policy", async () => {
  const target = "/api/now/table/incident?sysparm_query=numberSTARTSWITHINC";
  assert.equal((await call(worker, `/acme${target}`)).status, 200);
  assert.equal((await call(worker, `/other${target}`)).status, 200);
  const body = '{"short_description":"disk full"}';
  const headers = { "content-type": "application/json" };
  assert.equal((await call(worker, "/acme/api/now/table/incident", { method: "POST", body, headers })).status, 200);
  const refused = await call(worker, "/other/api/now/table/incident", { method: "POST", body, headers });
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [403, "policy.method"]);
  assert.deepEqual(targets(acme), [`GET ${target}`, "POST /api/now/table/incident"]);
  assert.deepEqual(targets(other), [`GET ${target}&sysparm_fields=number`]);
  assert.equal(acme.arrived.at(-1)?.headers["content-length"], String(body.length));
});

test("unknown tenant answers exactly like an unknown caller", async () => {
  const answers = async (path: string, init: RequestInit) => {
    const reply = await fetch(`${worker.url}${path}`, init);
    const headers = [...reply.headers].filter(([name]) => !["date", "x-request-id", "server-timing"].includes(name));
    return { status: reply.status, headers, body: await reply.text() };
  };
  const presented: Record<string, string>[] = [
    {},
    { authorization: "Bearer wrong" },
    { "x-api-key": `${KEY}x` },
    { origin: CONSOLE },
    { origin: "https://evil.example", authorization: "Bearer wrong" },
  ];
  for (const headers of presented)
    for (const method of ["GET", "POST", "OPTIONS"])
      for (const target of ["/api/now/table/incident", "/oauth_token.do", "/"]) {
        const known = await answers(`/acme${target}`, { method, headers });
        assert.equal(known.status, 401);
        for (const tenant of ["acm", "nobody", "api2"])
          assert.deepEqual(await answers(`/${tenant}${target}`, { method, headers }), known, `${method} ${tenant}`);
      }
  // The right key of another tenant's caller says nothing either.
  const headers = { authorization: `Bearer ${KEY}` };
  assert.equal((await answers("/nobody/api/now/table/incident", { headers })).status, 401);
  assert.deepEqual([targets(acme), targets(other)], [[], []]);
});

test("without plain bindings there is no tenant at /api", async () => {
  assert.equal((await call(worker, "/api/now/table/incident")).status, 401);
  assert.equal((await fetch(`${worker.url}/health`)).status, 200);
});

test("paused tenant is refused to its callers, and goes on later", async () => {
  await worker.register("paused", acme.url, { ...forTestsKey(), state: "paused" });
  const refused = await call(worker, "/paused/api/now/table/incident");
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [503, "gateway.tenant-paused"]);
  assert.equal((await fetch(`${worker.url}/paused/api/now/table/incident`)).status, 401);
  assert.equal((await worker.admin("POST", "tenants/paused/resume")).status, 200);
  assert.equal((await call(worker, "/paused/api/now/table/incident")).status, 200);
});

test("preflight is answered alike for every name and origin", async () => {
  const preflight = async (tenant: string, origin: string) => {
    const headers = { origin, "access-control-request-method": "PATCH" };
    const permit = await fetch(`${worker.url}/${tenant}/api/now/table/incident`, { method: "OPTIONS", headers });
    const shown = [...permit.headers].filter(([name]) => !["date", "x-request-id", "server-timing"].includes(name));
    return { status: permit.status, headers: shown };
  };
  const permit = await preflight("acme", CONSOLE);
  assert.equal(permit.status, 204);
  assert.match(Object.fromEntries(permit.headers)["access-control-allow-methods"] ?? "", /PATCH/);
  for (const tenant of ["acme", "other", "nobody"])
    for (const origin of [CONSOLE, "https://evil.example", "null"])
      assert.deepEqual(await preflight(tenant, origin), permit);
});

test("page of a tenant's allowed origin may call it, and only it", async () => {
  const target = "/api/now/table/incident";
  const reply = await call(worker, `/acme${target}`, { headers: { origin: CONSOLE } });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("access-control-allow-origin"), CONSOLE);
  assert.match(reply.headers.get("access-control-expose-headers") ?? "", /X-Request-ID/);
  const own = await call(worker, `/other${target}`, { headers: { origin: worker.url } });
  assert.equal(own.status, 200);
  for (const [tenant, origin] of [
    ["other", CONSOLE],
    ["acme", "https://evil.example"],
    ["acme", "null"],
  ] as const)
    for (const method of ["GET", "POST"]) {
      for (const instance of [acme, other]) instance.arrived.splice(0);
      const refused = await call(worker, `/${tenant}${target}`, { method, headers: { origin } });
      assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [403, "gateway.origin"]);
      assert.equal(refused.headers.get("access-control-allow-origin"), "*");
      assert.deepEqual([targets(acme), targets(other)], [[], []]);
    }
});

test("operator sees what each caller has asked for", async () => {
  await worker.register("counted", acme.url, forTestsKey());
  const body = '{"a":"b"}';
  const headers = { "content-type": "application/json" };
  for (const init of [{}, {}, { method: "POST", body, headers }])
    await (await call(worker, "/counted/api/now/table/incident", init)).arrayBuffer();
  acme.answer = json(404, { error: { message: "No Record found" }, status: "failure" });
  await (await call(worker, "/counted/api/now/table/incident/1")).arrayBuffer();
  const usage = (await (await worker.admin("GET", "usage")).json()) as { callers: Record<string, unknown>[] };
  const { bytesOut, ...counted } = usage.callers.find(({ tenant }) => tenant === "counted") ?? {};
  assert.deepEqual(counted, {
    tenant: "counted",
    caller: "tests",
    calls: 4,
    statuses: { 200: 3, 404: 1 },
    bytesIn: body.length,
  });
  assert.ok(Number(bytesOut) >= 3 * '{"result":[]}'.length);
});
