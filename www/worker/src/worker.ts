/**
 * The edge worker: callers with their own key send requests to `/api/...` of a ServiceNow instance, and never get the instance's
 * secret or token. Nothing is stored and nothing is logged.
 *
 *   caller --key--> worker --token--> instance        keeper: obtains the token, once for all callers
 *                     `----token?----> keeper
 */

import type { Bindings } from "./bindings.ts";
import { TokenMemory } from "./broker/token-source.ts";
import { CallerKeys } from "./callers/keys.ts";
import { presentedBy } from "./callers/presented.ts";
import { callerRefusal } from "./callers/refusal.ts";
import { Counters } from "./gateway/counters.ts";
import { credentialsOf } from "./gateway/credentials.ts";
import { isPreflight, markForOrigin, preflightReply } from "./gateway/cross-origin.ts";
import { ownReply } from "./gateway/envelope.ts";
import { passThrough } from "./gateway/pass-through.ts";
import { notConfigured, refused, unknownFailure } from "./gateway/refusals.ts";
import { lengthOf } from "./gateway/request-body.ts";
import { requestId } from "./gateway/request-id.ts";
import { routeOf } from "./gateway/route.ts";
import { READS_ONLY } from "./gateway/rules.ts";
import { Timing } from "./gateway/timing.ts";
import { type CallerKey, ConfigurationError, readTenant, type Tenant } from "./tenants/from-bindings.ts";

export { TokenKeeper } from "./broker/token-keeper.ts";
export { TenantRegistry } from "./tenants/registry.ts";

/** What an isolate keeps of one set of bindings; holds no state of a request. */
interface Prepared {
  readonly tenant: Tenant;
  readonly keys: CallerKeys<CallerKey>;
  readonly memory: TokenMemory;
}

/** What this isolate has served. */
const counters = new Counters();

/** Replies to everything but preflights. */
async function replyTo(request: Request, bindings: Bindings, prepared: Prepared, timing: Timing): Promise<Response> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const route = routeOf(request.url);
  if (isRead && route.kind === "about") return ownReply(ABOUT, 200);
  // Replies above this line are open to everyone. Those below need a caller's key.
  const presented = presentedBy(request.headers);
  if (presented === undefined) return refused(callerRefusal("caller.missing"));
  const isPlain = route.kind === "about" || (route.kind === "instance" && route.tenant === undefined);
  if (!isPlain) return refused(callerRefusal("caller.unknown"));
  const { tenant, keys, memory } = prepared;
  const now = Date.now();
  const known = keys.remembered(presented, now) ?? (await keys.callerOf(presented, now));
  if (known === undefined) return refused(callerRefusal("caller.unknown"));
  if (known === "expired") return refused(callerRefusal("caller.expired"));
  const credentials = credentialsOf(memory, bindings.TOKEN_KEEPER);
  const to = { instanceUrl: tenant.instanceUrl, credentials, rules: READS_ONLY };
  const reply = await passThrough(request, route.target, to, timing);
  const sizes = [isRead ? 0 : lengthOf(request.headers), lengthOf(reply.headers)] as const;
  counters.count(PLAIN_TENANT, known.name, reply.status, sizes[0] ?? 0, sizes[1] ?? 0);
  return reply;
}

/** Its name among the counters. No tenant of the registry can have it. */
const PLAIN_TENANT = "api";

const ABOUT = JSON.stringify({
  service: "sysparm worker",
  passes: "GET and HEAD of /api/now/... to one ServiceNow instance",
  key: "Authorization: Bearer <key>, or x-api-key: <key>",
});

/** Per set of bindings, so that the configuration is read once and its problems are reported on every call. */
const prepared = new WeakMap<Bindings, Prepared | ConfigurationError>();

function prepare(bindings: Bindings): Prepared | ConfigurationError {
  try {
    const tenant = readTenant({ ...bindings });
    return {
      tenant,
      keys: new CallerKeys(tenant.callerKeys.map((caller) => ({ ...caller, caller }))),
      memory: new TokenMemory(tenant),
    };
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

export default {
  async fetch(request, bindings) {
    const timing = new Timing(Date.now);
    const ready = prepared.get(bindings) ?? prepare(bindings);
    prepared.set(bindings, ready);
    const reply =
      ready instanceof ConfigurationError
        ? notConfigured(ready.message)
        : await answer(request, bindings, ready, timing);
    reply.headers.set("x-request-id", requestId(request.headers));
    reply.headers.append("server-timing", timing.header());
    return request.method === "HEAD" ? new Response(null, reply) : reply;
  },
} satisfies ExportedHandler<Bindings>;

async function answer(request: Request, bindings: Bindings, ready: Prepared, timing: Timing): Promise<Response> {
  const { allowedOrigins } = ready.tenant;
  if (isPreflight(request)) return preflightReply(request, allowedOrigins, READS_ONLY.methods);
  const reply = await replyTo(request, bindings, ready, timing).catch(unknownFailure);
  markForOrigin(reply, request, allowedOrigins);
  return reply;
}
