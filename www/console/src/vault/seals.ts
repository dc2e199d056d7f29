/** Seals texts with AES-GCM under a key that stays in the browser. */
import type { Database } from "../store/database";
import type { SecretRef } from "../workspace/model";

export interface Seals {
  seal(ref: SecretRef, text: string): Promise<void>;
  /** All that can be opened, and the number of those that cannot. */
  all(): Promise<{ opened: Map<SecretRef, string>; failed: number }>;
  remove(ref: SecretRef): Promise<void>;
  clear(): Promise<void>;
}

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

const KEY = "seal";
const ALGORITHM = "AES-GCM";

export function newSealingKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ["encrypt", "decrypt"]);
}

/** The reference is authenticated with the text, so that one record cannot be put in another's place. */
export async function sealText(key: CryptoKey, ref: SecretRef, text: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: ALGORITHM, iv, additionalData: new TextEncoder().encode(ref) };
  return { iv, sealed: await crypto.subtle.encrypt(how, key, new TextEncoder().encode(text)) };
}

/** @throws DOMException for a text that was changed, or sealed under another key or reference */
export async function openText(key: CryptoKey, ref: SecretRef, { iv, sealed }: Sealed): Promise<string> {
  const how = { name: ALGORITHM, iv, additionalData: new TextEncoder().encode(ref) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, sealed));
}

export function databaseSeals(database: Database): Seals {
  async function key(): Promise<CryptoKey> {
    const present = await database.get("keys", KEY);
    if (present) return present;
    const made = await newSealingKey();
    // Another tab may have made one meanwhile: the first stays.
    const change = database.transaction("keys", "readwrite");
    const first = await change.store.get(KEY);
    if (!first) await change.store.put(made, KEY);
    await change.done;
    return first ?? made;
  }

  return {
    seal: async (ref, text) => {
      await database.put("secrets", await sealText(await key(), ref, text), ref);
    },
    all: async () => {
      const opened = new Map<SecretRef, string>();
      let failed = 0;
      const refs = (await database.getAllKeys("secrets")) as SecretRef[];
      for (const ref of refs) {
        const sealed = await database.get("secrets", ref);
        try {
          if (sealed) opened.set(ref, await openText(await key(), ref, sealed));
        } catch {
          failed += 1;
        }
      }
      return { opened, failed };
    },
    remove: (ref) => database.delete("secrets", ref),
    clear: async () => {
      const change = database.transaction(["secrets", "keys"], "readwrite");
      await Promise.all([change.objectStore("secrets").clear(), change.objectStore("keys").clear(), change.done]);
    },
  };
}

/** Seals that say when they changed, for the other tabs of the browser. */
export function announcing(seals: Seals, announce: (what: "changed" | "forgotten") => void): Seals {
  return {
    all: seals.all,
    seal: async (ref, text) => {
      await seals.seal(ref, text);
      announce("changed");
    },
    remove: async (ref) => {
      await seals.remove(ref);
      announce("changed");
    },
    clear: async () => {
      await seals.clear();
      announce("forgotten");
    },
  };
}
