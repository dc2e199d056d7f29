/**
 * The edge worker: callers with their own key read `/api/now/...` of one ServiceNow instance, and never get the instance's
 * secret or token. Nothing is stored and nothing is logged.
 *
 *   caller --key--> worker --token--> instance        keeper: obtains the token, once for all callers
 *                     `----token?----> keeper
 */

import { Hono } from "hono";
import type { Bindings } from "./bindings.ts";
import { callerOf } from "./caller-keys.ts";
import { ConfigurationError, readTenant, type Tenant } from "./configuration.ts";
import { crossOrigin } from "./cross-origin.ts";
import { envelope, ownReply } from "./envelope.ts";
import { unknownFailure } from "./failure-reply.ts";
import { passThrough } from "./pass-through.ts";
import { TokenMemory } from "./token-source.ts";

export { TokenKeeper } from "./token-keeper.ts";

/** Created once per isolate; holds no state of a request. */
function routes(tenant: Tenant): Hono<{ Bindings: Bindings }> {
  const memory = new TokenMemory(tenant);
  const app = new Hono<{ Bindings: Bindings }>();
  app.use(crossOrigin(tenant));
  for (const path of ["/", "/health"]) app.get(path, () => ownReply(ABOUT, 200));
  // Routes above this line are open to everyone. Routes below need a caller's key.
  app.use(async (context, next) => {
    const caller = await callerOf(context.req.raw.headers, tenant.callerKeys);
    if (caller === undefined)
      return envelope(401, "User Not Authenticated", UNKNOWN_CALLER, { "www-authenticate": "Bearer" });
    return next();
  });
  app.all("*", (context) => passThrough(context.req.raw, tenant, memory, context.env.TOKEN_KEEPER));
  app.onError(unknownFailure);
  return app;
}

const ABOUT = JSON.stringify({
  service: "sysparm worker",
  passes: "GET and HEAD of /api/now/... to one ServiceNow instance",
  key: "Authorization: Bearer <key>, or x-api-key: <key>",
});

const UNKNOWN_CALLER =
  "The sysparm worker, not the instance, refused this call: send a key that it knows, as Authorization: Bearer <key> or x-api-key: <key>.";

/** Per set of bindings, so that the configuration is read once and its problems are reported on every call. */
const prepared = new WeakMap<Bindings, Hono<{ Bindings: Bindings }> | ConfigurationError>();

function prepare(bindings: Bindings): Hono<{ Bindings: Bindings }> | ConfigurationError {
  try {
    return routes(readTenant({ ...bindings }));
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

export default {
  async fetch(request, bindings, context) {
    const app = prepared.get(bindings) ?? prepare(bindings);
    prepared.set(bindings, app);
    if (app instanceof ConfigurationError) {
      return envelope(500, "Worker not configured", `The sysparm worker's bindings are invalid. ${app.message}`);
    }
    return app.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<Bindings>;
