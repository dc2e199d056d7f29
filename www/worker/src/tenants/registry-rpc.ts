/** What the registry and its users exchange: plain data, because errors lose their class in remote calls. */

import type { TenantAuth } from "./auth-schema.ts";
import type { TenantRecord, TenantState } from "./record.ts";

/** The name of the one registry object. */
export const REGISTRY = "registry";

/** What an isolate may know of a tenant: all but the credentials. */
export interface TenantEntry extends TenantRecord {
  readonly state: TenantState;
  /** Grows with each change. Never used twice, not even for a tenant that was removed and registered again. */
  readonly version: number;
  /** The version with which the credentials were changed last. */
  readonly credentialVersion: number;
}

/** The sealed credentials, for the broker. */
export interface SealedCredential {
  /** `credentialVersion` of the entry. */
  readonly version: number;
  readonly sealed: string;
}

/** Why a person must act before the broker gets a token again. */
export interface AttentionReport {
  /** Of the credentials that failed. A report about earlier ones is ignored. */
  readonly credentialVersion: number;
  /** The diagnosis' code, such as `token.refused`. */
  readonly code: string;
  /** The package's words, without secrets. */
  readonly message: string;
  /** In milliseconds since 1970. */
  readonly since: number;
}

/** A tenant as the administration lists it. */
export interface TenantSummary {
  readonly id: string;
  readonly version: number;
  readonly credentialVersion: number;
  readonly instanceUrl: string;
  /** The grant, `api_key` or `basic`. */
  readonly credential: CredentialKind;
  readonly state: TenantState | "needs attention";
  readonly attention?: AttentionReport;
  readonly callers: number;
  /** In milliseconds since 1970. */
  readonly changedAt: number;
}

/** A tenant as the administration shows it. */
export interface TenantDetails extends Omit<TenantSummary, "callers"> {
  readonly record: TenantRecord;
  /** When each caller was last seen, by name; to the hour. */
  readonly lastUse: Readonly<Record<string, number>>;
}

/** A page of the list, in the order of the ids. */
export interface TenantPage {
  readonly tenants: readonly TenantSummary[];
  /** The `after` of the next page; absent on the last one. */
  readonly next?: string;
}

/** The outcome of a `put`. */
export type PutOutcome =
  | { readonly version: number; readonly credentialVersion: number; readonly created: boolean }
  | { readonly problems: readonly string[] }
  | Unconfigured;

/** The deployment cannot do this: a binding is missing or invalid. */
export interface Unconfigured {
  /** Names the binding and the command that sets it. */
  readonly unconfigured: string;
}

/** The outcome of sealing again. */
export type ResealOutcome = { readonly next?: string } | { readonly problems: readonly string[] } | Unconfigured;

/** How a tenant signs in. */
export type CredentialKind = Extract<TenantAuth, { grant: string }>["grant"] | "api_key" | "basic";

/** The kind of these credentials. */
export function credentialKind(auth: TenantAuth): CredentialKind {
  if ("grant" in auth) return auth.grant;
  return "apiKey" in auth ? "api_key" : "basic";
}

/** The part of the registry that isolates use. */
export interface TenantSource {
  /** What an isolate may know of a tenant. Null for an unknown one. */
  find(id: string): Promise<TenantEntry | null>;
  /** The ids of all tenants: with them an isolate refuses unknown ones without asking for each. */
  ids(): Promise<string[]>;
}

/** The methods of the registry. */
export interface Registry extends TenantSource {
  /** The sealed credentials, for the broker alone. */
  credential(id: string): Promise<SealedCredential | null>;
  /** Registers or replaces a tenant. Its credentials and its state stay where they are not given. */
  put(given: unknown): Promise<PutOutcome>;
  /** A page of the list, from after an id on. */
  list(asked?: { after?: string; limit?: number }): Promise<TenantPage>;
  /** One tenant with its record and the last use of its callers. */
  show(id: string): Promise<TenantDetails | null>;
  /** Pauses a tenant or ends its pause. Null for an unknown one, else its version. */
  setState(id: string, state: TenantState): Promise<number | null>;
  /** Removes a tenant with its credentials. False if there was none. */
  remove(id: string): Promise<boolean>;
  /** Notes that a caller was seen: at most one write for each caller and hour. */
  used(id: string, caller: string): Promise<void>;
  /** The broker reports that a person must act, or with null that tokens are obtained again. */
  attention(id: string, report: AttentionReport | null): Promise<void>;
  /**
   * Seals the credentials of some tenants with the first key, after one was put before the others. `next` is the id to go on after; without it
   * all are sealed with the first key. Versions stay: the credentials are the same.
   */
  reseal(after?: string): Promise<ResealOutcome>;
}
