/** Where the time of one call went, request by request. Pure. */
import type { SysparmEvent } from "sysparm";
import type { Exchange } from "../activity/recording";

export type StepKind = "token" | "queue" | "pause" | "reply" | "body" | "open";

export interface Step {
  kind: StepKind;
  /** 1 for the first request of the call. */
  attempt: number;
  /** From the beginning of the call. */
  fromMs: number;
  ms: number;
  /** How the request ended, for its last step. */
  end?: string;
}

export interface Waterfall {
  beganAt: number;
  totalMs: number;
  steps: Step[];
  /** True while its last request is under way. */
  open: boolean;
}

/** A token with less left is not used (README of the package, "Defaults"). */
const MARGIN_MS = 30_000;

/** The requests of one call, in order; `all` are the exchanges of its connection. Null for none. */
export function waterfallOf(
  requests: readonly Exchange[],
  all: readonly Exchange[],
  events: readonly SysparmEvent[],
  now: number,
): Waterfall | null {
  const [first] = requests;
  if (!first) return null;
  const beganAt = first.sent.at - first.sent.waitedMs;
  const tokens = all.filter(({ sent }) => sent.isForToken && !first.sent.isForToken).map(interval(now));
  const steps: Step[] = [];
  let before: Exchange | undefined;
  for (const exchange of requests) {
    const { sent, received } = exchange;
    const { attempt, at, waitedMs } = sent;
    const waitFrom = at - waitedMs;
    const isRefused = before?.received?.status === 401;
    const waitsForToken = isRefused || !hasToken(events, waitFrom);
    const tokenMs = waitsForToken ? overlap([waitFrom, at], tokens) : 0;
    const add = (kind: StepKind, fromAt: number, ms: number) => {
      // Less than half a millisecond is no wait: clocks of pages are coarse.
      if (ms >= 0.5 || kind === "reply" || kind === "open") steps.push({ kind, attempt, fromMs: fromAt - beganAt, ms });
    };
    add("token", waitFrom, tokenMs);
    // Between two requests of a call that needs no token lies the pause before the repetition.
    add(before && !isRefused ? "pause" : "queue", waitFrom + tokenMs, waitedMs - tokenMs);
    if (received === null) add("open", at, Math.max(0, now - at));
    else {
      const headersMs = received.headersMs ?? received.durationMs;
      add("reply", at, headersMs);
      add("body", at + headersMs, received.durationMs - headersMs);
      const last = steps.at(-1);
      if (last) last.end = received.status === null ? (received.error ?? "no reply") : String(received.status);
    }
    before = exchange;
  }
  const totalMs = Math.max(0, ...steps.map(({ fromMs, ms }) => fromMs + ms));
  return { beganAt, totalMs, steps, open: requests.some(({ received }) => received === null) };
}

/** Whether a token was held then that the client uses. */
function hasToken(events: readonly SysparmEvent[], at: number): boolean {
  const last = events
    .filter((event) => event.at <= at && (event.type === "token.renewed" || event.type === "signed-out"))
    .at(-1);
  return last?.type === "token.renewed" && (last.until === undefined || at < last.until - MARGIN_MS);
}

type Interval = readonly [from: number, until: number];

const interval =
  (now: number) =>
  ({ sent, received }: Exchange): Interval => [sent.at, received ? sent.at + received.durationMs : now];

/** How long at least one of the intervals lies within the first. */
function overlap([from, until]: Interval, others: readonly Interval[]): number {
  let total = 0;
  let reached = from;
  for (const [begin, end] of [...others].sort(([one], [other]) => one - other)) {
    const [start, stop] = [Math.max(begin, reached), Math.min(end, until)];
    if (stop <= start) continue;
    total += stop - start;
    reached = stop;
  }
  return total;
}
