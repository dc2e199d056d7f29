/** A tenant as the gateway serves it: that of the plain bindings, or one of the registry. */

import type { ModelMap } from "sysparm/model";
import type { Bindings } from "../bindings.ts";
import { CredentialMemory } from "../broker/credential-memory.ts";
import { Callers } from "../callers/callers.ts";
import { type CompiledPolicy, compilePolicy } from "../policy/policy.ts";
import type { Policy } from "../policy/schema.ts";
import {
  brokerProblem,
  ConfigurationError,
  hasPlainTenant,
  PLAIN_POLICY,
  plainBrokerOf,
  readTenant,
} from "../tenants/from-bindings.ts";
import type { TenantEntry } from "../tenants/registry-rpc.ts";
import { tenantOf } from "../tenants/tenant.ts";
import type { BackgroundWork, CredentialSource } from "./credentials.ts";
import { WRITES } from "./refusals.ts";

export interface ServedTenant {
  /** Among the counts. */
  readonly name: string;
  readonly isRegistered: boolean;
  readonly isPaused: boolean;
  readonly instanceUrl: string;
  readonly allowedOrigins: ReadonlySet<string>;
  /** Those that some caller may have: for preflights, which do not say who calls. */
  readonly methods: ReadonlySet<string>;
  /** Whether scripted APIs pass, if the policy names them. */
  readonly scripted: boolean;
  readonly callers: Callers<CompiledPolicy>;
  /** What is different in its instance, for the unified endpoints. */
  readonly map?: ModelMap | undefined;
  credentials(bindings: Bindings, background: BackgroundWork): CredentialSource;
}

/** No tenant of the registry can have this name. */
const PLAIN = "api";
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const ALL_METHODS: ReadonlySet<string> = new Set([...READS, ...WRITES]);

/**
 * The tenant of the plain bindings. Undefined where only the registry has tenants. `policy`: of its callers, as read from the binding POLICY.
 * Without one they may send every reading of the platform's APIs.
 */
export function plainTenant(
  bindings: Bindings,
  policy?: Policy | ConfigurationError,
): ServedTenant | ConfigurationError | undefined {
  try {
    if (!hasPlainTenant({ ...bindings })) return undefined;
    const tenant = readTenant({ ...bindings });
    const problem = brokerProblem(bindings);
    if (problem !== undefined) return new ConfigurationError([problem]);
    if (policy instanceof ConfigurationError) return policy;
    const { instanceUrl, allowedOrigins } = tenant;
    const callers = new Callers(tenant.callers, { [PLAIN_POLICY]: compilePolicy(policy ?? { unrestricted: ["GET"] }) });
    const isOwnPolicy = policy !== undefined;
    const memory = new CredentialMemory({ id: null, credentialVersion: 0, instanceUrl, broker: plainBrokerOf(tenant) });
    return {
      ...{ name: PLAIN, isRegistered: false, isPaused: false, instanceUrl, allowedOrigins },
      ...{ methods: isOwnPolicy ? ALL_METHODS : READS, scripted: isOwnPolicy, callers },
      credentials: ({ TOKEN_BROKER }, background) => memory.for(TOKEN_BROKER, background),
    };
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

/** A tenant of the registry. */
export function registeredTenant(entry: TenantEntry): ServedTenant {
  const { id, credentialVersion, instanceUrl, state, allowedOrigins, callers, broker } = tenantOf(entry);
  const memory = new CredentialMemory({ id, credentialVersion, instanceUrl, broker });
  return {
    ...{ name: id, isRegistered: true, isPaused: state === "paused", instanceUrl, allowedOrigins },
    ...{ methods: ALL_METHODS, scripted: true, callers, map: entry.map },
    credentials: ({ TOKEN_BROKER }, background) => memory.for(TOKEN_BROKER, background),
  };
}
