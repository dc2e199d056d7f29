/** A caller as it is stored, after `schema.ts` has checked it. */

import type { TokenRecord } from "./token-rules.ts";

/** A caller with a key. */
export interface KeyCallerRecord {
  readonly name: string;
  /** The name of one of the tenant's policies. */
  readonly policy: string;
  readonly key: {
    /** The SHA-256 of the key in hex digits. */
    readonly sha256: string;
    /** An ISO 8601 time. Without it the key is accepted until it is removed. */
    readonly expiresAt?: string | undefined;
  };
}

/** A caller with the tokens of an issuer. */
export interface TokenCallerRecord {
  readonly name: string;
  /** The name of one of the tenant's policies. */
  readonly policy: string;
  readonly jwt: TokenRecord;
}

/** One of a tenant's callers. */
export type CallerRecord = KeyCallerRecord | TokenCallerRecord;
