/** Starts a server process and stops only that one. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface RunningServer {
  /** `http://127.0.0.1:PORT`, taken from the first line it prints. */
  url: string;
  stop(): Promise<void>;
}

/** @throws Error if it prints no address within 30 seconds, or exits before */
export async function startServer(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<RunningServer> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  const stop = async () => {
    process.removeListener("exit", killed);
    await stopped(child);
  };
  try {
    const line = await firstLine(child);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (!url) throw new Error(`${command} printed no address first, but: ${line}`);
    return { url, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("a server without output");
  const lines = createInterface({ input: child.stdout });
  const late = AbortSignal.timeout(START_MS);
  const [line] = await Promise.race([
    once(lines, "line", { signal: late }),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`ended with ${code} before it listened`))),
  ]);
  return String(line);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exit;
  clearTimeout(forced);
}

const START_MS = 30_000;
const STOP_MS = 5_000;
