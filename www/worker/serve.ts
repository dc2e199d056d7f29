/**
 * Runs the worker on loopback, in real workerd, the runtime that Cloudflare deploys.
 *
 *   node --import tsx www/worker/serve.ts --instance URL --client-id ID --caller-key KEY [--origin URL]... [--port N]
 *
 * The client's secret comes from --client-secret or, unseen by other users, from SYSPARM_CLIENT_SECRET; the caller's
 * key from --caller-key or SYSPARM_CALLER_KEY. The first line printed is `worker listening on http://127.0.0.1:PORT`.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildWorker } from "./build.ts";
import { readTenant } from "./src/configuration.ts";
import { environmentName, workerdConfiguration } from "./workerd-configuration.ts";

export interface ServeOptions {
  /** The worker's bindings as text: INSTANCE_URL, CLIENT_ID, CLIENT_SECRET, CALLER_KEYS, ALLOWED_ORIGINS. */
  bindings: Readonly<Record<string, string>>;
  /** A free one by default. */
  port?: number;
}

export interface RunningWorker {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** workerd's own process, for whoever measures it. */
  readonly processId: number;
  /** Fulfilled when workerd has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends workerd and waits for it. */
  stop(): Promise<void>;
}

/** Builds the worker and starts it. @throws Error when workerd does not listen within 30 s */
export async function serveWorker(options: ServeOptions): Promise<RunningWorker> {
  const folder = await mkdtemp(join(tmpdir(), "sysparm-worker-"));
  try {
    await chmod(folder, 0o700);
    const modules = await buildWorker(folder);
    const names = Object.keys(options.bindings);
    const configuration = join(folder, "workerd.capnp");
    await writeFile(configuration, workerdConfiguration(modules, names, options.port ?? 0), { mode: 0o600 });
    return await start(configuration, options.bindings);
  } finally {
    // workerd has read everything before it listens, so nothing is left even if this process is killed later.
    await rm(folder, { recursive: true, force: true });
  }
}

/** The binary itself. (The package's `bin` may be a script around it, which signals would not pass.) */
const workerd: string = createRequire(import.meta.url)("workerd").default;

const START_MS = 30_000;

async function start(configuration: string, bindings: Readonly<Record<string, string>>): Promise<RunningWorker> {
  const environment = Object.entries(bindings).map(([name, value]) => [environmentName(name), value] as const);
  const child = spawn(workerd, ["serve", configuration, "--control-fd=3"], {
    env: { ...process.env, ...Object.fromEntries(environment) },
    stdio: ["ignore", process.stderr, process.stderr, "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = () => end(child, ended);
  const stopAtExit = () => child.kill("SIGKILL");
  process.once("exit", stopAtExit);
  void ended.then(() => process.removeListener("exit", stopAtExit));
  try {
    const port = await listeningPort(child, ended);
    return { url: `http://127.0.0.1:${port}`, processId: child.pid ?? 0, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** workerd tells its port on the control channel: `{"event":"listen","socket":"http","port":N}`. */
async function listeningPort(child: ChildProcess, ended: Promise<void>): Promise<number> {
  const lines = createInterface({ input: child.stdio[3] as Readable });
  const listening = new Promise<number>((resolve) => {
    lines.on("line", (line) => {
      const message: { event?: string; port?: number } = JSON.parse(line);
      if (message.event === "listen" && message.port) resolve(message.port);
    });
  });
  const tooLate = new Promise<never>((_, reject) =>
    setTimeout(reject, START_MS, new Error(`workerd did not listen within ${START_MS} ms`)).unref(),
  );
  const failed = Promise.race([ended, once(child, "error")]).then(() =>
    Promise.reject(new Error("workerd ended before it listened; its own message stands above")),
  );
  return Promise.race([listening, failed, tooLate]);
}

const END_MS = 3_000;

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await ended;
  clearTimeout(kill);
}

/** The SHA-256 of a caller's key, as CALLER_KEYS wants it. */
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
      port: { type: "string", default: "0" },
    },
  });
  const callerKey = values["caller-key"];
  const bindings = {
    INSTANCE_URL: values.instance ?? "",
    CLIENT_ID: values["client-id"] ?? "",
    CLIENT_SECRET: values["client-secret"],
    CALLER_KEYS: JSON.stringify(callerKey === "" ? [] : [{ name: "command line", sha256: hashOfKey(callerKey) }]),
    ALLOWED_ORIGINS: values.origin.join(","),
  };
  readTenant(bindings);
  const worker = await serveWorker({ bindings, port: portNumber(values.port) });
  console.log(`worker listening on ${worker.url}`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void worker.stop());
  await worker.ended;
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
