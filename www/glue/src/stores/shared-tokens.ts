/**
 * One store and one lock for all isolates and machines at the edge, kept by a Durable Object: Cloudflare runs one object of a
 * name, so a lock held there is held everywhere. `SharedTokens` (in `sysparm/durable-object`) is that object.
 */
import type { Lock, Store } from "sysparm";

/** What is used of the object: `namespace.getByName(name)`. */
export interface TokenRoom {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Resolves once the lock is offered; to a word that proves it. */
  acquire(name: string): Promise<string>;
  /** Takes what was offered: callers that died while they waited cannot. Absent where a lock is held as soon as it is acquired. */
  confirm?(name: string, word: string): Promise<boolean>;
  release(name: string, word: string): Promise<void>;
}

/** An offer is lost only where another caller was sooner, or the way to the object took a second. */
const MOST_TRIES = 3;

export function sharedTokens(room: TokenRoom): { store: Store; lock: Lock } {
  const acquired = async (name: string): Promise<string> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const word = await room.acquire(name);
      if (word === "") break;
      // An object of an earlier version knows no confirmation: there the word is enough.
      if (await (room.confirm?.(name, word) ?? Promise.resolve(true)).catch(() => true)) return word;
    }
    throw new Error(`The lock ${name} was not to be had`);
  };
  return {
    store: { get: (name) => room.read(name), set: (name, text) => room.write(name, text) },
    lock: {
      async request(name, run) {
        const word = await acquired(name);
        try {
          return await run();
        } finally {
          await room.release(name, word);
        }
      },
    },
  };
}
