/**
 * sysparm/testing: the practice instance in memory, for unit tests and demonstrations without a network.
 *
 * ```ts
 * import { connect } from "sysparm";
 * import { practiceInstance } from "sysparm/testing";
 *
 * const practice = await practiceInstance({ rows: 100 });
 * const instance = await connect(practice.connection);
 * await instance.table("incident").count(); // 100
 *
 * practice.begin("token-expired"); // resets, and the next calls meet this failure
 * await instance.table("incident").list();
 * practice.journal(); // the requests since begin()
 * ```
 *
 * A ServiceNow stand-in, written in Rust and compiled to WebAssembly: OAuth, tables with access rules, rate limits, attachments, and
 * failures by name. It answers as the platform's documentation says it does. Its WebAssembly has 2.4 MB; what imports `sysparm` alone does
 * not load it.
 */
import type { ConnectOptions, WasmSource } from "./index.js";

/**
 * Creates an instance. Several are independent of each other. It needs memory for its rows (about 1.5 MB without incidents, 0.6 KB for
 * each), and no file or port.
 *
 * @throws RequestError `options.unknown`, `options.type` for an unknown scenario, release or switch, too
 */
export function practiceInstance(options?: PracticeInstanceOptions): Promise<PracticeInstance>;

/** Options of `practiceInstance()`. */
export interface PracticeInstanceOptions {
  /** Generated incidents, 0 to 1,000,000; 1,000 by default. */
  rows?: number | undefined;
  /** The same seed gives the same rows and tokens; 7 by default. */
  seed?: number | undefined;
  /** The release whose defaults and behaviour are shown: "vancouver" to "brazil"; "zurich" by default. */
  release?: string | undefined;
  /** The name of a scenario to begin with. */
  scenario?: string | undefined;
  /** Switches that differ from the standard ones: `{ hidden: 0.04, faults: [{ kind: { status: { status: 503 } } }] }`. */
  switches?: Switches | undefined;
  /** The time in milliseconds since 1970; the clock of this machine by default. */
  now?: (() => number) | undefined;
}

/** Switches by name. `practice.switches({})` gives all with their values; the control page of `make instance` describes them. */
export type Switches = Record<string, unknown>;

/** A ServiceNow stand-in in memory. */
export interface PracticeInstance {
  /** `https://practice.service-now.com`. */
  readonly url: string;
  /** Answers requests to `url` as `fetch` does. Others, and lost connections, reject with a TypeError. */
  readonly fetch: typeof fetch;
  /** What `connect()` needs: address, client credentials and `fetch`. */
  readonly connection: Required<Pick<ConnectOptions, "url" | "auth" | "fetch">>;
  /** Who may sign in. */
  readonly accounts: Accounts;
  /** Every scenario: failures that people meet. */
  scenarios(): Scenario[];
  /** Resets, and begins a scenario. Returns what a client will see. @throws RequestError for an unknown name */
  begin(scenario: string): string;
  /** Changes the named switches and returns all. @throws RequestError for an unknown name or a wrong value */
  switches(changes: Switches): Switches;
  /** Revokes every token, as an administrator can. */
  revokeTokens(): void;
  /** The last requests, oldest first, secrets masked. */
  journal(): JournalEntry[];
  /** Puts data, switches, tokens and journal back. */
  reset(): void;
}

/** Users, clients and API keys. */
export interface Accounts {
  users: { user_name: string; password: string; roles: string[]; apis_only: boolean }[];
  clients: { client_id: string; client_secret: string; user_name: string; redirect_uris: string[] }[];
  keys: { name: string; token: string; user_name: string }[];
}

/** A failure that people meet. */
export interface Scenario {
  name: string;
  /** What a client sees. */
  symptom: string;
  /** The request that shows it. */
  see: string;
  /** The switches that it sets. */
  switches: Switches;
  /** The number of records that it changes. */
  records: number;
}

/** A request that was answered. */
export interface JournalEntry {
  /** Milliseconds since 1970. */
  at: number;
  method: string;
  path: string;
  query: string;
  status: number;
  /** The sender's user_name, or guest. */
  user: string;
}

/** Starts loading the WebAssembly earlier, or supplies it: `sysparm/testing.wasm`. */
export function load(source?: WasmSource): Promise<void>;
