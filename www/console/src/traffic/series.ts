/** The numbers of the plots, from a recording and a span of time. Pure. */
import type { Recording, Sample } from "../activity/recording";

export interface Span {
  from: number;
  until: number;
}

/** Columns of equal length: times in seconds first, as uPlot takes them. */
export type Columns = [times: number[], ...values: (number | null)[][]];

export interface PlotSeries {
  latency: Columns;
  /** Out, waiting, limit. */
  concurrency: Columns;
  /** Repeats and failures in each part of the span; 1 where the circuit breaker was not closed. */
  repeats: Columns;
  /** The use of the tightest hourly rule, in percent. */
  rate: Columns;
}

/** Parts that a span is counted in. */
const PARTS = 60;

export function seriesOf({ exchanges, events, samples }: Recording, span: Span): PlotSeries {
  const isIn = (at: number) => at >= span.from && at <= span.until;
  const ended = exchanges.flatMap(({ received }) => (received && isIn(received.at) ? [received] : []));
  const seen = samples.filter(({ at }) => isIn(at));
  const partMs = Math.max(1, (span.until - span.from) / PARTS);
  const partOf = (at: number) => Math.min(PARTS - 1, Math.floor((at - span.from) / partMs));
  const counts = () => new Array<number>(PARTS).fill(0);
  const [repeats, failures] = [counts(), counts()];
  const add = (into: number[], at: number) => {
    into[partOf(at)] = (into[partOf(at)] ?? 0) + 1;
  };
  for (const { at, attempt, status } of ended) {
    if (attempt > 1) add(repeats, at);
    if (status === null || status >= 400) add(failures, at);
  }
  const breaker = counts();
  for (const { at, breaker: state } of seen) if (state !== "closed") breaker[partOf(at)] = 1;
  for (const event of events) if (event.type === "breaker.opened" && isIn(event.at)) breaker[partOf(event.at)] = 1;
  const calls = ended.filter(({ isForToken }) => !isForToken).sort((one, other) => one.at - other.at);
  return {
    latency: [calls.map(({ at }) => at / 1_000), calls.map(({ durationMs }) => durationMs)],
    concurrency: [
      seen.map(({ at }) => at / 1_000),
      seen.map(({ concurrency }) => concurrency.out),
      seen.map(({ concurrency }) => concurrency.waiting),
      seen.map(({ concurrency }) => concurrency.limit),
    ],
    repeats: [
      repeats.map((_, part) => (span.from + (part + 0.5) * partMs) / 1_000),
      ...[repeats, failures, breaker].map(withoutZeros),
    ],
    rate: [seen.map(({ at }) => at / 1_000), seen.map(usedPercent)],
  };
}

/** Nothing is drawn where nothing happened. */
const withoutZeros = (counts: readonly number[]): (number | null)[] => counts.map((count) => count || null);

/** Null while no reply has named an hourly rule. */
export function usedPercent({ at, rate }: Pick<Sample, "at" | "rate">): number | null {
  const shares = rate
    .filter(({ limit, resetsAt }) => limit > 0 && resetsAt > at)
    .map(({ limit, used }) => used / limit);
  return shares.length === 0 ? null : Math.round(1_000 * Math.max(...shares)) / 10;
}

/** What each plot shows, in figures. */
export interface Summary {
  latency: string;
  concurrency: string;
  repeats: string;
  rate: string;
}

export function summaryOf(recording: Recording, span: Span): Summary {
  const { latency, concurrency, repeats, rate } = seriesOf(recording, span);
  const times = numbers(latency[1]).sort((one, other) => one - other);
  const most = (values: readonly (number | null)[] | undefined) => Math.max(0, ...numbers(values));
  const sum = (values: readonly (number | null)[] | undefined) => numbers(values).reduce((all, one) => all + one, 0);
  const last = recording.samples.at(-1);
  const used = numbers(rate[1]).at(-1);
  const rule = last?.rate.find(({ limit, used: spent }) => Math.round((1_000 * spent) / limit) / 10 === used);
  return {
    latency:
      times.length === 0
        ? "no request"
        : `median ${Math.round(quantile(times, 0.5))} ms, 95 % within ${Math.round(quantile(times, 0.95))} ms`,
    concurrency: last
      ? `${last.concurrency.out} out of ${last.concurrency.limit}, ${last.concurrency.waiting} waiting; most ${most(concurrency[1])}`
      : "not seen yet",
    repeats: `${sum(repeats[1])} repeated, ${sum(repeats[2])} failed; circuit breaker ${last?.breaker ?? "closed"}`,
    rate:
      used === undefined
        ? "no hourly rule was named"
        : rule
          ? `${rule.used.toLocaleString("en-GB")} of ${rule.limit.toLocaleString("en-GB")}, until ${new Date(rule.resetsAt).toLocaleTimeString("en-GB")}`
          : `${used} % used`,
  };
}

const numbers = (values: readonly (number | null)[] | undefined): number[] =>
  (values ?? []).filter((value) => value !== null);

/** Of sorted numbers: the smallest one that the share of them does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export interface TableRow {
  from: number;
  requests: number;
  medianMs: number | null;
  slowestMs: number | null;
  mostOut: number | null;
  repeats: number;
  failures: number;
  used: number | null;
}

const ROWS = 10;

/** The same as the plots, as rows of a table: the span in ten parts, oldest first. */
export function tableOf(recording: Recording, span: Span): TableRow[] {
  const partMs = (span.until - span.from) / ROWS;
  return Array.from({ length: ROWS }, (_, part) => {
    const own = { from: span.from + part * partMs, until: span.from + (part + 1) * partMs - 1 };
    const { latency, concurrency, repeats, rate } = seriesOf(recording, own);
    const times = numbers(latency[1]).sort((one, other) => one - other);
    const out = numbers(concurrency[1]);
    const sum = (values: readonly (number | null)[] | undefined) => numbers(values).reduce((all, one) => all + one, 0);
    return {
      from: own.from,
      requests: times.length,
      medianMs: times.length === 0 ? null : quantile(times, 0.5),
      slowestMs: times.at(-1) ?? null,
      mostOut: out.length === 0 ? null : Math.max(...out),
      repeats: sum(repeats[1]),
      failures: sum(repeats[2]),
      used: numbers(rate[1]).at(-1) ?? null,
    };
  });
}
