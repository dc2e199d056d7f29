/** Places for tokens beyond one instance's life. Everything here is optional: import only what you use. */
import type { Lock, Store } from "./index.js";

/** In memory, for several instances of one program. */
export function memory(): Store;

/**
 * In IndexedDB, for every tab of an origin: sealed with AES-GCM by a key that no script can read out (`extractable: false`), and
 * watched through a BroadcastChannel. A script that runs in the page can still use it: it protects copies of the database.
 */
export function indexedDb(database?: string): Store;

/** What is used of a KV namespace. */
export interface KvNamespace {
  /** The text stored under a name, or null. */
  get(name: string): Promise<string | null>;
  /** Stores a text. `expirationTtl` is in seconds. */
  put(name: string, text: string, options: { expirationTtl: number }): Promise<void>;
}

/**
 * In Workers KV; nothing is kept for less than its minimum of 60 s. Elsewhere a change may show a minute late, so it shares
 * tokens but does not keep two isolates from renewing at once: `sharedTokens` does.
 */
export function kv(namespace: KvNamespace): Store;

/** What is used of a Durable Object's storage. */
export interface DurableStorage {
  /** The value stored under a name, or undefined. */
  get(name: string): Promise<unknown>;
  /** Stores a text. */
  put(name: string, text: string): Promise<void>;
}

/** In the storage of a Durable Object, for code that runs in it: `durableObject(this.ctx.storage)`. */
export function durableObject(storage: DurableStorage): Store;

/** What is used of a `SharedTokens` object (`sysparm/durable-object`). */
export interface TokenRoom {
  /** The text stored under a name, or undefined. */
  read(name: string): Promise<string | undefined>;
  /** Stores a text. */
  write(name: string, text: string): Promise<void>;
  /** Resolves, once the lock is offered, to a word that proves it; to an empty one when the wait was too long. */
  acquire(name: string): Promise<string>;
  /** Takes what was offered, within a second. Absent where a lock is held as soon as it is acquired. */
  confirm?(name: string, word: string): Promise<boolean>;
  /** Releases the lock that `acquire()` returned this word for. */
  release(name: string, word: string): Promise<void>;
}

/** What is used of the namespace of such objects, which is a binding of the worker. */
export interface TokenObjects {
  /** The object of this name. */
  getByName(name: string): TokenRoom;
}

/**
 * One store and one lock for all isolates, with the namespace's binding and a name:
 * `connect({ ..., ...sharedTokens(env.TOKENS, "tokens") })`. An instance with it may be kept in a module variable.
 */
export function sharedTokens(namespace: TokenObjects, name: string): { store: Store; lock: Lock };
/**
 * The same with one object. workerd binds an object to the request that has obtained it, so this is for an instance that serves one
 * request. In another one calls that wait for a token reject with `options.store`.
 */
export function sharedTokens(object: TokenRoom): { store: Store; lock: Lock };
