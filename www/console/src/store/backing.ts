/** Where the store keeps its records: an interface, and memory for browsers without IndexedDB. */
import type { Damaged, Kind, StoredRecord } from "./records";

export interface Backing {
  /** Every record of a kind. Nothing is known of their form. */
  all(kind: Kind): Promise<unknown[]>;
  put(kind: Kind, record: StoredRecord): Promise<void>;
  remove(kind: Kind, id: string): Promise<void>;
  /** Moves a record to the object store "set-aside". One without an id cannot be addressed and stays where it is. */
  setAside(damaged: Damaged): Promise<void>;
  /** What was set aside so far. */
  aside(): Promise<Damaged[]>;
}

export function memoryBacking(): Backing {
  const kinds = new Map<Kind, Map<string, unknown>>();
  const aside: Damaged[] = [];
  const of = (kind: Kind) => {
    const found = kinds.get(kind) ?? new Map<string, unknown>();
    kinds.set(kind, found);
    return found;
  };
  return {
    all: async (kind) => [...of(kind).values()],
    put: async (kind, record) => {
      // A copy, as IndexedDB makes one: a later change of the object must not change the record.
      of(kind).set(record.id, structuredClone(record));
    },
    remove: async (kind, id) => void of(kind).delete(id),
    setAside: async (damaged) => {
      aside.push(damaged);
      of(damaged.kind).delete(damaged.id);
    },
    aside: async () => [...aside],
  };
}
