/**
 * What each caller of each tenant has asked for, in this isolate's memory: numbers only, no address and no content. Bounded, because tenants
 * and callers come and go: the pair that was idle longest is forgotten first.
 */

/** `bytesIn` and `bytesOut` count bodies whose length was announced. */
export interface CallerCount {
  readonly tenant: string;
  readonly caller: string;
  calls: number;
  /** Calls by the status of their reply. */
  readonly statuses: Record<number, number>;
  bytesIn: number;
  bytesOut: number;
}

const MOST_COUNTS = 2_000;

export class Counters {
  readonly #counts = new Map<string, CallerCount>();
  #last: CallerCount | undefined;

  count(tenant: string, caller: string, status: number, bytesIn: number, bytesOut: number): void {
    const count = this.#of(tenant, caller);
    count.calls += 1;
    count.statuses[status] = (count.statuses[status] ?? 0) + 1;
    count.bytesIn += bytesIn;
    count.bytesOut += bytesOut;
  }

  /** A copy, least recently used first. */
  all(): CallerCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count, statuses: { ...count.statuses } }));
  }

  #of(tenant: string, caller: string): CallerCount {
    if (this.#last?.tenant === tenant && this.#last.caller === caller) return this.#last;
    // No tenant's name has a blank.
    const key = `${tenant} ${caller}`;
    const count = this.#counts.get(key) ?? { tenant, caller, calls: 0, statuses: {}, bytesIn: 0, bytesOut: 0 };
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > MOST_COUNTS) this.#counts.delete(this.#counts.keys().next().value as string);
    this.#last = count;
    return count;
  }
}
