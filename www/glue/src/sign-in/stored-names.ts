/**
 * The names under which tokens are stored, locked and watched. They identify users, and stores, lock managers and scripts of the same origin
 * can see names, so each is a hash. Version 0.1.0 used the plain text. What it stored is read. While a program of that version is active, its
 * lock is taken, too, and it is given the tokens: two clients that renew in turns must not use one refresh token twice.
 */
import type { Lock, Store } from "sysparm";

/** A program of 0.1.0 that has stored nothing for this long is inactive: an active one renews its tokens every hour. */
const INACTIVE_MS = 604_800_000;

/** The longest wait for the old name, because the lock is held meanwhile. Half of what the core allows a store. */
const LONGEST_LOOK_MS = 1000;

/** The end of stored text without tokens, after a sign-out. */
const SIGNED_OUT = "\n-\n-";

interface HashedStore {
  store: Store;
  lock: Lock | undefined;
}

/** @param plain the name of 0.1.0: `sysparm`, the origin, the grant, and the user */
export async function storeUnderHash(plain: string, store: Store, lock: Lock | undefined): Promise<HashedStore> {
  // Only a page from http of another machine has none, and all its data is visible on the wire.
  if (!globalThis.crypto.subtle) return { store, lock };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(plain));
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const hashed = `sysparm ${plain.split(" ")[1]} ${hash}`;

  /** The text last stored under the old name. */
  let older: string | undefined;
  let follow = (): void => undefined;
  const look = async (): Promise<void> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<never>((_, end) => {
        timer = setTimeout(end, LONGEST_LOOK_MS);
      });
      const text: unknown = await Promise.race([store.get(plain), late]);
      older = typeof text === "string" ? text : undefined;
      if (isActive(older)) follow();
    } catch {
      // The hashed name is read separately and reports a failing store.
    } finally {
      clearTimeout(timer);
    }
  };

  const hashing: Store = {
    async get() {
      const [text] = await Promise.all([store.get(hashed), look()]);
      return storedAt(older) > storedAt(text) ? older : text;
    },
    async set(_, text, options) {
      await store.set(hashed, text, options);
      if (older === undefined || !(isActive(older) || text.endsWith(SIGNED_OUT))) return;
      // A millisecond later than its own, so that it takes this for newer and its last writing stays known.
      older = text.replace(/\n\d+/, `\n${storedAt(older) + 1}`);
      try {
        await store.set(plain, older, options);
      } catch {
        // It then finds its refresh token used and obtains another one.
      }
    },
  };
  if (store.watch) {
    hashing.watch = (_, changed) => {
      const unwatch = [store.watch?.(hashed, changed)];
      follow = () => {
        follow = () => undefined;
        unwatch.push(store.watch?.(plain, changed));
      };
      return () => {
        follow = () => undefined;
        for (const end of unwatch.splice(0)) end?.();
      };
    };
  }
  const locking: Lock | undefined = lock && {
    request: (_, run) =>
      lock.request(hashed, async () => {
        await look();
        // That program takes only this lock, so there is no deadlock.
        await (isActive(older) ? lock.request(plain, run) : run());
      }),
  };
  return { store: hashing, lock: locking };
}

/** When a text was stored, by the clock of the program that stored it: its second line. -1 for any other text. */
function storedAt(text: unknown): number {
  return Number(/^sysparm-tokens 1\n(\d+)\n/.exec(String(text))?.[1] ?? -1);
}

function isActive(older: string | undefined): boolean {
  return Math.abs(Date.now() - storedAt(older)) < INACTIVE_MS;
}
