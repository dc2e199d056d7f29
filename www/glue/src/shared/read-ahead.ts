/**
 * A bounded prefetch queue. Pages are requested before the caller asks for them, replies arrive in any order, and pages are delivered in
 * the table's order.
 *
 *     caller <- accepted pages | requested pages: the first is due, the others are ahead of it | not requested yet
 *
 * - The first requested page is accepted once its reply is there: the core is given its keys and names the page that is due next. So paths
 *   are only ever asked of the core while it knows every page before the first requested one.
 * - Offset pagination: a page requested ahead is valid if its path is the one that is due. Keyset pagination: a page requested ahead begins
 *   a few rows early, and is valid if those include the last row of the page before it. An invalid page is requested again.
 * - Capacity: while the caller works on a page, at most `ahead` pages are accepted or requested. While it waits, pages that overtake the
 *   one that is due do not count, up to twice `ahead`: otherwise one late page would leave the instance idle. At most `ahead` requests are
 *   in flight.
 * - A page that fails is reported to the core, which may name a smaller one. Otherwise the reading fails after the pages accepted before.
 *
 * Rows are referenced by one object at a time: drop every other reference to a page when handing it over. A promise or a request made
 * before the page arrived may be in V8's old generation, and what it references survives every collection of the young one, so that
 * reading was 10 % slower. For the same reason the caller is woken by a promise without the page. It runs one microtask later and takes
 * its page before capacity is counted.
 */

import type { Row } from "sysparm";
import type { Answered } from "../protocol/call.js";
import { wholeNumber } from "../protocol/check-options.js";
import type { PageRequests } from "./page-requests.js";
import { retraced } from "./retraced.js";
import { countOf, stored } from "./rows.js";

/** An instance serves fewer requests of one client at a time, so more pages would only occupy memory. */
const MOST_AHEAD = 8;
/** The type of the option `ahead`. */
export const AHEAD = wholeNumber(0, MOST_AHEAD, "options.ahead");

/** The part of the core that knows a reading's pages. */
export interface PageSource {
  /** The path of the page that is due, or of a later one; undefined at the end, and where it is not known yet. */
  path(ahead: number): string | undefined;
  /** Absent where `sys_id` alone is the key. */
  readonly keyField?: string | undefined;
  /** The `sys_id` of the last row accepted; undefined where the reading begins. */
  readonly behind: string | undefined;
  /** Whether a page that was requested ahead follows without a gap. */
  joins(value: string, id: string, lastValue: string, lastId: string): boolean;
  /** Whether another page is due instead of the one that failed. */
  failed(code: string): boolean;
}

interface Capacity {
  ahead: number;
  /** Pages accepted while the caller works: 0 where accepting one changes what the caller is working on. */
  accepted: number;
}

interface PageRequest {
  path: string;
  /** Requested behind a row by keyset pagination, so its first rows are those before it. */
  joins: boolean;
  answered?: Answered;
  failure?: { thrown: unknown };
}

type Accept<T> = (rows: Row[], counted: number | undefined) => T;

/** Delivers what `accept` makes of each page, in order. */
export function deliverInOrder<T>(
  source: PageSource,
  requests: PageRequests,
  capacity: Capacity,
  accept: Accept<T>,
): AsyncGenerator<T, void, undefined> {
  return new PrefetchQueue(source, requests, capacity, accept).deliver();
}

class PrefetchQueue<T> {
  readonly #source: PageSource;
  readonly #requests: PageRequests;
  readonly #capacity: Capacity;
  readonly #accept: Accept<T>;
  readonly #accepted: T[] = [];
  #requested: PageRequest[] = [];
  #inFlight = 0;
  /** The path of the first requested page; undefined after the last page. */
  #due: string | undefined;
  #failure: { thrown: unknown } | undefined;
  /** Present while the caller waits for a page. */
  #wake: (() => void) | undefined;

  constructor(source: PageSource, requests: PageRequests, capacity: Capacity, accept: Accept<T>) {
    this.#source = source;
    this.#requests = requests;
    this.#capacity = capacity;
    this.#accept = accept;
    this.#due = source.path(0);
  }

  async *deliver(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      if (this.#accepted.length === 0 && !this.#isOver()) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          this.#advance();
        });
      }
      this.#requests.cancellation.throwIfAborted();
      if (this.#accepted.length === 0) break;
      const page = this.#accepted.shift() as T;
      this.#advance();
      yield page;
    }
    if (this.#failure) throw retraced(this.#failure.thrown);
  }

  #isOver(): boolean {
    return this.#due === undefined || this.#failure !== undefined || this.#requests.cancellation.aborted;
  }

  /** Runs whenever a reply arrives, the caller begins to wait, or a page was taken. */
  #advance(): void {
    try {
      while (this.#canAccept()) this.#acceptFirst();
      if (this.#wake && (this.#accepted.length > 0 || this.#isOver())) this.#wakeCaller();
      else this.#request();
    } catch (thrown) {
      this.#failure = { thrown };
      this.#wakeCaller();
    }
  }

  #wakeCaller(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #canAccept(): boolean {
    const [first] = this.#requested;
    if (this.#isOver() || !(first?.answered || first?.failure)) return false;
    return this.#accepted.length < (this.#wake ? 1 : this.#capacity.accepted);
  }

  #acceptFirst(): void {
    const { path, joins, answered, failure } = this.#requested.shift() as PageRequest;
    if (!answered) {
      this.#replace(failure?.thrown);
      return;
    }
    let rows = answered.result as Row[];
    answered.result = undefined;
    if (joins) {
      const { behind } = this.#source;
      const place = rows.findIndex((row) => stored(row, "sys_id") === behind);
      // Where no row has that key the last one is given, which has another.
      if (!this.#source.joins(...keysOf(this.#source, rows.slice(place)))) {
        this.#requested.unshift(this.#begin(this.#due as string, false));
        return;
      }
      rows = rows.slice(place + 1);
    }
    this.#accepted.push(this.#accept(rows, countOf(answered.reply, path)));
    this.#due = this.#source.path(0);
    const [first] = this.#requested;
    // Where a reading of other rows begins, there is no row to join.
    const isValid = first?.joins ? this.#source.behind !== undefined : first?.path === this.#due;
    if (!isValid) this.#requested = [];
  }

  /** The pages that follow were requested for the size of the one that failed. */
  #replace(thrown: unknown): void {
    this.#requested = [];
    if (!this.#source.failed(String((thrown as { code?: unknown } | null)?.code))) throw thrown;
    this.#due = this.#source.path(0);
  }

  #request(): void {
    if (this.#isOver()) return;
    const { ahead } = this.#capacity;
    const left = ahead - this.#accepted.length;
    const places = this.#wake && ahead > 1 ? 2 * ahead : left;
    if (this.#requested.length === 0 && (this.#wake || left > 0)) {
      this.#requested.push(this.#begin(this.#due as string, false));
    }
    while (this.#inFlight < left && this.#requested.length < places) {
      const path = this.#source.path(this.#requested.length);
      if (path === undefined) break;
      this.#requested.push(this.#begin(path, this.#source.behind !== undefined));
    }
  }

  #begin(path: string, joins: boolean): PageRequest {
    const request: PageRequest = { path, joins };
    const settled = (outcome: Partial<PageRequest>) => {
      Object.assign(request, outcome);
      this.#inFlight -= 1;
      this.#advance();
    };
    this.#inFlight += 1;
    this.#requests.ask(path).then(
      (answered) => settled({ answered }),
      (thrown) => settled({ failure: { thrown } }),
    );
    return request;
  }
}

/** The keys of the first and of the last row, which are all that the core needs of a page. */
export function keysOf({ keyField }: PageSource, rows: Row[]): [string, string, string, string] {
  const keys = (row: Row | undefined): [string, string] => {
    const value = keyField === undefined ? "" : stored(row, keyField);
    // The core takes an empty sys_id for a row without readable keys, behind which no page can begin.
    return value === undefined ? ["", ""] : [value, stored(row, "sys_id") ?? ""];
  };
  return [...keys(rows[0]), ...keys(rows[rows.length - 1])];
}
