/** The Durable Object of `sharedTokens`: a store and a lock for every isolate that has its binding. For Workers only. */
import { DurableObject } from "cloudflare:workers";
import type { TokenRoom } from "../stores/shared-tokens.js";

/**
 * A holder that has not let go after this long has died. Two requests for a token take 30 s at most, and a waiter gives up
 * after 35; a holder that is only slow loses nothing but the guarantee.
 */
const LEASE_MS = 32_000;

/** An offer that is not confirmed by then went to a caller that has gone: the way there and back takes less from anywhere. */
const OFFER_MS = 1000;

/** A client waits no longer for a lock, so neither does its place in the line. */
const PATIENCE_MS = 35_000;

/** After an unanswered round the lock is offered to twice as many, at most to these: the first to confirm has it. */
const MOST_OFFERS = 64;

interface Waiter {
  answer(word: string): void;
  ends: ReturnType<typeof setTimeout>;
}

/** One lock: either held by the word that was confirmed, or offered. */
interface Line {
  holder: string | undefined;
  readonly offered: Set<string>;
  /** To how many waiters it is offered next. */
  offers: number;
  /** When the lease or the round of offers is over. */
  ends: ReturnType<typeof setTimeout> | undefined;
  /** In their order. A set, because a waiter may leave from the middle. */
  readonly waiting: Set<Waiter>;
}

/** Bind it as a class of your worker: `export { SharedTokens } from "sysparm/durable-object"`. */
export class SharedTokens extends DurableObject implements TokenRoom {
  readonly #lines = new Map<string, Line>();

  async read(name: string): Promise<string | undefined> {
    return this.ctx.storage.get<string>(name);
  }

  async write(name: string, text: string): Promise<void> {
    await this.ctx.storage.put(name, text);
  }

  /** Resolves to a word that has to be confirmed at once; to an empty one when the wait was too long. */
  async acquire(name: string): Promise<string> {
    const line = this.#lines.get(name) ?? {
      holder: undefined,
      offered: new Set(),
      offers: 1,
      ends: undefined,
      waiting: new Set(),
    };
    this.#lines.set(name, line);
    return new Promise((resolve) => {
      const ends = setTimeout(() => {
        line.waiting.delete(waiter);
        resolve("");
      }, PATIENCE_MS);
      const waiter = { answer: resolve, ends };
      line.waiting.add(waiter);
      if (line.holder === undefined && line.offered.size === 0) this.#offer(name, line);
    });
  }

  /** Makes the holder of one that was offered the lock; false if the offer is over. */
  async confirm(name: string, word: string): Promise<boolean> {
    const line = this.#lines.get(name);
    if (line?.holder === word) return true;
    if (!line?.offered.has(word)) return false;
    line.offered.clear();
    line.offers = 1;
    line.holder = word;
    clearTimeout(line.ends);
    line.ends = setTimeout(() => this.#offer(name, line), LEASE_MS);
    return true;
  }

  async release(name: string, word: string): Promise<void> {
    const line = this.#lines.get(name);
    if (!line) return;
    const wasOffered = line.offered.delete(word);
    if (line.holder === word || (wasOffered && line.offered.size === 0)) this.#offer(name, line);
  }

  /** The lock is free: the next in line are offered it. */
  #offer(name: string, line: Line): void {
    clearTimeout(line.ends);
    line.holder = undefined;
    line.offered.clear();
    for (const waiter of line.waiting) {
      if (line.offered.size === line.offers) break;
      line.waiting.delete(waiter);
      clearTimeout(waiter.ends);
      const word = crypto.randomUUID();
      line.offered.add(word);
      waiter.answer(word);
    }
    if (line.offered.size === 0) {
      this.#lines.delete(name);
      return;
    }
    line.ends = setTimeout(() => {
      line.offers = Math.min(2 * line.offers, MOST_OFFERS);
      this.#offer(name, line);
    }, OFFER_MS);
  }
}
