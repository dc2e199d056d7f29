/**
 * One store and one lock for all isolates and machines of an edge platform, in a Durable Object. Cloudflare runs one object of a name, so a
 * lock held there is held everywhere. `SharedTokens` (in `sysparm/durable-object`) is that object.
 */
import type { Lock, Store } from "sysparm";
import { requestError } from "../errors/index.js";

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

/** The used member of a namespace of such objects. */
export interface TokenObjects {
  getByName(name: string): TokenRoom;
}

const FOREIGN =
  'The Durable Object given to sharedTokens() belongs to the request that obtained it. Pass the namespace and a name: sharedTokens(env.TOKENS, "tokens").';

/** workerd refuses an object that another request has obtained; the text is its own (io-context.c++). */
async function inThisRequest<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw /different request/.test(String(thrown)) ? requestError("options.store", FOREIGN) : thrown;
  }
}

/** An offer is lost only if another caller was faster, or the request to the object took a second. */
const MOST_TRIES = 3;

/** The store and the lock of a Durable Object: of one, for the request that obtained it, or of the one with this name, for every request. */
export function sharedTokens(given: TokenRoom | TokenObjects, named?: string): { store: Store; lock: Lock } {
  // Obtained anew each time: what one request has obtained cannot be used in another.
  const object = () => (named === undefined ? (given as TokenRoom) : (given as TokenObjects).getByName(named));
  const acquired = async (keeper: TokenRoom, name: string): Promise<string> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const word = await keeper.acquire(name);
      if (word === "") break;
      // An object of an earlier version has no confirmation: there the word is enough.
      if (await (keeper.confirm?.(name, word) ?? Promise.resolve(true)).catch(() => true)) return word;
    }
    throw new Error(`The lock ${name} was not acquired. Try again.`);
  };
  return {
    store: {
      get: (name) => inThisRequest(() => object().read(name)),
      set: (name, text) => inThisRequest(() => object().write(name, text)),
    },
    lock: {
      async request(name, run) {
        const keeper = object();
        const word = await inThisRequest(() => acquired(keeper, name));
        try {
          return await run();
        } finally {
          await keeper.release(name, word);
        }
      },
    },
  };
}
