/** A tenant as calls use it. */

import { Callers } from "../callers/callers.ts";
import { type CompiledPolicy, compilePolicy } from "../policy/policy.ts";
import type { TenantState } from "./record.ts";
import type { TenantEntry } from "./registry-rpc.ts";

/** What an isolate knows of a tenant. Never a credential. */
export interface Tenant {
  readonly id: string;
  /** Grows with each change. */
  readonly version: number;
  /** The version with which the credentials were changed last. */
  readonly credentialVersion: number;
  /** An origin, without a path. */
  readonly instanceUrl: string;
  readonly state: TenantState;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly callers: Callers<CompiledPolicy>;
  /** The name of its broker, a Durable Object. */
  readonly broker: string;
}

/** Prepares a tenant of the registry: once for each version, because it takes longer than a call. */
export function tenantOf(entry: TenantEntry): Tenant {
  const { id, version, credentialVersion, instanceUrl, state, allowedOrigins } = entry;
  const policies = Object.fromEntries(
    Object.entries(entry.policies).map(([name, policy]) => [name, compilePolicy(policy)] as const),
  );
  return {
    ...{ id, version, credentialVersion, instanceUrl, state },
    allowedOrigins: new Set(allowedOrigins),
    callers: new Callers(entry.callers, policies),
    broker: brokerOf(id),
  };
}

/** The name of a tenant's broker. No plain bindings' broker has such a name: theirs begins with an address. */
export function brokerOf(tenant: string): string {
  return `tenant ${tenant}`;
}
