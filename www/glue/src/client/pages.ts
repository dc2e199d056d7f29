/**
 * The pages of a table. The core says which page comes next and what is known after it; this fetches, keeps up to `ahead` pages
 * under way or at hand while the caller works, and hands the rows over untouched.
 */
import type { Page, ReadOptions, Row } from "sysparm";
import type { Query } from "sysparm/query";
import type { Send } from "../protocol/send.js";
import { noop, pageRequests } from "../shared/page-requests.js";
import { objectionTo } from "../shared/query-text.js";
import { deliverInOrder, keysOf, MOST_AHEAD } from "../shared/read-ahead.js";
import { stored } from "../shared/rows.js";
import { invalid, knownSignal, optionalCount, optionalNumber, text, throwing } from "./errors.js";
import { core, type Walk } from "./wasm.js";

const OPTIONS = ["query", "fields", "displayValue", "pageSize", "limit", "by", "ahead", "signal"];

/** Their places are the core's numbers. */
const BY: unknown[] = [undefined, "keyset", "offset"];
const FORMS: unknown[] = [false, true, "all"];

export async function* readPages(
  name: string,
  options: ReadOptions,
  send: Send,
): AsyncGenerator<Page, void, undefined> {
  known(options);
  const ahead = pagesAhead(options.ahead);
  const walk = openWalk(name, options);
  const requests = pageRequests(send, options.signal);
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
    const facts = Number(first !== "" && first === began) + factsOf(walk, rows);
    const keep = walk.received(rows.length, counted, ...keysOf(walk, rows), facts);
    if (keep > 0) began = first;
    return {
      rows: keep < rows.length ? rows.slice(0, keep) : rows,
      seen: walk.seen,
      total: walk.total ?? null,
      hidden: walk.hidden ?? null,
      complete: walk.complete,
      caveat: walk.caveat ?? null,
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

/**
 * What single keys do not show, as the core takes it: 2 where rows share a `sys_id`, as those of a database view or a join can, and 4
 * where plain ones rise and fall, so that the order is not kept.
 */
function factsOf({ keyField }: Walk, rows: Row[]): number {
  const ids = rows.map((row) => stored(row, "sys_id")).filter((id) => id !== undefined);
  const unique = [...new Set(ids)];
  const plain = keyField === undefined ? unique.filter((id) => /^[0-9a-f]{32}$/.test(id)) : [];
  const turns = new Set(plain.slice(1).map((id, place) => id > (plain[place] as string)));
  return 2 * Number(unique.length < ids.length) + 4 * Number(turns.size > 1);
}

function openWalk(name: string, options: ReadOptions): Walk {
  const pageSize = optionalCount("pageSize", options.pageSize);
  const limit = optionalCount("limit", options.limit) ?? Number.POSITIVE_INFINITY;
  const form = displayForm(options.displayValue);
  const encoded = encodedQuery(options.query);
  const by = BY.indexOf(options.by ?? undefined);
  if (by < 0) throw invalid("options.by", 'by is "keyset" or "offset"');
  return throwing(() => new core.glue.Walk(name, encoded, fieldList(options.fields), form, pageSize, limit, by));
}

function pagesAhead(value: unknown): number {
  const ahead = optionalNumber("ahead", value) ?? 1;
  if (Number.isInteger(ahead) && ahead >= 0 && ahead <= MOST_AHEAD) return ahead;
  throw invalid("options.ahead", `ahead is a number of pages from 0 to ${MOST_AHEAD}`);
}

export function encodedQuery(query: ReadOptions["query"] = ""): string {
  // A Query says itself what it is not.
  if (typeof (query as Query | null)?.encoded === "function") return (query as Query).encoded();
  // "[object Object]", or a list's empty text, would be dropped by the instance, and the whole table would come.
  const objection = objectionTo(text("a query that is no Query of sysparm/query", query));
  if (objection) throw invalid("query.unread", objection);
  return query as string;
}

export function fieldList(fields: ReadOptions["fields"]): string {
  if (fields === undefined) return "";
  if (!Array.isArray(fields)) throw invalid("options.type", "fields must be a list of field names");
  return fields.map((field) => text("a field's name", field)).join(",");
}

export function displayForm(value: ReadOptions["displayValue"]): number {
  const form = FORMS.indexOf(value ?? false);
  if (form < 0) throw invalid("options.display-value", 'displayValue is true, false or "all"');
  return form;
}

export function known(options: unknown, names = OPTIONS): void {
  if (Object(options) !== options || Array.isArray(options)) throw invalid("options.type", "options must be an object");
  const unknown = Object.keys(options as object).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid("options.unknown", `This call knows no option ${unknown}; it knows ${names.join(", ")}`);
  }
  knownSignal((options as ReadOptions).signal);
}
