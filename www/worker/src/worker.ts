/**
 * The edge worker: callers with their own key read `/api/now/...` of one ServiceNow instance, and never get the instance's
 * secret or token. Nothing is stored and nothing is logged.
 *
 *   caller --key--> worker --token--> instance        keeper: obtains the token, once for all callers
 *                     `----token?----> keeper
 */

import type { Bindings } from "./bindings.ts";
import { TokenMemory } from "./broker/token-source.ts";
import { CallerKeys } from "./callers/keys.ts";
import { presentedBy } from "./callers/presented.ts";
import { type CallerCode, callerRefusal } from "./callers/refusal.ts";
import { isPreflight, markForOrigin, preflightReply } from "./gateway/cross-origin.ts";
import { envelope, ownReply } from "./gateway/envelope.ts";
import { unknownFailure } from "./gateway/failure-reply.ts";
import { passThrough } from "./gateway/pass-through.ts";
import { type CallerKey, ConfigurationError, readTenant, type Tenant } from "./tenants/from-bindings.ts";

export { TokenKeeper } from "./broker/token-keeper.ts";

/** What an isolate keeps of one set of bindings; holds no state of a request. */
interface Prepared {
  readonly tenant: Tenant;
  readonly keys: CallerKeys<CallerKey>;
  readonly memory: TokenMemory;
}

/** Replies to everything but preflights. */
async function replyTo(request: Request, bindings: Bindings, prepared: Prepared): Promise<Response> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && OPEN.test(request.url)) return ownReply(ABOUT, 200);
  // Replies above this line are open to everyone. Those below need a caller's key.
  const { tenant, keys, memory } = prepared;
  const presented = presentedBy(request.headers);
  if (presented === undefined) return refused("caller.missing");
  const now = Date.now();
  const caller = keys.remembered(presented, now) ?? (await keys.callerOf(presented, now));
  if (caller === undefined) return refused("caller.unknown");
  if (caller === "expired") return refused("caller.expired");
  return passThrough(request, tenant, memory, bindings.TOKEN_KEEPER);
}

/** The front page: `/` or `/health`, with any query. */
const OPEN = /^[a-z]+:\/\/[^/?#]*\/(?:health)?(?:\?.*)?$/i;

const ABOUT = JSON.stringify({
  service: "sysparm worker",
  passes: "GET and HEAD of /api/now/... to one ServiceNow instance",
  key: "Authorization: Bearer <key>, or x-api-key: <key>",
});

function refused(reason: CallerCode): Response {
  const { status, message, code, why, fix, headers } = callerRefusal(reason);
  const detail = `The sysparm worker, not the instance, refused this call: ${why}. Code: ${code}. ${fix.join(" ")}`;
  return envelope(status, message, detail, headers);
}

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
    const ready = prepared.get(bindings) ?? prepare(bindings);
    prepared.set(bindings, ready);
    if (ready instanceof ConfigurationError) {
      return envelope(500, "Worker not configured", `The sysparm worker's bindings are invalid. ${ready.message}`);
    }
    const { allowedOrigins } = ready.tenant;
    if (isPreflight(request)) return preflightReply(request, allowedOrigins);
    const reply = await replyTo(request, bindings, ready).catch(unknownFailure);
    markForOrigin(reply, request, allowedOrigins);
    return request.method === "HEAD" ? new Response(null, reply) : reply;
  },
} satisfies ExportedHandler<Bindings>;
