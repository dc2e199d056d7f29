/** What a run has done so far: the record that is kept with the copy. Pure. */
import type { SyncBatch } from "sysparm/sync";
import type { RunEnd, RunRecord } from "./copy/model";

export function begun(now: number): RunRecord {
  return {
    ...{ startedAt: now, at: now, end: "running", written: 0, deleted: 0, rate: null, progress: null, there: null },
  };
}

/** The last batch of a run that kept its promise ends it: it is stored as complete with its rows. */
export function afterBatch(run: RunRecord, { rows, deleted, progress }: SyncBatch, now: number): RunRecord {
  const written = run.written + rows.length;
  const { total, passed, hidden, deletions, caveat } = progress;
  return {
    ...run,
    ...{ at: now, written, deleted: run.deleted + deleted.length, rate: rateOf(written, now - run.startedAt) },
    end: progress.complete ? "complete" : "running",
    progress: { total, passed, hidden, deletions, caveat: caveat ?? run.progress?.caveat ?? null },
  };
}

export function ended(
  run: RunRecord,
  how: Exclude<RunEnd, "running">,
  now: number,
  facts: { there?: number | null; problem?: string } = {},
): RunRecord {
  return { ...run, at: now, end: how, ...facts };
}

/** Rows a second. Null where the time is too short, or a clock went backwards. */
function rateOf(rows: number, ms: number): number | null {
  return ms < 1 ? null : Math.round((rows / ms) * 1_000);
}
