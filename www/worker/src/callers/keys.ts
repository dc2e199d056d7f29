/**
 * Authentication of callers. The SHA-256 of a key is compared with every entry in constant time. Keys are long random text, so a plain hash is
 * enough: salt and key stretching protect guessable secrets only. The keys that were accepted last stay in the isolate's memory, where the
 * tenant's token is, too: hashing a key again for every call takes longer than all other checks.
 */

import type { CallerKey } from "../tenants/from-bindings.ts";

/** Longest accepted key: bounds the cost of hashing. */
const LONGEST_KEY = 512;

/** How many accepted keys are remembered. Bounds the comparisons of a call. */
const MOST_REMEMBERED = 16;

interface Accepted {
  readonly key: string;
  readonly caller: CallerKey;
}

/** The callers of one configuration. */
export class CallerKeys {
  readonly #known: readonly CallerKey[];
  readonly #accepted: Accepted[] = [];
  #next = 0;

  constructor(known: readonly CallerKey[]) {
    this.#known = known;
  }

  /** The caller whose key is in these headers, if it was accepted lately: in `x-api-key`, else as `Authorization: Bearer`. */
  remembered(headers: Headers): CallerKey | undefined {
    const key = presentedKey(headers);
    if (key === undefined) return undefined;
    let caller: CallerKey | undefined;
    // All are compared, so that the time does not tell which one was like the key.
    for (const accepted of this.#accepted) if (isSame(accepted.key, key)) caller = accepted.caller;
    return caller;
  }

  /** The same for a key that is hashed first. */
  async callerOf(headers: Headers): Promise<CallerKey | undefined> {
    const key = presentedKey(headers);
    if (key === undefined) return undefined;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
    let caller: CallerKey | undefined;
    for (const entry of this.#known) {
      if (crypto.subtle.timingSafeEqual(digest, entry.sha256)) caller = entry;
    }
    if (caller) this.#remember({ key, caller });
    return caller;
  }

  #remember(accepted: Accepted): void {
    // Another call may have done so meanwhile.
    if (this.#accepted.some(({ key }) => key === accepted.key)) return;
    this.#accepted[this.#next] = accepted;
    this.#next = (this.#next + 1) % MOST_REMEMBERED;
  }
}

/** Compares texts of equal length in constant time. Their length is no secret. */
function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}

function presentedKey(headers: Headers): string | undefined {
  const key = headers.get("x-api-key") ?? /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return key === undefined || key === "" || key.length > LONGEST_KEY ? undefined : key;
}
