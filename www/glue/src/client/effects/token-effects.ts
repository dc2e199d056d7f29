/**
 * What tokens need of the host: a store, a lock that one context holds at a time, a key that signs. The core says when; what
 * fails here is told to it, and keeps no call from being made.
 */
import type { Lock, Store } from "sysparm";
import { Due, EffectEnd } from "../../protocol/codes.js";
import type { Client } from "../wasm.js";

type TokenEffect = Due.lock | Due.load | Due.save | Due.sign;

/** What `connect()` was given for it. */
export interface Keeper {
  store?: Store | undefined;
  lock?: Lock | undefined;
  key?: CryptoKey | undefined;
}

export class Keeping {
  readonly #client: Client;
  readonly #keeper: Keeper;
  readonly #lock: Lock;
  /** By effect, what lets go of the lock; undefined while it is waited for. */
  readonly #locks = new Map<number, (() => void) | undefined>();

  constructor(client: Client, keeper: Keeper) {
    this.#client = client;
    this.#keeper = keeper;
    this.#lock = keeper.lock ?? inThisModule;
  }

  /** Performs the effect that is due; `ended` is called once what came of it may be told to the core. */
  async perform(due: TokenEffect, effect: number, ended: (tell: (now: number) => void) => void): Promise<void> {
    const client = this.#client;
    const { key: name, form: text = "", length: expiresAt } = client;
    const done = (how: EffectEnd) => ended((now) => client.ended(effect, how, now));
    try {
      switch (due) {
        case Due.lock:
          this.#locks.set(effect, undefined);
          await this.#lock.request(name, () => this.#hold(effect, () => done(EffectEnd.done)));
          // Still here, so nobody let go of it: it came back without having been held, or was taken away.
          if (this.cancel(effect)) done(EffectEnd.failed);
          break;
        case Due.load: {
          const stored = await this.#keeper.store?.get(name);
          ended((now) => client.loaded(effect, typeof stored === "string" ? stored : undefined, now));
          break;
        }
        case Due.save:
          await this.#keeper.store?.set(name, text, { expiresAt });
          done(EffectEnd.done);
          break;
        case Due.sign: {
          const { signature } = await import("../../sign-in/index.js");
          const bytes = await signature(this.#keeper.key as CryptoKey, text);
          ended((now) => client.signed(effect, bytes, now));
          break;
        }
      }
    } catch {
      this.cancel(effect);
      done(EffectEnd.failed);
    }
  }

  /** Lets go of a lock, or waits for it no longer; false where there is none. */
  cancel(effect: number): boolean {
    const release = this.#locks.get(effect);
    holding.delete(release);
    release?.();
    return this.#locks.delete(effect);
  }

  close(): void {
    for (const effect of this.#locks.keys()) this.cancel(effect);
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

/** What lets go of a lock that is held, and with it the instance that will: collected before, it would keep the lock for ever. */
const holding = new Map<unknown, unknown>();

const tails = new Map<string, Promise<unknown>>();

/** Where there is no other: one at a time among all that use this copy of the module. */
const inThisModule: Lock = {
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
