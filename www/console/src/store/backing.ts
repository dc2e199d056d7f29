/** Where the store keeps its records: an interface, and memory for browsers without IndexedDB. */
import type { Damaged, Kind, StoredRecord } from "./records";

/** What becomes of a record. */
export type Change = StoredRecord | "remove" | "keep";

export interface Backing {
  /** Every record of a kind. Nothing is known of their form. */
  all(kind: Kind): Promise<unknown[]>;
  /** The record with an id; undefined if there is none. */
  get(kind: Kind, id: string): Promise<unknown>;
  /**
   * Changes one record in one transaction: `decide` is given what is found, undefined if nothing, and returns the record to write,
   * `remove` or `keep`. It must not wait for anything.
   */
  change(kind: Kind, id: string, decide: (found: unknown) => Change): Promise<void>;
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
    get: async (kind, id) => of(kind).get(id),
    change: async (kind, id, decide) => {
      const change = decide(of(kind).get(id));
      if (change === "remove") of(kind).delete(id);
      // A copy, as IndexedDB makes one: a later change of the object must not change the record.
      else if (change !== "keep") of(kind).set(id, structuredClone(change));
    },
    setAside: async (damaged) => {
      aside.push(damaged);
      of(damaged.kind).delete(damaged.id);
    },
    aside: async () => [...aside],
  };
}
