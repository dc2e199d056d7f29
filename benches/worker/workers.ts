/** The two workers, each in a workerd of its own: the edge worker as it is deployed, and one that only swaps the key for a token. */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT_ID, CLIENT_SECRET } from "../../tests/harness/practice-instance.ts";
import { hashOfKey, type RunningWorker, serveWorker } from "../../www/worker/serve.ts";
import { COMPATIBILITY_DATE, environmentName } from "../../www/worker/workerd-configuration.ts";
import { startWorkerd } from "../../www/worker/workerd-process.ts";

const KEY = "k".repeat(64);
/** What every caller sends. */
export const CALLER = { "x-api-key": KEY, accept: "application/json" };

export const WORKERS = ["sysparm", "plain"] as const;
export type WorkerName = (typeof WORKERS)[number];

export async function startWorkers(instanceUrl: string): Promise<Record<WorkerName, RunningWorker>> {
  const bindings = {
    INSTANCE_URL: instanceUrl,
    CLIENT_ID,
    CLIENT_SECRET,
    CALLER_KEYS: JSON.stringify([{ name: "benchmark", sha256: hashOfKey(KEY) }]),
    ALLOWED_ORIGINS: "",
  };
  const sysparm = await serveWorker({ bindings });
  return { sysparm, plain: await startPlain(instanceUrl) };
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
