/** An isolate that still knows a tenant as it was before: no credential reaches the address of another one. */
import "../callers/workerd-crypto.ts";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { hashOfKey } from "../../../www/worker/serve.ts";
import { headerOf, unavailable } from "../../../www/worker/src/broker/answers.ts";
import { json, type ScriptedInstance, scriptedInstance } from "../scripted-instance.ts";
import { envelopeOf } from "../worker-under-test.ts";

interface Replies {
  reply(request: Request, background: { waitUntil(work: Promise<unknown>): void }): Promise<Response>;
}
// By a computed name: the types of its bindings are those of workerd, which the tests do not have.
const source = new URL("../../../www/worker/src/gateway/gateway.ts", import.meta.url).href;
const { Gateway } = (await import(source)) as { Gateway: new (bindings: object) => Replies };

let former: ScriptedInstance;
let present: ScriptedInstance;
before(async () => {
  [former, present] = await Promise.all([scriptedInstance(), scriptedInstance()]);
});
beforeEach(() => {
  for (const { arrived } of [former, present]) arrived.splice(0);
  former.answer = json(200, { result: [] });
});
after(() => Promise.all([former?.stop(), present?.stop()]));

const presented = ({ arrived }: ScriptedInstance) =>
  arrived.map(({ headers }) => atob(String(headers.authorization).slice("Basic ".length)));

/** An isolate, and what changes its tenant elsewhere. */
function isolate() {
  let version = 1;
  const instanceUrl = () => (version === 1 ? former : present).url;
  const registry = {
    find: async () => ({
      ...{ id: "acme", version, credentialVersion: version, instanceUrl: instanceUrl(), state: "active" },
      allowedOrigins: [],
      policies: { all: { unrestricted: ["GET", "POST"] } },
      callers: [{ name: "tests", policy: "all", key: { sha256: hashOfKey("key") } }],
    }),
    used: async () => undefined,
  };
  const broker = {
    credential: async () => ({
      ...headerOf({ username: "worker", password: `secret ${version}` }),
      ...{ instanceUrl: instanceUrl(), credentialVersion: version },
    }),
  };
  const bindings = {
    SEALING_KEYS: "k1:",
    TENANT_REGISTRY: { getByName: () => registry },
    TOKEN_BROKER: { getByName: () => broker },
  };
  const gateway = new Gateway(bindings);
  const call = (init: RequestInit = {}, target = "/api/now/table/incident") => {
    const headers = { "x-api-key": "key", "content-type": "application/json" };
    const request = new Request(`https://worker.example/acme${target}`, { ...init, headers });
    return gateway.reply(request, { waitUntil: () => undefined });
  };
  const breakBroker = () => {
    broker.credential = async () => unavailable(new TypeError("storage")) as never;
  };
  const change = () => {
    version = 2;
    former.answer = json(401, { error: { message: "User Not Authenticated" } });
  };
  return { call, change, breakBroker };
}

test("reading goes to the new address, with the new credential", async () => {
  const { call, change } = isolate();
  assert.equal((await call()).status, 200);
  change();
  assert.equal((await call()).status, 200);
  assert.deepEqual(presented(former), ["worker:secret 1", "worker:secret 1"]);
  assert.deepEqual(presented(present), ["worker:secret 2"]);
});

test("unified endpoints follow a changed tenant as the gateway does", async () => {
  const { call, change } = isolate();
  const write = { method: "POST", body: '{"title":"disk full"}' };
  assert.equal((await call({}, "/unified/tickets")).status, 200);
  change();
  const refused = await call(write, "/unified/tickets");
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [503, "gateway.tenant-changed"]);
  assert.deepEqual(presented(present), []);
  assert.equal((await call({}, "/unified/tickets")).status, 200);
  assert.deepEqual(presented(former), ["worker:secret 1", "worker:secret 1"]);
  assert.deepEqual(presented(present), ["worker:secret 2"]);
});

test("write is refused once, then goes to the new address", async () => {
  const { call, change } = isolate();
  const write = { method: "POST", body: '{"short_description":"disk full"}' };
  assert.equal((await call(write)).status, 200);
  change();
  const refused = await call(write);
  assert.deepEqual([refused.status, (await envelopeOf(refused)).error.code], [503, "gateway.tenant-changed"]);
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.deepEqual(presented(present), []);
  assert.equal((await call(write)).status, 200);
  assert.deepEqual(presented(former), ["worker:secret 1", "worker:secret 1"]);
  assert.deepEqual(presented(present), ["worker:secret 2"]);
});

test("broker that cannot work is not taken for the instance", async () => {
  const { call, breakBroker } = isolate();
  breakBroker();
  const refused = await call();
  const { error } = await envelopeOf(refused);
  assert.deepEqual([refused.status, error.code, error.message], [500, "broker.unavailable", "Instance not called"]);
  assert.match(String(error.detail), /^The sysparm worker cannot call the instance\./);
  assert.deepEqual(former.arrived, []);
});
