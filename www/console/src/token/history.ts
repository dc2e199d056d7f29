/** What became of a connection's tokens, from its events and its requests for tokens. Pure. */
import type { Diagnosis, SysparmEvent } from "sysparm";
import type { Exchange, Recording } from "../activity/recording";
import { duration } from "../number";

export interface HistoryRow {
  at: number;
  tone: "ok" | "warn" | "error" | "info";
  words: string;
  /** What a failure means. */
  failure?: { message: string; diagnosis: Diagnosis };
}

/** Newest first. */
export function historyOf({ events, exchanges }: Pick<Recording, "events" | "exchanges">): HistoryRow[] {
  const requests = exchanges.filter(({ sent, received }) => sent.isForToken && received !== null);
  return events.flatMap((event) => rowOf(event, requests) ?? []).reverse();
}

function rowOf(event: SysparmEvent, requests: readonly Exchange[]): HistoryRow | undefined {
  switch (event.type) {
    case "token.renewed":
      return { at: event.at, tone: "ok", words: obtainedWords(event.detail, requestBefore(requests, event.at)) };
    case "token.failed": {
      const { at, until, message, diagnosis } = event;
      const request = requestBefore(requests, at);
      const status = request?.received?.status;
      const what = status ? `${status} from ${request.sent.path}` : "No reply from the instance";
      const next =
        until === undefined ? "" : `; the next request may follow after ${duration(Math.max(0, until - at))}`;
      return { at, tone: "warn", words: what + next, failure: { message, diagnosis } };
    }
    case "attention": {
      const { at, message, diagnosis } = event;
      return {
        at,
        tone: "error",
        words: "A person must see to this before a token comes",
        failure: { message, diagnosis },
      };
    }
    case "signed-out":
      return { at: event.at, tone: "info", words: "Signed out: the tokens were forgotten here" };
    case "revocation.failed":
      return { at: event.at, tone: "error", words: "The instance did not say that it revoked the tokens" };
    case "store.failed":
      return { at: event.at, tone: "warn", words: `The store of tokens failed: ${event.detail}` };
    case "credential.expiring":
      return {
        at: event.at,
        tone: "warn",
        words: `${event.detail} ends ${new Date(event.until).toLocaleString("en-GB")}`,
      };
    default:
      return undefined;
  }
}

const ORIGINS: Record<(SysparmEvent & { type: "token.renewed" })["detail"], string> = {
  request: "Obtained by this tab",
  store: "Taken over from what another tab obtained",
  source: "Handed over by the connection's own source",
};

function obtainedWords(from: keyof typeof ORIGINS, request: Exchange | undefined): string {
  const words = ORIGINS[from];
  return from === "request" && request?.received ? `${words}, ${duration(request.received.durationMs)}` : words;
}

/** The request for a token that ended last before a time. */
function requestBefore(requests: readonly Exchange[], at: number): Exchange | undefined {
  return requests.filter(({ sent }) => sent.at <= at).at(-1);
}

/** A time in which a token was held. */
export interface Span {
  from: number;
  until: number;
  isNow: boolean;
}

/** The tokens one after the other, oldest first. A token ends with the next, with a sign-out or when it expires. */
export function spansOf(events: readonly SysparmEvent[], now: number): Span[] {
  const spans: Span[] = [];
  const end = (at: number) => {
    const last = spans.at(-1);
    if (last) last.until = Math.min(last.until, at);
  };
  for (const event of events) {
    if (event.type === "signed-out") end(event.at);
    if (event.type !== "token.renewed") continue;
    end(event.at);
    spans.push({ from: event.at, until: event.until ?? Number.POSITIVE_INFINITY, isNow: false });
  }
  return spans.map(({ from, until }) => ({ from, until: Math.min(until, now), isNow: until > now }));
}

/** "3 tokens since 14:20: no gap, 1 failed renewal". A gap is a time without a token, of a second or more. */
export function spansWords(spans: readonly Span[], failures: number): string {
  const gaps = spans.filter((span, at) => at > 0 && span.from - (spans[at - 1]?.until ?? 0) >= 1_000).length;
  const counted = (number: number, noun: string) => `${number === 0 ? "no" : number} ${noun}${number === 1 ? "" : "s"}`;
  return `${counted(gaps, "gap")}, ${counted(failures, "failed renewal")}`;
}
