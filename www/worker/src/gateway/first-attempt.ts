/**
 * The common case without the package: the isolate holds a token, and the instance replies soon with what was asked for. Then a request costs
 * hardly more than `fetch` itself. The package goes on with every other attempt. So a failure is worded as before, and nothing is sent twice.
 */

import type { HeldToken } from "../broker/token-source.ts";

/** A request that was sent with the token that this isolate held. */
export interface Attempt {
  readonly token: string;
  readonly reply: Promise<Response>;
}

/** Then the package waits for the reply. */
export const LONGEST_WAIT_MS = 5_000;

export function attempt(url: string, method: string, headers: Record<string, string>, held: HeldToken): Attempt {
  const { token, authorization } = held;
  return { token, reply: fetch(url, { method, headers: { ...headers, authorization }, redirect: "manual" }) };
}

/** The reply if it may pass as it is; undefined if it is late, has failed, or needs the judgement of the package. */
export async function plainReply({ reply }: Attempt): Promise<Response | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LONGEST_WAIT_MS);
  });
  const arrived = await Promise.race([reply, late]).catch(() => undefined);
  if (timer !== undefined) clearTimeout(timer);
  return arrived?.ok && !mayBePage(arrived) ? arrived : undefined;
}

/** The package knows for which paths a web page is a valid reply. */
function mayBePage(reply: Response): boolean {
  return /text\/html/i.test(reply.headers.get("content-type") ?? "");
}
