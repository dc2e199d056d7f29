/** The locks of `SharedTokens`: each is held by one caller or offered to the next, and a caller that has gone delays nobody for long. */

/**
 * A holder that has not released the lock by then counts as gone. Two token requests take 30 s at most, and a waiter gives up after
 * 35 s. A holder that is merely slow loses only the guarantee.
 */
const LEASE_MS = 32_000;

/** An offer that is not confirmed by then went to a caller that has gone: a round trip takes less from anywhere. */
const OFFER_MS = 1000;

/** A client waits no longer for a lock, so its place in the queue ends, too. */
const LONGEST_WAIT_MS = 35_000;

/** After an unanswered round the lock is offered to twice as many waiters, up to this number. The first to confirm gets it. */
const MOST_OFFERS = 64;

interface Waiter {
  answer(word: string): void;
  ends: ReturnType<typeof setTimeout>;
}

/** One lock with its waiters. It is either held by the confirmed word, or offered. */
interface LockQueue {
  holder: string | undefined;
  readonly offered: Set<string>;
  /** The number of waiters to offer it to next. */
  offers: number;
  /** The end of the lease or of the round of offers. */
  ends: ReturnType<typeof setTimeout> | undefined;
  /** In their order. A set, because any waiter may leave. */
  readonly waiting: Set<Waiter>;
}

/** The locks of one object, by name. */
export class LockQueues {
  readonly #queues = new Map<string, LockQueue>();

  /** Resolves to a word that has to be confirmed at once, or to an empty text when the wait was too long. */
  acquire(name: string): Promise<string> {
    const queue = this.#queues.get(name) ?? {
      holder: undefined,
      offered: new Set(),
      offers: 1,
      ends: undefined,
      waiting: new Set(),
    };
    this.#queues.set(name, queue);
    return new Promise((resolve) => {
      const ends = setTimeout(() => {
        queue.waiting.delete(waiter);
        resolve("");
      }, LONGEST_WAIT_MS);
      const waiter = { answer: resolve, ends };
      queue.waiting.add(waiter);
      if (queue.holder === undefined && queue.offered.size === 0) this.#offer(name, queue);
    });
  }

  /** Accepts an offer; false if it is over. */
  confirm(name: string, word: string): boolean {
    const queue = this.#queues.get(name);
    if (queue?.holder === word) return true;
    if (!queue?.offered.has(word)) return false;
    queue.offered.clear();
    queue.offers = 1;
    queue.holder = word;
    clearTimeout(queue.ends);
    queue.ends = setTimeout(() => this.#offer(name, queue), LEASE_MS);
    return true;
  }

  release(name: string, word: string): void {
    const queue = this.#queues.get(name);
    if (!queue) return;
    const wasOffered = queue.offered.delete(word);
    if (queue.holder === word || (wasOffered && queue.offered.size === 0)) this.#offer(name, queue);
  }

  /** Offers the free lock to the next waiters. */
  #offer(name: string, queue: LockQueue): void {
    clearTimeout(queue.ends);
    queue.holder = undefined;
    queue.offered.clear();
    for (const waiter of queue.waiting) {
      if (queue.offered.size === queue.offers) break;
      queue.waiting.delete(waiter);
      clearTimeout(waiter.ends);
      const word = crypto.randomUUID();
      queue.offered.add(word);
      waiter.answer(word);
    }
    if (queue.offered.size === 0) {
      this.#queues.delete(name);
      return;
    }
    queue.ends = setTimeout(() => {
      queue.offers = Math.min(2 * queue.offers, MOST_OFFERS);
      this.#offer(name, queue);
    }, OFFER_MS);
  }
}
