/**
 * The workers, each in a workerd of its own: the edge worker with the tenant of its bindings, the same as a gateway, with a tenant of its
 * registry and a policy, and one that only swaps the key for a token.
 */
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT_ID, CLIENT_SECRET } from "../../tests/harness/practice-instance.ts";
import { hashOfKey, type RunningWorker, serveWorker } from "../../www/worker/serve.ts";
import { COMPATIBILITY_DATE, environmentName } from "../../www/worker/workerd-configuration.ts";
import { startWorkerd } from "../../www/worker/workerd-process.ts";

const KEY = "k".repeat(64);
const OPERATOR_KEY = "operator-of-the-benchmark";
/** What every caller sends. */
export const CALLER = { "x-api-key": KEY, accept: "application/json" };

export const WORKERS = ["one tenant", "gateway", "plain"] as const;
export type WorkerName = (typeof WORKERS)[number];
/** Those that are compared with the plain one. */
export const COMPARED = ["one tenant", "gateway"] as const satisfies readonly WorkerName[];

const TENANT = "bench";
/** The beginning of each worker's addresses of tables. */
export const TABLES: Readonly<Record<WorkerName, string>> = {
  "one tenant": "/api/now/table",
  gateway: `/${TENANT}/api/now/table`,
  plain: "/api/now/table",
};

/** The bindings of the worker with one tenant. */
export function bindingsOf(instanceUrl: string): Record<string, string> {
  return {
    INSTANCE_URL: instanceUrl,
    CLIENT_ID,
    CLIENT_SECRET,
    CALLER_KEYS: JSON.stringify([{ name: "benchmark", sha256: hashOfKey(KEY) }]),
    ALLOWED_ORIGINS: "",
  };
}

export async function startWorkers(instanceUrl: string): Promise<Record<WorkerName, RunningWorker>> {
  return {
    "one tenant": await serveWorker({ bindings: bindingsOf(instanceUrl) }),
    gateway: await startGateway(instanceUrl),
    plain: await startPlain(instanceUrl),
  };
}

/** With a policy that restricts tables, fields and rows. Its registry is on disk while it runs. */
async function startGateway(instanceUrl: string): Promise<RunningWorker> {
  const storage = await mkdtemp(join(tmpdir(), "sysparm-bench-"));
  const bindings = {
    ADMIN_KEY_SHA256: hashOfKey(OPERATOR_KEY),
    SEALING_KEYS: `k1:${randomBytes(32).toString("base64")}`,
  };
  const worker = await serveWorker({ bindings, storage });
  const fields = ["number", "short_description", "sys_id", "active", "priority", "state", "sys_updated_on"];
  const table = { fields, maxRows: 10_000 };
  const tenant = {
    instanceUrl,
    auth: { grant: "client_credentials", clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
    policies: { reads: { tables: { small: table, page: table, large: table }, requestsPerMinute: 1_000_000 } },
    callers: [{ name: "benchmark", policy: "reads", key: { sha256: hashOfKey(KEY) } }],
  };
  const reply = await fetch(`${worker.url}/admin/tenants/${TENANT}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${OPERATOR_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(tenant),
  });
  if (!reply.ok) throw new Error(`the tenant was not registered: ${await reply.text()}`);
  const stop = async () => {
    await worker.stop();
    await rm(storage, { recursive: true });
  };
  return { ...worker, stop };
}

async function startPlain(instanceUrl: string): Promise<RunningWorker> {
  const folder = await mkdtemp(join(tmpdir(), "sysparm-bench-"));
  try {
    const configuration = join(folder, "workerd.capnp");
    await copyFile(new URL("plain.js", import.meta.url), join(folder, "plain.js"));
    await writeFile(configuration, CONFIGURATION);
    return await startWorkerd(configuration, { INSTANCE_URL: instanceUrl });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const CONFIGURATION = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["private", "local", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [(name = "plain.js", esModule = embed "plain.js")],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [(name = "INSTANCE_URL", fromEnvironment = "${environmentName("INSTANCE_URL")}")],
);
`;
