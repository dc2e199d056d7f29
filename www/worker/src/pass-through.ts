/**
 * Forwards one read to the instance and streams the reply back. The package handles the token, and the one renewal and retry
 * after a 401.
 */

import { connect } from "sysparm";
import type { Tenant } from "./configuration.ts";
import { envelope } from "./envelope.ts";
import { passed, replyToFailure } from "./failure-reply.ts";
import { headersForInstance } from "./passing-headers.ts";
import { judge } from "./path-rule.ts";
import type { Keepers, TokenMemory } from "./token-source.ts";

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
  try {
    // One instance per request: its timers, promises and abort signal belong to this request.
    const auth = { token: memory.source(keepers) };
    // A refusal passes at once and unchanged: the caller decides about retries.
    const instance = await connect({ url: tenant.instanceUrl, auth, pace: { attempts: 1 } });
    try {
      const headers = headersForInstance(request.headers);
      return passed(await instance.request(passage.target, { method: request.method, headers }));
    } finally {
      // The body continues to stream. Timers and memory of the core are freed now, not at the isolate's garbage collection.
      instance.close();
    }
  } catch (failure) {
    return replyToFailure(failure);
  }
}
