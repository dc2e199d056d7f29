/** Answers the requests of one isolate: finds the tenant and the caller, and passes the request on. Keeps no state of a request. */

import type { Bindings } from "../bindings.ts";
import { TenantChanged } from "../broker/credential-memory.ts";
import { NO_CALLERS } from "../callers/callers.ts";
import { callerRefusal } from "../callers/refusal.ts";
import { findTenant, type RegistryAccess, RegistryUnavailable } from "../tenants/find-tenant.ts";
import { ConfigurationError, registryProblem } from "../tenants/from-bindings.ts";
import { REGISTRY, type TenantEntry } from "../tenants/registry-rpc.ts";
import { TenantCache } from "../tenants/tenant-cache.ts";
import { CallerUses } from "./caller-use.ts";
import type { BackgroundWork } from "./credentials.ts";
import {
  isPreflight,
  markForOrigin,
  mayCall,
  preflightForAnyName,
  preflightReply,
  type Readers,
} from "./cross-origin.ts";
import { ownReply } from "./envelope.ts";
import { isReading } from "./examine.ts";
import { type Destination, passThrough } from "./pass-through.ts";
import * as refusals from "./refusals.ts";
import { lengthOf } from "./request-body.ts";
import { requestId } from "./request-id.ts";
import { type Route, routeOf } from "./route.ts";
import { plainTenant, registeredTenant, type ServedTenant } from "./served-tenant.ts";
import { Timing } from "./timing.ts";

const ABOUT = JSON.stringify({
  service: "sysparm worker",
  passes: "/api/... to the instance of its bindings, /{tenant}/api/... to that of a tenant",
  unified: "/{tenant}/unified/...: tickets, people and configuration items in one shape",
  openapi: "/{tenant}/openapi.json: the tables that the caller may use, described",
  key: "Authorization: Bearer <key>, or x-api-key: <key>",
});

/** Cheaper than Date.now() in workerd, and it never runs backwards. */
const clock = () => performance.now();

const NO_ORIGINS: ReadonlySet<string> = new Set();
const GET_ALONE: ReadonlySet<string> = new Set(["GET"]);

/** Below a tenant's name. Few callers use it, so it is loaded when one does. */
const UNIFIED = "/unified/";
/** Also loaded when it is asked for. No path of an instance's APIs begins like it: they all begin with /api/. */
const DESCRIPTION = /^\/openapi\.json(?:\?|$)/;

/** The page that a call comes from, if any, and which pages may read the reply. */
interface CallingPage {
  readonly origin: string | null;
  readers: Readers;
}

/** One for each set of bindings. */
export class Gateway {
  readonly #bindings: Bindings;
  #plain: ServedTenant | ConfigurationError | "policy unread" | undefined;
  readonly #tenants = new TenantCache<ServedTenant>((entry: TenantEntry) => registeredTenant(entry));
  readonly #uses = new CallerUses();

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
    // An empty one is invalid: it must not allow more than the policy that was meant.
    this.#plain = bindings.POLICY === undefined ? plainTenant(bindings) : "policy unread";
  }

  /** Few promises and few calls of the runtime: of the time of a short reading, these are what is the worker's own. */
  async reply(request: Request, background: BackgroundWork): Promise<Response> {
    const timing = new Timing(clock);
    const { method, headers } = request;
    const origin = headers.get("origin");
    const page: CallingPage = { origin, readers: NO_ORIGINS };
    let reply: Response;
    try {
      const route = routeOf(request.url);
      if (route.kind === "admin") {
        const { adminReply } = await import("../admin/admin.ts");
        const usage = () => this.#uses.counts();
        reply = await adminReply(request, this.#bindings, (id) => this.#tenants.forget(id), usage);
      } else if (
        route.kind === "instance" &&
        route.tenant !== undefined &&
        method === "OPTIONS" &&
        isPreflight(headers)
      ) {
        reply = preflightForAnyName();
      } else {
        // Until the caller is known, for a tenant and for a name that is none.
        if (route.kind === "instance" && route.tenant !== undefined) page.readers = "every page";
        const found = this.#find(route, background);
        const tenant = found instanceof Promise ? await found : found;
        reply = await this.#replyTo(request, route, tenant, page, background, timing);
      }
    } catch (failure) {
      reply = await this.#afterFailure(failure, request, page, background, timing);
    }
    const shown = reply.headers;
    markForOrigin(shown, method === "OPTIONS" ? null : page.readers, origin);
    shown.set("x-request-id", requestId(headers));
    shown.append("server-timing", timing.header());
    return method === "HEAD" ? new Response(null, reply) : reply;
  }

  /** Asks the registry again where the isolate has known the tenant as it was before. */
  async #afterFailure(
    failure: unknown,
    request: Request,
    page: CallingPage,
    background: BackgroundWork,
    timing: Timing,
  ): Promise<Response> {
    const route = failure instanceof TenantChanged ? routeOf(request.url) : undefined;
    if (route?.kind !== "instance" || route.tenant === undefined) return failed(failure);
    this.#tenants.forget(route.tenant);
    // The body of a write has been read.
    if (!isReading(request.method)) return failed(failure);
    page.readers = "every page";
    try {
      return await this.#replyTo(request, route, await this.#find(route, background), page, background, timing);
    } catch (again) {
      return failed(again);
    }
  }

  #find(route: Route, background: BackgroundWork) {
    if (route.kind !== "instance" || route.tenant === undefined)
      return this.#plain === "policy unread" ? this.#readPlain() : this.#plain;
    const registry = this.#bindings.TENANT_REGISTRY;
    if (registry === undefined) return new ConfigurationError([String(registryProblem(this.#bindings))]);
    const access: RegistryAccess = {
      registry: () => registry.getByName(REGISTRY),
      waitUntil: (work) => background.waitUntil(work),
      clock: Date.now,
    };
    return findTenant(this.#tenants, route.tenant, access);
  }

  /** With the first request, because the schema library is loaded for it. */
  async #readPlain(): Promise<ServedTenant | ConfigurationError | undefined> {
    const { readPolicy } = await import("../tenants/plain-policy.ts");
    // Another request may have been first.
    if (this.#plain === "policy unread") this.#plain = plainTenant(this.#bindings, readPolicy(this.#bindings.POLICY));
    return this.#plain;
  }

  async #replyTo(
    request: Request,
    { kind, target }: Route,
    tenant: ServedTenant | ConfigurationError | undefined,
    page: CallingPage,
    background: BackgroundWork,
    timing: Timing,
  ): Promise<Response> {
    const { method, headers } = request;
    if (tenant instanceof ConfigurationError) return refusals.notConfigured(tenant.message);
    if (tenant?.isRegistered === false) page.readers = tenant.allowedOrigins;
    if (method === "OPTIONS" && isPreflight(headers))
      return preflightReply(page.origin, tenant?.allowedOrigins ?? NO_ORIGINS, tenant?.methods ?? GET_ALONE);
    if (kind === "about" && isReading(method)) return ownReply(ABOUT, 200);
    // Replies above this line are open to everyone. Those below need a caller.
    const now = Date.now();
    if (tenant === undefined) {
      const nobody = await NO_CALLERS.identify(headers, now);
      return refusals.refused("status" in nobody ? nobody : callerRefusal("caller.unknown"));
    }
    const { callers } = tenant;
    const caller = callers.remembered(headers, now) ?? (await callers.identify(headers, now));
    if ("status" in caller) return refusals.refused(caller);
    if (tenant.isRegistered) {
      if (!mayCall(page.origin, tenant.allowedOrigins, request.url)) return refusals.originRefused();
      page.readers = tenant.allowedOrigins;
    }
    if (tenant.isPaused) return refusals.tenantPaused();

    const use = this.#uses.of(tenant.name, caller.name);
    const { instanceUrl, scripted } = tenant;
    const credentials = tenant.credentials(this.#bindings, background);
    const { policy } = caller;
    const to: Destination = { instanceUrl, scripted, credentials, policy, use };
    let reply: Response;
    if (tenant.isRegistered && target.startsWith(UNIFIED)) {
      const { unifiedReply } = await import("../unified/unified.ts");
      reply = await unifiedReply(request, { ...to, map: tenant.map }, timing);
    } else if (tenant.isRegistered && DESCRIPTION.test(target)) {
      const { openApiReply } = await import("../openapi/openapi.ts");
      reply = await openApiReply(request, to, timing);
    } else {
      reply = await passThrough(request, target, to, timing);
    }
    const bytesIn = isReading(method) ? 0 : (lengthOf(headers) ?? 0);
    use.count(reply.status, bytesIn, lengthOf(reply.headers) ?? 0);
    if (tenant.isRegistered && callers.isUseDue(caller, now))
      background.waitUntil(this.#reportUse(tenant.name, caller.name));
    return reply;
  }

  async #reportUse(tenant: string, caller: string): Promise<void> {
    // The last use is for operators to read. A lost report changes nothing else.
    await this.#bindings.TENANT_REGISTRY.getByName(REGISTRY)
      .used(tenant, caller)
      .catch(() => undefined);
  }
}

function failed(failure: unknown): Response {
  if (failure instanceof TenantChanged) return refusals.tenantChanged();
  return failure instanceof RegistryUnavailable ? refusals.registryUnavailable() : refusals.unknownFailure(failure);
}
