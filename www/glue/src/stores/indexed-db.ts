/**
 * Tokens in IndexedDB, encrypted with AES-GCM by a key that no script can extract. A copy of the database is useless; a script of the page
 * can do what the page can do. All tabs of an origin share it and notify each other by a BroadcastChannel.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Store } from "sysparm";

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  texts: { key: string; value: { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer } };
}

/** A store in IndexedDB. */
export function indexedDb(database = "sysparm"): Store {
  let opening: Promise<IDBPDatabase<Schema>> | undefined;
  const open = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>(database, 1, {
      upgrade(db) {
        db.createObjectStore("keys");
        db.createObjectStore("texts");
      },
      // Another tab upgrades or deletes the database and waits until this connection is closed.
      blocking: () => void opening?.then((db) => db.close()).finally(() => (opening = undefined)),
      terminated: () => (opening = undefined),
    }).catch((thrown: unknown) => {
      opening = undefined;
      throw thrown;
    });
    return opening;
  };
  return {
    async get(name) {
      const db = await open();
      const [key, text] = await Promise.all([db.get("keys", KEY), db.get("texts", name)]);
      if (!key || !text) return undefined;
      const bytes = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: text.iv, additionalData: additionalData(name) },
        key,
        text.sealed,
      );
      return new TextDecoder().decode(bytes);
    },
    async set(name, text) {
      const db = await open();
      const key = await sealingKey(db);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const parameters = { name: "AES-GCM", iv, additionalData: additionalData(name) };
      const sealed = await crypto.subtle.encrypt(parameters, key, new TextEncoder().encode(text));
      // One transaction: a tab that is killed in between leaves the old text intact.
      await db.put("texts", { iv, sealed }, name);
      channel(name, (telling) => telling.postMessage(""));
    },
    watch(name, changed) {
      // Without it other tabs read a change at their next renewal.
      if (typeof BroadcastChannel === "undefined") return () => undefined;
      const listening = new BroadcastChannel(`${CHANNEL} ${database} ${name}`);
      listening.addEventListener("message", changed);
      return () => listening.close();
    },
  };

  function channel(name: string, use: (telling: BroadcastChannel) => void): void {
    if (typeof BroadcastChannel === "undefined") return;
    const telling = new BroadcastChannel(`${CHANNEL} ${database} ${name}`);
    use(telling);
    telling.close();
  }
}

const KEY = "sealing";
const CHANNEL = "sysparm tokens";

/** If several tabs create a key at once, the first one's counts: the others find it in their own transaction. */
async function sealingKey(db: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const found = await db.get("keys", KEY);
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const transaction = db.transaction("keys", "readwrite");
  const first = await transaction.store.get(KEY);
  if (!first) await transaction.store.put(made, KEY);
  await transaction.done;
  return first ?? made;
}

/** Authenticated with the ciphertext, so that a text cannot be stored under another name. */
function additionalData(name: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(name);
}
