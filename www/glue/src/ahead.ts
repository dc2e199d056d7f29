/**
 * Pages that are read ahead, whoever reads them: the core says which one is due and which can be asked for behind it; up to `ahead`
 * of them are under way or at hand while the caller works, and they are handed over in their order.
 *
 * By number an answer is good as long as its path is the one that is due. By key a page that was asked for ahead begins a few rows
 * early, and is good if the row that the walk stands behind is among them.
 */
import type { Row } from "sysparm";
import { Cancellation } from "./cancellation.js";
import type { Answered } from "./driver.js";
import { EXPECT } from "./reply.js";
import { countOf, stored } from "./rows.js";
import type { Send } from "./sending.js";

/** More pages than this would only be held in memory: an instance serves fewer requests of one client at a time. */
export const MOST_AHEAD = 8;

/** What the core tells of the pages that follow. */
export interface Walked {
  /** Of the page that is due, or of one so many pages behind it. */
  path(ahead: number): string | undefined;
  /** Absent where `sys_id` alone is the key. */
  readonly keyField?: string | undefined;
  /** The `sys_id` of the row that the walk stands behind. */
  readonly behind: string | undefined;
  joins(value: string, id: string, lastValue: string, lastId: string): boolean;
  failed(code: string): boolean;
}

/** Asks for pages until it is over, or until the caller's signal says so; then what is under way is cancelled. */
export interface Asking {
  ask(path: string): Promise<Answered>;
  ends: Cancellation;
  over(): void;
}

export const ended = () => undefined;

export function asking(send: Send, signal: AbortSignal | undefined): Asking {
  const ends = new Cancellation();
  const abort = () => ends.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  return {
    ask(path) {
      const answer = send({ method: "GET", path, expect: EXPECT.rows, cancellation: ends });
      // Whoever takes it sees its failure; perhaps nobody does.
      answer.catch(ended);
      return answer;
    },
    ends,
    over() {
      signal?.removeEventListener("abort", abort);
      ends.abort();
    },
  };
}

/**
 * Gives what takes the page that is due, with `most` of them under way meanwhile: of one that was asked for ahead, the rows that follow.
 *
 * Pages that overtake the one that is due keep no place: while that is late others are asked for in their stead, until twice `ahead` are
 * asked for or at hand.
 */
export function taking(
  walk: Walked,
  ahead: number,
  { ask, ends }: Asking,
): (due: string | undefined, most: () => number) => Promise<{ rows: Row[]; counted: number | undefined } | undefined> {
  /** In their order: the first is due. */
  let asked: { path: string; joins: boolean; answer: Promise<Answered> }[] = [];
  let underWay = 0;
  /** While the first is waited for. Afterwards the core has yet to hear of it, and counts pages from the one before. */
  let fill: (() => void) | undefined;
  const landed = () => {
    underWay -= 1;
    fill?.();
  };
  const begin = (path: string, joins: boolean) => {
    const answer = ask(path);
    underWay += 1;
    answer.then(landed, landed);
    return { path, joins, answer };
  };
  return async (path, most) => {
    let due = path;
    while (due !== undefined) {
      let [first] = asked;
      // Where the walk begins anew there is nothing that a page could join.
      if (!first || (first.joins ? walk.behind === undefined : first.path !== due)) {
        first = begin(due, false);
        asked = [first];
      }
      fill = () => {
        const places = ahead > 1 ? 2 * ahead : most();
        while (!ends.aborted && underWay < most() && asked.length < places) {
          const later = walk.path(asked.length);
          if (later === undefined) break;
          asked.push(begin(later, walk.behind !== undefined));
        }
      };
      fill();
      let answered: Answered;
      try {
        answered = await first.answer;
        fill = undefined;
      } catch (thrown) {
        fill = undefined;
        asked = [];
        if (ends.aborted || !walk.failed(String((thrown as { code?: unknown } | null)?.code))) throw thrown;
        due = walk.path(0);
        continue;
      }
      // The caller may have gone, and the walk with it.
      ends.throwIfAborted();
      asked.shift();
      let rows = answered.result as Row[];
      if (first.joins) {
        const place = rows.findIndex((row) => stored(row, "sys_id") === walk.behind);
        // Without such a row the last one is shown, which is not it.
        if (!walk.joins(...keysOf(walk, rows.slice(place)))) {
          asked.unshift(begin(due, false));
          continue;
        }
        rows = rows.slice(place + 1);
      }
      return { rows, counted: countOf(answered.reply) };
    }
    return undefined;
  };
}

/** What `next` makes, in its order, up to `ahead` of them before they are wanted. It is told how many pages may be under way. */
export async function* inOrder<T>(
  ahead: number,
  ends: Cancellation,
  next: (most: () => number) => Promise<T | undefined>,
): AsyncGenerator<T, void, undefined> {
  let held = 0;
  const most = () => ahead - held;
  const waiting: Promise<T | undefined>[] = [];
  let latest: Promise<void> = Promise.resolve();
  const made = async () => {
    ends.throwIfAborted();
    const page = await next(most);
    held += 1;
    return page;
  };
  const prepare = () => {
    const page = latest.then(made);
    waiting.push(page);
    // Of nothing: a page that is remembered here would be in memory while the next is parsed, and be moved by each collection.
    // And a step later than the page itself: who waits for it takes it before `next` counts what is held.
    latest = page.then(ended);
    latest.catch(ended);
  };
  for (;;) {
    ends.throwIfAborted();
    if (waiting.length === 0) prepare();
    const page = await waiting.shift();
    if (page === undefined) return;
    held -= 1;
    while (waiting.length < ahead) prepare();
    yield page;
  }
}

/** What the core needs of the rows: the keys of the first and of the last. */
export function keysOf({ keyField }: Walked, rows: Row[]): [string, string, string, string] {
  const keys = (row: Row | undefined): [string, string] => {
    const value = keyField === undefined ? "" : stored(row, keyField);
    // A row that does not show its key is no place to go on from.
    return value === undefined ? ["", ""] : [value, stored(row, "sys_id") ?? ""];
  };
  return [...keys(rows[0]), ...keys(rows[rows.length - 1])];
}
