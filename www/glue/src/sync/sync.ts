/**
 * `sync()`: the core names the next page, its new rows and the checkpoint; this sends requests through the client and delivers batches. Later
 * pages are read while the caller stores a batch. Each batch has the checkpoint of its own page and is delivered in order, so no checkpoint
 * covers a page that was not delivered.
 */

import type { Row, Table } from "sysparm";
import type { SyncBatch, SyncOptions } from "sysparm/sync";
import type { Judge } from "../conditions/index.js";
import type { Answered } from "../protocol/call.js";
import { type PageRequests, pageRequests } from "../shared/page-requests.js";
import { encodedQuery } from "../shared/query-text.js";
import { deliverInOrder } from "../shared/read-ahead.js";
import { stored } from "../shared/rows.js";
import { checkpointOf, checkpointTexts } from "./checkpoint.js";
import { refusing, SyncError } from "./error.js";
import { checkedOptions, refuse, SYNC } from "./options.js";
import { progressOf } from "./progress.js";
import { textsOfVersion } from "./version.js";
import { load, type SyncRun, syncs } from "./wasm.js";

export { SyncError };

/** Reads what changed since a checkpoint. */
export async function* sync(table: Table, options: SyncOptions = {}): AsyncGenerator<SyncBatch, void, undefined> {
  const { send, ahead } = checkedOptions(table, options, SYNC);
  const query = encodedQuery(options.query, refuse);
  const judged: { by?: Judge } = {};
  // Requests take longer than this file. Where it does not come, rows are not judged.
  if (query) void judging(table.name, options, judged);
  await load();
  const requests = pageRequests(send, options);
  let run: SyncRun | undefined;
  try {
    const now = await instanceTime(table.name, requests.ask);
    run = begin(table.name, query, options, now);
    yield* batches(run, ahead, requests, judged);
  } finally {
    requests.end();
    run?.free();
  }
}

async function* batches(
  run: SyncRun,
  ahead: number,
  requests: PageRequests,
  judged: { readonly by?: Judge },
): AsyncGenerator<SyncBatch, void, undefined> {
  const began = performance.now();
  if (run.hasBatch) yield batchOf(run, [], began);
  yield* deliverInOrder(run, requests, { ahead, accepted: ahead }, (rows, counted) => {
    received(run, rows, counted);
    // Deletions are rows of another table.
    const caveat = judged.by?.(run.deletions ? [] : rows);
    return batchOf(run, rows, began, caveat);
  });
}

/** Loads what finds rows that the query excludes. */
async function judging(table: string, options: SyncOptions, judged: { by?: Judge }): Promise<void> {
  const { query, fields, displayValue } = options;
  const file = await import("../conditions/index.js").catch(() => undefined);
  if (file) judged.by = file.judge(table, { query, fields, displayValue }, () => undefined);
}

/** The instance's clock decides which rows are settled; the host's may be wrong by minutes. */
async function instanceTime(name: string, ask: (path: string) => Promise<Answered>): Promise<number> {
  const path = `/api/now/table/${encodeURIComponent(name)}?sysparm_limit=1&sysparm_fields=sys_id&sysparm_no_count=true&sysparm_suppress_pagination_header=true`;
  const { reply } = await ask(path);
  const time = Date.parse(reply?.headers.get("date") ?? "");
  if (Number.isFinite(time)) return time;
  throw new SyncError(
    "sync.clock",
    "The instance's time cannot be read from its replies. In a browser, add Date to the exposed headers of the CORS rule (System Web Services > REST > CORS Rules)",
  );
}

function begin(name: string, query: string, options: SyncOptions, now: number): SyncRun {
  const { fields = [], displayValue, pageSize, checkpoint, deletions = [name] } = options;
  const classes = deletions === false ? [] : deletions;
  const both = displayValue === "all";
  const texts = checkpoint === undefined ? undefined : checkpointTexts(checkpoint);
  return refusing(() => new syncs.glue.SyncRun(name, query, fields.join(), both, pageSize, classes.join(), texts, now));
}

function received(run: SyncRun, rows: Row[], counted: number | undefined): void {
  const at = run.keyField;
  const changes = at === "sys_created_on" ? "documentkey" : "sys_mod_count";
  const value = (row: Row | undefined, field: string) => stored(row, field) ?? "";
  const from = run.versionsFrom(value(rows[rows.length - 1], at));
  let first = Math.max(0, rows.length - 1);
  while (first > 0 && value(rows[first - 1], at) >= from) first -= 1;
  const versions = rows
    .slice(first)
    .flatMap((row) => textsOfVersion({ id: value(row, "sys_id"), at: value(row, at), changes: value(row, changes) }));
  refusing(() => run.received(rows.length, counted, value(rows[0], at), value(rows[0], "sys_id"), versions));
}

function batchOf(run: SyncRun, rows: Row[], began: number, caveat?: string): SyncBatch {
  const skip = new Set(run.skip());
  const kept = rows.slice(0, run.keep).filter((_, place) => !skip.has(place));
  const deleted = run.deletions ? kept.map((row) => stored(row, "documentkey") ?? "") : [];
  const progress = { ...progressOf(run.progress(performance.now() - began)), caveat: caveat ?? run.caveat ?? null };
  return { rows: run.deletions ? [] : kept, deleted, checkpoint: checkpointOf(run.checkpoint()), progress };
}
