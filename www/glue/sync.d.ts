/**
 * sysparm/sync: a copy of a table kept up to date.
 *
 * A WebAssembly file of its own: who keeps no copy does not pay for it. It sends through the table that it is given, so tokens,
 * pacing and diagnosis are those of the instance.
 *
 * The promise: every row that the user may read and that was last changed before the lag is delivered at its newest version; none is
 * delivered twice at the same version within a run; what could not be read is counted.
 *
 * ```ts
 * for await (const { rows, deleted, checkpoint } of sync(instance.table("incident"), { checkpoint: await stored() })) {
 *   await store(rows, deleted, checkpoint);
 * }
 * ```
 */
import { type CallOptions, type ReadOptions, RequestError, type Row, type Table, type WasmSource } from "./index.js";

/** Instantiates the WebAssembly module; the first sync does it. */
export function load(source?: WasmSource): Promise<void>;

/**
 * One run: from a checkpoint, or the first. It ends a second before the instance's own time, for the second that is still being
 * written is left to the next run, and begins two seconds before the last row that was handed over, for a row is stamped before it is
 * committed.
 *
 * Store a batch and its checkpoint together, or the batch first: whatever crashes in between is repeated and nothing is lost. Rows
 * are replaced by `sys_id`. A first run opens with an empty batch: store its checkpoint before any row, for deletions count from it.
 *
 * Not seen: rows written without a new stamp (`autoSysFields(false)`), rows restored with an old one, rows that an access rule has
 * hidden or shown since, and deletions that the instance keeps no record of (`progress.deletions` says when).
 *
 * A page waits out limits and outages as those of `pages()` do.
 *
 * @throws SyncError what cannot be synced; SysparmError what failed on the way. A new run from the last checkpoint goes on.
 */
export function sync(table: Table, options?: SyncOptions): AsyncIterableIterator<SyncBatch>;

/** Options of `sync()`. */
export interface SyncOptions extends CallOptions {
  /** Its order is of no account: rows come in the order of their changes. */
  query?: ReadOptions["query"];
  /** `sys_id`, `sys_updated_on` and `sys_mod_count` come along with these. */
  fields?: readonly string[] | undefined;
  /** Stored values (false, the default), or labels with them ("all"). */
  displayValue?: false | "all" | undefined;
  /** Rows asked for at a time, 1 to 10,000; 1,000 by default. */
  pageSize?: number | undefined;
  /**
   * Pages asked for, and batches that wait, while you store one, 0 to 8; 1 by default. From 2 on pages are under way at once, as far as
   * `pace.concurrency` lets them, as with `pages()`. Batches come in their order, each with the checkpoint of its own page: the promise
   * stays, and a crash loses what waited and nothing else. The last two seconds before the run's end are read page by page, for
   * changes may still be committed there. That number of pages more is held in memory.
   */
  ahead?: number | undefined;
  /** Of the last batch that was stored; without it, all rows come. */
  checkpoint?: SyncCheckpoint | undefined;
  /**
   * The tables under whose names deletions are on record in `sys_audit_delete`: the real class of a row, so a parent's name finds none
   * of its children's. The table itself by default; false reads no deletions.
   */
  deletions?: readonly string[] | false | undefined;
}

/** Changes to store, with the checkpoint that belongs to them. */
export interface SyncBatch {
  rows: Row[];
  /** `sys_id` of rows that were deleted. They come before rows, so a row that was made again is in the copy. */
  deleted: string[];
  checkpoint: SyncCheckpoint;
  progress: SyncProgress;
}

/** Plain JSON, to be kept as it is. It belongs to one table, query, list of fields and form of values, and to `params` that decide which rows come. */
export interface SyncCheckpoint {
  readonly form: number;
  readonly query: string;
  readonly rows: { readonly value: string; readonly id: string } | null;
  readonly unstampedRead: boolean;
  readonly deletions: string;
  readonly rowKeys: readonly SyncVersion[];
  readonly deletionKeys: readonly SyncVersion[];
}

/** A version that was handed over within the overlap. */
export interface SyncVersion {
  readonly id: string;
  readonly at: string;
  readonly changes: string;
}

/** How far a run has come. */
export interface SyncProgress {
  /** Rows of the run by the instance's count, before access rules; null when it does not say. */
  total: number | null;
  /** Rows passed, those handed over before included. */
  passed: number;
  /** Of those, handed over by an earlier run. */
  repeated: number;
  /**
   * Rows counted at the beginning of the run that it did not see: access rules hide them, or they were deleted meanwhile, or changed
   * and come with the next run. Known at the end.
   */
  hidden: number | null;
  /**
   * "read": handed over, as far as the user may read them. "trimmed": the instance has thrown away records since the last run.
   * "unread": the user may not read `sys_audit_delete`, or they were not asked for. After the last two, rows that were deleted may
   * still be in the copy. Where the user may not read them, `caveat` says who may.
   */
  deletions: "read" | "trimmed" | "unread";
  /** Records of deletions that access rules hide; known once they have been read. */
  hiddenDeletions: number | null;
  /** Whether the run is over and kept its promise. After false, run again from the checkpoint. */
  complete: boolean;
  /** What the reading of the rows could not promise, as `Page.caveat` says it, or why deletions are not read; null when there is nothing. It says why a run ends without `complete`. */
  caveat: string | null;
  /** By the pace so far. */
  remainingMs: number | null;
}

/**
 * Compares a whole copy with its source, by identifiers and versions, on demand: it finds what no sync can see. Both are read in the
 * order of `sys_id`, a page of each at a time, so memory does not grow with either; nothing but the versions is read.
 *
 * What the copy holds and the source does not show is **surplus**: it was deleted, or an access rule hides it, or the query no longer
 * finds it. From outside these cannot be distinguished, unless the last batch says `complete` and that nothing is `hidden`: then it is
 * gone, or no longer the query's. Rows that were written after the sync that `syncedTo` belongs to are **pending**: the next sync
 * brings them, and they are no difference. Do not write into the copy meanwhile; rows that are deleted from the source meanwhile
 * may still be taken for there.
 *
 * ```ts
 * const copy = (after: string) => database.select("select id, at, changes from copy where id > ? order by id", after);
 * for await (const { missing, stale, surplus, compared } of reconcile(instance.table("incident"), { copy, syncedTo })) {
 *   await repair(missing, stale, surplus, compared);
 * }
 * ```
 *
 * Each page of the source ends a batch with what was compared so far, plain JSON: stored with the batch, or after it, it lets another
 * run go on behind it.
 *
 * @throws SyncError what cannot be compared; SysparmError what failed on the way
 */
export function reconcile(table: Table, options: ReconcileOptions): AsyncIterableIterator<ReconcileBatch>;

/** A row as the copy knows it: `at` is its `sys_updated_on`, `changes` its `sys_mod_count`. What is left out is not compared. */
export type Held = Pick<SyncVersion, "id"> & Partial<SyncVersion>;

/** Versions in the order of `id`. */
export type HeldVersions = Iterable<Held> | AsyncIterable<Held>;

/** Options of `reconcile()`. */
export interface ReconcileOptions extends CallOptions {
  /**
   * What the copy holds, in the order of `id`, each once; as a function it is given the id from behind which that is wanted, "" at the
   * first, and is asked again with the last id that it gave, until it gives nothing: it may give a page at a time. Ids that are not 32 hexadecimal digits may stand anywhere; 5,000 of them at most.
   */
  copy: HeldVersions | ((after: string) => HeldVersions | Promise<HeldVersions>);
  /** The query of the sync that keeps the copy. Its order is of no account. */
  query?: ReadOptions["query"];
  /** Versions asked for at a time, 1 to 10,000; 1,000 by default. */
  pageSize?: number | undefined;
  /** Pages of the source asked for while a portion is compared, 0 to 8; 1 by default. From 2 on they are under way at once. */
  ahead?: number | undefined;
  /** The sync's last checkpoint: rows that its next run will bring are pending. */
  syncedTo?: SyncCheckpoint | undefined;
  /** Of the last batch that was stored: where another run stopped. */
  compared?: Compared | undefined;
}

/** What was found since the batch before: identifiers. */
export interface ReconcileBatch {
  /** In the source and not in the copy. */
  missing: string[];
  /** In both, at another version. */
  stale: string[];
  /** In the copy, and not to be seen in the source. */
  surplus: string[];
  compared: Compared;
  progress: ReconcileProgress;
}

/** The counts are of the whole comparison, runs before this one included. */
export interface ReconcileProgress {
  /** Rows of the source by its first count, before access rules; null when it does not say. */
  total: number | null;
  /** Rows of the source compared. */
  compared: number;
  missing: number;
  stale: number;
  surplus: number;
  /** Rows that differ and that the next sync brings. */
  pending: number;
  /** Rows of the copy behind the last row of a source that gives no counts: nothing proves that they are not there. */
  unknown: number;
  /** Rows of the source that access rules hide, by its first count; known at the end. */
  hidden: number | null;
  /** Whether this is the end, and the source was seen whole. */
  complete: boolean;
  /** What the reading of the source could not promise, as `Page.caveat` says it; null when there is nothing. */
  caveat: string | null;
}

/** Plain JSON, to be kept as it is. It belongs to one table and query. */
export interface Compared {
  readonly form: number;
  readonly query: string;
  /** The last id compared; "" before the first. */
  readonly after: string;
  readonly total: number | null;
  readonly rows: number;
  readonly missing: number;
  readonly stale: number;
  readonly surplus: number;
  readonly pending: number;
  readonly unknown: number;
  readonly sourceAside: readonly SyncVersion[];
  readonly copyAside: readonly SyncVersion[];
}

/**
 * `code`: "sync.other-query" for a checkpoint of another table, query, list of fields or form of values; "sync.checkpoint" for what is
 * none; "sync.query" for a query whose `^NQ` groups are not certain; "sync.labels"; "sync.keys-hidden" when the user may not read
 * `sys_id` or `sys_updated_on`; "sync.clock" when the instance's time cannot be read: in a browser its CORS rule has to expose `Date`;
 * "reconcile.other-query" and "reconcile.checkpoint" likewise for what was compared; "reconcile.query"; "reconcile.order" when the
 * source does not come in the order of `sys_id`, "reconcile.copy" when the copy does not; "reconcile.identifiers" for too many that
 * are not 32 hexadecimal digits; "request.reading" and "options.*" for what cannot be asked.
 */
export class SyncError extends RequestError {
  readonly kind: "request";
  private constructor();
}
