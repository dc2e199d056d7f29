/**
 * The pages of a table. The core says which page comes next and what is known after it; this fetches, keeps up to `ahead` pages
 * under way or at hand while the caller works, and hands the rows over untouched.
 *
 * By number an answer is good as long as its path is the one that is due. By key a page that was asked for ahead begins a few rows
 * early, and is good if the row that the walk stands behind is among them.
 */
import type { Page, ReadOptions, Row } from "sysparm";
import type { Query } from "sysparm/query";
import type { Answered } from "./driver.js";
import { invalid, knownSignal, optionalCount, optionalNumber, SysparmError, text, throwing } from "./errors.js";
import { EXPECT } from "./reply.js";
import { countOf, stored } from "./rows.js";
import type { Send } from "./sending.js";
import { Walk } from "./wasm.js";

const OPTIONS = ["query", "fields", "displayValue", "pageSize", "limit", "by", "ahead", "signal"];

/** Their places are the core's numbers. */
const BY: unknown[] = [undefined, "keyset", "offset"];
const FORMS: unknown[] = [false, true, "all"];

/** More pages than this would only be held in memory: an instance serves fewer requests of one client at a time. */
const MOST_AHEAD = 8;

const ended = () => undefined;

export async function* readPages(
  name: string,
  options: ReadOptions,
  send: Send,
): AsyncGenerator<Page, void, undefined> {
  known(options);
  const ahead = pagesAhead(options.ahead);
  const walk = openWalk(name, options);
  const ends = new AbortController();
  const abort = () => ends.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", abort);
  if (options.signal?.aborted) abort();
  /** Under way, in their order: the first is due. */
  let asked: { path: string; joins: boolean; answer: Promise<Answered> }[] = [];
  let held = 0;
  let due = walk.path(0);

  const ask = (path: string) => {
    const answer = send({ method: "GET", path, expect: EXPECT.rows, signal: ends.signal });
    // Whoever takes it sees its failure; perhaps nobody does.
    answer.catch(ended);
    return answer;
  };

  /** Where rows move to the end, the newest has to be known before pages are asked for ahead. */
  const fence = ahead > 1 ? walk.fencePath() : undefined;
  if (fence !== undefined && due !== undefined) {
    ask(fence).then(({ result }) => {
      const newest = (result as Row[]).map((row) => stored(row, walk.keyField ?? "")).find(Boolean);
      if (newest !== undefined && !ends.signal.aborted) walk.fenced(newest);
    }, ended);
  }

  /** What is due, and with it what can be asked for behind it. */
  const askFrom = (path: string) => {
    if (!(asked[0]?.joins || asked[0]?.path === path)) asked = [{ path, joins: false, answer: ask(path) }];
    while (asked.length < ahead - held) {
      const later = walk.path(asked.length);
      if (later === undefined) break;
      asked.push({ path: later, joins: walk.behind !== undefined, answer: ask(later) });
    }
    return asked[0] as (typeof asked)[number];
  };

  const next = async (): Promise<Page | undefined> => {
    while (due !== undefined) {
      ends.signal.throwIfAborted();
      const first = askFrom(due);
      let answered: Answered;
      try {
        answered = await first.answer;
      } catch (thrown) {
        asked = [];
        if (ends.signal.aborted || !(thrown instanceof SysparmError && walk.failed(thrown.code))) throw thrown;
        due = walk.path(0);
        continue;
      }
      // The caller may have gone, and the walk with it.
      ends.signal.throwIfAborted();
      asked.shift();
      let rows = answered.result as Row[];
      if (first.joins) {
        const place = rows.findIndex((row) => stored(row, "sys_id") === walk.behind);
        // Without such a row the last one is shown, which is not it.
        if (!walk.joins(...keysOf(walk, rows.slice(place)))) {
          asked.unshift({ path: due, joins: false, answer: ask(due) });
          continue;
        }
        rows = rows.slice(place + 1);
      }
      const keep = walk.received(rows.length, countOf(answered.reply), ...keysOf(walk, rows));
      due = walk.path(0);
      held += 1;
      return {
        rows: keep < rows.length ? rows.slice(0, keep) : rows,
        seen: walk.seen,
        total: walk.total ?? null,
        hidden: walk.hidden ?? null,
        complete: walk.complete,
        caveat: walk.caveat ?? null,
        next: due ?? null,
      };
    }
    return undefined;
  };

  const waiting: Promise<Page | undefined>[] = [];
  let latest: Promise<void> = Promise.resolve();
  const prepare = () => {
    const page = latest.then(next);
    waiting.push(page);
    // Of nothing: a page that is remembered here would be in memory while the next is parsed, and be moved by each collection.
    // And a step later than the page itself: who waits for it takes it before `next` counts what is held.
    latest = page.then(ended);
    latest.catch(ended);
  };
  try {
    for (;;) {
      ends.signal.throwIfAborted();
      if (waiting.length === 0) prepare();
      const page = await waiting.shift();
      if (page === undefined) return;
      held -= 1;
      while (waiting.length < ahead) prepare();
      yield page;
    }
  } finally {
    options.signal?.removeEventListener("abort", abort);
    ends.abort();
    walk.free();
  }
}

function openWalk(name: string, options: ReadOptions): Walk {
  const pageSize = optionalCount("pageSize", options.pageSize);
  const limit = optionalCount("limit", options.limit) ?? Number.POSITIVE_INFINITY;
  const form = displayForm(options.displayValue);
  const encoded = encodedQuery(options.query);
  const by = BY.indexOf(options.by ?? undefined);
  if (by < 0) throw invalid("options.by", 'by is "keyset" or "offset"');
  return throwing(() => new Walk(name, encoded, fieldList(options.fields), form, pageSize, limit, by));
}

function pagesAhead(value: unknown): number {
  const ahead = optionalNumber("ahead", value) ?? 1;
  if (Number.isInteger(ahead) && ahead >= 0 && ahead <= MOST_AHEAD) return ahead;
  throw invalid("options.ahead", `ahead is a number of pages from 0 to ${MOST_AHEAD}`);
}

/** What the core needs of the rows: the keys of the first and of the last. */
function keysOf(walk: Walk, rows: Row[]): [string, string, string, string] {
  const field = walk.keyField;
  const keys = (row: Row | undefined): [string, string] => {
    const value = field === undefined ? "" : stored(row, field);
    // A row that does not show its key is no place to go on from.
    return value === undefined ? ["", ""] : [value, stored(row, "sys_id") ?? ""];
  };
  return [...keys(rows[0]), ...keys(rows[rows.length - 1])];
}

export function encodedQuery(query: ReadOptions["query"] = ""): string {
  // "[object Object]", or a list's empty text, would be dropped by the instance, and the whole table would come.
  return typeof (query as Query | null)?.explain === "function"
    ? String(query)
    : text("a query that is no Query of sysparm/query", query);
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
