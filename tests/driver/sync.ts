/** `sync()` and `reconcile()` of the package's shape over the Rust driver. In the bundle of the cases it stands for `sysparm/sync`. */

import type { Driver } from "driver-cases";
import type { Table } from "sysparm";
import type { ReconcileBatch, ReconcileOptions, SyncBatch, SyncOptions } from "sysparm/sync";
import { ended } from "./cancellation.js";
import { aheadOf, DRIVERS, errorOf, RequestError, refusal, type SysparmError, signalled } from "./connect.js";

export class SyncError extends RequestError {
  static override readonly name: string = "SyncError";
}

/** Versions of the copy that are taken at once. */
const PORTION = 1000;

/** What the state machines of syncs refuse is a `SyncError`. */
function asSyncError(thrown: unknown, code: "sync.checkpoint" | "reconcile.checkpoint"): unknown {
  if (thrown === "form") return new SyncError(`Invalid ${code}`, refusal(code));
  const error = errorOf(thrown) as SysparmError;
  return /^(sync|reconcile|options|request\.reading)/.test(String(error?.code))
    ? new SyncError(error.message, error.diagnosis)
    : error;
}

/** The driver of a table. Refuses what the types of the crate exclude. */
function driverOf(table: Table, options: object, known: string[]): Driver {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown) throw new SyncError(`Unknown option \`${unknown}\`.`, refusal("options.unknown"));
  const driver = DRIVERS.get(table);
  if (driver) return driver;
  throw new SyncError("Invalid argument `table`.", refusal("options.type"));
}

const BOTH = ["query", "pageSize", "ahead", "signal"];
const SYNC = [...BOTH, "fields", "displayValue", "checkpoint", "deletions"];
const RECONCILE = [...BOTH, "copy", "compared", "syncedTo"];

export async function* sync(table: Table, options: SyncOptions = {}): AsyncGenerator<SyncBatch, void, undefined> {
  const {
    query,
    fields = [],
    displayValue,
    pageSize,
    checkpoint,
    deletions = [table.name],
    ahead = 1,
    signal,
  } = options;
  const driver = driverOf(table, options, SYNC);
  const given = checkpoint === undefined ? undefined : JSON.stringify(checkpoint);
  const classes = deletions === false ? "" : deletions.join();
  let copying: Awaited<ReturnType<Driver["sync"]>>;
  try {
    copying = await signalled(signal, (cancelled) =>
      driver.sync(
        table.name,
        String(query ?? ""),
        fields.join(),
        String(displayValue ?? ""),
        pageSize,
        classes,
        given,
        aheadOf(ahead),
        cancelled,
      ),
    );
    for (;;) {
      const batch = await signalled(signal, (cancelled) => copying?.next(cancelled) as Promise<Record<string, string>>);
      if (batch === null) return;
      const { deleted, checkpoint: reached, ...rest } = batch;
      yield {
        ...rest,
        deleted: JSON.parse(deleted as string),
        checkpoint: JSON.parse(reached as string),
      } as unknown as SyncBatch;
    }
  } catch (thrown) {
    throw signal?.aborted ? signal.reason : asSyncError(thrown, "sync.checkpoint");
  } finally {
    if (copying) ended(copying);
  }
}

export async function* reconcile(
  table: Table,
  options: ReconcileOptions,
): AsyncGenerator<ReconcileBatch, void, undefined> {
  const { query, pageSize, compared, syncedTo, copy, ahead = 1, signal } = options;
  const driver = driverOf(table, options, RECONCILE);
  const text = (data: unknown) => (data === undefined ? undefined : JSON.stringify(data));
  const behind = portions(copy as Copied);
  let differing: ReturnType<Driver["reconcile"]> | undefined;
  try {
    differing = driver.reconcile(
      table.name,
      String(query ?? ""),
      pageSize,
      text(compared),
      text(syncedTo),
      aheadOf(ahead),
    );
    for (;;) {
      const step = await signalled(signal, (cancelled) => (differing as NonNullable<typeof differing>).next(cancelled));
      if (step === null) return;
      if (typeof step === "string") {
        const { versions, isOver } = await behind(step);
        differing.copied(JSON.stringify(versions), isOver);
        continue;
      }
      yield batchOf(step as Record<string, unknown>);
    }
  } catch (thrown) {
    throw signal?.aborted ? signal.reason : asSyncError(thrown, "reconcile.checkpoint");
  } finally {
    if (differing) ended(differing);
  }
}

type Version = { id: string; at?: string; changes?: string };
type Versions = Iterable<Version> | AsyncIterable<Version>;
type Copied = Versions | ((after: string) => Versions | Promise<Versions>);

/** Portions of a copy: of an iterable one after the other, of a function what it gives behind an id. */
function portions(copy: Copied) {
  let whole: AsyncIterator<Version> | Iterator<Version> | undefined;
  let first: string | undefined;
  return async (after: string) => {
    const isFunction = typeof copy === "function";
    const given = isFunction ? await copy(after) : copy;
    whole = isFunction ? iteratorOf(given) : (whole ?? iteratorOf(given));
    const versions: Required<Version>[] = [];
    while (isFunction || versions.length < PORTION) {
      const { value, done } = await whole.next();
      if (done) return { versions, isOver: isFunction ? versions.length === 0 : true };
      const { id, at = "", changes = "" } = value;
      if (typeof id !== "string") throw new SyncError("Invalid version", refusal("options.type"));
      // A function that ignores its argument has given everything before.
      if (isFunction && versions.length === 0 && id === first) return { versions, isOver: true };
      first ??= id;
      versions.push({ id, at, changes });
    }
    return { versions, isOver: false };
  };
}

function iteratorOf(given: unknown): AsyncIterator<Version> | Iterator<Version> {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(given);
  if (!later && !now) throw new SyncError("Invalid option `copy`.", refusal("options.type"));
  return (later ?? now).call(given);
}

function batchOf(step: Record<string, unknown>): ReconcileBatch {
  const list = (name: string) => JSON.parse(step[name] as string);
  const compared = list("compared");
  const { total, rows, missing, stale, surplus, pending, unknown } = compared;
  const { hidden, complete, caveat } = step;
  const progress = { total, compared: rows, missing, stale, surplus, pending, unknown, hidden, complete, caveat };
  return {
    missing: list("missing"),
    stale: list("stale"),
    surplus: list("surplus"),
    compared,
    progress,
  } as unknown as ReconcileBatch;
}
