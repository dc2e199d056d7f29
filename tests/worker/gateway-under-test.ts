/** The worker as a gateway: tenants of its registry, each with the instance, callers and policies that a test gives it. */

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOfKey, type RunningWorker, serveWorker } from "../../www/worker/serve.ts";
import type { Policy } from "../../www/worker/src/policy/schema.ts";
import { CLIENT_SECRET, KEY } from "./worker-under-test.ts";

const OPERATOR_KEY = "operator-key-of-the-tests-77ad01";

/** All that a gateway without plain bindings needs. */
export const GATEWAY_BINDINGS = {
  ADMIN_KEY_SHA256: hashOfKey(OPERATOR_KEY),
  SEALING_KEYS: `k1:${randomBytes(32).toString("base64")}`,
};

/** Starts a gateway without tenants. Its registry is on disk while it runs: workerd has SQLite nowhere else. */
export async function startGateway(bindings: Record<string, string> = {}): Promise<RunningWorker> {
  const storage = await mkdtemp(join(tmpdir(), "sysparm-gateway-"));
  const worker = await serveWorker({ bindings: { ...GATEWAY_BINDINGS, ...bindings }, storage });
  const stop = async () => {
    await worker.stop();
    await rm(storage, { recursive: true, force: true });
  };
  return { ...worker, stop };
}

export interface TenantUnderTest {
  instanceUrl: string;
  /** Every method and address without it. */
  policy?: Policy;
  /** More of the tenant's record, or other values. */
  record?: Record<string, unknown>;
}

const EVERYTHING: Policy = { unrestricted: ["GET", "POST", "PATCH", "PUT", "DELETE"] };

/** Registers a tenant whose caller has the key of the tests. */
export async function register(worker: RunningWorker, id: string, tenant: TenantUnderTest): Promise<void> {
  const { instanceUrl, policy = EVERYTHING, record } = tenant;
  const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: CLIENT_SECRET };
  const callers = [{ name: "tests", policy: "tests", key: { sha256: hashOfKey(KEY) } }];
  const reply = await administer(worker, `tenants/${id}`, {
    method: "PUT",
    body: JSON.stringify({ instanceUrl, auth, policies: { tests: policy }, callers, ...record }),
  });
  if (!reply.ok) throw new Error(`tenant ${id} was not registered: ${await reply.text()}`);
}

/** A request of the operator. */
export function administer(worker: RunningWorker, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${OPERATOR_KEY}`, "content-type": "application/json" };
  return fetch(`${worker.url}/admin/${path}`, { ...init, headers });
}
