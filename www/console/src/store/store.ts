/**
 * What the console keeps between visits: environments, collections, queries, history, tabs and preferences. No secret is in it (see
 * `vault/`).
 *
 * A record that does not fit its schema is set aside and reported, and the others are read all the same. Other tabs of the browser may
 * change the same records: `revisions.ts` says what becomes of a write then, and what they changed is given to `watch`.
 */
import { batch, signal } from "@preact/signals";
import type { Backing, Change } from "./backing";
import type { Channel, Notice } from "./channel";
import { exportedRecords, exportText } from "./export-file";
import { lossWords } from "./loss";
import { type Damaged, type Incoming, type Kind, type Kinds, type Newer, readRecord } from "./records";
import { copyOf, decideRemoval, decideWrite, isShared, joined, revisionOf, type Seen } from "./revisions";

export type Store = ReturnType<typeof createStore>;

/** A record that differs from what this tab wrote or read. `data` is null where it is gone. */
export type Changed = { [K in Kind]: { kind: K; id: string; data: Kinds[K] | null } }[Kind];

/** Two tabs changed the same thing at the same time. */
export interface Conflict {
  kind: Kind;
  name: string;
  /** The name under which the change of this tab is kept; empty for a removal, which was not done. */
  copy: string;
}

/** A write that waits for the one before it. `data` is null for a removal. */
interface Waiting {
  kind: Kind;
  id: string;
  data: Kinds[Kind] | null;
}

/** `channel` reaches the other tabs; `says` is what the person should know from the start. */
export function createStore(backing: Backing, says = "", channel: Channel | null = null) {
  /** Records that were set aside, with the reason. Shown until the person dismisses them, as are the next two. */
  const damaged = signal<readonly Damaged[]>([]);
  /** Records of a newer console. They stay as they are. */
  const newer = signal<readonly Newer[]>([]);
  const conflicts = signal<readonly Conflict[]>([]);
  /** What the person should know about the store as a whole; empty if nothing. */
  const notice = signal(says);
  /** Each record as this tab read or wrote it last. */
  const seen = new Map<string, Seen<Kinds[Kind]>>();
  const waiting = new Map<string, Waiting>();
  const writing = new Map<string, Promise<void>>();
  /** Records that another tab changed while this one wrote them. */
  const missed = new Set<string>();
  const watchers = new Set<(changed: Changed) => void>();

  function announce(kind: Kind, id: string, data: Kinds[Kind] | null): void {
    for (const watcher of watchers) watcher({ kind, id, data } as Changed);
  }

  function addNewer(found: Newer): void {
    const known = newer.value.some(({ kind, id }) => kind === found.kind && id === found.id);
    if (!known) newer.value = [...newer.value, found];
  }

  /** The data of a found record, which this tab has seen then; null if it cannot be read. */
  async function accept<K extends Kind>(kind: K, found: unknown): Promise<Kinds[K] | null> {
    const result = readRecord(kind, found);
    if ("data" in result) {
      const key = keyOf(kind, result.data.id);
      // A write of this tab may have ended since.
      if (revisionOf(found) >= (seen.get(key)?.revision ?? 0))
        seen.set(key, { revision: revisionOf(found), data: result.data });
      return result.data;
    }
    if ("newer" in result) addNewer(result.newer);
    else {
      damaged.value = [...damaged.value, result.damaged];
      if (result.damaged.id !== "") await backing.setAside(result.damaged);
    }
    return null;
  }

  /** Also gives `watch` what other tabs changed since: each part of the page then has what this tab has seen. */
  async function all<K extends Kind>(kind: K): Promise<Kinds[K][]> {
    await Promise.all(writing.values());
    const read: Kinds[K][] = [];
    const fresh: Kinds[K][] = [];
    for (const found of await backing.all(kind)) {
      const { id } = (found ?? {}) as { id?: string };
      const before = seen.get(keyOf(kind, id ?? ""))?.revision;
      const data = await accept(kind, found);
      if (!data) continue;
      read.push(data);
      if (isShared(kind) && revisionOf(found) !== before) fresh.push(data);
    }
    batch(() => {
      for (const data of fresh) {
        // A change that this tab makes meanwhile is newer.
        if (writing.has(keyOf(kind, data.id))) missed.add(keyOf(kind, data.id));
        else announce(kind, data.id, data);
      }
    });
    return read;
  }

  /**
   * Keeps a record. Of several changes of it that wait, the last is written. Says in `notice` when it could not be kept, for instance
   * because the disk is full.
   */
  function put<K extends Kind>(kind: K, data: Kinds[K]): Promise<void> {
    return enqueue({ kind, id: data.id, data });
  }

  function remove(kind: Kind, id: string): Promise<void> {
    return enqueue({ kind, id, data: null });
  }

  function enqueue(next: Waiting): Promise<void> {
    const key = keyOf(next.kind, next.id);
    waiting.set(key, next);
    const running = writing.get(key) ?? writeAll(key);
    writing.set(key, running);
    return running;
  }

  async function writeAll(key: string): Promise<void> {
    for (let next = waiting.get(key); next; next = waiting.get(key)) {
      waiting.delete(key);
      const { kind, id, data } = next;
      try {
        await (data ? write(key, kind, data) : removeNow(key, kind, id));
      } catch (thrown) {
        notice.value = lossWords(kind, thrown);
      }
      // Where it fails, the next write of the record meets the change.
      if (missed.delete(key)) await reread(key, kind, id).catch(() => undefined);
    }
    // In the same step as the check above, so that no change comes between.
    writing.delete(key);
  }

  async function decided<Decision>(kind: Kind, id: string, decide: (found: unknown) => [Decision, Change]) {
    let decision: Decision | undefined;
    await backing.change(kind, id, (found) => {
      const [made, change] = decide(found);
      decision = made;
      return change;
    });
    return decision as Decision;
  }

  async function write(key: string, kind: Kind, data: Kinds[Kind]): Promise<void> {
    const { id } = data;
    const decision = await decided(kind, id, (found) => {
      const made = decideWrite(kind, found, data, seen.get(key));
      return [made, "write" in made ? made.write : "keep"];
    });
    const later = waiting.get(key)?.data;
    if ("newer" in decision) addNewer({ kind, id, version: decision.newer });
    else if ("same" in decision) seen.set(key, decision.same);
    else if ("theirs" in decision) {
      // A change that waits is one of this tab's copy. A removal that waits is one of the other tab's record, and is decided anew.
      if (later) waiting.delete(key);
      await keepCopy(key, kind, later ?? data, decision.theirs);
    } else {
      const written = { revision: revisionOf(decision.write), data: decision.data };
      seen.set(key, written);
      channel?.send({ kind, id });
      if (!decision.merged) return;
      if (!later) {
        if (!waiting.has(key)) announce(kind, id, written.data);
        return;
      }
      // What waits was made without the other tab's change.
      const whole = joined(kind, data, later, written.data);
      if (whole) {
        waiting.set(key, { kind, id, data: whole });
        announce(kind, id, whole);
      } else {
        waiting.delete(key);
        await keepCopy(key, kind, later, written);
      }
    }
  }

  async function keepCopy(key: string, kind: Kind, mine: Kinds[Kind], theirs: Seen<Kinds[Kind]>): Promise<void> {
    seen.set(key, theirs);
    const names = [...seen].filter(([other]) => other.startsWith(`${kind} `)).map(([, { data }]) => nameOf(data));
    const copy = copyOf(kind, mine, new Set(names));
    announce(kind, theirs.data.id, theirs.data);
    announce(kind, copy.id, copy);
    conflicts.value = [...conflicts.value, { kind, name: nameOf(theirs.data), copy: nameOf(copy) }];
    await put(kind, copy);
  }

  async function removeNow(key: string, kind: Kind, id: string): Promise<void> {
    const decision = await decided(kind, id, (found) => {
      const made = decideRemoval(kind, found, seen.get(key));
      return [made, "remove" in made ? "remove" : "keep"];
    });
    if ("remove" in decision) channel?.send({ kind, id });
    else if ("newer" in decision) addNewer({ kind, id, version: decision.newer });
    else {
      seen.set(key, decision.theirs);
      announce(kind, id, decision.theirs.data);
      conflicts.value = [...conflicts.value, { kind, name: nameOf(decision.theirs.data), copy: "" }];
    }
  }

  /** Reads a record that another tab has written or removed. */
  async function reread(key: string, kind: Kind, id: string): Promise<void> {
    const found = await backing.get(kind, id);
    // The write that began meanwhile meets the change.
    if (waiting.has(key)) return;
    const before = seen.get(key)?.revision;
    if (found === undefined) announce(kind, id, null);
    else if (before === undefined || revisionOf(found) !== before) {
      const data = await accept(kind, found);
      if (data) announce(kind, id, data);
    }
  }

  channel?.listen((heard: Notice) => {
    if (!("kind" in heard)) return;
    const key = keyOf(heard.kind, heard.id);
    if (writing.has(key)) missed.add(key);
    else void reread(key, heard.kind, heard.id).catch(() => undefined);
  });

  /** Calls back with what other tabs changed, until the returned function is called. */
  function watch(changed: (changed: Changed) => void): () => void {
    watchers.add(changed);
    return () => watchers.delete(changed);
  }

  /** Everything but secrets, as the text of one JSON file. */
  async function exportAll(): Promise<string> {
    await Promise.all(writing.values());
    return exportText(backing.all);
  }

  /**
   * The records of an exported file. None is kept yet; those that do not fit are reported.
   * @throws Error for a file that is no export of the console
   */
  function readExport(text: string): Incoming[] {
    return exportedRecords(text).flatMap(([kind, found]): Incoming[] => {
      const result = readRecord(kind, found);
      if ("data" in result) return [{ kind, data: result.data } as Incoming];
      if ("newer" in result) addNewer(result.newer);
      else damaged.value = [...damaged.value, result.damaged];
      return [];
    });
  }

  return { damaged, newer, conflicts, notice, all, put, remove, watch, exportAll, readExport, aside: backing.aside };
}

function keyOf(kind: Kind, id: string): string {
  return `${kind} ${id}`;
}

function nameOf(data: Kinds[Kind]): string {
  return "name" in data && typeof data.name === "string" ? data.name : data.id;
}
