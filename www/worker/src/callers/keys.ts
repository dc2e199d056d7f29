/**
 * Callers with a key. The SHA-256 of a key is compared with every entry in constant time. Keys are long random text, so a plain hash is
 * enough: salt and key stretching protect guessable secrets only. The keys that were accepted last stay in the isolate's memory, where the
 * tenant's token is, too: hashing a key again for every call takes longer than all other checks.
 */

import { LONGEST_KEY } from "./presented.ts";

/** A key that is accepted, and the caller that it stands for. */
export interface KnownKey<Caller> {
  readonly caller: Caller;
  readonly sha256: Uint8Array;
  /** Milliseconds since 1970. Without it the key is accepted until its entry is removed. */
  readonly expiresAt?: number;
}

/** How many accepted keys are remembered. Bounds the comparisons of a call. */
const MOST_REMEMBERED = 16;

interface Accepted<Caller> {
  readonly key: string;
  readonly known: KnownKey<Caller>;
}

/** The keys of one tenant. */
export class CallerKeys<Caller> {
  readonly #known: readonly KnownKey<Caller>[];
  readonly #accepted: Accepted<Caller>[] = [];
  #next = 0;

  constructor(known: readonly KnownKey<Caller>[]) {
    this.#known = known;
  }

  /** The caller with this key, if it was accepted lately and has not expired since. */
  remembered(key: string, now: number): Caller | undefined {
    let found: KnownKey<Caller> | undefined;
    // All are compared, so that the time does not tell which one was like the key.
    for (const accepted of this.#accepted) if (isSame(accepted.key, key)) found = accepted.known;
    return found === undefined || hasExpired(found, now) ? undefined : found.caller;
  }

  /** The same for a key that is hashed first. */
  async callerOf(key: string, now: number): Promise<Caller | "expired" | undefined> {
    if (key.length > LONGEST_KEY || this.#known.length === 0) return undefined;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
    let found: KnownKey<Caller> | undefined;
    for (const known of this.#known) if (timingSafe.timingSafeEqual(digest, known.sha256)) found = known;
    if (found === undefined) return undefined;
    if (hasExpired(found, now)) return "expired";
    this.#remember({ key, known: found });
    return found.caller;
  }

  #remember(accepted: Accepted<Caller>): void {
    // Another call may have done so meanwhile.
    if (this.#accepted.some(({ key }) => key === accepted.key)) return;
    this.#accepted[this.#next] = accepted;
    this.#next = (this.#next + 1) % MOST_REMEMBERED;
  }
}

/** The bytes of a SHA-256 in hex digits. */
export function sha256Of(hex: string): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

/** workerd's addition to Web Crypto. */
const timingSafe = crypto.subtle as SubtleCrypto & { timingSafeEqual(one: ArrayBuffer, other: Uint8Array): boolean };

function hasExpired({ expiresAt }: { readonly expiresAt?: number }, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

/** Compares texts of equal length in constant time. Their length is no secret. */
function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}
