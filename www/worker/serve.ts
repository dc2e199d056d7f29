/**
 * Runs the worker on loopback, in real workerd, the runtime that Cloudflare deploys.
 *
 *   node --import tsx www/worker/serve.ts --instance URL --client-id ID --caller-key KEY [--origin URL]... [--port N]
 *     [--policy FILE] [--storage FOLDER]
 *
 * With SYSPARM_SEALING_KEYS and SYSPARM_ADMIN_KEY tenants can be registered, and --instance and the others may be missing.
 *
 * The client's secret comes from --client-secret or, hidden from other users, from SYSPARM_CLIENT_SECRET; the caller's
 * key from --caller-key or SYSPARM_CALLER_KEY. The first line printed is `worker listening on http://127.0.0.1:PORT`.
 */

import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildWorker } from "./build.ts";
import { ConfigurationError, hasPlainTenant, readTenant } from "./src/tenants/from-bindings.ts";
import { readPolicy } from "./src/tenants/plain-policy.ts";
import { type WorkerdOptions, workerdConfiguration } from "./workerd-configuration.ts";
import { ENDING_SIGNALS, type RunningWorker, startWorkerd } from "./workerd-process.ts";

export type { RunningWorker };

export interface ServeOptions extends Pick<WorkerdOptions, "objects" | "storage"> {
  /** The worker's bindings as text: INSTANCE_URL, CLIENT_ID, CLIENT_SECRET, CALLER_KEYS, ALLOWED_ORIGINS. */
  bindings: Readonly<Record<string, string>>;
  /** A free one by default. */
  port?: number;
  /** The module to serve instead of the worker. */
  entry?: string;
  /** The descriptor of a file that gets what workerd prints, instead of standard error. */
  output?: number;
}

/** Builds the worker and starts it. @throws Error when workerd does not start or does not answer */
export async function serveWorker(options: ServeOptions): Promise<RunningWorker> {
  const folder = await mkdtemp(join(tmpdir(), "sysparm-worker-"));
  try {
    await chmod(folder, 0o700);
    return await serveModules(folder, await buildWorker(folder, options.entry), options);
  } finally {
    // workerd has read everything before it listens, so none of these files is left even if this process is killed later.
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts what `buildWorker` has written into a folder. @throws Error when workerd does not start or does not answer */
export async function serveModules(
  folder: string,
  modules: readonly string[],
  { bindings, port = 0, objects, storage: given, output }: ServeOptions,
): Promise<RunningWorker> {
  const storage = given === undefined ? await temporaryStorage(bindings) : resolve(given);
  if (storage !== undefined) await mkdir(storage, { recursive: true, mode: 0o700 });
  const configuration = join(folder, "workerd.capnp");
  const names = Object.keys(bindings);
  const text = workerdConfiguration({ modules, bindings: names, port, storage, ...(objects && { objects }) });
  await writeFile(configuration, text, { mode: 0o600 });
  const worker = await startWorkerd(configuration, bindings, output);
  if (given === undefined && storage !== undefined) removeAfter(worker, storage);
  return worker;
}

/** workerd gives SQLite only to Durable Objects on disk, and the registry needs it. */
async function temporaryStorage(bindings: Readonly<Record<string, string>>): Promise<string | undefined> {
  return bindings.SEALING_KEYS === undefined ? undefined : mkdtemp(join(tmpdir(), "sysparm-registry-"));
}

function removeAfter(worker: RunningWorker, folder: string): void {
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  void worker.ended.then(() => {
    process.removeListener("exit", remove);
    remove();
  });
}

/** The SHA-256 of a caller's key, in the form of CALLER_KEYS. */
export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

async function serveFromCommandLine(): Promise<void> {
  const { values } = parseArgs({
    options: {
      instance: { type: "string" },
      "client-id": { type: "string" },
      "client-secret": { type: "string", default: process.env.SYSPARM_CLIENT_SECRET ?? "" },
      "caller-key": { type: "string", default: process.env.SYSPARM_CALLER_KEY ?? "" },
      origin: { type: "string", multiple: true, default: [] },
      policy: { type: "string" },
      port: { type: "string", default: "0" },
      storage: { type: "string" },
    },
  });
  const bindings = { ...plainBindings(values), ...registryBindings() };
  if (hasPlainTenant(bindings)) readTenant(bindings);
  const policy = bindings.POLICY === undefined ? undefined : readPolicy(bindings.POLICY);
  if (policy instanceof ConfigurationError) throw policy;
  const worker = await serveWorker({ bindings, port: portNumber(values.port), storage: values.storage });
  console.log(`worker listening on ${worker.url}`);
  // A signal is a normal end: workerd ends with the same signal, and this process after it.
  for (const signal of ENDING_SIGNALS) process.on(signal, () => {});
  await worker.ended;
}

/** The bindings of one tenant, of those options that are given. */
function plainBindings(values: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const callerKey = String(values["caller-key"]);
  const keys = callerKey === "" ? "" : JSON.stringify([{ name: "command line", sha256: hashOfKey(callerKey) }]);
  const given = {
    INSTANCE_URL: values.instance ?? "",
    CLIENT_ID: values["client-id"] ?? "",
    CLIENT_SECRET: values["client-secret"] ?? "",
    CALLER_KEYS: keys,
    ALLOWED_ORIGINS: values.origin ?? "",
  };
  const bindings = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value.length ? [[name, String(value)]] : [])),
  );
  // Also that of an empty file, which is refused.
  return values.policy === undefined ? bindings : { ...bindings, POLICY: readFileSync(String(values.policy), "utf8") };
}

/** The bindings of a registry. Its keys come from the environment alone: other users can read a command line. */
function registryBindings(): Record<string, string> {
  const { SYSPARM_SEALING_KEYS: sealing, SYSPARM_ADMIN_KEY: admin } = process.env;
  return { ...(sealing && { SEALING_KEYS: sealing }), ...(admin && { ADMIN_KEY_SHA256: hashOfKey(admin) }) };
}

function portNumber(given: string): number {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError("--port must be a number from 0 to 65535");
  return port;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serveFromCommandLine().catch((error: unknown) => {
    console.error(`worker: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
