/** The practice instance as the tests use it: started on a free port, set through its control interface. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningServer, startServer } from "./server.ts";

export const CLIENT_ID = "practice-client";
export const CLIENT_SECRET = "practice-secret";

export interface JournalEntry {
  method: string;
  path: string;
  query: string;
  status: number;
}

export interface PracticeInstance extends RunningServer {
  /** What `/__practice` offers: POST with a body, GET without. */
  control(path: string, body?: unknown): Promise<unknown>;
  /** Sets switches, such as `{ hibernating: true }`. */
  set(switches: Record<string, unknown>): Promise<void>;
  /** Revokes the tokens in use once so many API calls were answered. */
  revokeAfter(calls: number): Promise<void>;
  /** What it was asked for, oldest first; control requests left out. */
  journal(): Promise<JournalEntry[]>;
  /** How many tokens were asked for. */
  tokenRequests(): Promise<number>;
}

/** Where cargo was told to build, as seen from the root of the repository. */
const BUILT = resolve(
  fileURLToPath(new URL("../../", import.meta.url)),
  process.env.CARGO_TARGET_DIR ?? "target",
  "fast/sysparm-instance",
);

export async function startPracticeInstance(...options: string[]): Promise<PracticeInstance> {
  const binary = process.env.SYSPARM_INSTANCE_BIN ?? BUILT;
  if (!existsSync(binary))
    throw new Error(`${binary} is missing; build it: cargo build --profile fast -p sysparm-instance`);
  const server = await startServer(binary, ["--port", "0", ...options]);
  const control = async (path: string, body?: unknown) => {
    const headers = { "content-type": "application/json" };
    const init = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
    const reply = await fetch(`${server.url}/__practice/${path}`, init);
    if (!reply.ok) throw new Error(`/__practice/${path} answered ${reply.status}: ${await reply.text()}`);
    return reply.json();
  };
  const journal = async () => {
    const { requests } = (await control("journal")) as { requests: JournalEntry[] };
    return requests.filter(({ path }) => !path.startsWith("/__practice"));
  };
  return {
    ...server,
    control,
    journal,
    tokenRequests: async () => (await journal()).filter(({ path }) => path === "/oauth_token.do").length,
    set: async (switches) => void (await control("switches", switches)),
    revokeAfter: async (calls) => void (await control("revoke-after", { calls })),
  };
}
