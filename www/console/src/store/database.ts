/** The database "sysparm-console". The vault has two object stores in it. */
import { type DBSchema, type IDBPDatabase, openDB, type StoreNames } from "idb";
import type { Backing } from "./backing";
import { type Damaged, KINDS, type StoredRecord } from "./records";

export const DATABASE = "sysparm-console";
/** Raised with each object store that is added. */
const VERSION = 2;

interface Schema extends DBSchema {
  environments: { key: string; value: StoredRecord };
  collections: { key: string; value: StoredRecord };
  /** Since version 2. */
  queries: { key: string; value: StoredRecord };
  history: { key: string; value: StoredRecord };
  tabs: { key: string; value: StoredRecord };
  preferences: { key: string; value: StoredRecord };
  "set-aside": { key: number; value: Damaged & { at: number } };
  /** Sealed secrets by their reference. */
  secrets: { key: string; value: { iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer } };
  /** The key that seals them. It cannot be exported. */
  keys: { key: string; value: CryptoKey };
}
export type Database = IDBPDatabase<Schema>;

/**
 * `ended` is called when nothing can be kept any more: a newer console needs the database, or the browser closed it.
 * @throws DOMException where the browser has no IndexedDB for this page, as in some private windows
 */
export function openDatabase(ended: () => void): Promise<Database> {
  return openDB<Schema>(DATABASE, VERSION, {
    // What an earlier version has made is there already, with its records.
    upgrade(database) {
      const lacks = (name: StoreNames<Schema>) => !database.objectStoreNames.contains(name);
      for (const kind of KINDS.filter(lacks)) database.createObjectStore(kind, { keyPath: "id" });
      if (lacks("set-aside")) database.createObjectStore("set-aside", { autoIncrement: true });
      for (const name of (["secrets", "keys"] as const).filter(lacks)) database.createObjectStore(name);
    },
    // A tab with a newer version of the console waits for this one otherwise.
    blocking(_current, _blocked, event) {
      (event.target as unknown as IDBDatabase).close();
      ended();
    },
    terminated: ended,
  });
}

export function databaseBacking(database: Database): Backing {
  return {
    all: (kind) => database.getAll(kind),
    get: (kind, id) => database.get(kind, id),
    change: async (kind, id, decide) => {
      const transaction = database.transaction(kind, "readwrite");
      const change = decide(await transaction.store.get(id));
      if (change === "remove") await transaction.store.delete(id);
      else if (change !== "keep") await transaction.store.put(change);
      await transaction.done;
    },
    setAside: async (damaged) => {
      const change = database.transaction([damaged.kind, "set-aside"], "readwrite");
      await Promise.all([
        change.objectStore("set-aside").add({ ...damaged, at: Date.now() }),
        change.objectStore(damaged.kind).delete(damaged.id),
        change.done,
      ]);
    },
    aside: () => database.getAll("set-aside"),
  };
}
