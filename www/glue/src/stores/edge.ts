/** Tokens on Cloudflare: Workers KV and the storage of a Durable Object. Both encrypt at rest. */
import type { Store } from "sysparm";

/** The used members of a KV namespace. */
export interface KvNamespace {
  get(name: string): Promise<string | null>;
  put(name: string, text: string, options: { expirationTtl: number }): Promise<void>;
}

/** The used members of a Durable Object's storage. */
export interface DurableStorage {
  get(name: string): Promise<unknown>;
  put(name: string, text: string): Promise<void>;
}

/** The shortest expiration that KV accepts. */
const SHORTEST_SECONDS = 60;
/** The longest key of KV in bytes; that of a Durable Object is four times as long. */
const LONGEST_NAME = 512;

/**
 * Workers KV. Other locations see a change up to a minute later, so it shares tokens but does not keep two isolates from renewing at once.
 * For that pass a lock, too (`sharedTokens`).
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

/** A client id may be a whole address. A name that is too long is replaced by its hash. */
async function short(name: string): Promise<string> {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= LONGEST_NAME) return name;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sysparm ${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
