/**
 * Pages that are read ahead, whoever reads them: the core says which one is due and which can be asked for behind it; up to `ahead`
 * of them are under way or at hand while the caller works, and they are handed over in their order.
 *
 * By number an answer is good as long as its path is the one that is due. By key a page that was asked for ahead begins a few rows
 * early, and is good if the row that the walk stands behind is among them.
 *
 * Whoever takes a page on takes it out of what held it. A promise made when the page was asked for may be in the old generation when
 * the page comes, and an engine that collects the young one alone believes what an old object points to, dead or not: each page
 * would be copied until the next collection of all, and several at once cost a tenth of the time of reading.
 */

import type { Row } from "sysparm";
import type { Answered } from "../protocol/call.js";
import { Cancellation } from "../protocol/cancellation.js";
import { Expect } from "../protocol/expect.js";
import type { Send } from "../protocol/send.js";
import { countOf, stored } from "./rows.js";

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

/** How many pages there is room for. */
export interface Room {
  /** Under way. */
  most(): number;
  /** Asked for, whether they have come or not. */
  places(): number;
  /** What asks for more, as long as there is something to ask for. */
  fill?: (() => void) | undefined;
}

export const ended = () => undefined;

export function asking(send: Send, signal: AbortSignal | undefined): Asking {
  const ends = new Cancellation();
  const abort = () => ends.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  return {
    ask(path) {
      const answer = send({ method: "GET", path, expect: Expect.rows, cancellation: ends });
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

/** Gives what takes the page that is due, while others are under way: of one that was asked for ahead, the rows that follow. */
export function taking(
  walk: Walked,
  { ask, ends }: Asking,
): (due: string | undefined, room: Room) => Promise<{ rows: Row[]; counted: number | undefined } | undefined> {
  /** In their order: the first is due. */
  let asked: { path: string; joins: boolean; answer: Promise<Answered> }[] = [];
  let underWay = 0;
  let given: Room | undefined;
  const landed = () => {
    underWay -= 1;
    given?.fill?.();
  };
  const begin = (path: string, joins: boolean) => {
    const answer = ask(path);
    underWay += 1;
    // What the core refuses here it refuses again where the page is taken.
    answer.then(landed, landed).catch(ended);
    return { path, joins, answer };
  };
  return async (path, room) => {
    given = room;
    let due = path;
    while (due !== undefined) {
      let [first] = asked;
      // Where the walk begins anew there is nothing that a page could join.
      if (!first || (first.joins ? walk.behind === undefined : first.path !== due)) {
        first = begin(due, false);
        asked = [first];
      }
      // While the first is waited for: afterwards the core has yet to hear of it, and counts pages from the one before.
      room.fill = () => {
        while (!ends.aborted && underWay < room.most() && asked.length < room.places()) {
          const later = walk.path(asked.length);
          if (later === undefined) break;
          asked.push(begin(later, walk.behind !== undefined));
        }
      };
      room.fill();
      let answered: Answered;
      try {
        answered = await first.answer;
        room.fill = undefined;
      } catch (thrown) {
        room.fill = undefined;
        asked = [];
        if (ends.aborted || !walk.failed(String((thrown as { code?: unknown } | null)?.code))) throw thrown;
        due = walk.path(0);
        continue;
      }
      // The caller may have gone, and the walk with it.
      ends.throwIfAborted();
      asked.shift();
      let rows = answered.result as Row[];
      answered.result = undefined;
      if (first.joins) {
        const place = rows.findIndex((row) => stored(row, "sys_id") === walk.behind);
        // Without such a row the last one is shown, which is not it.
        if (!walk.joins(...keysOf(walk, rows.slice(place)))) {
          asked.unshift(begin(due, false));
          continue;
        }
        rows = rows.slice(place + 1);
      }
      return { rows, counted: countOf(answered.reply, first.path) };
    }
    return undefined;
  };
}

/**
 * What `next` makes, in its order, up to `ahead` of them before they are wanted.
 *
 * While the caller waits, pages that overtake the one that is due keep no place: others are asked for in their stead, until there are
 * twice as many. Otherwise one page that is late would leave the instance idle.
 */
export async function* inOrder<T>(
  ahead: number,
  ends: Cancellation,
  next: (room: Room) => Promise<T | undefined>,
): AsyncGenerator<T, void, undefined> {
  let held = 0;
  let isAwaited = false;
  const room: Room = {
    most: () => ahead - held,
    places: () => (isAwaited && ahead > 1 ? 2 * ahead : ahead - held),
  };
  const waiting: Promise<{ page: T | undefined }>[] = [];
  let latest: Promise<void> = Promise.resolve();
  const make = async () => {
    ends.throwIfAborted();
    const page = await next(room);
    held += 1;
    return { page };
  };
  const prepare = () => {
    const page = latest.then(make);
    waiting.push(page);
    // Of nothing, for the same reason. And a step later than the page itself: who waits for it takes it before `next` counts what is held.
    latest = page.then(ended);
    latest.catch(ended);
  };
  for (;;) {
    ends.throwIfAborted();
    if (waiting.length === 0) prepare();
    isAwaited = true;
    room.fill?.();
    const made = await waiting.shift();
    isAwaited = false;
    if (!made?.page) return;
    const { page } = made;
    made.page = undefined;
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
