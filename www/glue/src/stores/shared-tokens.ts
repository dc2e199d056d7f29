/**
 * One store and one lock for all isolates and machines of an edge platform, in a Durable Object. Cloudflare runs one object of a name, so a
 * lock held there is held everywhere. `SharedTokens` (in `sysparm/durable-object`) is that object.
 */
import type { Lock, Store } from "sysparm";

/** The used members of the object: `namespace.getByName(name)`. */
export interface TokenRoom {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Resolves to a word that identifies the offer, once the lock is offered. */
  acquire(name: string): Promise<string>;
  /** Accepts the offer, which callers that died while waiting cannot. Absent in objects whose lock is held as soon as it is acquired. */
  confirm?(name: string, word: string): Promise<boolean>;
  release(name: string, word: string): Promise<void>;
}

/** An offer is lost only if another caller was faster, or the request to the object took a second. */
const MOST_TRIES = 3;

/** The store and the lock of a Durable Object. */
export function sharedTokens(object: TokenRoom): { store: Store; lock: Lock } {
  const acquired = async (name: string): Promise<string> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const word = await object.acquire(name);
      if (word === "") break;
      // An object of an earlier version has no confirmation: there the word is enough.
      if (await (object.confirm?.(name, word) ?? Promise.resolve(true)).catch(() => true)) return word;
    }
    throw new Error(`The lock ${name} was not acquired. Try again.`);
  };
  return {
    store: { get: (name) => object.read(name), set: (name, text) => object.write(name, text) },
    lock: {
      async request(name, run) {
        const word = await acquired(name);
        try {
          return await run();
        } finally {
          await object.release(name, word);
        }
      },
    },
  };
}
