/**
 * What becomes of a write where another tab may have written the same record. Pure: called inside the transaction that reads and writes.
 *
 * Each write of a record raises its revision. A tab gives the revision and data that it read last; a record with another revision was
 * changed since.
 */
import { freeName, withNewIds } from "../workspace/copy";
import { merge, same } from "../workspace/merge";
import { type Collection, type Environment, newId, type SavedQuery } from "../workspace/model";
import { type Kind, type Kinds, readRecord, record, type StoredRecord } from "./records";

/** A record as this tab read or wrote it last. */
export interface Seen<Data> {
  revision: number;
  data: Data;
}

export type WriteDecision<Data> =
  /** `write` is stored in place of what was found. `merged`: it has changes of the other tab as well. */
  | { write: StoredRecord; data: Data; merged: boolean }
  /** The found record has this data already. */
  | { same: Seen<Data> }
  /** Both changed the same thing. The found record stays; the given data is to be stored as a copy. */
  | { theirs: Seen<Data> }
  /** The found record was written by a newer console: it stays. */
  | { newer: number };

/** 0 for records of earlier consoles, which have none, and where nothing is found. */
export function revisionOf(found: unknown): number {
  const { revision } = (found ?? {}) as Partial<StoredRecord>;
  return Number.isSafeInteger(revision) ? Number(revision) : 0;
}

/** A record that another tab removed is written again: no change is lost. */
export function decideWrite<K extends Kind>(
  kind: K,
  found: unknown,
  data: Kinds[K],
  seen: Seen<Kinds[K]> | undefined,
): WriteDecision<Kinds[K]> {
  const revision = Math.max(revisionOf(found), seen?.revision ?? 0) + 1;
  const written = (given: Kinds[K], merged: boolean) => ({
    write: { ...record(kind, given), revision },
    data: given,
    merged,
  });
  const read = found === undefined ? undefined : readRecord(kind, found);
  if (read && "newer" in read) return { newer: read.newer.version };
  // A damaged record is reported and set aside on reading; one that was not read yet is replaced.
  if (!read || "damaged" in read || !isShared(kind) || revisionOf(found) === seen?.revision)
    return written(data, false);
  const theirs = { revision: revisionOf(found), data: read.data };
  if (same(theirs.data, data)) return { same: theirs };
  const both = seen && joined(kind, seen.data, data, theirs.data);
  return both ? written(both, true) : { theirs };
}

/** Two changes of what `base` holds as one record; null where they have no place in one. */
export function joined<K extends Kind>(kind: K, base: Kinds[K], mine: Kinds[K], theirs: Kinds[K]): Kinds[K] | null {
  const { data, conflict } = merge(base, mine, theirs);
  return !conflict && isWhole(kind, data, [mine, theirs]) ? data : null;
}

/** The table of one change and the query of the other are a query that nobody wrote. */
function isWhole<K extends Kind>(kind: K, merged: Kinds[K], sides: readonly Kinds[K][]): boolean {
  if (kind !== "queries") return true;
  const { table, query } = merged as SavedQuery;
  return (sides as readonly SavedQuery[]).some((side) => side.table === table && side.query === query);
}

/** What another tab changed since is not removed: it is returned. */
export function decideRemoval<K extends Kind>(
  kind: K,
  found: unknown,
  seen: Seen<Kinds[K]> | undefined,
): { remove: true } | { theirs: Seen<Kinds[K]> } | { newer: number } {
  const read = found === undefined ? undefined : readRecord(kind, found);
  if (read && "newer" in read) return { newer: read.newer.version };
  if (!read || "damaged" in read || !isShared(kind) || revisionOf(found) === seen?.revision) return { remove: true };
  return { theirs: { revision: revisionOf(found), data: read.data } };
}

/** A copy with an id of its own and a name that is not among `names`. */
export function copyOf<K extends Kind>(kind: K, data: Kinds[K], names: ReadonlySet<string>): Kinds[K] {
  const { name } = data as Environment | Collection | SavedQuery;
  const renamed = { ...data, name: freeName(name, new Set([...names, name])) };
  return kind === "collections"
    ? (withNewIds(renamed as Collection) as Kinds[K])
    : ({ ...renamed, id: newId() } as Kinds[K]);
}

/** Records of the other kinds belong to a tab (tabs), are written once (history) or hold one choice (preferences): the last write stays. */
export function isShared(kind: Kind): boolean {
  return kind === "environments" || kind === "collections" || kind === "queries";
}
