/**
 * Authentication of callers. The SHA-256 of a key is compared with every entry in constant time; keys are not stored. They are
 * long random text, so a plain hash is enough: salt and key stretching protect guessable secrets only.
 */

import type { CallerKey } from "./configuration.ts";

/** Longest accepted key: bounds the cost of hashing. */
const LONGEST_KEY = 512;

/** The caller whose key is in these headers: in `x-api-key`, else as `Authorization: Bearer`. */
export async function callerOf(headers: Headers, known: readonly CallerKey[]): Promise<CallerKey | undefined> {
  const key = presentedKey(headers);
  if (key === undefined) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  let caller: CallerKey | undefined;
  for (const entry of known) {
    if (crypto.subtle.timingSafeEqual(digest, entry.sha256)) caller = entry;
  }
  return caller;
}

function presentedKey(headers: Headers): string | undefined {
  const key = headers.get("x-api-key") ?? /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return key === undefined || key === "" || key.length > LONGEST_KEY ? undefined : key;
}
