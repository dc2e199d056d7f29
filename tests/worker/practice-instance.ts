/** The practice instance as a process of its own, on a free port. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface JournalEntry {
  method: string;
  path: string;
  query: string;
  status: number;
}

export interface PracticeInstance {
  url: string;
  /** The requests that reached it, in their order. */
  journal(): Promise<JournalEntry[]>;
  /** How many tokens were asked for. */
  tokenRequests(): Promise<number>;
  /** Sets a switch, or revokes every token: what `/__practice` offers. */
  practice(path: string, body?: unknown): Promise<void>;
  stop(): Promise<void>;
}

const BINARY =
  process.env.SYSPARM_INSTANCE_BIN ?? fileURLToPath(new URL("../../target/fast/sysparm-instance", import.meta.url));

export async function practiceInstance(...options: string[]): Promise<PracticeInstance> {
  if (!existsSync(BINARY))
    throw new Error(`no practice instance at ${BINARY}; build it with: cargo build --profile fast -p sysparm-instance`);
  const child = spawn(BINARY, ["--port", "0", "--quiet", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => {
      const address = /^practice instance listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
      if (address) resolve(address);
      else reject(new Error(`the practice instance began with: ${line}`));
    });
    void ended.then(() => reject(new Error("the practice instance ended before it listened")));
  });
  const journal = async () => {
    const reply = await fetch(`${url}/__practice/journal`);
    const { requests } = (await reply.json()) as { requests: JournalEntry[] };
    return requests.filter(({ path }) => !path.startsWith("/__practice"));
  };
  return {
    url,
    journal,
    tokenRequests: async () => (await journal()).filter(({ path }) => path === "/oauth_token.do").length,
    async practice(path, body = {}) {
      const reply = await fetch(`${url}/__practice/${path}`, { method: "POST", body: JSON.stringify(body) });
      if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
