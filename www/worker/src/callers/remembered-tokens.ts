/**
 * The tokens that were verified last, so that a repeated one is found without waiting for a promise. A `Map` compares hashes of whole texts
 * before it compares the texts, so the time of a search does not tell how much of a token was right.
 */

/** Bounds the memory of a tenant, together with the characters. */
const MOST_TOKENS = 64;
const MOST_CHARACTERS = 65_536;

/** A key that its issuer has withdrawn stays in use for this long at most. */
const LONGEST_MEMORY_MS = 600_000;

interface Verified<Caller> {
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** When it was remembered. A clock that runs backwards must not make it last longer. */
  readonly since: number;
}

/** The verified tokens of one tenant, the oldest first. */
export class RememberedTokens<Caller> {
  readonly #verified = new Map<string, Verified<Caller>>();
  #characters = 0;

  callerOf(token: string, now: number): Caller | undefined {
    const verified = this.#verified.get(token);
    return verified !== undefined && now < verified.until && now >= verified.since ? verified.caller : undefined;
  }

  /** Remembers a token until it expires. `expiresAt` is in milliseconds. */
  remember(token: string, caller: Caller, expiresAt: number, now: number): void {
    const until = Math.min(expiresAt, now + LONGEST_MEMORY_MS);
    if (until <= now || token.length > MOST_CHARACTERS) return;
    this.#forget(token);
    this.#verified.set(token, { caller, until, since: now });
    this.#characters += token.length;
    for (const oldest of this.#verified.keys()) {
      if (this.#verified.size <= MOST_TOKENS && this.#characters <= MOST_CHARACTERS) return;
      this.#forget(oldest);
    }
  }

  #forget(token: string): void {
    if (this.#verified.delete(token)) this.#characters -= token.length;
  }
}
