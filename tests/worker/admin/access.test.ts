import "../callers/workerd-crypto.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { adminReply } from "../../../www/worker/src/admin/admin.ts";
import type { AdministeredRegistry } from "../../../www/worker/src/admin/routes.ts";
import type { Envelope } from "../envelope.ts";

const KEY = "key-of-the-operator";
const sha256 = (key: string) => createHash("sha256").update(key).digest("hex");

async function replyFor(binding: string | undefined, headers: Record<string, string>, path = "/admin/tenants") {
  let asked = 0;
  const registry = { list: async () => ({ tenants: [] }) } as unknown as AdministeredRegistry;
  const TENANT_REGISTRY = {
    getByName: () => {
      asked += 1;
      return registry;
    },
  };
  const TOKEN_BROKER = { getByName: () => assert.fail("no tenant is changed") };
  const bindings = { TENANT_REGISTRY, TOKEN_BROKER, ...(binding !== undefined && { ADMIN_KEY_SHA256: binding }) };
  const reply = await adminReply(new Request(`https://worker.example${path}`, { headers }), bindings, () => {});
  const { error } = (await reply.json()) as Partial<Envelope>;
  // Every refusal says what to do.
  for (const { fix } of error?.causes ?? []) assert.notEqual(fix.join(""), "");
  return { status: reply.status, code: error?.code, asked };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test("administration does not exist without its key", async () => {
  for (const binding of [undefined, ""])
    for (const path of ["/admin", "/admin/tenants", "/admin/anything"])
      assert.deepEqual(await replyFor(binding, bearer(KEY), path), { status: 404, code: "admin.off", asked: 0 });
});

test("operator's key opens the administration", async () => {
  for (const headers of [bearer(KEY), { "x-api-key": KEY }])
    assert.deepEqual(await replyFor(sha256(KEY), headers), { status: 200, code: undefined, asked: 1 });
});

test("both keys open it while one is being replaced", async () => {
  const both = `${sha256("new-key")}, ${sha256(KEY).toUpperCase()}`;
  for (const key of [KEY, "new-key"]) assert.equal((await replyFor(both, bearer(key))).status, 200, key);
  assert.equal((await replyFor(sha256("new-key"), bearer(KEY))).status, 401);
});

test("nobody else reaches a route or the registry", async () => {
  const strangers = [{}, bearer(""), bearer(`${KEY}x`), bearer(sha256(KEY)), { cookie: KEY }, bearer("k".repeat(600))];
  for (const headers of strangers)
    for (const path of ["/admin", "/admin/tenants", "/admin/anything"])
      assert.deepEqual(await replyFor(sha256(KEY), headers as Record<string, string>, path), {
        status: 401,
        code: "admin.key",
        asked: 0,
      });
});

test("binding that is no hash is reported and opens nothing", async () => {
  for (const binding of [
    KEY,
    sha256(KEY).slice(1),
    `0${sha256(KEY)}`,
    `${sha256(KEY)}0`,
    `${sha256(KEY)},`,
    Array(3).fill(sha256(KEY)).join(),
  ])
    assert.deepEqual(await replyFor(binding, bearer(KEY)), { status: 500, code: "admin.not-configured", asked: 0 });
});

test("missing namespaces are named to the operator alone", async () => {
  const bound = { getByName: () => assert.fail("nothing is asked") };
  for (const [missing, others] of [
    ["TENANT_REGISTRY", { TOKEN_BROKER: bound }],
    ["TOKEN_BROKER", { TENANT_REGISTRY: bound }],
  ] as const) {
    const bindings = { ADMIN_KEY_SHA256: sha256(KEY), ...others } as never;
    const ask = (headers: Record<string, string>) =>
      adminReply(new Request("https://worker.example/admin/tenants", { headers }), bindings, () => {});
    const reply = await ask(bearer(KEY));
    assert.equal(reply.status, 500);
    assert.match(await reply.text(), new RegExp(`${missing}.*wrangler deploy`));
    assert.equal((await ask({})).status, 401);
  }
});
