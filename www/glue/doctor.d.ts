/**
 * sysparm/doctor: examines a ServiceNow instance and the integration that fails on it, with requests that only read, and says
 * which cause is the most likely, what proves it, and which steps fix it.
 *
 * A WebAssembly file of its own: only who imports it pays for it. It makes at most 60 requests, one after the other; the only
 * POST is the request for a token, as the integration makes it. A granted token belongs to the examination alone, except that
 * an instance may hand the same one to every program that shares the client (KB0791140).
 */

import type { WasmSource } from "./index.js";

/** Instantiates the WebAssembly module. `examine()` does it by itself; call it earlier to start the download earlier. */
export function load(source?: WasmSource): Promise<void>;

/**
 * Examines an instance. Nothing is asked before the findings are read or the report is awaited, and every probe is made once,
 * however often they are read.
 * @throws RequestError (of `sysparm`) at once for options of a wrong shape; from the first finding on for options that cannot work
 */
export function examine(options: ExamineOptions): Examination;

/** Options of `examine()`. */
export interface ExamineOptions {
  /** The instance's address: `https://dev12345.service-now.com`. Plain http is accepted for loopback only. */
  url: string;
  /** How the integration signs in. Secrets stay in JavaScript: the core names them and never sees one. */
  auth: IntegrationCredentials;
  /**
   * An administrator's credentials, for reading the records that cause most refusals. Without them those checks are reported as
   * `unknown`, with the role that they need, and causes are ranked by likelihood.
   */
  administrator?: AdministratorCredentials | undefined;
  /** The table that the integration uses; `incident` by default. */
  table?: string | undefined;
  /**
   * The encoded query that it sends, as text or as a `Query`. Text that holds a query and is none (an address, percent-encoded text, text without
   * an operator) is refused with the code `query.unread`.
   */
  query?: string | { toString(): string } | undefined;
  /** The fields that it needs. */
  fields?: string[] | undefined;
  /** What it does with the table; `read` by default. The doctor itself only reads. */
  operation?: "read" | "create" | "write" | "delete" | undefined;
  /** Roles that it needs, by name or by product: `ITSM`, `HRSD`, `CSM`, `CMDB`. */
  roles?: string[] | undefined;
  /** The origin of a web page that must be able to call the instance; in a page its own by default. */
  origin?: string | undefined;
  /** The release, where the instance does not tell it: "washingtondc", "zurich", ... */
  release?: string | undefined;
  /** Makes every check, also when a cause is proven; otherwise the examination ends with the proof and what says more about it. */
  thorough?: boolean | undefined;
  /** Bounds: 60 requests and 180,000 ms by default. */
  limits?: { requests?: number | undefined; ms?: number | undefined } | undefined;
  /** Sends the requests; the platform's own `fetch` by default. */
  fetch?: typeof fetch | undefined;
  /** Ends the examination; its findings and its report then reject with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The integration's own way of signing in. */
export type IntegrationCredentials =
  | {
      grant: "client_credentials";
      clientId: string;
      clientSecret: string;
      scope?: string | undefined;
      /** With these the doctor can try the client by itself, with the password grant. */
      username?: string | undefined;
      password?: string | undefined;
    }
  | {
      grant: "password";
      clientId: string;
      clientSecret: string;
      username: string;
      password: string;
      scope?: string | undefined;
    }
  | {
      grant: "jwt_bearer";
      clientId: string;
      clientSecret?: string | undefined;
      assertion: string;
      scope?: string | undefined;
    }
  | { grant: "refresh_token"; clientId: string; clientSecret?: string | undefined; refreshToken: string }
  /** A person must take part, so no token is asked for: only the records of the registration are examined. */
  | { grant: "authorization_code"; clientId: string; redirectUri: string }
  | { apiKey: string }
  | { username: string; password: string }
  | { token: string };

/** Credentials of an administrator: an access token, or user name and password. */
export type AdministratorCredentials = { token: string } | { username: string; password: string };

/** An examination: its findings as they come, and its report. */
export interface Examination extends AsyncIterable<Finding> {
  /** Goes on to the end and says what came of it. */
  report(): Promise<Report>;
}

/** What one check found. */
export interface Finding {
  /** The check's stable name: `token`, `client.record`, `records.policies`, ... */
  code: string;
  /** `unknown`: it could not be examined, or the reply does not decide. That is never a pass. */
  state: "passed" | "failed" | "unknown";
  /** What it wanted to know. */
  question: string;
  /** What was seen. Holds texts of the instance: show it as text. */
  evidence: string;
  /** Where it is unknown: what it would take, such as "role oauth_admin, mi_admin or admin". */
  needs?: string;
  /** What to do, in order, in ServiceNow's own menu words; empty unless it failed. */
  fix: string[];
}

/** What can be wrong. */
export interface RankedCause {
  /** Stable name, the same as in a diagnosis: `oauth.grant-off`, `policy.without-oauth`, `cors.api`, ... */
  code: string;
  /** In one sentence, without a full stop. */
  title: string;
  /** In hundredths; all causes of a report together at most 100. */
  percent: number;
  /** Whether a probe proved it; the others are ranked by how often each is the cause. */
  proven: boolean;
  /** What was seen. */
  evidence: string;
  /** What to do, in order, with this instance's values filled in and in the menu words of its release. */
  fix: string[];
  /** The public page or article behind it. */
  source: string;
  /** The record to change, where one change fixes it. The doctor never writes. */
  change?: { table: string; query: string; set: [field: string, value: string][] };
}

/** One step of the set-up, in the order in which a person clicks. */
export interface SetupStep {
  /** Where: "All > sys_properties.list > New". */
  place: string;
  /** What is done there, with this instance's values. */
  action: string;
  /** What happens without it. */
  otherwise: string;
  /** The role that it takes. */
  role: string;
  /** The public page or article behind it. */
  source: string;
}

/** The result of an examination. */
export interface Report {
  /** The instance's origin. */
  instance: string;
  /** The release that the instance reported; empty if unknown. */
  release: string;
  /** Requests that were made. */
  requests: number;
  /** Most likely first; empty when nothing was found wrong. */
  causes: RankedCause[];
  /** In the order in which they were made. */
  findings: Finding[];
  /** The whole set-up for this release and way of signing in. */
  guide: {
    /** The release that the steps are for: that of the instance if it reported one (`told`), otherwise the newest known. */
    release: string;
    told: boolean;
    /** What cannot work on this release whatever is set up; empty otherwise. */
    obstacle: string;
    steps: SetupStep[];
  };
  /** All of it as Markdown, for a ticket or a chat; texts of the instance are quoted as code. */
  markdown: string;
}
