/** The worker's bindings, as `wrangler.jsonc` declares them. */

import type { TokenBroker } from "./broker/broker.ts";
import type { TenantRegistry } from "./tenants/registry.ts";

/** The bindings that Cloudflare (or workerd) passes to the worker. */
export interface Bindings {
  /** The tenant's instance: `https://dev12345.service-now.com`. Plain http is accepted for loopback only. */
  INSTANCE_URL?: string;
  /** The OAuth client's id, from the instance's Application Registry. */
  CLIENT_ID?: string;
  /** The OAuth client's secret. */
  CLIENT_SECRET?: string;
  /** The callers: JSON, `[{ "name": "reporting", "sha256": "<64 hex digits>" }]`. */
  CALLER_KEYS?: unknown;
  /** What these callers may ask for: a policy as JSON. Every reading when absent. */
  POLICY?: unknown;
  /** Web origins that may call from a browser, separated by commas; none when absent. */
  ALLOWED_ORIGINS?: string;
  /** The Durable Objects that obtain and keep tokens, one for each tenant. */
  TOKEN_BROKER: DurableObjectNamespace<TokenBroker>;
  /** The Durable Object that holds the tenants of `/{tenant}/api/...`. */
  TENANT_REGISTRY: DurableObjectNamespace<TenantRegistry>;
  /** The keys that seal credentials and tokens: `k2:<base64 of 32 bytes>,k1:<...>`. The first seals, all open. */
  SEALING_KEYS?: string;
  /** The SHA-256 of the operator's key for `/admin/...`; two of them, separated by a comma, while it is being replaced. */
  ADMIN_KEY_SHA256?: string;
}
