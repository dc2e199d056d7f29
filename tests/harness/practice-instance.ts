/** Starts the practice instance on a free port for a test, and stops exactly that one. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

export interface PracticeInstance {
  url: string;
  clientId: string;
  clientSecret: string;
  control(path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startPracticeInstance(...options: string[]): Promise<PracticeInstance> {
  const binary = process.env.SYSPARM_INSTANCE_BIN ?? "target/fast/sysparm-instance";
  if (!existsSync(binary)) throw new Error(`${binary} is missing: make test builds it`);
  const child = spawn(binary, ["--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the practice instance ended with ${code}`)));
    createInterface(child.stdout).once("line", (line) => resolve(line.split(" on ")[1] ?? ""));
  });
  child.stdout.resume();
  return {
    url,
    clientId: "practice-client",
    clientSecret: "practice-secret",
    async control(path, body) {
      const init =
        body === undefined
          ? {}
          : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const reply = await fetch(`${url}/__practice/${path}`, init);
      if (!reply.ok) throw new Error(`/__practice/${path} answered ${reply.status}: ${await reply.text()}`);
      return reply.json();
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
