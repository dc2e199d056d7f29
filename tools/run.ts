/**
 * `make run`: starts a practice instance, an edge worker in front of it, and the console, all on loopback. Stops all three together.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { preview } from "vite";

const CLIENT_ID = "practice-client";
const CLIENT_SECRET = "practice-secret";
/** As `make run` builds it, in Cargo's target folder. */
const INSTANCE = `${process.env.CARGO_TARGET_DIR ?? "target"}/debug/sysparm-instance`;
const children: ChildProcess[] = [];

/** Starts a program and waits for the address in its first line. */
function start(command: string, options: string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(command, options, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code ?? "a signal"}`)));
    createInterface(child.stdout).once("line", (line) => resolve(line.split(" on ")[1] ?? ""));
    child.stdout.resume();
  });
}

function stop(): void {
  for (const child of children) child.kill("SIGTERM");
}

const data = process.env.DATA ? ["--data", process.env.DATA] : ["--rows", process.env.ROWS ?? "10000"];
const callerKey = randomBytes(24).toString("base64url");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop();
    process.exit(0);
  });
}

try {
  const page = await preview({ root: "www/console", logLevel: "error", preview: { host: "127.0.0.1", port: 5180 } });
  const origin = page.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
  const instance = await start(INSTANCE, ["--port", process.env.PORT ?? "8787", "--hidden", "0.04", ...data]);
  const worker = await start(
    "node",
    ["--import", "tsx", "www/worker/serve.ts", "--instance", instance, "--client-id", CLIENT_ID, "--origin", origin],
    { SYSPARM_CLIENT_SECRET: CLIENT_SECRET, SYSPARM_CALLER_KEY: callerKey },
  );
  const fragment = new URLSearchParams({ practice: instance, worker });
  console.log(`
console            ${origin}/#${fragment}
practice instance  ${instance}   client secret: ${CLIENT_SECRET}
edge worker        ${worker}   API key: ${callerKey}

Open the console: it connects to the practice instance. To read through the worker, disconnect, choose "Through the worker" and type
the API key. Ctrl-C ends all three.
`);
} catch (reason) {
  stop();
  console.error(reason instanceof Error ? reason.message : reason);
  process.exit(1);
}
