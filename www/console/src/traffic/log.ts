/** The log of a connection: its requests and events as rows, filtered, and as lines of a file. Pure. */
import type { SysparmEvent } from "sysparm";
import type { Exchange, Recording } from "../activity/recording";
import { hasWords, wordsOf } from "../kit/words";
import { duration } from "../number";

export const KINDS = ["request", "token", "pace", "other"] as const;
export type LogKind = (typeof KINDS)[number];

export const KIND_NAMES: Record<LogKind, string> = {
  request: "Requests",
  token: "Token",
  pace: "Repeats and limits",
  other: "Other",
};

export interface LogRow {
  key: string;
  at: number;
  kind: LogKind;
  /** A problem: a request that failed, a failed renewal, a pause. */
  isProblem: boolean;
  what: string;
  /** How it ended, such as "200", "under way", "token.failed". */
  end: string;
  detail: string;
  exchange?: Exchange;
  event?: SysparmEvent;
}

/** Newest first. */
export function logOf({ events, exchanges }: Pick<Recording, "events" | "exchanges">): LogRow[] {
  const rows = [...exchanges.map(requestRow), ...events.map(eventRow)];
  return rows.sort((one, other) => other.at - one.at);
}

function requestRow(exchange: Exchange): LogRow {
  const { sent, received } = exchange;
  const end = received === null ? "under way" : String(received.status ?? received.error ?? "no reply");
  const repeat = sent.attempt > 1 ? `, request ${sent.attempt}` : "";
  return {
    key: `request ${sent.id}`,
    at: sent.at,
    kind: sent.isForToken ? "token" : "request",
    isProblem: received !== null && !(received.status !== null && received.status < 400),
    what: `${sent.method} ${sent.path}${readable(sent.search)}`,
    end,
    detail: received ? `${duration(received.durationMs)}${repeat}` : repeat.slice(2),
    exchange,
  };
}

/** A query string without its percent-encoding. Of one that cannot be decoded, as it is. */
function readable(search: string): string {
  try {
    return decodeURIComponent(search.replaceAll("+", " "));
  } catch {
    return search;
  }
}

const PACE: readonly SysparmEvent["type"][] = ["request.retried", "rate.limited", "breaker.opened", "breaker.closed"];
const FINE: readonly SysparmEvent["type"][] = ["token.renewed", "breaker.closed", "signed-out"];

function eventRow(event: SysparmEvent, place: number): LogRow {
  const { type, at } = event;
  const isToken = type.startsWith("token.") || ["attention", "signed-out", "revocation.failed"].includes(type);
  const until = "until" in event && event.until !== undefined ? event.until : undefined;
  const words = "message" in event ? event.message : "detail" in event ? event.detail : "";
  return {
    key: `event ${at} ${type} ${place}`,
    at,
    kind: PACE.includes(type) ? "pace" : isToken ? "token" : "other",
    isProblem: !FINE.includes(type),
    what: words || type,
    end: type,
    detail: until === undefined ? "" : `until ${new Date(until).toLocaleTimeString("en-GB")}`,
    event,
  };
}

export interface LogFilter {
  text: string;
  kinds: ReadonlySet<LogKind>;
  problemsOnly: boolean;
}

/** Rows that contain every word of the text. */
export function filtered(rows: readonly LogRow[], { text, kinds, problemsOnly }: LogFilter): LogRow[] {
  const words = wordsOf(text.trim().toLowerCase());
  return rows.filter(
    (row) =>
      kinds.has(row.kind) &&
      (!problemsOnly || row.isProblem) &&
      hasWords(`${row.what} ${row.end} ${row.detail}`, words),
  );
}

/**
 * A line of JSON for each row, oldest first, as `traffic()` of `sysparm/environments` and `sysparm audit` read them. No secret is recorded:
 * the package puts none into events and hooks, and the recording takes those of the vault out of addresses.
 */
export function exportLines(rows: readonly LogRow[]): string {
  const lines = [...rows]
    .reverse()
    .map(({ exchange, event }) => JSON.stringify(event ?? exchange?.received ?? exchange?.sent));
  return lines.map((line) => `${line}\n`).join("");
}
