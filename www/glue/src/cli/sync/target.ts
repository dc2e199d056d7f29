/** What a synced copy is kept in. Changes are stored with the checkpoint that belongs to them. */
import type { Row } from "sysparm";
import type { SyncBatch, SyncCheckpoint } from "sysparm/sync";

/** Whose copy it is. A checkpoint is of use for this source alone. */
export interface SyncSource {
  /** The origin of the instance. */
  instance: string;
  table: string;
}

/** Changes that are stored together with their checkpoint, or not at all. */
export type Changes = Pick<SyncBatch, "rows" | "deleted" | "checkpoint">;

/** A file that holds a copy. It belongs to one run at a time. */
export interface SyncTarget {
  /** What a run goes on from, as the target was opened; undefined where all rows have to come. */
  readonly checkpoint: SyncCheckpoint | undefined;
  /** Settles when the changes are stored. A power cut takes the last of them at most, with their checkpoints. Deletions come before rows. */
  apply(changes: Changes): Promise<void>;
  /** Ends a run: the file shows every change that was applied. Returns the rows that it holds. */
  finish(): Promise<number>;
  /** Without `finish()` what was applied is kept for the next run. */
  close(): Promise<void>;
}

/** The kind of a target by the end of its file's name; undefined for another. */
export function targetKind(file: string): "ndjson" | "sqlite" | undefined {
  if (/\.(ndjson|jsonl)$/i.test(file)) return "ndjson";
  return /\.(db|sqlite|sqlite3)$/i.test(file) ? "sqlite" : undefined;
}

/** Why a checkpoint is not gone on from; undefined where it belongs to the source. */
export function otherSource(file: string, held: SyncSource, source: SyncSource): string | undefined {
  if (held.instance === source.instance && held.table === source.table) return undefined;
  return `\`${file}\` is a copy of ${held.table} of ${held.instance}, not of ${source.table} of ${source.instance}`;
}

/** The `sys_id` of a row as it was read: with labels it is an object. */
export function idOf(row: Row): string {
  const cell: unknown = row.sys_id;
  return String(typeof cell === "object" ? (cell as { value?: unknown } | null)?.value : cell);
}
