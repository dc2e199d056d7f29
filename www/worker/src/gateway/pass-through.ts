/**
 * Forwards one read to the instance and streams the reply back. The package handles what does not succeed at once: the first token, the one
 * renewal and retry after a 401, time limits and failures.
 */

import { connect, type TokenSource } from "sysparm";
import type { Keepers, TokenMemory } from "../broker/token-source.ts";
import type { Tenant } from "../tenants/from-bindings.ts";
import { envelope } from "./envelope.ts";
import { passed, replyToFailure } from "./failure-reply.ts";
import { type Attempt, attempt, LONGEST_WAIT_MS, plainReply } from "./first-attempt.ts";
import { headersForInstance } from "./passing-headers.ts";
import { judge } from "./path-rule.ts";

const READS = "GET, HEAD";

/** The reply to a caller whose key is known. */
export async function passThrough(
  request: Request,
  tenant: Tenant,
  memory: TokenMemory,
  keepers: Keepers,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return envelope(405, "Method not allowed", `The sysparm worker passes ${READS} only.`, { allow: READS });
  }
  const passage = judge(request.url);
  if (!passage.passes) {
    return envelope(
      passage.status,
      "Address refused",
      `The sysparm worker, not the instance, refused this address: ${passage.why}.`,
    );
  }
  const headers = headersForInstance(request.headers);
  const held = memory.held();
  const first = held && attempt(tenant.instanceUrl + passage.target, request.method, headers, held);
  const reply = first && (await plainReply(first));
  if (reply) return passed(reply);
  return throughPackage(passage.target, { method: request.method, headers }, tenant, memory.source(keepers), first);
}

/** The time for a reply in all. */
const LIMIT_MS = 70_000;

/** Sends a request by the package, or goes on with its first attempt. */
async function throughPackage(
  target: string,
  init: RequestInit,
  tenant: Tenant,
  source: TokenSource,
  first: Attempt | undefined,
): Promise<Response> {
  // The reply may have refused this token, and no newer one that another request has obtained meanwhile.
  const token: TokenSource = async (refused) =>
    first && refused === undefined ? { token: first.token } : source(refused);
  let unread = first?.reply;
  const fetcher: typeof fetch = (input, options) => {
    const reply = unread ?? fetch(input, options);
    unread = undefined;
    return reply;
  };
  const timeLimits = { callMs: first ? LIMIT_MS - LONGEST_WAIT_MS : LIMIT_MS };
  try {
    // One instance per request: its timers, promises and abort signal belong to this request, and the pauses that the instance asks one caller
    // to make hold no other caller back. A refusal passes at once and unchanged: the caller decides about retries.
    const options = { auth: { token }, fetch: fetcher, timeLimits, pace: { attempts: 1 } };
    const instance = await connect({ url: tenant.instanceUrl, ...options });
    try {
      return passed(await instance.request(target, init));
    } finally {
      // The body continues to stream. Timers and memory of the core are freed now, not at the isolate's garbage collection.
      instance.close();
    }
  } catch (failure) {
    return replyToFailure(failure);
  }
}
