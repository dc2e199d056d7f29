import assert from "node:assert/strict";
import { test } from "node:test";
import { type AdministeredRegistry, administration } from "../../../www/worker/src/admin/routes.ts";
import { envelopeOf } from "../envelope.ts";

/** A registry that notes what it is asked for, and knows the tenant `acme`. */
function registry() {
  const asked: unknown[] = [];
  const fake: AdministeredRegistry = {
    async put(given) {
      asked.push(["put", given]);
      const instanceUrl = (given as { instanceUrl?: string } | null)?.instanceUrl;
      if (instanceUrl === undefined) return { problems: ["Missing option `instanceUrl`.", "Unknown option `x`."] };
      return { version: 7, credentialVersion: 3, created: instanceUrl.includes("new") };
    },
    async list(given) {
      asked.push(["list", given]);
      const tenant = { version: 7, credentialVersion: 3, instanceUrl: "https://new.example", state: "active" } as const;
      const more = { ...tenant, callers: 1, changedAt: 0 };
      const first = [
        { id: "acme", credential: "refresh_token", ...more },
        { id: "other", credential: "basic", ...more },
      ] as const;
      return { tenants: given.after ? first : [...first, { id: "unreadable", credential: "refresh_token", ...more }] };
    },
    async show(id) {
      return id === "acme" ? ({ id, record: {}, lastUse: {} } as never) : null;
    },
    async setState(id, state) {
      asked.push(["setState", id, state]);
      return id === "acme" ? 8 : null;
    },
    async remove(id) {
      asked.push(["remove", id]);
      return id === "acme";
    },
    async reseal(after) {
      asked.push(["reseal", after]);
      return after === "broken" ? { unconfigured: "Missing binding SEALING_KEYS. Set it." } : { next: "acme" };
    },
  };
  const forgotten: string[] = [];
  const broker = (id: string) => ({
    pause: async () => void asked.push(["broker pauses", id]),
    resealTokens: async () => {
      asked.push(["broker seals again", id]);
      return id === "unreadable" ? "It is sealed with the key `k1`." : null;
    },
    resume: async () => void asked.push(["broker resumes", id]),
    forget: async () => void asked.push(["broker forgets", id]),
  });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init: RequestInit = { method, headers: { "content-type": "application/json", ...headers } };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(`https://worker.example/admin${path}`, init);
    return administration.fetch(request, { registry: fake, broker, forget: (id) => forgotten.push(id) });
  };
  return { asked, forgotten, call };
}

async function problemOf(reply: Response) {
  const { error } = await envelopeOf(reply);
  // Every refusal says what to do.
  const [cause] = error.causes ?? [];
  assert.ok(cause?.code === error.code && cause?.fix.join("") !== "", JSON.stringify(error));
  return { status: reply.status, code: error.code, detail: error.detail };
}

test("tenant is written under the id of the path", async () => {
  const { asked, forgotten, call } = registry();
  const created = await call("PUT", "/tenants/acme", { instanceUrl: "https://new.example" });
  assert.equal(created.status, 201);
  assert.deepEqual(await created.json(), { id: "acme", version: 7, credentialVersion: 3 });
  const changed = await call("PUT", "/tenants/acme", { id: "acme", instanceUrl: "https://old.example" });
  assert.equal(changed.status, 200);
  assert.deepEqual(asked[0], ["put", { id: "acme", instanceUrl: "https://new.example" }]);
  assert.deepEqual(forgotten, ["acme", "acme"]);
});

test("credentials are sealed again from a tenant on", async () => {
  const { asked, call } = registry();
  const reply = await call("POST", "/reseal?after=aaa");
  assert.deepEqual([reply.status, await reply.json()], [200, { next: "acme" }]);
  assert.match((await problemOf(await call("POST", "/reseal"))).detail, /The tokens of unreadable .* `k1`/);
  // Only a tenant with a refresh token has a token that cannot be obtained again.
  assert.deepEqual(
    asked.filter((act) => (act as string[])[0] !== "list"),
    [
      ["reseal", "aaa"],
      ["broker seals again", "acme"],
      ["reseal", undefined],
      ["broker seals again", "acme"],
      ["broker seals again", "unreadable"],
    ],
  );
  const { status, code, detail } = await problemOf(await call("POST", "/reseal?after=broken"));
  assert.deepEqual([status, code], [500, "admin.not-configured"]);
  assert.match(detail, /: Missing binding SEALING_KEYS\. Code: admin\.not-configured\. Set it\.$/);
  assert.equal((await call("GET", "/reseal")).status, 405);
});

test("body with the id of another tenant is refused", async () => {
  const { asked, call } = registry();
  const reply = await call("PUT", "/tenants/acme", { id: "other", instanceUrl: "https://new.example" });
  const { code, detail } = await problemOf(reply);
  assert.equal(code, "admin.problems");
  assert.match(detail, /: an option is missing, unknown or invalid\./);
  assert.deepEqual(asked, []);
});

test("body that is no object is passed to the registry as it is", async () => {
  const { asked, call } = registry();
  for (const body of [[], ["id"], null, 7, "text"])
    assert.equal((await call("PUT", "/tenants/acme", JSON.stringify(body))).status, 400);
  assert.deepEqual(asked, [
    ["put", []],
    ["put", ["id"]],
    ["put", null],
    ["put", 7],
    ["put", "text"],
  ]);
  const reply = await call("PUT", "/tenants/acme", { id: undefined, instanceUrl: "https://new.example" });
  assert.equal(reply.status, 201);
});

test("problems of a tenant are all in the reply", async () => {
  const { forgotten, call } = registry();
  const { status, code, detail } = await problemOf(await call("PUT", "/tenants/acme", {}));
  assert.deepEqual([status, code], [400, "admin.problems"]);
  assert.match(
    detail,
    /: 2 options are missing, unknown or invalid\. .*Missing option `instanceUrl`\. Unknown option `x`\./,
  );
  assert.deepEqual(forgotten, []);
});

test("body that is no JSON is refused without repeating it", async () => {
  const { asked, call } = registry();
  for (const [body, type] of [
    ["{ hush-hush", "application/json"],
    ["", "application/json"],
    ['{"instanceUrl":"https://new.example"}', "text/plain"],
    ['{"instanceUrl":"https://new.example"}', "application/jsonp"],
    ['{"instanceUrl":"https://new.example"}', "x-application/json"],
  ] as const) {
    const { status, code, detail } = await problemOf(
      await call("PUT", "/tenants/acme", body, { "content-type": type }),
    );
    assert.deepEqual([status, code], [400, "admin.body"]);
    assert.ok(!detail.includes("hush-hush"));
    const tested = await call("POST", "/policies/test", body, { "content-type": type });
    assert.equal((await problemOf(tested)).code, "admin.body");
  }
  assert.deepEqual(asked, []);
});

test("body of half a megabyte is the longest", async () => {
  const { asked, call } = registry();
  const reply = await call("PUT", "/tenants/acme", { instanceUrl: "x".repeat(525_000) });
  const { status, code } = await problemOf(reply);
  assert.deepEqual([status, code], [413, "admin.body-too-long"]);
  assert.deepEqual(asked, []);
});

test("list is read in pages", async () => {
  const { asked, call } = registry();
  const { tenants } = (await (await call("GET", "/tenants")).json()) as { tenants: { id: string }[] };
  assert.deepEqual(
    tenants.map(({ id }) => id),
    ["acme", "other", "unreadable"],
  );
  await call("GET", "/tenants?after=acme&limit=10");
  assert.deepEqual(asked, [
    ["list", {}],
    ["list", { after: "acme", limit: 10 }],
  ]);
});

test("tenant is paused, resumed and removed, then forgotten", async () => {
  const { asked, forgotten, call } = registry();
  assert.deepEqual(await (await call("POST", "/tenants/acme/pause")).json(), {
    id: "acme",
    version: 8,
    state: "paused",
  });
  assert.deepEqual(await (await call("POST", "/tenants/acme/resume")).json(), {
    id: "acme",
    version: 8,
    state: "active",
  });
  assert.deepEqual(await (await call("DELETE", "/tenants/acme")).json(), { id: "acme", removed: true });
  assert.deepEqual(asked, [
    ["setState", "acme", "paused"],
    ["broker pauses", "acme"],
    ["setState", "acme", "active"],
    ["broker resumes", "acme"],
    ["remove", "acme"],
    ["broker forgets", "acme"],
  ]);
  assert.deepEqual(forgotten, ["acme", "acme", "acme"]);
});

test("removal that the broker did not answer can be sent again", async () => {
  const { asked, call } = registry();
  // The registry has no such tenant any more, and the broker still has its tokens.
  assert.equal((await call("DELETE", "/tenants/none")).status, 404);
  assert.deepEqual(asked, [
    ["remove", "none"],
    ["broker forgets", "none"],
  ]);
});

test("state of a written record reaches the broker", async () => {
  const { asked, call } = registry();
  for (const state of ["paused", "active"])
    assert.equal((await call("PUT", "/tenants/acme", { instanceUrl: "https://x.example", state })).status, 200);
  assert.deepEqual(
    asked.filter((entry) => String(entry).startsWith("broker")),
    [
      ["broker pauses", "acme"],
      ["broker resumes", "acme"],
    ],
  );
});

test("usage is what the isolate has counted", async () => {
  const counted = [{ tenant: "acme", caller: "ann", calls: 2 }] as never;
  const environment = { usage: () => counted } as never;
  const reply = await administration.fetch(new Request("https://worker.example/admin/usage"), environment);
  assert.deepEqual(await reply.json(), { callers: counted });
});

test("unknown tenant is not found, whatever is asked of it", async () => {
  const { forgotten, call } = registry();
  for (const [method, path] of [
    ["GET", "/tenants/none"],
    ["DELETE", "/tenants/none"],
    ["POST", "/tenants/none/pause"],
    ["POST", "/tenants/none/resume"],
    ["GET", "/tenants/%00"],
    ["GET", "/tenants/..%2facme"],
  ] as const) {
    const { status, code } = await problemOf(await call(method, path));
    assert.deepEqual([status, code], [404, "admin.tenant"], path);
  }
  assert.deepEqual(forgotten, []);
});

test("unknown path and wrong method are named with what there is", async () => {
  const { asked, call } = registry();
  for (const path of ["", "/", "/tenants/acme/start", "/policies", "/tenants/acme/pause/x"])
    assert.equal((await problemOf(await call("GET", path))).code, "admin.path", path);
  for (const [method, path, allow] of [
    ["POST", "/tenants", "GET"],
    ["PATCH", "/tenants/acme", "GET, PUT, DELETE"],
    ["GET", "/tenants/acme/pause", "POST"],
    ["GET", "/policies/test", "POST"],
  ] as const) {
    const reply = await call(method, path);
    assert.equal(reply.headers.get("allow"), allow);
    assert.deepEqual([reply.status, (await problemOf(reply)).code], [405, "admin.method"]);
  }
  assert.deepEqual(asked, []);
});

test("policy test says what a request would get, and why", async () => {
  const { call } = registry();
  const policy = { tables: { incident: { fields: ["number"] } } };
  const ask = async (target: string, method = "GET") =>
    (await (await call("POST", "/policies/test", { policy, method, target })).json()) as Record<string, unknown>;
  const allowed = await ask("/api/now/table/incident");
  assert.equal(allowed.allowed, true);
  assert.deepEqual(allowed.sent, { method: "GET", target: "/api/now/table/incident?sysparm_fields=number" });
  const field = await ask("/api/now/table/incident?sysparm_fields=caller_id.email");
  assert.deepEqual([field.allowed, field.code], [false, "policy.field"]);
  assert.deepEqual(
    [(await ask("/api/now/table/incident", "DELETE")).code, (await ask("/api/../x")).allowed],
    ["policy.method", false],
  );
});

test("policy test names unknown options", async () => {
  const { call } = registry();
  const given = { policy: { tabels: {} }, method: "GET", target: "/api/now/table/incident", tenant: "acme" };
  const { status, detail } = await problemOf(await call("POST", "/policies/test", given));
  assert.equal(status, 400);
  assert.match(detail, /Unknown option `policy\.tabels`/);
  assert.match(detail, /Unknown option `tenant`/);
});

test("failure of the registry says nothing of its words", async () => {
  const reply = await administration.fetch(new Request("https://worker.example/admin/tenants"), {
    registry: { list: () => Promise.reject(new Error("hush-hush")) } as never,
    forget: () => {},
  });
  const text = await reply.text();
  assert.equal(reply.status, 500);
  assert.ok(!text.includes("hush-hush"));
});
