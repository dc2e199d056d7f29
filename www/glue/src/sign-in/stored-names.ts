/**
 * The names under which tokens are stored, locked and watched. They tell users apart, and stores, lock managers and scripts of the
 * same origin show names; so each is a hash. Version 0.1.0 used the plain text. What it stored is read; and while a program of that
 * version writes, its lock is taken too and it is given the tokens: two that renew by turns must not spend one refresh token twice.
 */
import type { Lock, Store } from "sysparm";

/** A program of 0.1.0 that has stored nothing for this long is at rest: whoever uses its tokens renews them within the hour. */
const AT_REST_MS = 604_800_000;

/** A store that takes longer for the old name is not waited for: the lock is held meanwhile. Half of what the core gives a store. */
const LONGEST_LOOK_MS = 1000;

/** How an envelope without tokens ends: a sign-out. */
const SIGNED_OUT = "\n-\n-";

interface Kept {
  store: Store;
  lock: Lock | undefined;
}

/** @param plain the name of 0.1.0: `sysparm`, the origin, the grant, and who asks */
export async function keptUnderHash(plain: string, store: Store, lock: Lock | undefined): Promise<Kept> {
  // Only a page that came by http from another machine has none, and everything it holds can be seen on the wire.
  if (!globalThis.crypto.subtle) return { store, lock };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(plain));
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const hashed = `sysparm ${plain.split(" ")[1]} ${hash}`;

  /** What 0.1.0 stored last, or was given. */
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
      if (isAtWork(older)) follow();
    } catch {
      // The name that counts is asked for by itself, and says so where the store fails.
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
      if (older === undefined || !(isAtWork(older) || text.endsWith(SIGNED_OUT))) return;
      // A moment later than what it stored itself, so that it takes this for newer, and its own last writing stays known.
      older = text.replace(/\n\d+/, `\n${storedAt(older) + 1}`);
      try {
        await store.set(plain, older, options);
      } catch {
        // It finds its refresh token spent, and obtains another.
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
        // It takes this lock alone, so nobody waits in a circle.
        await (isAtWork(older) ? lock.request(plain, run) : run());
      }),
  };
  return { store: hashing, lock: locking };
}

/** When an envelope was stored, by the clock of who stored it: its second line. -1 for what is none. */
function storedAt(envelope: unknown): number {
  return Number(/^sysparm-tokens 1\n(\d+)\n/.exec(String(envelope))?.[1] ?? -1);
}

function isAtWork(older: string | undefined): boolean {
  return Math.abs(Date.now() - storedAt(older)) < AT_REST_MS;
}
