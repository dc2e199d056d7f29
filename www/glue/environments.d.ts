/**
 * sysparm/environments: the facts of an environment that an integration depends on, and how those of several environments differ.
 *
 * An `Inventory` is plain JSON, without secrets: save it, and compare it later or elsewhere. Each of its facts was either read or could not
 * be read, and then it says why: a fact that could not be read is never taken as absent, nor as equal.
 *
 * ```ts
 * const dev = await readInventory(devInstance, { name: "dev", clientId, tables: { incident: ["number", "state"] } });
 * const prod = await readInventory(prodInstance, { name: "prod", clientId: other, tables: { incident: ["number", "state"] } });
 * for (const { rank, what, values } of compare([dev, prod]).differences) console.log(rank, what, values);
 * ```
 */
import type {
  AccessPolicy,
  AccessRule,
  Account,
  ApiKey,
  ApiScope,
  CorsRule,
  HeldRole,
  IssuedToken,
  OAuthClient,
  Plugin,
  RateRule,
  Release,
  UsedTable,
} from "./environment-facts.js";
import type { Instance } from "./index.js";

export * from "./audit.js";
export * from "./environment-facts.js";
export * from "./runbook.js";

/**
 * Reads the facts of one environment: up to 20 lists of records and the schema of each table, one after another. What this user may not read is
 * `unreadable` in the inventory; an administrator reads all of it.
 * @throws SysparmError when nothing at all can be read, such as a failed sign-in; RequestError for options that cannot work
 */
export function readInventory(instance: Instance, options: InventoryOptions): Promise<Inventory>;

/**
 * How the environments differ, worst first. It sends nothing. What could not be read in an environment is `unknown` there, and neither equal nor a
 * difference. Ids, addresses, times, issued tokens and the accounts of other integrations are not compared: they are of each environment its own.
 * @throws RequestError for fewer than two inventories, two of one name, or one of another form
 */
export function compare(inventories: readonly Inventory[]): Comparison;

/** A comparison as Markdown: a table for each rank, then what is unknown. */
export function comparisonMarkdown(comparison: Comparison): string;

/** A comparison as lines for a terminal, without colours. */
export function comparisonText(comparison: Comparison): string;

/** Options of `readInventory()`. */
export interface InventoryOptions {
  /** The environment's name in comparisons: "dev", "test", "prod". */
  name: string;
  /** Reads the records: an administrator's connection to the same environment. `instance` by default. */
  administrator?: Instance | undefined;
  /** The client that the integration signs in with: its registry record is the integration's, and its Application User the account. */
  clientId?: string | undefined;
  /**
   * The user name of the account that calls are made as. Without it: the Application User of `clientId`, else the user that `instance` is
   * signed in as.
   */
  user?: string | undefined;
  /** How the integration signs in. A connection does not tell it. */
  method?: AuthMethod | undefined;
  /** Tables that the integration uses: their names, or fields by name of the table (an empty list for all fields of it). */
  tables?: readonly string[] | Readonly<Record<string, readonly string[]>> | undefined;
  /** Ids of plugins that the integration needs, in addition to those that decide about sign-in and APIs. */
  plugins?: readonly string[] | undefined;
  /** Names of properties in addition to those that decide about integrations. */
  properties?: readonly string[] | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
  /** Called before each fact is read. */
  onProgress?: ((fact: string) => void) | undefined;
}

/** How an integration signs in. */
export type AuthMethod =
  | "client_credentials"
  | "authorization_code"
  | "password"
  | "refresh_token"
  | "jwt_bearer"
  | "token"
  | "api_key"
  | "basic"
  | "hmac"
  | "certificate"
  | "session";

/** A fact that was read, or why it was not. */
export type Fact<T> = ReadFact<T> | UnreadableFact;

/** A fact that was read. */
export interface ReadFact<T> {
  /** Always "read". */
  status: "read";
  /** What was read. */
  value: T;
  /** Why records may be missing from `value`; absent where all of them were read. */
  incomplete?: string;
}

/** A fact that could not be read. */
export interface UnreadableFact {
  /** Always "unreadable". */
  status: "unreadable";
  /** Why, in words: "sys_properties may not be read by this user (403)". */
  because: string;
}

/** The facts of one environment. Fields of records that access rules hide are absent from the record. */
export interface Inventory {
  /** The version of this form. */
  format: 1;
  /** As given in the options. */
  name: string;
  /** The instance's origin. */
  url: string;
  /** By this machine's clock, in milliseconds since 1970. */
  readAt: number;
  /** The client that the integration signs in with, as given in the options; absent where none was given. */
  clientId?: string;
  /** How the integration signs in, as given in the options. */
  method: Fact<AuthMethod>;
  /** The instance's release. */
  release: Fact<Release>;
  /** The plugins asked about, by id. */
  plugins: Fact<Record<string, Plugin>>;
  /** The properties asked about, by name; null for one that the instance does not have. */
  properties: Fact<Record<string, string | null>>;
  /** OAuth registry records (`oauth_entity`) with profiles and scopes. */
  clients: Fact<OAuthClient[]>;
  /** API keys, without their tokens. */
  apiKeys: Fact<ApiKey[]>;
  /** Access and refresh tokens that the instance has issued, without the tokens: the newest 1,000. */
  issuedTokens: Fact<IssuedToken[]>;
  /** REST API access policies, with the sign-in methods that each accepts. */
  policies: Fact<AccessPolicy[]>;
  /** Which API asks for which auth scope. */
  apiScopes: Fact<ApiScope[]>;
  /** The account that the integration's calls are made as. */
  account: Fact<Account>;
  /** Roles of that account. */
  roles: Fact<HeldRole[]>;
  /** Every account of integrations: Application Users of clients, owners of API keys, web service access only, identity type Machine. */
  accounts: Fact<Account[]>;
  /** CORS rules. */
  corsRules: Fact<CorsRule[]>;
  /** Rate limit rules. */
  rateRules: Fact<RateRule[]>;
  /** The tables used, by name. */
  tables: Record<string, Fact<UsedTable>>;
  /** Access rules (ACLs) on the tables used and on their fields, with the roles that each asks for. */
  accessRules: Fact<AccessRule[]>;
}

/**
 * What a difference breaks, worst first: the sign-in; requests that are refused or fail; data that is wrong without an error; limits that are
 * reached earlier; nothing that a request shows.
 */
export type Rank = "sign-in" | "requests" | "data" | "limits" | "cosmetic";

/** What `compare()` finds. Plain JSON. */
export interface Comparison {
  /** The environments, in the order given. */
  environments: { name: string; url: string; readAt: number }[];
  /** What differs, worst first. */
  differences: Difference[];
  /** What could not be compared. */
  unknown: UnknownFact[];
  /** How many things were compared. */
  compared: number;
}

/** The part of an inventory that differs. */
export type ComparedPart = keyof Omit<
  Inventory,
  "format" | "name" | "url" | "readAt" | "clientId" | "accounts" | "issuedTokens"
>;

/** One difference. */
export interface Difference {
  /** What it breaks. */
  rank: Rank;
  /** The part of the inventory. */
  part: ComparedPart;
  /** What differs: "property glide.rest.cors.enabled", "client Portal: OAuth Application User". */
  what: string;
  /** The value in each environment, by its name; "absent" for what is not there, null for what could not be read there. */
  values: Record<string, string | null>;
  /** Why it matters. */
  why: string;
  /** What to do. */
  fix: string;
}

/** Something that could not be compared in one environment. */
export interface UnknownFact {
  /** The part of the inventory. */
  part: ComparedPart;
  /** What is unknown: "properties", "client Portal: scopes". */
  what: string;
  /** The environment's name. */
  environment: string;
  /** Why, in words. */
  because: string;
}
