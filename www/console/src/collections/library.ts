/** The collections and the history of the page. Every change is kept in the store, if there is one. */
import { signal } from "@preact/signals";
import type { Kinds } from "../store/records";
import type { Kept } from "../store/schemas";
import type { Changed } from "../store/store";
import type { Collection } from "../workspace/model";
import { added, type HistoryEntry, MOST_ENTRIES } from "./history";

/** As much of the store as this needs. */
export interface LibraryStore {
  all: <K extends "collections" | "history" | "tabs">(kind: K) => Promise<Kinds[K][]>;
  put: <K extends "collections" | "history" | "tabs">(kind: K, data: Kinds[K]) => Promise<void>;
  remove: (kind: "collections" | "history" | "tabs", id: string) => Promise<void>;
  watch: (changed: (changed: Changed) => void) => unknown;
}

export type Library = ReturnType<typeof createLibrary>;

/** Without a store everything ends with the tab. `dropped` is called with records that were changed or removed here, as they were. */
export function createLibrary(
  store: LibraryStore | null,
  dropped: (records: readonly (Collection | HistoryEntry)[]) => void = () => undefined,
) {
  const collections = signal<readonly Collection[]>([]);
  const history = signal<readonly HistoryEntry[]>([]);

  let loading: Promise<void> | undefined;
  /** Changes made here or taken over from another tab, so that a reading that was begun before one does not undo it. */
  const changes = { collections: 0, history: 0 };

  store?.watch(({ kind, id, data }) => {
    if (kind === "collections" || kind === "history") changes[kind] += 1;
    if (kind === "collections") collections.value = withRecord(collections.value, id, data);
    else if (kind === "history" && (data === null || isEntry(data)))
      history.value = withRecord(history.value, id, data).sort(byTime).slice(0, MOST_ENTRIES);
  });

  /** Calls at the same time share one reading, so that a damaged record is reported once. */
  function load(): Promise<void> {
    loading ??= read().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function read(): Promise<void> {
    if (!store) return;
    const collectionsRead = unchanged("collections", store).then((found) => {
      collections.value = found.sort((one, other) => one.name.localeCompare(other.name));
    });
    const historyRead = unchanged("history", store).then((entries) => {
      history.value = entries.filter(isEntry).sort(byTime);
    });
    await Promise.all([collectionsRead, historyRead]);
  }

  /** Reads again what was changed meanwhile. */
  async function unchanged<K extends keyof typeof changes>(kind: K, store: LibraryStore): Promise<Kinds[K][]> {
    const before = changes[kind];
    const found = await store.all(kind);
    return changes[kind] === before ? found : unchanged(kind, store);
  }

  /** Replaces the collections. Those that changed are stored, those that are gone are removed. */
  function set(next: readonly Collection[]): void {
    changes.collections += 1;
    const before = collections.value;
    collections.value = next;
    for (const collection of next) if (!before.includes(collection)) void store?.put("collections", collection);
    const ids = new Set(next.map(({ id }) => id));
    for (const { id } of before) if (!ids.has(id)) void store?.remove("collections", id);
    dropped(before.filter((collection) => !next.includes(collection)));
  }

  function record(entry: HistoryEntry): void {
    changes.history += 1;
    const before = history.value;
    history.value = added(before, entry);
    const masked = history.value[0];
    if (masked) void store?.put("history", { ...masked });
    const ids = new Set(history.value.map(({ id }) => id));
    const gone = before.filter(({ id }) => !ids.has(id));
    for (const { id } of gone) void store?.remove("history", id);
    dropped(gone);
  }

  function clearHistory(): void {
    changes.history += 1;
    const gone = history.value;
    history.value = [];
    for (const { id } of gone) void store?.remove("history", id);
    dropped(gone);
  }

  return { collections, history, load, set, record, clearHistory };
}

function byTime(one: HistoryEntry, other: HistoryEntry): number {
  return other.at - one.at;
}

/** The list in which the record with an id is as given; null: it is gone. A new one is the last. */
function withRecord<Data extends { id: string }>(list: readonly Data[], id: string, data: Data | null): Data[] {
  if (!data) return list.filter((one) => one.id !== id);
  if (!list.some((one) => one.id === id)) return [...list, data];
  return list.map((one) => (one.id === id ? data : one));
}

export function isEntry(kept: Kept): kept is Kept & HistoryEntry {
  return typeof kept.at === "number" && typeof kept.line === "string" && typeof kept.request === "object";
}
