/** Starts a practice instance on a free port for tests, and controls it through its control interface. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningServer, startServer } from "./server.ts";

export const CLIENT_ID = "practice-client";
export const CLIENT_SECRET = "practice-secret";

export interface JournalEntry {
  /** By this machine's clock. */
  at: number;
  method: string;
  path: string;
  query: string;
  status: number;
}

export interface PracticeInstance extends RunningServer {
  /** A request to `/__practice`: POST with a body, GET without. */
  control(path: string, body?: unknown): Promise<unknown>;
  /** Sets switches, such as `{ hibernating: true }`. */
  set(switches: Record<string, unknown>): Promise<void>;
  /** Revokes the tokens in use after this number of API calls. */
  revokeAfter(calls: number): Promise<void>;
  /** The requests it received, oldest first, without control requests. */
  journal(): Promise<JournalEntry[]>;
  /** The number of token requests. */
  tokenRequests(): Promise<number>;
}

/** The binary in cargo's target folder, relative to the root of the repository. */
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
