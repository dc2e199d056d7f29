/** The requests that may have made a change, from the instance's log of transactions (`syslog_transaction`), which administrators read. */
import type { Instance, Row } from "sysparm";
import { rawOf } from "./facts";
import { isCut, type Update } from "./history";

export interface LoggedRequest {
  id: string;
  at: string;
  user: string;
  url: string;
  /** Empty where the log does not say. */
  method: string;
  status: string;
  address: string;
  agent: string;
  /** Whether its address names the record. The log says of none which records it changed. */
  namesRecord: boolean;
}

export interface FoundRequests {
  requests: LoggedRequest[];
  hidden: number;
  /** Whether there are more than were read. */
  isCut: boolean;
}

/** A transaction is logged when it ends, at most a minute or so after the change. */
const BEFORE_S = 5;
const AFTER_S = 70;
export const MOST_REQUESTS = 50;
const READS = ["GET", "HEAD", "OPTIONS"];

/** False where the log does not say the method: then it may have changed something. */
export function isRead({ method }: Pick<LoggedRequest, "method">): boolean {
  return READS.includes(method);
}

export async function findRequests(
  instance: Pick<Instance, "table">,
  id: string,
  update: Pick<Update, "at" | "user">,
  signal: AbortSignal,
): Promise<FoundRequests> {
  const query = requestsQuery(id, update);
  const limit = MOST_REQUESTS;
  const { rows, hidden, total } = await instance.table("syslog_transaction").list({ query, limit, signal });
  const requests = likeliestFirst(rows.map((row) => requestOf(row, id)));
  return { requests, hidden: hidden ?? 0, isCut: isCut(rows.length, limit, total) };
}

export function requestsQuery(id: string, { at, user }: Pick<Update, "at" | "user">): string {
  // A user's name with a separator would be read as conditions.
  const byUser = user === "" || user.includes("^") ? "" : `^ORsys_created_by=${user}`;
  const from = `sys_created_on>=${shifted(at, -BEFORE_S)}^sys_created_on<=${shifted(at, AFTER_S)}`;
  return `${from}^urlLIKE${id}${byUser}^ORDERBYsys_created_on`;
}

/** `2026-01-31 23:59:58` and 5 give `2026-02-01 00:00:03`. */
export function shifted(stamp: string, seconds: number): string {
  const time = Date.parse(`${stamp.replace(" ", "T")}Z`);
  return new Date(time + seconds * 1_000).toISOString().slice(0, 19).replace("T", " ");
}

function requestOf(row: Row, id: string): LoggedRequest {
  const of = (field: string) => rawOf(row, field);
  return {
    id: of("sys_id"),
    at: of("sys_created_on"),
    user: of("sys_created_by"),
    url: of("url"),
    method: of("http_method"),
    status: of("http_response_code"),
    address: of("remote_ip"),
    agent: of("user_agent"),
    namesRecord: of("url").includes(id),
  };
}

/** Those that name the record come first; reads, which change nothing, come last. */
export function likeliestFirst(requests: readonly LoggedRequest[]): LoggedRequest[] {
  const rank = (request: LoggedRequest) => (request.namesRecord ? 0 : 1) + (isRead(request) ? 2 : 0);
  return [...requests].sort((one, other) => rank(one) - rank(other));
}
