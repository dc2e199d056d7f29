/** The queries that are kept under a name, on this device. */
import { computed, signal } from "@preact/signals";
import type { Store } from "../store/store";
import { freeName } from "../workspace/copy";
import { newId, type SavedQuery } from "../workspace/model";

export type SavedQueries = ReturnType<typeof createSavedQueries>;

export function createSavedQueries(store: Pick<Store, "all" | "put" | "remove" | "watch">) {
  const byId = signal<ReadonlyMap<string, SavedQuery>>(new Map());
  const list = computed(() => [...byId.value.values()].sort((one, other) => one.name.localeCompare(other.name)));
  /** What was removed last, to be put back. */
  const removed = signal<SavedQuery | null>(null);

  const set = (id: string, query: SavedQuery | null) => {
    const next = new Map(byId.peek());
    if (query) next.set(id, query);
    else next.delete(id);
    byId.value = next;
  };

  store.watch(({ kind, id, data }) => {
    if (kind !== "queries") return;
    set(id, data);
    // It is there: the removal was refused because another tab has changed it, or another tab has put it back.
    if (data && removed.peek()?.id === id) removed.value = null;
  });

  /** Reads what is kept. What is changed meanwhile is newer: then it is read once more. */
  async function load(): Promise<void> {
    const before = byId.peek();
    const found = await store.all("queries");
    if (byId.peek() !== before) return load();
    byId.value = new Map(found.map((query) => [query.id, query]));
  }

  const keep = (query: SavedQuery) => {
    set(query.id, query);
    void store.put("queries", query);
  };

  /** Under a name that no other has. */
  function add(name: string, { table, query }: Pick<SavedQuery, "table" | "query">): SavedQuery {
    const names = new Set(list.peek().map((one) => one.name));
    const added = { id: newId(), name: freeName(name, names), table, query };
    keep(added);
    return added;
  }

  function change(id: string, part: Partial<Omit<SavedQuery, "id">>): void {
    const before = byId.peek().get(id);
    if (before) keep({ ...before, ...part });
  }

  function remove(id: string): void {
    removed.value = byId.peek().get(id) ?? null;
    set(id, null);
    void store.remove("queries", id);
  }

  function putBack(): void {
    if (removed.value) keep(removed.value);
    removed.value = null;
  }

  return { list, removed, load, add, change, remove, putBack, find: (id: string) => byId.value.get(id) };
}
