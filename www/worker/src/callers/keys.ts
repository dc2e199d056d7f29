/**
 * Callers with a key. The SHA-256 of a key is compared with every entry in constant time. Keys are long random text, so a plain hash is
 * enough: salt and key stretching protect guessable secrets only. The keys that were accepted last stay in the isolate's memory, where the
 * tenant's token is, too: hashing a key again for every call takes longer than all other checks. A `Map` compares hashes of whole texts before
 * it compares the texts, so the time of a search does not tell how much of a key was right.
 */

import { LONGEST_KEY } from "./presented.ts";

/** A key that is accepted, and the caller that it stands for. */
export interface KnownKey<Caller> {
  readonly caller: Caller;
  readonly sha256: Uint8Array;
  /** Milliseconds since 1970. Without it the key is accepted until its entry is removed. */
  readonly expiresAt?: number;
}

/** How many accepted keys are remembered. Bounds the memory of a tenant. */
const MOST_REMEMBERED = 16;

/** The keys of one tenant. */
export class CallerKeys<Caller> {
  readonly #known: readonly KnownKey<Caller>[];
  /** The oldest first. */
  readonly #accepted = new Map<string, KnownKey<Caller>>();

  constructor(known: readonly KnownKey<Caller>[]) {
    this.#known = known;
  }

  /** The caller with this key, if it was accepted lately and has not expired since. */
  remembered(key: string, now: number): Caller | undefined {
    const found = this.#accepted.get(key);
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
    this.#remember(key, found);
    return found.caller;
  }

  #remember(key: string, known: KnownKey<Caller>): void {
    this.#accepted.set(key, known);
    const [oldest] = this.#accepted.keys();
    if (this.#accepted.size > MOST_REMEMBERED && oldest !== undefined) this.#accepted.delete(oldest);
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
