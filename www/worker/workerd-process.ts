/**
 * workerd as a child process. It is known to reply when it is returned, and ends with its parent process in any case but SIGKILL.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { environmentName } from "./workerd-configuration.ts";

export interface RunningWorker {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The id of workerd's process, for measurements. */
  readonly processId: number;
  /** Fulfilled when workerd has ended for any reason. */
  readonly ended: Promise<void>;
  /** Ends workerd and waits for it. */
  stop(): Promise<void>;
}

/** The signals with which a terminal, a supervisor or a test runner ends a process. */
export const ENDING_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** The binary itself: the package's `bin` may be a script that does not forward signals. */
const workerd: string = createRequire(import.meta.url)("workerd").default;

const MOST_STARTS = 3;

/**
 * Starts workerd and returns when it replies. About once in 700 starts, workerd 1.20261117.1 listens, accepts one connection, and
 * then neither replies nor accepts another. Such a process is ended and another one started. `output`: where it prints, a file descriptor.
 */
export async function startWorkerd(
  configuration: string,
  bindings: Readonly<Record<string, string>>,
  output: number | typeof process.stderr = process.stderr,
): Promise<RunningWorker> {
  for (let starts = 1; ; starts += 1) {
    const worker = await start(configuration, bindings, output);
    if (await answers(worker)) return worker;
    await worker.stop();
    if (starts === MOST_STARTS) throw new Error(`workerd listened but did not answer, ${starts} times`);
    process.stderr.write("worker: workerd listens but does not answer; starting another\n");
  }
}

const ANSWER_MS = 5_000;

/** Any status counts: a worker without a configuration replies too. */
async function answers({ url }: RunningWorker): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await reply.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function start(
  configuration: string,
  bindings: Readonly<Record<string, string>>,
  output: number | typeof process.stderr,
): Promise<RunningWorker> {
  const environment = Object.entries(bindings).map(([name, value]) => [environmentName(name), value] as const);
  const child = spawn(workerd, ["serve", configuration, "--control-fd=3"], {
    env: { ...process.env, ...Object.fromEntries(environment) },
    stdio: ["ignore", output, output, "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  endTogether(child, ended);
  const stop = () => end(child, ended);
  try {
    const port = await listeningPort(child, ended);
    return { url: `http://127.0.0.1:${port}`, processId: child.pid ?? 0, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Ends workerd with this process. What Durable Objects have stored survives its end at any moment. A signal without another listener
 * ends this process too.
 */
function endTogether(child: ChildProcess, ended: Promise<void>): void {
  const atExit = () => child.kill("SIGKILL");
  const atSignal = (signal: NodeJS.Signals) => {
    child.kill("SIGKILL");
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once("exit", atExit);
  for (const signal of ENDING_SIGNALS) process.once(signal, atSignal);
  void ended.then(() => {
    process.removeListener("exit", atExit);
    for (const signal of ENDING_SIGNALS) process.removeListener(signal, atSignal);
  });
}

const LISTEN_MS = 15_000;

/** workerd reports its port on the control channel: `{"event":"listen","socket":"http","port":N}`. */
async function listeningPort(child: ChildProcess, ended: Promise<void>): Promise<number> {
  const lines = createInterface({ input: child.stdio[3] as Readable });
  const listening = new Promise<number>((resolve) => {
    lines.on("line", (line) => {
      const message: { event?: string; port?: number } = JSON.parse(line);
      if (message.event === "listen" && message.port) resolve(message.port);
    });
  });
  const tooLate = new Promise<never>((_, reject) =>
    setTimeout(reject, LISTEN_MS, new Error(`workerd did not listen within ${LISTEN_MS} ms`)).unref(),
  );
  const failed = Promise.race([ended, once(child, "error")]).then(() =>
    Promise.reject(new Error("workerd ended before it listened; see its message above")),
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
