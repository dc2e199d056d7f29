/**
 * What each caller of each tenant has asked for, in this isolate's memory: numbers only, no address and no content. Bounded, because tenants
 * and callers come and go: the pair that was idle longest is forgotten first.
 */

import { type Bucket, takeFrom } from "../policy/policy.ts";

/** The counts of a caller. `bytesIn` and `bytesOut` count bodies whose length was announced. */
export interface CallerCount {
  readonly tenant: string;
  readonly caller: string;
  readonly calls: number;
  /** Calls by the status of their reply. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The use of one caller. */
export class CallerUse implements CallerCount {
  readonly tenant: string;
  readonly caller: string;
  calls = 0;
  statuses: Record<number, number> = {};
  bytesIn = 0;
  bytesOut = 0;
  #bucket: Bucket | undefined;

  constructor(tenant: string, caller: string) {
    this.tenant = tenant;
    this.caller = caller;
  }

  count(status: number, bytesIn: number, bytesOut: number): void {
    this.calls += 1;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
  }

  /** Takes requests out of those that a minute may have. Returns how many milliseconds to wait; 0 if they may pass. */
  take(perMinute: number, requests: number | undefined, now: number): number {
    const { bucket, waitMs } = takeFrom(this.#bucket, perMinute, now, requests);
    this.#bucket = bucket;
    return waitMs;
  }
}

const MOST_CALLERS = 2_000;

/** The callers of one isolate. */
export class CallerUses {
  readonly #uses = new Map<string, CallerUse>();
  #last: CallerUse | undefined;

  of(tenant: string, caller: string): CallerUse {
    const last = this.#last;
    if (last?.tenant === tenant && last.caller === caller) return last;
    // No tenant's name has a blank.
    const key = `${tenant} ${caller}`;
    const use = this.#uses.get(key) ?? new CallerUse(tenant, caller);
    this.#uses.delete(key);
    this.#uses.set(key, use);
    if (this.#uses.size > MOST_CALLERS) this.#uses.delete(this.#uses.keys().next().value as string);
    this.#last = use;
    return use;
  }

  /** A copy of the counts, least recently used first. */
  counts(): CallerCount[] {
    return [...this.#uses.values()].map(({ tenant, caller, calls, statuses, bytesIn, bytesOut }) => {
      return { tenant, caller, calls, statuses: { ...statuses }, bytesIn, bytesOut };
    });
  }
}
