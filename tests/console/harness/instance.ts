/** The practice instance as the tests use it: started on a free port, set through its control interface. */
import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type RunningServer, startServer } from "./process.ts";

export const CLIENT_ID = "practice-client";
export const CLIENT_SECRET = "practice-secret";

export interface PracticeInstance extends RunningServer {
  /** Sets switches, such as `{ hibernating: true }`. */
  set(switches: Record<string, unknown>): Promise<void>;
  /** Revokes the token in use once so many API calls were answered. */
  revokeAfter(calls: number): Promise<void>;
  /** Lets a read fetch two pages and then takes so long for the next that a test can act in the middle of the read. */
  slowAfterTwoPages(ms: number): Promise<void>;
  /** What it was asked for, oldest first. */
  journal(): Promise<JournalEntry[]>;
}

export interface JournalEntry {
  method: string;
  path: string;
  query: string;
  status: number;
}

export async function startInstance(...args: string[]): Promise<PracticeInstance> {
  const server = await startServer(binary(), ["--port", "0", ...args]);
  const control = async (path: string, body?: unknown) => {
    const init =
      body === undefined
        ? {}
        : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/__practice/${path}`, init);
    if (!response.ok) throw new Error(`control ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const set = async (switches: Record<string, unknown>) => void (await control("switches", switches));
  const journal = async () => ((await (await control("journal")).json()) as { requests: JournalEntry[] }).requests;
  return {
    ...server,
    set,
    journal,
    slowAfterTwoPages: async (ms) => {
      const until = performance.now() + 30_000;
      while ((await journal()).filter(isPage).length < 2) {
        if (performance.now() > until) throw new Error("no second page was asked for");
        await setTimeout(10);
      }
      await set({ delay_ms: ms });
    },
    revokeAfter: async (calls) => void (await control("revoke-after", { calls })),
  };
}

function isPage({ method, path }: JournalEntry): boolean {
  return method === "GET" && path.startsWith("/api/now/table/");
}

let built: string | undefined;

/** The binary that `SYSPARM_INSTANCE_BIN` names, else one built from this tree. */
function binary(): string {
  const given = process.env.SYSPARM_INSTANCE_BIN;
  if (given) return given;
  if (!built) {
    const root = fileURLToPath(new URL("../../../", import.meta.url));
    execFileSync("cargo", ["build", "--quiet", "--profile", "fast", "-p", "sysparm-instance"], {
      cwd: root,
      stdio: "inherit",
    });
    built = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/fast/sysparm-instance`;
  }
  return built;
}
