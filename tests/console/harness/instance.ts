/** The practice instance as the tests use it: started on a free port, set through its control interface. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type RunningServer, startServer } from "./process.ts";

export const CLIENT_ID = "practice-client";
export const CLIENT_SECRET = "practice-secret";

export interface PracticeInstance extends RunningServer {
  /** Sets switches, such as `{ hibernating: true }`. */
  set(switches: Record<string, unknown>): Promise<void>;
  /** Revokes the token in use once so many API calls were answered. */
  revokeAfter(calls: number): Promise<void>;
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
  return {
    ...server,
    set: async (switches) => void (await control("switches", switches)),
    revokeAfter: async (calls) => void (await control("revoke-after", { calls })),
    journal: async () => ((await (await control("journal")).json()) as { requests: JournalEntry[] }).requests,
  };
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
