/** Tokens at the edge: Workers KV and the storage of a Durable Object. Both encrypt at rest. */
import type { Store } from "sysparm";

/** What is used of a KV namespace. */
export interface KvNamespace {
  get(name: string): Promise<string | null>;
  put(name: string, text: string, options: { expirationTtl: number }): Promise<void>;
}

/** What is used of a Durable Object's storage. */
export interface DurableStorage {
  get(name: string): Promise<unknown>;
  put(name: string, text: string): Promise<void>;
}

/** KV refuses to forget anything sooner. */
const SHORTEST_SECONDS = 60;
/** Of a name KV takes this many bytes, a Durable Object four times as many. */
const LONGEST_NAME = 512;

/**
 * Workers KV. Other places of the world may see a change up to a minute late, so it shares tokens but cannot keep two isolates
 * from renewing at once: for that give a lock too (`sharedTokens`).
 */
export function kv(namespace: KvNamespace): Store {
  return {
    get: async (name) => namespace.get(await short(name)),
    async set(name, text, { expiresAt }) {
      const seconds = Math.ceil((expiresAt - Date.now()) / 1000);
      await namespace.put(await short(name), text, { expirationTtl: Math.max(SHORTEST_SECONDS, seconds) });
    },
  };
}

/** The storage of a Durable Object, for code that runs in it: `durableObject(this.ctx.storage)`. */
export function durableObject(storage: DurableStorage): Store {
  return {
    async get(name) {
      const text = await storage.get(await short(name));
      return typeof text === "string" ? text : undefined;
    },
    set: async (name, text) => storage.put(await short(name), text),
  };
}

/** A client id may be a whole address; a name that is too long is known by its hash. */
async function short(name: string): Promise<string> {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= LONGEST_NAME) return name;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sysparm ${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
