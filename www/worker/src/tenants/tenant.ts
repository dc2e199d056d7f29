/** A tenant as calls use it. */

import type { TenantState } from "./record.ts";

/** What an isolate knows of a tenant. Never a credential. */
export interface Tenant<Callers = unknown> {
  readonly id: string;
  /** Grows with each change. */
  readonly version: number;
  /** The version with which the credentials were changed last. */
  readonly credentialVersion: number;
  /** An origin, without a path. */
  readonly instanceUrl: string;
  readonly state: TenantState;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly callers: Callers;
  /** The name of its broker, a Durable Object. */
  readonly broker: string;
}
