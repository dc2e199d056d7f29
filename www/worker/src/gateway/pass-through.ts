/** Forwards one request to the instance and streams the reply back. */

import { type CompiledPolicy, decide, needsBody } from "../policy/policy.ts";
import { announcesMoreThan, cappedBody } from "./byte-cap.ts";
import type { CallerUse } from "./caller-use.ts";
import type { CredentialSource } from "./credentials.ts";
import { type Asked, isReading, objectionTo } from "./examine.ts";
import { attempt, firstReply, isPlain } from "./first-attempt.ts";
import { headersForInstance, passed } from "./passing-headers.ts";
import * as refusals from "./refusals.ts";
import { type BodyProblem, HeldBodies, NO_BODY, type RequestBody } from "./request-body.ts";
import type { Repeatable } from "./through-package.ts";
import type { Timing } from "./timing.ts";

/** Where a request goes to, with which credential, and what it may do there. */
export interface Destination {
  /** The instance's origin. */
  readonly instanceUrl: string;
  readonly credentials: CredentialSource;
  readonly policy: CompiledPolicy;
  /** Whether scripted APIs pass, if the policy names them. */
  readonly scripted: boolean;
  readonly use: Pick<CallerUse, "tenant" | "take">;
  /** Whether a refusal of the instance's API is worded with its causes, instead of passing as it is. */
  readonly explains?: boolean;
}

const bodies = new HeldBodies();

/** The reply to a caller who is known. `target` is the path and query string for the instance. */
export function passThrough(
  request: Request,
  target: string,
  to: Destination,
  timing: Timing,
): Response | Promise<Response> {
  const { method, headers } = request;
  const asked: Asked = { method, target, headers };
  const objection = objectionTo(asked, to.policy, to.scripted);
  if (objection) return refusals.refused(objection);
  return isReading(method) ? decided(asked, NO_BODY, to, timing) : written(request, asked, to, timing);
}

/** The body of a request that the worker itself reads, empty without one, or the refusal of the body. */
export async function heldText(request: Request, tenant: string): Promise<string | Response> {
  const body = await bodies.take(request, true, tenant);
  if (typeof body === "string") return bodyRefused(body);
  try {
    return await new Response(body.content).text();
  } finally {
    body.release();
  }
}

async function written(request: Request, asked: Asked, to: Destination, timing: Timing): Promise<Response> {
  const mustSee = needsBody(to.policy, asked.method, asked.target);
  const body = await bodies.take(request, mustSee, to.use.tenant);
  if (typeof body === "string") return bodyRefused(body);
  try {
    const reply = await decided(asked, body, to, timing);
    return body.isTooLong() ? refusals.refused(refusals.lengthRefusal("too-long")) : reply;
  } finally {
    body.release();
  }
}

function decided(asked: Asked, body: RequestBody, to: Destination, timing: Timing): Response | Promise<Response> {
  const { method, target, headers } = asked;
  const { content } = body;
  const decision = decide(to.policy, content instanceof Uint8Array ? { ...asked, body: content } : asked);
  if (!decision.allowed) return refusals.refused(refusals.policyRefusal(decision));
  const { requestsPerMinute } = to.policy;
  const waitMs = requestsPerMinute && to.use.take(requestsPerMinute, decision.requests, Date.now());
  if (waitMs) return refusals.rateRefused(waitMs / 1000);

  const passing = headersForInstance(headers, content !== null);
  const url = to.instanceUrl + decision.target;
  // A scripted API may answer 401 after it has done something.
  const mayHaveHappened = !isReading(method) && !target.startsWith("/api/now/");
  const isRepeatable = body.whole && !mayHaveHappened;
  const sent: Repeatable = { request: { url, method, headers: passing, body: content }, isRepeatable, mayHaveHappened };
  const reply = exchanged(sent, to, timing);
  const { maxBytes } = decision;
  return maxBytes === undefined ? reply : reply.then((whole) => capped(whole, maxBytes, method));
}

async function exchanged(sent: Repeatable, to: Destination, timing: Timing): Promise<Response> {
  const { credentials, explains } = to;
  try {
    const first = attempt(sent.request, credentials.held() ?? (await credentials.obtain()));
    timing.sent();
    const reply = await firstReply(first);
    timing.answered();
    if (reply && isPlain(reply)) {
      credentials.accepted?.(first.credential);
      return passed(reply);
    }
    // Modules of their own, with the package: most requests need neither.
    const { throughPackage } = await import("./through-package.ts");
    const late = await throughPackage(to.instanceUrl, sent, credentials, first, explains);
    timing.answered();
    return late;
  } catch (failure) {
    const { replyToFailure } = await import("./failure-reply.ts");
    return replyToFailure(failure, explains);
  }
}

function bodyRefused(problem: BodyProblem): Response {
  switch (problem) {
    case "memory":
      return refusals.busy();
    case "cut":
      return refusals.bodyCut();
    case "slow":
      return refusals.bodySlow();
    default:
      return refusals.refused(refusals.lengthRefusal(problem));
  }
}

function capped(reply: Response, most: number, method: string): Response {
  if (!reply.ok || method === "HEAD") return reply;
  if (announcesMoreThan(reply, most)) {
    void reply.body?.cancel().catch(() => {});
    return refusals.replyTooLong(most, method !== "GET");
  }
  const body = cappedBody(reply, most);
  if (body === reply.body) return reply;
  const { status, statusText, headers } = reply;
  headers.delete("content-length");
  return new Response(body, { status, statusText, headers });
}
