/**
 * One store and one lock for all isolates and machines at the edge, kept by a Durable Object: Cloudflare runs one object of a
 * name, so who holds the lock there holds it everywhere. `SharedTokens` (in `sysparm/durable-object`) is that object.
 */
import type { Lock, Store } from "sysparm";

/** What is used of the object: `namespace.getByName(name)`. */
export interface TokenRoom {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Resolves once the lock is held; to a word that proves it. */
  acquire(name: string): Promise<string>;
  release(name: string, held: string): Promise<void>;
}

export function sharedTokens(room: TokenRoom): { store: Store; lock: Lock } {
  return {
    store: { get: (name) => room.read(name), set: (name, text) => room.write(name, text) },
    lock: {
      async request(name, run) {
        const held = await room.acquire(name);
        try {
          return await run();
        } finally {
          await room.release(name, held);
        }
      },
    },
  };
}
