/**
 * The key sets (JWKS, RFC 7517) of the token issuers, in the isolate's memory. They are public, so all tenants of an issuer share one. A
 * promise of one request must not be awaited by another, so only data is kept: requests that need keys which another one is asking for
 * look again after a pause.
 */

import type { JWK } from "jose";

/** Keys are asked for again after this time. */
const FRESH_MS = 600_000;
/** While the issuer does not answer, keys stay in use until this age. */
const USABLE_MS = 3_600_000;
/** The least time between two requests to an issuer: tokens with invented key ids must not make more. */
const COOL_DOWN_MS = 30_000;
/** The same while there are no keys at all. */
const RETRY_MS = 5_000;

const ANSWER_MS = 5_000;
/** After this time the request that has asked has ended without a trace: its client has gone. */
const LOST_MS = ANSWER_MS + 1_000;
const LOOK_AGAIN_MS = 20;

/** How many key sets are kept, and their size in all. More than one isolate's tenants use within half a minute. */
const MOST_SETS = 512;
const MOST_BYTES_OF_ALL = 8 * 1_048_576;
/** Sets that were asked for lately are kept beyond that, up to this number: with them their issuers' protection would be lost. */
const MOST_SETS_EVER = 4_096;

const MOST_KEYS = 50;
const MOST_BYTES = 65_536;
/** The base64url digits of an RSA modulus with 8,192 bits. Verification with more takes long. */
const LONGEST_MODULUS = 1_366;

/** Clock, pause and requests. */
export interface KeySetHost {
  now(): number;
  pause(ms: number): Promise<void>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

const platform: KeySetHost = {
  now: () => Date.now(),
  pause: (ms) => new Promise((wake) => setTimeout(wake, ms)),
  fetch: (url, init) => fetch(url, init),
};

interface KeySet {
  keys: readonly JWK[];
  /** When the keys arrived; `undefined` before the first have. */
  receivedAt: number | undefined;
  askedAt: number | undefined;
  isAsking: boolean;
  /** The length of the answer. */
  bytes: number;
}

/** The key sets of an isolate, by address. */
export class KeySets {
  readonly #host: KeySetHost;
  /** The least recently used first. */
  readonly #sets = new Map<string, KeySet>();
  #bytes = 0;

  constructor(host: KeySetHost = platform) {
    this.#host = host;
  }

  /** The keys at an address, asked for again if none has this id. `undefined` if there are none to be had. */
  async find(url: string, keyId: string | undefined): Promise<readonly JWK[] | undefined> {
    const set = this.#setAt(url);
    for (let pauses = 0; pauses * LOOK_AGAIN_MS <= LOST_MS; pauses += 1) {
      if (age(set.receivedAt, this.#host.now()) < FRESH_MS && hasKey(set, keyId)) return set.keys;
      if (mayAsk(set, this.#host.now())) {
        await this.#ask(url, set);
        break;
      }
      const isUsable = age(set.receivedAt, this.#host.now()) < USABLE_MS && hasKey(set, keyId);
      if (isUsable || !set.isAsking) break;
      await this.#host.pause(LOOK_AGAIN_MS);
    }
    return age(set.receivedAt, this.#host.now()) < USABLE_MS ? set.keys : undefined;
  }

  #setAt(url: string): KeySet {
    const set = this.#sets.get(url) ?? {
      keys: [],
      receivedAt: undefined,
      askedAt: undefined,
      isAsking: false,
      bytes: 0,
    };
    this.#sets.delete(url);
    this.#sets.set(url, set);
    if (this.#sets.size > MOST_SETS || this.#bytes > MOST_BYTES_OF_ALL) this.#forgetSome(set);
    return set;
  }

  #forgetSome(used: KeySet): void {
    const now = this.#host.now();
    for (const [url, set] of this.#sets) {
      if (this.#sets.size <= MOST_SETS && this.#bytes <= MOST_BYTES_OF_ALL) return;
      const isNeeded = set === used || (age(set.askedAt, now) < COOL_DOWN_MS && this.#sets.size <= MOST_SETS_EVER);
      if (isNeeded) continue;
      this.#sets.delete(url);
      this.#bytes -= set.bytes;
      // A request may still write its answer into this one.
      set.bytes = 0;
    }
  }

  async #ask(url: string, set: KeySet): Promise<void> {
    const askedAt = this.#host.now();
    set.askedAt = askedAt;
    set.isAsking = true;
    const answer = await this.#keysAt(url);
    if (answer) {
      set.keys = answer.keys;
      set.receivedAt = askedAt;
      if (this.#sets.get(url) === set) this.#bytes += answer.bytes - set.bytes;
      set.bytes = answer.bytes;
    }
    set.isAsking = false;
  }

  async #keysAt(url: string): Promise<{ readonly keys: readonly JWK[]; readonly bytes: number } | undefined> {
    try {
      const reply = await this.#host.fetch(url, {
        headers: { accept: "application/jwk-set+json, application/json" },
        // Another address would not be the one that the operator has checked.
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (reply.status === 200) {
        const text = await boundedText(reply);
        return { keys: keysOf(JSON.parse(text)), bytes: text.length };
      }
      await reply.body?.cancel();
    } catch {
      // Not reachable, too slow, too large, or no JSON.
    }
    return undefined;
  }
}

/** Milliseconds since a time. A time in the future counts as long ago: the clock has been set back. */
function age(since: number | undefined, now: number): number {
  return since === undefined || since > now ? Number.POSITIVE_INFINITY : now - since;
}

function hasKey({ keys }: KeySet, keyId: string | undefined): boolean {
  return keyId === undefined || keys.some(({ kid }) => kid === keyId);
}

function mayAsk(set: KeySet, now: number): boolean {
  if (set.isAsking) return age(set.askedAt, now) >= LOST_MS;
  return age(set.askedAt, now) >= (set.receivedAt === undefined ? RETRY_MS : COOL_DOWN_MS);
}

async function boundedText(reply: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Leaving the loop by an error cancels the body.
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`the key set is longer than ${MOST_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The public keys for signatures. @throws Error for anything that is no key set */
function keysOf(set: unknown): readonly JWK[] {
  const keys = typeof set === "object" && set !== null ? (set as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(keys)) throw new Error("a key set has a list of keys (RFC 7517, section 5)");
  return keys.slice(0, MOST_KEYS).filter(isSignatureKey);
}

/** Other keys are left out, as RFC 7517, section 5, asks for: those of unknown types, for encryption, and private or secret ones. */
function isSignatureKey(key: unknown): key is JWK {
  if (typeof key !== "object" || key === null) return false;
  const { kty, use, n, d } = key as JWK;
  if ((use !== undefined && use !== "sig") || d !== undefined) return false;
  return kty === "EC" || kty === "OKP" || (kty === "RSA" && typeof n === "string" && n.length <= LONGEST_MODULUS);
}
