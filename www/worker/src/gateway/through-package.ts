/**
 * Goes on with an attempt that did not succeed at once. The package waits for a late reply, renews a refused token and repeats the request, and
 * says what went wrong. It never sends a request again whose outcome is unknown.
 */

import { connect, type TokenSource } from "sysparm";
import { type CredentialSource, secretOf } from "./credentials.ts";
import { replyToFailure } from "./failure-reply.ts";
import { type Attempt, LONGEST_WAIT_MS, type OutgoingRequest, send } from "./first-attempt.ts";
import { passed } from "./passing-headers.ts";
import { outcomeUnknown, sendAgain } from "./refusals.ts";

/** The time for a reply in all. */
const LIMIT_MS = 70_000;

/** For a body that streams: it takes as long as the caller's connection, and an instance ends a transaction after five minutes. */
const LIMIT_OF_STREAMS_MS = 300_000;

/** What is sent, and what a 401 means for it. */
export interface Repeatable {
  readonly request: OutgoingRequest;
  /** Whether it can be sent a second time. */
  readonly isRepeatable: boolean;
  /** Whether it may have happened in spite of a 401. The platform's own APIs look at the credential first; a scripted one is any program. */
  readonly mayHaveHappened: boolean;
}

export async function throughPackage(
  origin: string,
  { request, isRepeatable, mayHaveHappened }: Repeatable,
  credentials: CredentialSource,
  first: Attempt,
  explains = false,
): Promise<Response> {
  let { credential } = first;
  let isRefused = false;
  let isUnchanged = false;
  // The reply may have refused this credential, and no newer one that another request has obtained meanwhile.
  const token: TokenSource = async (refused) => {
    if (refused !== undefined) {
      isRefused = true;
      const { name, value } = credential;
      delete request.headers[name];
      credential = await credentials.obtain(credential);
      isUnchanged = credential.value === value;
    }
    return { token: secretOf(credential) };
  };
  let unread: Promise<Response> | undefined = first.reply;
  let refusal: Response | undefined;
  let mustBeSentAgain = false;
  const fetcher: typeof fetch = async (_, options) => {
    const pending = unread;
    unread = undefined;
    if (pending) {
      const reply = await pending;
      if (reply.status === 401) refusal = reply.clone();
      return reply;
    }
    // The same credential would be refused once more. Wrong passwords that are sent again lock the user out.
    if (isUnchanged && refusal) return refusal;
    mustBeSentAgain = !isRepeatable;
    if (mustBeSentAgain) throw new Error("a body that has streamed cannot be sent again");
    return send(request, credential, options?.signal ?? undefined);
  };
  const limit = isRepeatable ? LIMIT_MS : LIMIT_OF_STREAMS_MS;
  const timeLimits = { callMs: limit - LONGEST_WAIT_MS };
  try {
    // One instance per request: its timers, promises and abort signal belong to this request, and the pauses that the instance asks one caller
    // to make hold no other caller back. A refusal passes at once and unchanged: the caller decides about retries.
    const options = { auth: { token }, fetch: fetcher, timeLimits, pace: { attempts: 1 } };
    const instance = await connect({ url: origin, ...options });
    try {
      const { method, headers } = request;
      return passed(await instance.request(request.url.slice(origin.length), { method, headers }));
    } finally {
      // The body continues to stream. Timers and memory of the core are freed now, not at the isolate's garbage collection.
      instance.close();
    }
  } catch (failure) {
    if (isRefused && mayHaveHappened) return outcomeUnknown();
    return mustBeSentAgain ? sendAgain() : replyToFailure(failure, explains);
  } finally {
    if (refusal?.bodyUsed === false) void refusal.body?.cancel().catch(() => {});
  }
}
