/** Reads a table by key to its last row and records the time of each page and the memory in use. */
import type { connect } from "sysparm";

export interface Journey {
  rows: number;
  complete: boolean;
  seconds: number;
  /** Milliseconds a page, medians of 20: the first ones, those in the middle, the last ones. */
  first: number;
  middle: number;
  last: number;
  /** Bytes in use before the reading, and the most in use during it and at its end. */
  baseline: number;
  most: number;
}

/** The number of pages in each compared group. */
const PAGES = 20;
/** The number of pages from one measurement of the memory to the next. */
const LOOK_EVERY = 100;
const WARM = 60;

/** `held` collects garbage and returns the bytes in use. */
export async function readAll(
  open: typeof connect,
  url: string,
  credentials: { clientId: string; clientSecret: string },
  held: () => Promise<number>,
): Promise<Journey> {
  const client = await open({ url, auth: { grant: "client_credentials", ...credentials } });
  const table = client.table("incident");
  let warm = 0;
  for await (const _ of table.pages({ ahead: 0 })) {
    warm += 1;
    if (warm === WARM) break;
  }
  const baseline = await held();
  let most = 0;
  const times: number[] = [];
  let last: { seen: number; complete: boolean } = { seen: 0, complete: false };
  const began = performance.now();
  let asked = performance.now();
  for await (const { seen, complete } of table.pages({ ahead: 0 })) {
    times.push(performance.now() - asked);
    last = { seen, complete };
    if (times.length % LOOK_EVERY === 0) most = Math.max(most, await held());
    asked = performance.now();
  }
  const seconds = (performance.now() - began) / 1000;
  most = Math.max(most, await held());
  client.close();
  const at = (from: number) => medianOf(times.slice(from, from + PAGES));
  // The last page may be short or empty. The twenty before it are full.
  const end = times.length - PAGES - 1;
  return {
    rows: last.seen,
    complete: last.complete,
    seconds,
    first: at(0),
    middle: at(times.length >> 1),
    last: at(end),
    baseline,
    most,
  };
}

function medianOf(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
