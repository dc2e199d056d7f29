/** The worker in workerd with a registry of tenants, and the administration that fills it. */

import { randomBytes } from "node:crypto";
import { hashOfKey, type RunningWorker, serveWorker } from "../../www/worker/serve.ts";
import type { Policy } from "../../www/worker/src/policy/schema.ts";
import { KEY } from "./worker-under-test.ts";

export interface WorkerWithRegistry extends RunningWorker {
  /** A request to `/admin/...` with the operator's key. */
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  /** Registers a tenant with one caller, and returns the caller's key. `changes` replaces single options. */
  register(id: string, instanceUrl: string, changes?: Record<string, unknown>): Promise<string>;
}

export interface RegistryOptions {
  storage?: string | undefined;
  /** In place of a new one, after a restart. */
  sealingKeys?: string;
  bindings?: Record<string, string>;
}

export const ADMIN_KEY = "operator-key-of-the-tests-77ab";

export async function workerWithRegistry(options: RegistryOptions = {}): Promise<WorkerWithRegistry> {
  const worker = await serveWorker({
    bindings: {
      SEALING_KEYS: options.sealingKeys ?? newSealingKey(),
      ADMIN_KEY_SHA256: hashOfKey(ADMIN_KEY),
      ...options.bindings,
    },
    storage: options.storage,
  });
  const admin = (method: string, path: string, body?: unknown) =>
    fetch(`${worker.url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const register = async (id: string, instanceUrl: string, changes: Record<string, unknown> = {}) => {
    const key = `key-of-${id}-${randomBytes(12).toString("hex")}`;
    const reply = await admin("PUT", `tenants/${id}`, {
      id,
      instanceUrl,
      auth: { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" },
      policies: { reading: { unrestricted: ["GET"] } },
      callers: [{ name: "tests", policy: "reading", key: { sha256: hashOfKey(key) } }],
      ...changes,
    });
    if (!reply.ok) throw new Error(`not registered: ${reply.status} ${await reply.text()}`);
    return key;
  };
  return { ...worker, admin, register };
}

/** Options of a tenant whose caller has the key of `call()`, for every method and address or under a narrower policy. */
export function forTestsKey(policy: Policy = EVERYTHING): Record<string, unknown> {
  const callers = [{ name: "tests", policy: "tests", key: { sha256: hashOfKey(KEY) } }];
  return { policies: { tests: policy }, callers };
}

const EVERYTHING: Policy = { unrestricted: ["GET", "POST", "PATCH", "PUT", "DELETE"] };

export function newSealingKey(id = "k1"): string {
  return `${id}:${randomBytes(32).toString("base64")}`;
}
