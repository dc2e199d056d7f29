/** The registry in workerd, with its storage in a folder. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Sealing } from "../../../www/glue/src/durable-object/sealing.ts";
import { type RunningWorker, serveWorker } from "../../../www/worker/serve.ts";
import { credentialContext, credentialOf } from "../../../www/worker/src/tenants/credential.ts";
import type { Registry } from "../../../www/worker/src/tenants/registry-rpc.ts";
import { AUTHS, CALLER, TENANT } from "./example-tenant.ts";

const SEALING_KEYS = `k1:${randomBytes(32).toString("base64")}`;
/** In all planted credentials. */
const PLANTED = `planted-${randomBytes(12).toString("hex")}`;

let storage: string;
let worker: RunningWorker;

async function start(bindings: Record<string, string> = { SEALING_KEYS }): Promise<RunningWorker> {
  const entry = fileURLToPath(new URL("registry-worker.mjs", import.meta.url));
  const objects = [{ binding: "TENANT_REGISTRY", className: "TenantRegistry" }];
  return serveWorker({ bindings, entry, objects, storage });
}

before(async () => {
  storage = await mkdtemp(join(tmpdir(), "sysparm-registry-"));
  worker = await start();
});
after(async () => {
  await worker?.stop();
  await rm(storage, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const { id } of (await ask("list")).tenants) await ask("remove", id);
});

async function ask<Name extends keyof Registry>(
  name: Name,
  ...values: Parameters<Registry[Name]>
): Promise<Awaited<ReturnType<Registry[Name]>>> {
  const reply = await fetch(worker.url, { method: "POST", body: JSON.stringify([name, ...values]) });
  const body = await reply.json();
  if (!reply.ok) throw new Error((body as { thrown: string }).thrown);
  return body as Awaited<ReturnType<Registry[Name]>>;
}

async function put(changes: Record<string, unknown> = {}) {
  const outcome = await ask("put", { ...TENANT, ...changes });
  assert.ok("version" in outcome, JSON.stringify(outcome));
  return outcome;
}

/** A registered tenant keeps its credentials. */
const { auth: _, ...WITHOUT_AUTH } = TENANT;

test("registered tenant is found without its credentials", async () => {
  const { version, credentialVersion, created } = await put();
  assert.deepEqual([credentialVersion, created], [version, true]);
  const { id, allowedOrigins, policies, callers } = TENANT;
  const instanceUrl = "https://dev12345.service-now.com";
  const expected = { id, instanceUrl, allowedOrigins, policies, callers, state: "active", version, credentialVersion };
  assert.deepEqual(await ask("find", "acme"), expected);
  assert.equal(await ask("find", "other"), null);
  assert.deepEqual(await ask("ids"), ["acme"]);
});

test("change without credentials keeps them and the state", async () => {
  const first = await put();
  await ask("setState", "acme", "paused");
  const second = await put({ auth: undefined, allowedOrigins: [] });
  assert.equal(second.created, false);
  assert.ok(second.version > first.version);
  assert.equal(second.credentialVersion, first.credentialVersion);
  const found = await ask("find", "acme");
  assert.deepEqual([found?.state, found?.allowedOrigins], ["paused", []]);
  assert.equal((await ask("credential", "acme"))?.version, first.credentialVersion);
});

test("credentials open with the key, and only as this tenant's", async () => {
  const { credentialVersion } = await put();
  const stored = await ask("credential", "acme");
  assert.ok(stored);
  assert.equal(stored.version, credentialVersion);
  const sealing = Sealing.fromText(SEALING_KEYS);
  assert.deepEqual(credentialOf(await sealing.open(stored.sealed, credentialContext("acme"))), TENANT.auth);
  await assert.rejects(sealing.open(stored.sealed, credentialContext("other")));
  assert.equal(await ask("credential", "other"), null);
});

test("new tenant without credentials is refused", async () => {
  const outcome = await ask("put", WITHOUT_AUTH);
  assert.deepEqual(outcome, { problems: ["Missing option `auth`. Pass the credentials of a new tenant."] });
  assert.equal(await ask("find", "acme"), null);
});

test("credentials stay with their instance", async () => {
  const { version } = await put();
  const moved = { ...WITHOUT_AUTH, instanceUrl: "https://dev99999.service-now.com" };
  const outcome = await ask("put", moved);
  assert.deepEqual(outcome, {
    problems: [
      "Missing option `auth`. Pass the credentials for the new `instanceUrl`: the stored ones stay with the old one.",
    ],
  });
  assert.equal((await ask("find", "acme"))?.version, version, "nothing has changed");
  const { credentialVersion } = await put({ ...moved, auth: TENANT.auth });
  assert.ok(credentialVersion > version);
});

test("every kind of credential is stored, and a wrong key refused", async () => {
  for (const [name, auth] of Object.entries(AUTHS)) await put({ id: name.toLowerCase(), auth });
  const kinds = (await ask("list")).tenants.map(({ credential }) => credential).sort();
  assert.deepEqual(
    [...new Set(kinds)],
    ["api_key", "basic", "client_credentials", "jwt_bearer", "password", "refresh_token"],
  );
  for (const change of [{ key: `${PLANTED} is no key` }, { algorithm: "RS256" }, { algorithm: "ES384" }]) {
    const outcome = await ask("put", { ...TENANT, auth: { ...AUTHS.jwtBearer, ...change } });
    assert.ok("problems" in outcome);
    assert.match(outcome.problems.join(), /^Invalid option `auth\.key`/);
    assert.ok(!outcome.problems.join().includes(PLANTED));
  }
});

test("version grows with each change and never repeats", async () => {
  const versions = [(await put()).version];
  versions.push((await put()).version);
  versions.push(Number(await ask("setState", "acme", "paused")));
  assert.equal(await ask("setState", "acme", "paused"), versions.at(-1), "no change, no version");
  assert.equal(await ask("remove", "acme"), true);
  assert.equal(await ask("remove", "acme"), false);
  versions.push((await put()).version);
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((one, other) => one - other),
  );
  assert.equal(await ask("setState", "other", "paused"), null);
});

test("tenants are listed in pages", async () => {
  const ids = Array.from({ length: 5 }, (_, index) => `tenant-${index}`);
  for (const id of ids) await put({ id });
  const first = await ask("list", { limit: 2 });
  assert.deepEqual(
    first.tenants.map(({ id }) => id),
    ids.slice(0, 2),
  );
  const second = await ask("list", { limit: 2, after: first.next ?? "" });
  assert.deepEqual(
    second.tenants.map(({ id }) => id),
    ids.slice(2, 4),
  );
  const third = await ask("list", { limit: 2, after: second.next ?? "" });
  assert.deepEqual([third.tenants.map(({ id }) => id), third.next], [ids.slice(4), undefined]);
  for (const limit of [0, -1, 1.5, 1_000_000]) assert.ok((await ask("list", { limit })).tenants.length >= 1);
});

test("attention is shown until the credentials change", async () => {
  const { credentialVersion } = await put();
  const report = { credentialVersion, code: "token.refused", message: "refused", since: 1_796_000_000_000 };
  await ask("attention", "acme", report);
  const [listed] = (await ask("list")).tenants;
  assert.deepEqual([listed?.state, listed?.attention], ["needs attention", report]);
  assert.equal((await ask("find", "acme"))?.state, "active", "the broker refuses by itself");
  await put({ auth: undefined });
  assert.equal((await ask("show", "acme"))?.state, "needs attention");
  await put();
  assert.equal((await ask("show", "acme"))?.state, "active");
  await ask("attention", "acme", report);
  assert.equal((await ask("show", "acme"))?.state, "active", "a report about earlier credentials");
  const now = (await ask("find", "acme"))?.credentialVersion ?? 0;
  await ask("attention", "acme", { ...report, credentialVersion: now, message: "x".repeat(100_000) });
  assert.equal((await ask("show", "acme"))?.attention?.message.length, 2_000);
  await ask("attention", "acme", null);
  assert.equal((await ask("show", "acme"))?.attention, undefined);
  await ask("attention", "other", report);
});

test("last use of a caller is kept, to the hour and while it exists", async () => {
  await put();
  await ask("used", "acme", CALLER.name);
  const first = (await ask("show", "acme"))?.lastUse[CALLER.name] ?? 0;
  assert.ok(Math.abs(Date.now() - first) < 60_000);
  await ask("used", "acme", CALLER.name);
  await ask("used", "acme", "nobody");
  await ask("used", "other", CALLER.name);
  assert.deepEqual((await ask("show", "acme"))?.lastUse, { [CALLER.name]: first });
  await put({ callers: [] });
  assert.deepEqual((await ask("show", "acme"))?.lastUse, {});
});

test("restart keeps everything", async () => {
  await put();
  await put({ id: "paused", state: "paused" });
  await ask("used", "acme", CALLER.name);
  const before = [await ask("show", "acme"), await ask("show", "paused"), await ask("credential", "acme")];
  await worker.stop();
  worker = await start();
  assert.deepEqual([await ask("show", "acme"), await ask("show", "paused"), await ask("credential", "acme")], before);
});

test("no credential is stored unsealed", async () => {
  const secret = (name: string) => `${PLANTED}-${name}`;
  const oauth = { clientId: "id", clientSecret: secret("client") };
  await put({ id: "a", auth: { ...oauth, grant: "client_credentials" } });
  await put({ id: "b", auth: { ...oauth, grant: "password", username: "u", password: secret("password") } });
  await put({ id: "c", auth: { grant: "refresh_token", clientId: "id", refreshToken: secret("refresh") } });
  await put({ id: "d", auth: { apiKey: secret("api") } });
  await put({ id: "e", auth: { username: "u", password: secret("basic") } });
  await put({ id: "f", auth: AUTHS.jwtBearer });
  await worker.stop();
  const key = AUTHS.jwtBearer.key.split("\n")[1] ?? "";
  const master = SEALING_KEYS.slice("k1:".length);
  let bytes = 0;
  for (const entry of await readdir(storage, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name), "latin1");
    bytes += content.length;
    for (const text of [PLANTED, key, master]) assert.ok(!content.includes(text), `${entry.name} holds a secret`);
    if (content.includes("dev12345")) bytes += 1_000_000;
  }
  assert.ok(bytes > 1_000_000, "the tenants are in these files");
  worker = await start();
});

test("credentials are sealed again with a new key", async () => {
  const ids = Array.from({ length: 101 }, (_, index) => `tenant-${String(index).padStart(3, "0")}`);
  for (const id of ids) await put({ id });
  const { version } = await put({ id: "acme" });
  const newer = `k2:${randomBytes(32).toString("base64")}`;
  await worker.stop();
  worker = await start({ SEALING_KEYS: `${newer},${SEALING_KEYS}` });
  let pages = 0;
  for (let after: string | undefined = ""; after !== undefined; pages += 1) {
    const outcome: Awaited<ReturnType<Registry["reseal"]>> = await ask("reseal", after);
    assert.ok(!("problems" in outcome || "unconfigured" in outcome), JSON.stringify(outcome));
    after = outcome.next;
  }
  assert.equal(pages, 2);
  const sealing = Sealing.fromText(newer);
  for (const id of ["acme", ...ids]) {
    const stored = await ask("credential", id);
    assert.deepEqual(credentialOf(await sealing.open(stored?.sealed ?? "", credentialContext(id))), TENANT.auth);
  }
  assert.equal((await ask("find", "acme"))?.version, version);
  await worker.stop();
  // Now without the newer key, which has sealed them.
  worker = await start();
  const unopened = await ask("reseal");
  assert.ok("problems" in unopened);
  assert.match(unopened.problems[0] ?? "", /^The credentials of acme cannot be opened\. .*k2/);
});

test("credentials without a sealing key are refused, and nothing is stored", async () => {
  await worker.stop();
  for (const [bindings, problem] of [
    [{}, /^Missing binding SEALING_KEYS\. .*wrangler secret put SEALING_KEYS/],
    [{ SEALING_KEYS: "" }, /^Missing binding SEALING_KEYS\. /],
    [{ SEALING_KEYS: `k1:${PLANTED}` }, /^Invalid binding SEALING_KEYS\. Invalid sealing key at position 1\. /],
  ] as const) {
    worker = await start(bindings);
    const outcome = await ask("put", TENANT);
    await worker.stop();
    assert.ok("unconfigured" in outcome, JSON.stringify(outcome));
    assert.match(outcome.unconfigured, problem);
    assert.ok(!outcome.unconfigured.includes(PLANTED));
  }
  worker = await start();
  assert.equal(await ask("find", "acme"), null);
});
