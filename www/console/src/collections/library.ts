/** The collections and the history of the page. Every change is kept in the store, if there is one. */
import { signal } from "@preact/signals";
import type { Kinds } from "../store/records";
import type { Kept } from "../store/schemas";
import type { Collection } from "../workspace/model";
import { added, type HistoryEntry } from "./history";

/** As much of the store as this needs. */
export interface LibraryStore {
  all: <K extends "collections" | "history" | "tabs">(kind: K) => Promise<Kinds[K][]>;
  put: <K extends "collections" | "history" | "tabs">(kind: K, data: Kinds[K]) => Promise<void>;
  remove: (kind: "collections" | "history", id: string) => Promise<void>;
}

export type Library = ReturnType<typeof createLibrary>;

/** Without a store everything ends with the tab. */
export function createLibrary(store: LibraryStore | null) {
  const collections = signal<readonly Collection[]>([]);
  const history = signal<readonly HistoryEntry[]>([]);

  let loading: Promise<void> | undefined;

  /** Calls at the same time share one reading, so that a damaged record is reported once. */
  function load(): Promise<void> {
    loading ??= read().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function read(): Promise<void> {
    if (!store) return;
    collections.value = (await store.all("collections")).sort((one, other) => one.name.localeCompare(other.name));
    const entries = (await store.all("history")).filter(isEntry);
    history.value = entries.sort((one, other) => other.at - one.at);
  }

  /** Replaces the collections. Those that changed are stored, those that are gone are removed. */
  function set(next: readonly Collection[]): void {
    const before = collections.value;
    collections.value = next;
    for (const collection of next) if (!before.includes(collection)) void store?.put("collections", collection);
    const ids = new Set(next.map(({ id }) => id));
    for (const { id } of before) if (!ids.has(id)) void store?.remove("collections", id);
  }

  function record(entry: HistoryEntry): void {
    const before = history.value;
    history.value = added(before, entry);
    const masked = history.value[0];
    if (masked) void store?.put("history", { ...masked });
    const ids = new Set(history.value.map(({ id }) => id));
    for (const { id } of before) if (!ids.has(id)) void store?.remove("history", id);
  }

  function clearHistory(): void {
    for (const { id } of history.value) void store?.remove("history", id);
    history.value = [];
  }

  return { collections, history, load, set, record, clearHistory };
}

function isEntry(kept: Kept): kept is Kept & HistoryEntry {
  return typeof kept.at === "number" && typeof kept.line === "string" && typeof kept.request === "object";
}
