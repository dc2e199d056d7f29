/**
 * What a connection did: its events, its HTTP exchanges, and samples of its status. Bounded, and without secrets: the package puts none
 * into events and hooks, and what the vault holds is taken out of addresses here.
 */
import { signal } from "@preact/signals";
import type { ConnectOptions, ReceivedResponse, SentRequest, Status, SysparmEvent } from "sysparm";

/** An exchange; `received` is null while it is under way. */
export interface Exchange {
  sent: SentRequest;
  received: ReceivedResponse | null;
}

/** The status at a moment, without what changes rarely. */
export interface Sample {
  at: number;
  concurrency: Status["concurrency"];
  breaker: Status["breaker"]["state"];
  rate: Status["rate"];
}

export interface Recording {
  events: readonly SysparmEvent[];
  exchanges: readonly Exchange[];
  samples: readonly Sample[];
  /** Events and exchanges that were dropped because newer ones came. */
  dropped: number;
}

export type Recordings = ReturnType<typeof createRecordings>;

export const MOST_EVENTS = 1_000;
export const MOST_EXCHANGES = 2_000;
/** Half an hour at one a second. */
export const MOST_SAMPLES = 1_800;
/** What is recorded at once is drawn once. */
const DRAWN_EVERY_MS = 200;

const NOTHING: Recording = { events: [], exchanges: [], samples: [], dropped: 0 };

/** A recording that grows: readers share its lists, and `changed` says when to read again. */
interface Growing extends Recording {
  events: SysparmEvent[];
  exchanges: Exchange[];
  samples: Sample[];
}

export function createRecordings(conceal: (text: string) => string) {
  const all = new Map<string, Growing>();
  /** Counts what was drawn: the lists are changed in place. */
  const changed = signal(0);
  let isDue = false;

  function draw(): void {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      changed.value += 1;
    }, DRAWN_EVERY_MS);
  }

  function growing(id: string): Growing {
    const known = all.get(id) ?? { events: [], exchanges: [], samples: [], dropped: 0 };
    all.set(id, known);
    return known;
  }

  function add<Item>(list: Item[], item: Item, most: number): number {
    list.push(item);
    if (list.length <= most) return 0;
    // Not one by one: moving a long list for each entry costs more than what is kept.
    return list.splice(0, Math.ceil(most / 10)).length;
  }

  /** What to open a connection with, so that it is recorded under an environment's id. `status` is asked after each exchange. */
  function hooksFor(id: string, status: () => Status | undefined) {
    const shown = <Request extends SentRequest>(request: Request): Request => ({
      ...request,
      path: conceal(request.path),
      search: conceal(request.search),
    });
    let isSampling = false;
    const sampleSoon = () => {
      if (isSampling) return;
      isSampling = true;
      // Not at once: the client calls its hooks while it works.
      queueMicrotask(() => {
        isSampling = false;
        const now = status();
        if (now) sample(id, now);
      });
    };
    return {
      onEvent: (event) => {
        const into = growing(id);
        into.dropped += add(into.events, event, MOST_EVENTS);
        sampleSoon();
        draw();
      },
      onRequest: (request) => {
        const into = growing(id);
        into.dropped += add(into.exchanges, { sent: shown(request), received: null }, MOST_EXCHANGES);
        sampleSoon();
        draw();
      },
      onResponse: (response) => {
        const { exchanges } = growing(id);
        let at = exchanges.length - 1;
        while (at >= 0 && exchanges[at]?.sent.id !== response.id) at -= 1;
        const begun = exchanges[at];
        // A new object, so that what has drawn the former one draws this.
        if (begun) exchanges[at] = { sent: begun.sent, received: shown(response) };
        sampleSoon();
        draw();
      },
    } satisfies Partial<ConnectOptions>;
  }

  /** Records the status now. Samples of the same moment become one, with the most requests out. */
  function sample(id: string, { concurrency, breaker, rate }: Status, now = Date.now()): void {
    const { samples } = growing(id);
    const last = samples.at(-1);
    const next: Sample = { at: now, concurrency, breaker: breaker.state, rate };
    if (last && now - last.at < DRAWN_EVERY_MS) {
      const out = Math.max(last.concurrency.out, concurrency.out);
      samples[samples.length - 1] = { ...next, at: last.at, concurrency: { ...concurrency, out } };
    } else add(samples, next, MOST_SAMPLES);
    draw();
  }

  const of = (id: string): Recording => all.get(id) ?? NOTHING;

  /** Forgets what was recorded of an environment. */
  function clear(id: string): void {
    all.delete(id);
    changed.value += 1;
  }

  return { changed, of, hooksFor, sample, clear };
}
