/**
 * The audit of an integration: what its recorded calls needed, table by table, and what is wrong with its rights, credentials and clients.
 * Exported by `sysparm/environments`.
 */
import type { Inventory, RoleWay } from "./environments.js";
import type { Schema } from "./query.js";

/** What a call does with records of a table. */
export type TableOperation = "read" | "create" | "write" | "delete";

/**
 * One recorded call: a line of a log, an entry of the practice instance's journal, what `onRequest` and `onResponse` of `connect()` are
 * called with, or a row of `syslog_transaction`. Members that are not named here are passed over.
 */
export interface RecordedCall {
  method?: string | undefined;
  /** With or without origin and query string. */
  path?: string | undefined;
  /** Stands for `path`. */
  url?: string | undefined;
  /** The query string, where `path` has none. */
  search?: string | undefined;
  /** Stands for `search`. */
  query?: string | undefined;
  /** Null where no reply came. Without it the call counts as answered. */
  status?: number | string | null | undefined;
  /** Milliseconds since 1970. */
  at?: number | undefined;
  /** The user name under which the instance served it. */
  user?: string | undefined;
}

/** Options of `traffic()`. */
export interface TrafficOptions {
  /** Counts only calls of this user, where the recording names users. */
  user?: string | undefined;
  /** Counts only calls of this origin, such as "https://dev12345.service-now.com", where the recording has whole addresses. */
  origin?: string | undefined;
  /** What is known of the tables: says which table a field behind a dot is read from. */
  schemas?: readonly Schema[] | undefined;
}

/**
 * Reads recorded calls into what they needed. Takes a HAR log (its text or its value), the practice instance's journal, lines of JSON, or a
 * list of calls. Values of queries, headers and bodies are never in the result: names of tables, fields and parameters are.
 * @throws RequestError `options.type` for anything else
 */
export function traffic(recorded: unknown, options?: TrafficOptions): Traffic;

/** What recorded calls needed. Plain data. */
export interface Traffic {
  /** When the first and the last call were made, in milliseconds since 1970; null where the recording has no times. */
  from: number | null;
  until: number | null;
  /** Calls of the instance's APIs, those in batches included. */
  calls: number;
  /** By name. */
  tables: TableTraffic[];
  /** By name. */
  apis: ApiTraffic[];
  /** Users that the recording names. */
  users: { name: string; calls: number }[];
  /** How calls proved who they are. Only a HAR log has headers; of other recordings the list is empty. */
  means: { means: AuthMeans; calls: number }[];
  /** Requests for tokens, by grant; the grant is "unknown" where the recording has no bodies. */
  grants: { grant: string; requests: number; refused: number }[];
  /** What the recording does not show, so that more may be needed than is listed. Empty where nothing is missing. */
  gaps: TrafficGap[];
  /** Entries that are no call of the instance's APIs: pages, files, other origins, lines that cannot be read. */
  passedOver: number;
}

/** How a call proves who sends it. */
export type AuthMeans = "basic" | "bearer" | "api-key" | "hmac" | "session" | "none";

/** What calls did with one table. */
export interface TableTraffic {
  table: string;
  /** Calls, by operation. Absent where there was none. */
  operations: { [Operation in TableOperation]?: OperationTraffic };
  /** The names of fields, as far as the recording shows them. */
  fields: {
    /** Whether a call read every field. */
    all: boolean;
    read: string[];
    /** In conditions and orders. */
    queried: string[];
    written: string[];
  };
}

/** One operation on one table. */
export interface OperationTraffic {
  /** Calls that the instance let pass, or that failed for another reason than permissions. */
  calls: number;
  /** Calls refused with 403. They do not count as needed: they do not work today. */
  refused: number;
  /** APIs through which it was done, and "reply" or "reference" where another call implies it. */
  through: string[];
}

/** What calls did with one API. */
export interface ApiTraffic {
  /** As the platform calls it ("Table API"); of a scripted API its address without identifiers. */
  api: string;
  methods: string[];
  calls: number;
  refused: number;
}

/** Something that a recording does not show. */
export interface TrafficGap {
  code:
    | "batch.no-bodies"
    | "import.no-target"
    | "attachment.no-table"
    | "table.classes-unknown"
    | "reference.unresolved"
    | "query.unread"
    | "api.uses-unknown"
    | "processor.unread"
    | "too-many";
  /** What it is about: a table, a staging table, a field behind a dot. Empty where it is about no one thing. */
  what: string;
  calls: number;
  /** What may be needed besides, in one sentence. */
  message: string;
}

/** The tables and fields of recorded calls, as the option `tables` of `readInventory()` takes them. */
export function tablesOf(traffic: Traffic): Record<string, string[]>;

/**
 * What is wrong with an integration's rights, credentials, sign-in, clients and accounts. Makes no request. What the inventory could not
 * read is listed as `unread`, and is no finding.
 * @throws RequestError `options.type` for what is no inventory, or no result of `traffic()`
 */
export function audit(inventory: Inventory, traffic?: Traffic | null, options?: AuditOptions): Audit;

/** An audit as Markdown. */
export function auditMarkdown(audit: Audit): string;

/** An audit as lines for a terminal, without characters that command it. */
export function auditText(audit: Audit): string;

/** Options of `audit()`. */
export interface AuditOptions {
  /** Milliseconds since 1970; the time of the inventory by default. */
  now?: number | undefined;
  /** Days before an end that count as soon: 30 by default. */
  soonDays?: number | undefined;
  /** Days after which a secret counts as old: 365 by default. */
  staleDays?: number | undefined;
  /** Credentials whose ends the instance does not tell, such as a certificate of a key in a vault. */
  credentials?: readonly CredentialEnd[] | undefined;
}

/** A credential and its end. Never the credential itself. */
export interface CredentialEnd {
  /** What it is: "certificate of the signing key". */
  name: string;
  /** Milliseconds since 1970. */
  expires?: number | undefined;
  /** When it was made, in milliseconds since 1970. */
  madeAt?: number | undefined;
}

/** How much a finding matters: "high" lets others act as the integration, or ends it soon; "info" asks for nothing. */
export type Severity = "high" | "medium" | "low" | "info";

/** What `audit()` found. Plain data. */
export interface Audit {
  /** The environment's name. */
  name: string;
  /** The instance's origin. */
  url: string;
  /** In milliseconds since 1970. */
  at: number;
  /** The most severe first. */
  findings: AuditFinding[];
  /** Which roles the account needs; null where its roles could not be read. */
  proposal: RoleProposal | null;
  /** What could not be examined, and why. */
  unread: { what: string; because: string }[];
}

/** One finding. */
export interface AuditFinding {
  code: AuditCode;
  severity: Severity;
  /** What it is about: a role, a client, an account. */
  subject: string;
  /** What is wrong, in one sentence. */
  message: string;
  /** What was seen. */
  evidence: string[];
  /** What to do. */
  fix: string;
  /** Where the rule behind it is written. */
  source: string;
}

/** Codes of findings. Stable. */
export type AuditCode =
  | "roles.admin"
  | "roles.unneeded"
  | "roles.too-broad"
  | "roles.refused"
  | "credential.expired"
  | "credential.expiring"
  | "credential.old-secret"
  | "credential.no-end"
  | "auth.basic"
  | "auth.mixed"
  | "auth.password-grant"
  | "client.unused"
  | "client.long-lived-token"
  | "scope.useraccount"
  | "account.no-login"
  | "account.signs-in"
  | "account.web-service-access"
  | "account.shared"
  | "account.not-shown";

/** The least roles with which the recorded calls keep working. */
export interface RoleProposal {
  /** User name of the account; empty where it could not be read. */
  account: string;
  /** Whether everything that decides about it was read and understood. */
  certain: boolean;
  /** Why it is not certain. */
  doubts: string[];
  /** Roles that are granted to the account or to its groups. */
  roles: RoleVerdict[];
  /** Narrower roles to grant instead. */
  add: { role: string; because: string }[];
  /** What each operation asks for, by table. */
  tables: TableVerdict[];
}

/** What should become of one granted role. */
export interface RoleVerdict {
  role: string;
  verdict: "keep" | "remove";
  /** False where the calls may need it for a reason that cannot be seen. */
  certain: boolean;
  because: string;
  /** Roles of the proposal that pass what this one does; empty where no call asks for it, and for one that stays. */
  suffice: string[];
  /** How the account has it: removing it from a group removes it from all its members. */
  ways: RoleWay[];
}

/** What one operation on one table asks for. */
export interface TableVerdict {
  table: string;
  /** The operation of an access rule: "read", "create", "write", "delete", "report_view", "query_range", ...; "execute" of an API. */
  operation: string;
  /** The rule that decides: "incident", "task", "incident.number", "*". Empty where none is known. */
  rule: string;
  /** Roles of which one is asked for; empty where any user may; null where it could not be read. */
  roles: string[] | null;
  /** The role of the proposal that passes it; empty where none is asked for, or none is known. */
  by: string;
  /** Whether the roles are known from the documentation of the base system, and not from the instance. */
  assumed: boolean;
}
