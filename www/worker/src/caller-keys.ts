/**
 * Who is calling. A key is compared by its SHA-256 with every entry, in constant time, and is kept nowhere. Keys are
 * long random text, so a plain hash is enough: there is nothing to guess that salt or stretching would protect.
 */

import type { CallerKey } from "./configuration.ts";

/** Longer than any sensible key; keeps hashing cheap for whoever sends something else. */
const LONGEST_KEY = 512;

/** The caller whose key these headers present: in `x-api-key`, else as `Authorization: Bearer`. */
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
