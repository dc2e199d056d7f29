/**
 * Passes one read to the instance and its reply back, bodies streaming. The token, the one renewal and the one repeat
 * after a 401 are the package's; nothing of that is done here.
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
    // An instance per request: what it holds (timers, promises, the call's abort signal) belongs to this request.
    const auth = { token: memory.source(keepers) };
    // What the instance refuses passes at once and untouched: whether to send again is the caller's to decide.
    const instance = await connect({ url: tenant.instanceUrl, auth, pace: { attempts: 1 } });
    try {
      const headers = headersForInstance(request.headers);
      return passed(await instance.request(passage.target, { method: request.method, headers }));
    } finally {
      // The body streams on; timers and memory of the core go with the request and not when an isolate collects them.
      instance.close();
    }
  } catch (failure) {
    return replyToFailure(failure);
  }
}
