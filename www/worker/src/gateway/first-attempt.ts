/**
 * The common case without the package: the instance replies soon with what was asked for. Then a request costs hardly more than `fetch`
 * itself. The package goes on with every other attempt. So a failure is worded as before, and nothing is sent twice.
 */

import type { PresentedCredential } from "./credentials.ts";

/** What is sent to the instance. */
export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  /** The credential is added to them. */
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream | null;
}

/** A request that was sent. */
export interface Attempt {
  readonly credential: PresentedCredential;
  readonly reply: Promise<Response>;
}

/** Then the package waits for the reply. */
export const LONGEST_WAIT_MS = 5_000;

/** Redirects are not followed: another address may be another origin. */
export function send(
  request: OutgoingRequest,
  credential: PresentedCredential,
  signal?: AbortSignal,
): Promise<Response> {
  const { url, method, headers, body } = request;
  headers[credential.name] = credential.value;
  const init: RequestInit & { duplex?: "half" } = { method, headers, redirect: "manual" };
  if (body !== null) init.body = body;
  // The Fetch Standard asks for it; workerd does not.
  if (body instanceof ReadableStream) init.duplex = "half";
  if (signal) init.signal = signal;
  return fetch(url, init);
}

export function attempt(request: OutgoingRequest, credential: PresentedCredential): Attempt {
  return { credential, reply: send(request, credential) };
}

/** The reply; undefined if it is late or has failed. */
export function firstReply({ reply }: Attempt): Promise<Response | undefined> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, LONGEST_WAIT_MS);
    const settle = (arrived: Response | undefined) => {
      clearTimeout(late);
      resolve(arrived);
    };
    reply.then(settle, () => settle(undefined));
  });
}

/** Whether a reply may pass as it is, without the judgement of the package. */
export function isPlain(reply: Response): boolean {
  return reply.ok && !mayBePage(reply);
}

/** The package knows for which paths a web page is a valid reply. */
function mayBePage(reply: Response): boolean {
  const type = reply.headers.get("content-type");
  return type !== null && !type.startsWith("application/json") && /text\/html/i.test(type);
}
