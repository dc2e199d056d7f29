/**
 * The pages of a table. The core names the next page and evaluates what arrived; this fetches pages, up to `ahead` of them before the caller
 * asks for them, and delivers the rows untouched.
 */
import type { Page, ReadOptions, Row } from "sysparm";
import type { Judge } from "../conditions/index.js";
import {
  ADDITIONS,
  COUNT,
  checkOptions,
  DISPLAY_VALUE,
  NAMES,
  type OptionTypes,
  QUERY,
  SIGNAL,
} from "../protocol/check-options.js";
import { PageOrder, ValueForm } from "../protocol/codes.js";
import type { Send } from "../protocol/send.js";
import { noop, pageRequests } from "../shared/page-requests.js";
import { encodedQuery } from "../shared/query-text.js";
import { AHEAD, deliverInOrder, keysOf } from "../shared/read-ahead.js";
import { stored } from "../shared/rows.js";
import type { Listener } from "./effects/events.js";
import { invalid, throwingErrors } from "./errors.js";
import { bounded } from "./explain.js";
import { type Closing, fileInTime } from "./file-wait.js";
import { type Walk, walks } from "./wasm.js";

const ORDERS: Record<NonNullable<ReadOptions["by"]>, PageOrder> = {
  keyset: PageOrder.keyset,
  offset: PageOrder.offset,
};

const OPTIONS: OptionTypes<ReadOptions> = {
  query: QUERY,
  fields: NAMES,
  displayValue: DISPLAY_VALUE,
  pageSize: COUNT,
  limit: COUNT,
  by: {
    expects: '"keyset" or "offset"',
    accepts: (value) => value == null || Object.keys(ORDERS).includes(value as string),
    code: "options.by",
  },
  ahead: AHEAD,
  signal: SIGNAL,
  ...ADDITIONS,
};

/** What the first reading needs of its instance. */
export interface ReadingContext extends Closing {
  /** Requests the token of the first page. */
  prepare(signal: AbortSignal | undefined): void;
  emit: Listener;
}

/** Reads a table page by page. */
export async function* readPages(
  name: string,
  options: ReadOptions,
  send: Send,
  context: ReadingContext,
): AsyncGenerator<Page, void, undefined> {
  checkOptions(options, OPTIONS, invalid);
  const { ahead = 1, signal } = options;
  if (!walks.isReady) await loadedWalks(context, signal);
  const walk = openWalk(name, options);
  let judge: Judge | undefined;
  const judging =
    options.query &&
    import("../conditions/index.js").then(
      (file) => {
        judge = file.judge(name, options, context.emit);
      },
      () => {
        judge = noop;
      },
    );
  // The first page waits for the file, which may never come.
  const judged: Send = async (asked) => (await Promise.all([send(asked), judging && bounded(judging)]))[0];
  const requests = pageRequests((asked) => (judging && !judge ? judged : send)(asked), options);
  /** The first row of the last page with rows. */
  let began = "";

  // Where changed rows move to the end, prefetching by key needs the newest row as it was at the beginning.
  const fence = ahead > 1 && walk.path(0) !== undefined ? walk.fencePath() : undefined;
  if (fence !== undefined) {
    const known = requests.ask(fence).then(({ result }) => {
      const newest = (result as Row[]).map((row) => stored(row, walk.keyField ?? "")).find(Boolean);
      if (newest !== undefined && !requests.cancellation.aborted) walk.fenced(newest);
    });
    // Without it pages are read one after the other.
    known.catch(noop);
  }

  const accept = (rows: Row[], counted: number | undefined): Page => {
    const first = rows.length > 0 ? JSON.stringify(rows[0]) : "";
    const isAgain = first !== "" && first === began;
    const keep = walk.received(rows.length, counted, ...keysOf(walk, rows), isAgain, ...factsOf(walk, rows));
    if (keep > 0) began = first;
    return {
      rows: keep < rows.length ? rows.slice(0, keep) : rows,
      seen: walk.seen,
      total: walk.total ?? null,
      hidden: walk.hidden ?? null,
      complete: walk.complete,
      caveat: judge?.(rows) ?? walk.caveat ?? null,
      next: walk.path(0) ?? null,
    };
  };

  try {
    yield* deliverInOrder(walk, requests, { ahead, accepted: ahead }, accept);
  } finally {
    requests.end();
    walk.free();
  }
}

/** Resolves when the WebAssembly is there; a token is requested meanwhile. */
async function loadedWalks(context: ReadingContext, signal: AbortSignal | undefined): Promise<void> {
  const arrived = walks.load().catch((cause: Error) => {
    throw invalid("pages.not-loaded", `${cause.message} Then read again.`, "network", { cause });
  });
  context.prepare(signal);
  await fileInTime(arrived, context, signal);
}

/**
 * What single keys do not show: whether rows share a `sys_id`, as those of a database view or a join can, and whether plain ones rise and
 * fall, so that the order is not kept.
 */
function factsOf({ keyField }: Walk, rows: Row[]): [isShared: boolean, isUnsorted: boolean] {
  const ids = rows.map((row) => stored(row, "sys_id")).filter((id) => id !== undefined);
  // Those that rise are neither. A set hashes every text, which took most of a page's time.
  if (ids.every((id, place) => place === 0 || id > (ids[place - 1] as string))) return [false, false];
  const unique = new Set(ids);
  const plain = keyField === undefined ? [...unique].filter((id) => /^[0-9a-f]{32}$/.test(id)) : [];
  const turns = new Set(plain.slice(1).map((id, place) => id > (plain[place] as string)));
  return [unique.size < ids.length, turns.size > 1];
}

function openWalk(name: string, options: ReadOptions): Walk {
  const { query, fields, displayValue, pageSize, limit = Number.POSITIVE_INFINITY, by } = options;
  const encoded = encodedQuery(query, invalid);
  const form = displayForm(displayValue);
  const order = by == null ? PageOrder.best : ORDERS[by];
  return throwingErrors(() => new walks.glue.Walk(name, encoded, fieldList(fields), form, pageSize, limit, order));
}

/** Field names as the core takes them. */
function fieldList(fields: ReadOptions["fields"] = []): string {
  return fields.join(",");
}

/** The core's code of a display value. */
function displayForm(value: ReadOptions["displayValue"]): ValueForm {
  switch (value ?? false) {
    case false:
      return ValueForm.raw;
    case true:
      return ValueForm.label;
    case "all":
      return ValueForm.both;
  }
}
