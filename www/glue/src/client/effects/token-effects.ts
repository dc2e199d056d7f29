/**
 * The effects that tokens need: a store, a lock that one context holds at a time, a key that signs. The core decides when. A failure is
 * reported to the core and keeps no call from being made.
 */
import type { Lock, Store } from "sysparm";
import { SysparmError } from "../../errors/index.js";
import { Due, EffectEnd } from "../../protocol/codes.js";
import type { Client } from "../wasm.js";

type TokenEffect = Due.lock | Due.load | Due.save | Due.sign;

/** What `connect()` was given for tokens. */
interface TokenHost {
  store?: Store | undefined;
  lock?: Lock | undefined;
  key?: CryptoKey | undefined;
}

/** Performs the token effects of one client. */
export class TokenEffects {
  readonly #client: Client;
  readonly #host: TokenHost;
  readonly #lock: Lock;
  /** What releases the lock, by effect; undefined while the lock is requested. */
  readonly #locks = new Map<number, (() => void) | undefined>();

  constructor(client: Client, host: TokenHost) {
    this.#client = client;
    this.#host = host;
    this.#lock = host.lock ?? ownLock;
  }

  /** Performs the effect that is due, and calls `ended` with what reports its result to the core, and what a store that cannot work says. */
  async perform(
    due: TokenEffect,
    effect: number,
    ended: (report: (now: number) => void, refused?: SysparmError) => void,
  ): Promise<void> {
    const client = this.#client;
    const { key: name, text, length: expiresAt } = client;
    const done = (how: EffectEnd, refused?: SysparmError, result?: string) =>
      ended((now) => client.ended(effect, how, now, Number.NaN, result), refused);
    try {
      switch (due) {
        case Due.lock:
          this.#locks.set(effect, undefined);
          await this.#lock.request(name, () => this.#hold(effect, () => done(EffectEnd.done)));
          // Not released by the core: the lock was never held, or another context took it away.
          if (this.cancel(effect)) done(EffectEnd.failed);
          break;
        case Due.load: {
          const stored = await this.#host.store?.get(name);
          done(EffectEnd.loaded, undefined, typeof stored === "string" ? stored : undefined);
          break;
        }
        case Due.save:
          await this.#host.store?.set(name, text, { expiresAt });
          done(EffectEnd.done);
          break;
        case Due.sign: {
          const { signature } = await import("../../sign-in/index.js");
          done(EffectEnd.signed, undefined, await signature(this.#host.key as CryptoKey, text));
          break;
        }
      }
    } catch (thrown) {
      this.cancel(effect);
      done(EffectEnd.failed, thrown instanceof SysparmError ? thrown : undefined);
    }
  }

  /** Releases a lock or stops waiting for it; false where there is none. */
  cancel(effect: number): boolean {
    const release = this.#locks.get(effect);
    holding.delete(release);
    release?.();
    return this.#locks.delete(effect);
  }

  /** The locks that are held or requested. */
  effects(): Iterable<number> {
    return this.#locks.keys();
  }

  #hold(effect: number, held: () => void): Promise<void> {
    return new Promise((release) => {
      if (!this.#locks.has(effect)) return release();
      this.#locks.set(effect, release);
      holding.set(release, held);
      held();
    });
  }
}

/** Keeps instances alive while they hold a lock: once collected, they could never release it. */
const holding = new Map<unknown, unknown>();

const tails = new Map<string, Promise<unknown>>();

/** Where there is no other lock: one holder among all instances of this copy of the module. */
let ownLock: Lock = {
  async request(name, run) {
    const turn = Promise.resolve(tails.get(name)).then(run);
    const tail = turn.catch(() => undefined);
    tails.set(name, tail);
    try {
      return await turn;
    } finally {
      if (tails.get(name) === tail) tails.delete(name);
    }
  },
};

/** Sets the lock where a promise of one request cannot be awaited in another. */
export function lockBy(lock: Lock): void {
  ownLock = lock;
}
