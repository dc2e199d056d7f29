/**
 * The unified endpoints, `/{tenant}/unified/...`: objects of the model instead of rows. Every request to the instance is one of the caller's own
 * and takes the gateway's way: decided by the policy before it is sent, counted, capped, and sent with the tenant's credential.
 * hono/tiny, as for the administration.
 */

import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { ModelMap } from "sysparm/model";
import { TenantChanged } from "../broker/credential-memory.ts";
import { ownReply } from "../gateway/envelope.ts";
import { isReading } from "../gateway/examine.ts";
import { type Destination, heldText, passThrough } from "../gateway/pass-through.ts";
import { changingHeader } from "../gateway/passing-headers.ts";
import { headerRefusal, rateRefused, unknownFailure } from "../gateway/refusals.ts";
import type { Timing } from "../gateway/timing.ts";
import { Answered } from "./answered.ts";
import { attachmentsOf, commentsOf } from "./belonging.ts";
import type { UnifiedCall } from "./calls.ts";
import { HeldReplies } from "./held-replies.ts";
import { changesOf, listOf, oneOf, rawOf } from "./reading.ts";
import { invalidBody, noSuchPath, wrongMethod } from "./refusals.ts";
import { RESOURCES, type Resource, resourceOf } from "./resources.ts";
import { written } from "./writing.ts";

interface UnifiedRoutes {
  Bindings: UnifiedCall;
}

type UnifiedContext = Context<UnifiedRoutes>;

/** The routes. */
export const unified = new Hono<UnifiedRoutes>().basePath("/:tenant/unified");

const NOT_FOUND = noSuchPath(RESOURCES.map(({ name }) => name));

/** A handler whose answer is JSON. */
function answers(
  work: (call: UnifiedCall, resource: Resource, context: UnifiedContext) => Promise<object>,
  status = 200,
): (context: UnifiedContext) => Promise<Response> {
  return async (context) => {
    const resource = resourceOf(context.req.param("resource") ?? "");
    if (resource === undefined) throw new Answered(NOT_FOUND);
    const value = await work(context.env, resource, context);
    return value instanceof Response ? value : ownReply(JSON.stringify(value), status);
  };
}

const idIn = ({ req }: UnifiedContext) => req.param("id") ?? "";

const refuses = (allow: string) => () => Promise.reject(new Answered(wrongMethod(allow)));

// Routes match in their order: the fixed segments refuse other methods before a parameter takes them for a name.
unified.get("/openapi.json", async ({ env: call }) => {
  const { descriptionOf } = await import("./described.ts");
  return ownReply(await descriptionOf(call), 200);
});
unified.all("/openapi.json", refuses("GET, HEAD"));
unified.get(
  "/:resource",
  answers((call, resource, { req }) => listOf(call, resource, req.url)),
);
unified.post(
  "/:resource",
  answers((call, resource, { req }) => written(call, resource, undefined, req.url), 201),
);
unified.get(
  "/:resource/changes",
  answers((call, resource, { req }) => changesOf(call, resource, req.url)),
);
unified.all("/:resource/changes", refuses("GET, HEAD"));
unified.get(
  "/:resource/:id",
  answers((call, resource, context) => oneOf(call, resource, idIn(context), context.req.url)),
);
unified.patch(
  "/:resource/:id",
  answers((call, resource, context) => written(call, resource, idIn(context), context.req.url)),
);
unified.get(
  "/:resource/:id/raw",
  answers((call, resource, context) => rawOf(call, resource, idIn(context), context.req.url)),
);
unified.get(
  "/:resource/:id/comments",
  answers((call, resource, context) => commentsOf(call, resource, idIn(context), context.req.url)),
);
unified.get(
  "/:resource/:id/attachments",
  answers((call, resource, context) => attachmentsOf(call, resource, idIn(context), context.req.url)),
);

unified.all("/:resource", refuses("GET, HEAD, POST"));
unified.all("/:resource/:id", refuses("GET, HEAD, PATCH"));
unified.all("/:resource/:id/:part{raw|comments|attachments}", refuses("GET, HEAD"));
unified.notFound(() => new Answered(NOT_FOUND).reply);
unified.onError((error) => {
  if (error instanceof Answered) return error.reply;
  // The gateway asks the registry again.
  if (error instanceof TenantChanged) throw error;
  return unknownFailure(error);
});

/** A tenant's map, and where the caller's requests go to. */
export interface UnifiedDestination extends Destination {
  readonly map: ModelMap | undefined;
}

const replies = new HeldReplies();

/** Answers a call of a known caller. */
export async function unifiedReply(request: Request, to: UnifiedDestination, timing: Timing): Promise<Response> {
  const changing = isReading(request.method) ? undefined : changingHeader(request.headers);
  if (changing) return new Answered(headerRefusal(changing)).reply;
  const { tenant } = to.use;
  const { requestsPerMinute } = to.policy;
  // A call that ends without a request costs the worker as much.
  const waitMs = requestsPerMinute && to.use.take(requestsPerMinute, 1, Date.now());
  if (waitMs) return rateRefused(waitMs / 1000);
  const held = replies.call(tenant);
  const paid = { ...to, use: firstTaken(to.use) };
  const explained = { ...paid, explains: true };
  const send: UnifiedCall["send"] = async (method, target, body) => {
    const raw = new Request(request.url, { method, headers: headersOf(request.headers, body), body: body ?? null });
    const reply = await passThrough(raw, target, explained, timing);
    if (!reply.ok || reply.body === null) return reply;
    return new Response(held.counted(reply.body), reply);
  };
  const pass: UnifiedCall["pass"] = async (target) => {
    const { url, headers } = request;
    return passThrough(new Request(url, { method: "GET", headers }), target, paid, timing);
  };
  const body = async () => {
    const text = await heldText(request, tenant);
    if (text instanceof Response) throw new Answered(text);
    return parsed(text, request.headers.get("content-type"));
  };
  try {
    return await unified.fetch(request, { tenant, policy: to.policy, map: to.map, send, pass, body });
  } finally {
    held.release();
  }
}

/** The call itself has been taken, and stands for its first request. */
function firstTaken(use: Destination["use"]): Destination["use"] {
  let taken = 1;
  return {
    tenant: use.tenant,
    take(perMinute, requests = 1, now) {
      const more = requests - taken;
      taken = 0;
      return more === 0 ? 0 : use.take(perMinute, more, now);
    },
  };
}

/** The worker reads the reply, so that its form is not the caller's affair. */
function headersOf(from: Headers, body: string | undefined): Headers {
  const headers = new Headers(from);
  for (const name of ["accept-encoding", "content-length", "content-type", "x-no-response-body"]) headers.delete(name);
  headers.set("accept", "application/json");
  if (body !== undefined) headers.set("content-type", "application/json");
  return headers;
}

function parsed(text: string, type: string | null): unknown {
  if (!/^application\/json\s*(?:;|$)/i.test(type ?? "")) throw new Answered(invalidBody);
  try {
    return JSON.parse(text);
  } catch {
    throw new Answered(invalidBody);
  }
}
