/** What isolates and the broker exchange: plain data, because errors lose their class in remote calls. */

import type { Diagnosis } from "sysparm";

/** What an isolate asks for. */
export interface CredentialQuestion {
  /** The tenant's id; null for that of the plain bindings. */
  readonly tenant: string | null;
  /** The version that the isolate knows. */
  readonly credentialVersion: number;
  /** The value that the instance did not accept. */
  readonly refused?: string | undefined;
  /** When this isolate obtained that value, if the instance has answered another request with it since. */
  readonly acceptedSince?: number | undefined;
}

/** Where a credential may be sent to. */
export interface CredentialBinding {
  /** The origin of the instance that it was stored for. An isolate that still knows another one must not use it. */
  readonly instanceUrl: string;
  /** The caller's policy that an isolate knows may belong to an earlier one. */
  readonly credentialVersion: number;
}

/** A header of a request to the instance. Times are milliseconds since 1970, null where they never come. */
export interface CredentialHeader {
  readonly name: "authorization" | "x-sn-apikey";
  readonly value: string;
  readonly expiresAt: number | null;
  /** Not sent from then on. */
  readonly usableUntil: number | null;
  /** From then on the broker is asked for another one, in the background. */
  readonly askAgainAt: number | null;
  /** From then on a use is reported, so that the broker renews in time. */
  readonly reportFrom: number | null;
}

/** A credential, and where it may be sent to. */
export interface Credential extends CredentialHeader, CredentialBinding {}

/** Why there is no credential. Without secrets, as the package's messages and diagnoses. */
export interface FailureReport {
  readonly message: string;
  readonly diagnosis: Diagnosis;
}

/** The broker's reply. */
export type CredentialAnswer = Credential | { readonly failure: FailureReport };

/** The part of the binding TOKEN_BROKER that isolates use. */
export interface Brokers {
  getByName(name: string): {
    credential(question: CredentialQuestion): Promise<CredentialAnswer>;
    inUse(): Promise<void>;
  };
}
