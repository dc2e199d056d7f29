/**
 * Looks for the request of an order whose answer is lost, among the requests of this user that did not exist before.
 *
 * Requests are counted before access rules, so a new one that is hidden is noticed. Two equal orders of one user at one time are not
 * distinguished: a correlation does.
 */
import type { Known, Page, Row } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import type { Lookup, LookupResult } from "./decide.js";
import { createdWithin, isFound, uncheckedQuery } from "./keys.js";
import { type FoundLine, type Match, matchRequest, type OrderedLine } from "./order-match.js";

/** A request that was found. */
export interface FoundRequest {
  id: string;
  number: string;
}

export interface OrderLookup<Found> extends Lookup {
  found?: Found | undefined;
  /** Its answers are stored, and no requested item has them. */
  isStored?: boolean;
  known: Known;
}

/** More new requests of one user within minutes are not compared. */
const MOST_REQUESTS = 200;
const MOST_LINES = 1000;
const MOST_ANSWERS = 10_000;
/** The range read before is longer than the one read later, whose minutes are rounded. */
const BEFORE_MS = 5 * 60_000;

export interface OrderSearch {
  lookUp(): Promise<OrderLookup<FoundRequest>>;
  confirm(): Promise<Lookup>;
}

/** Reads the user's requests before an order; returns what looks it up. */
export async function orderSearch(
  { table: open }: CallContext,
  sent: readonly OrderedLine[],
  signal: AbortSignal | undefined,
): Promise<OrderSearch> {
  const began = Date.now();
  const requests = open("sc_request");
  const options = signal && { signal };
  const read = (table: string, query: string, fields: string[], limit: number): Promise<Page> =>
    open(table).list({
      query: uncheckedQuery(query),
      fields,
      limit,
      pageSize: Math.min(limit, MOST_LINES),
      ...options,
    });
  const user = await currentUser(read, signal);
  const own = user === undefined ? "" : `opened_by=${user}`;
  const recent = (ms: number) => {
    const query = [own, createdWithin(ms), "ORDERBYsys_created_on"].filter(Boolean).join("^");
    return read("sc_request", query, ["sys_id", "number"], MOST_REQUESTS);
  };
  const count = () => requests.count(uncheckedQuery(own), options);
  const [earlier, countBefore] = await Promise.all([recent(BEFORE_MS), count()]);
  const before = new Set(earlier.rows.map((row) => stored(row, "sys_id")));

  const lookUp = async (): Promise<OrderLookup<FoundRequest>> => {
    // Counted first: a request that comes between the two is read and not missed.
    const grown = (await count()) - countBefore;
    const rows = (await recent(Date.now() - began)).rows;
    const fresh = rows.filter((row) => !before.has(stored(row, "sys_id"))).map(requestOf);
    const known: Known = { ids: fresh.map(({ id }) => id), records: Math.max(grown, fresh.length) };
    const seen = (result: LookupResult, evidence: string, found?: FoundRequest) => ({ result, evidence, known, found });
    if (rows.length >= MOST_REQUESTS) return seen("unclear", `The user has ${rows.length} new requests or more`);
    const matches = await matched(read, sent, fresh);
    const named = (match: Match) => fresh.filter((_, at) => matches[at] === match);
    const numbers = (list: FoundRequest[]) => list.map(({ number }) => number).join(", ");
    const [same, unsure] = [named("yes"), named("unsure")];
    if (same.length > 1) return seen("twice", `${numbers(same)} hold what was ordered`);
    if (unsure.length > 0) {
      return seen("unclear", `Whether ${numbers(unsure)} is the order cannot be read: compare items and answers`);
    }
    if (same[0]) return seen("done", `${same[0].number} holds what was ordered`, same[0]);
    const others = named("other");
    if (others.length > 0) {
      return seen(
        "unclear",
        `${numbers(others)} hold the same items with other answers, quantities or users: compare them with the order`,
      );
    }
    if (grown > fresh.length) {
      return seen("unclear", `Access rules hide ${grown - fresh.length} new requests: look for them with more rights`);
    }
    return seen("nothing", "This user has no new request that holds what was ordered");
  };
  const confirm = async (): Promise<Lookup> => {
    if (await isFound(requests, "opened_by", signal)) return { result: "nothing", evidence: "No request was made" };
    return {
      result: "unclear",
      evidence: "The instance finds no request by opened_by: look for the order in sc_request",
    };
  };
  return { lookUp, confirm };
}

type Read = (table: string, query: string, fields: string[], limit: number) => Promise<Page>;

/** Undefined where the instance does not say: then requests of all users are compared. */
async function currentUser(read: Read, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const { rows } = await read("sys_user", "sys_id=javascript:gs.getUserID()", ["sys_id"], 2);
    const id = rows.length === 1 ? stored(rows[0], "sys_id") : undefined;
    return id && /^\w+$/.test(id) ? id : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function requestOf(row: Row): FoundRequest {
  return { id: stored(row, "sys_id") ?? "", number: stored(row, "number") ?? "" };
}

/** For each request, whether it is the order. */
async function matched(read: Read, sent: readonly OrderedLine[], fresh: readonly FoundRequest[]): Promise<Match[]> {
  if (fresh.length === 0) return [];
  const ids = fresh.map(({ id }) => id).join();
  const columns = ["sys_id", "request", "cat_item", "quantity", "requested_for"];
  const page = await read("sc_req_item", `requestIN${ids}`, columns, MOST_LINES);
  const answers = sent.some((line) => line.answers.size > 0) ? await answersOf(read, page.rows) : new Map();
  return fresh.map(({ id }) => {
    const rows = page.rows.filter((row) => stored(row, "request") === id);
    const lines = rows.map((row): FoundLine => {
      const quantity = stored(row, "quantity");
      return {
        item: stored(row, "cat_item"),
        quantity: quantity === undefined ? undefined : Number(quantity),
        requestedFor: stored(row, "requested_for"),
        answers: answers.get(stored(row, "sys_id")),
      };
    });
    const match = matchRequest(sent, lines);
    // A line that is hidden may be the one that is missing.
    return match === "no" && (page.hidden !== 0 || !page.complete) ? "unsure" : match;
  });
}

const ANSWER = ["request_item", "sc_item_option.item_option_new", "sc_item_option.value"] as const;

/** Answers by requested item and variable, as far as they may be read. */
async function answersOf(read: Read, rows: readonly Row[]): Promise<Map<string | undefined, Map<string, string>>> {
  const found = new Map<string | undefined, Map<string, string>>();
  const ids = rows.flatMap((row) => stored(row, "sys_id") ?? []).slice(0, MOST_REQUESTS);
  if (ids.length === 0) return found;
  try {
    const page = await read("sc_item_option_mtom", `request_itemIN${ids.join()}`, [...ANSWER], MOST_ANSWERS);
    for (const row of page.rows) {
      const [line, variable, value] = ANSWER.map((field) => stored(row, field));
      if (variable === undefined || value === undefined) continue;
      found.set(line, (found.get(line) ?? new Map<string, string>()).set(variable, value));
    }
  } catch (thrown) {
    // Unread answers leave the comparison unsure.
    if (Object(thrown).kind !== "authorization") throw thrown;
  }
  return found;
}
