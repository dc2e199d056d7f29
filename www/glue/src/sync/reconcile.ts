/**
 * `reconcile()`: the core merges the source, read by `sys_id`, with the copy in the same order. This sends requests, takes the copy in
 * portions, and delivers differences. Later pages are requested while a portion is compared.
 */
import type { Row, Table } from "sysparm";
import type { ReconcileBatch, ReconcileOptions, SyncVersion } from "sysparm/sync";
import { DifferenceText } from "../protocol/codes.js";
import { type PageRequests, pageRequests } from "../shared/page-requests.js";
import { encodedQuery } from "../shared/query-text.js";
import { deliverInOrder } from "../shared/read-ahead.js";
import { stored } from "../shared/rows.js";
import { checkpointTexts } from "./checkpoint.js";
import { comparedOf, comparedTexts } from "./compared.js";
import { refusing } from "./error.js";
import { checkedOptions, RECONCILE, refuse } from "./options.js";
import { textsOfVersion } from "./version.js";
import { type Comparison, load, syncs } from "./wasm.js";

/** Versions of the copy that are taken at once. */
const PORTION = 1000;

type CopyVersion = Partial<SyncVersion> & { readonly id: string };

/** Compares a copy with its table. */
export async function* reconcile(
  table: Table,
  options: ReconcileOptions,
): AsyncGenerator<ReconcileBatch, void, undefined> {
  const { send, ahead } = checkedOptions(table, options, RECONCILE);
  await load();
  const requests = pageRequests(send, options);
  let run: Comparison | undefined;
  let copy: AsyncIterator<CopyVersion> | Iterator<CopyVersion> | undefined;
  try {
    run = beginComparison(table.name, options);
    copy = versionsOf(options);
    yield* differences(run, copy, ahead, requests);
  } finally {
    requests.end();
    run?.free();
    await copy?.return?.();
  }
}

async function* differences(
  run: Comparison,
  copy: AsyncIterator<CopyVersion> | Iterator<CopyVersion>,
  ahead: number,
  requests: PageRequests,
): AsyncGenerator<ReconcileBatch, void, undefined> {
  // A page is counted only when the comparison wants it: it would change what is being compared with the copy.
  const pages = deliverInOrder(run, requests, { ahead, accepted: 0 }, (rows, counted) => {
    refusing(() => run.received(counted, rows.flatMap(textsOfRow)));
    return rows;
  });
  for (;;) {
    requests.cancellation.throwIfAborted();
    const hasCome = run.wantsPage() && !(await pages.next()).done;
    if (run.wantsCopy()) {
      const { versions, over } = await portion(copy);
      requests.cancellation.throwIfAborted();
      refusing(() => run.copied(versions, over));
    }
    const found = run.found();
    if (hasCome || found.length > DifferenceText.ids || run.over) yield differenceBatch(run, found);
    if (run.over) return;
  }
}

function beginComparison(name: string, options: ReconcileOptions): Comparison {
  const { query, pageSize, compared, syncedTo } = options;
  const texts = compared === undefined ? undefined : comparedTexts(compared);
  // Checked here, so that an invalid one is reported as in a sync.
  if (syncedTo !== undefined) checkpointTexts(syncedTo);
  const delivered = syncedTo?.rowKeys.flatMap(textsOfVersion) ?? [];
  const settled = syncedTo?.rows?.value ?? "";
  return refusing(
    () => new syncs.glue.Comparison(name, encodedQuery(query, refuse), pageSize, texts, settled, delivered),
  );
}

function versionsOf({ copy, compared }: ReconcileOptions): AsyncIterator<CopyVersion> | Iterator<CopyVersion> {
  return typeof copy === "function" ? behindEachOther(copy, compared?.after ?? "") : iteratorOf(copy);
}

/** Asks the function for what is behind the last version, until there is nothing. */
async function* behindEachOther(
  copy: (after: string) => unknown,
  start: string,
): AsyncGenerator<CopyVersion, void, undefined> {
  let first: unknown;
  for (let after = start; ; ) {
    const asked = after;
    const versions = iteratorOf(await copy(after));
    try {
      for (let number = 0; ; number += 1) {
        const { value, done } = await versions.next();
        if (done) break;
        const { id } = Object(value);
        // A function that ignores its argument begins again, and has given everything before.
        if (number === 0 && first !== undefined && id === first) return;
        first ??= id;
        after = String(id);
        yield value;
      }
    } finally {
      await versions.return?.();
    }
    if (after === asked) return;
  }
}

function iteratorOf(given: unknown): AsyncIterator<CopyVersion> | Iterator<CopyVersion> {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(given);
  const iterate = later ?? now;
  if (typeof iterate !== "function" || typeof given === "string") {
    throw refuse(
      "options.type",
      "Invalid option `copy`. Pass the versions that the copy holds, in the order of their ids.",
    );
  }
  return iterate.call(given);
}

async function portion(
  copy: AsyncIterator<CopyVersion> | Iterator<CopyVersion>,
): Promise<{ versions: string[]; over: boolean }> {
  const versions: string[] = [];
  for (let count = 0; count < PORTION; count += 1) {
    const { value, done } = await copy.next();
    if (done) return { versions, over: true };
    const { id, at = "", changes = "" } = Object(value);
    if ([id, at, changes].some((text) => typeof text !== "string") || id === "") {
      throw refuse("options.type", "Invalid version in option `copy`. Pass { id, at?, changes? }, all strings.");
    }
    versions.push(...textsOfVersion({ id, at, changes }));
  }
  return { versions, over: false };
}

function textsOfRow(row: Row): string[] {
  const value = (field: string) => stored(row, field) ?? "";
  return textsOfVersion({ id: value("sys_id"), at: value("sys_updated_on"), changes: value("sys_mod_count") });
}

function differenceBatch(run: Comparison, found: string[]): ReconcileBatch {
  const ids = found.slice(DifferenceText.ids);
  const missing = Number(found[DifferenceText.missing]);
  const stale = Number(found[DifferenceText.stale]);
  const compared = comparedOf(run.compared());
  const { total, rows, pending, unknown } = compared;
  return {
    missing: ids.slice(0, missing),
    stale: ids.slice(missing, missing + stale),
    surplus: ids.slice(missing + stale),
    compared,
    progress: {
      total,
      compared: rows,
      missing: compared.missing,
      stale: compared.stale,
      surplus: compared.surplus,
      pending,
      unknown,
      hidden: run.hidden ?? null,
      complete: run.over && run.complete,
      caveat: run.caveat ?? null,
    },
  };
}
