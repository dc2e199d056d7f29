/**
 * Writes of a batch whose outcome is unknown: those of one Batch call are looked up together, by Batch calls of reads, and only those that
 * certainly did not happen are sent again.
 *
 * A create is found by its key, an update by the record's `sys_mod_count` and fields, a delete by whether the record exists. Where no lookup
 * can decide, the outcome is reported as unknown, with the reason.
 */
import type { BatchOutcome, BatchRequest, Known, Recovery, Row, SysparmError } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { failedLookup, type Lookup, nextSteps } from "./decide.js";
import { confirmNone, correlationKey, isKey, type Key, MOST_RECORDS, markStored, seenByKey } from "./keys.js";
import { duplicateError, recoveryLimits, unknownOutcome, type WriteLookup } from "./reports.js";
import { GONE, seenChanged } from "./update-delete.js";

/** What a request writes, for a lookup. */
export type Target = { table: string; parameters: string } & (
  | { kind: "create"; key: Key; isFresh: boolean }
  | { kind: "update"; id: string; patch: Readonly<Record<string, unknown>> }
  | { kind: "delete"; id: string }
);

/** A request of a batch. */
export interface SentWrite {
  id: string;
  target?: Target | undefined;
  /** How often it was sent without an answer that decides its outcome. */
  sends: number;
}

/** A write whose outcome is unknown. */
export interface LostWrite<S extends SentWrite> {
  item: S;
  error: SysparmError;
}

/** Looks up the writes of one batch. */
export interface BatchRecovery {
  /** Reads the state before a Batch call, with which lookups will compare. */
  before(call: readonly SentWrite[]): Promise<void>;
  /** Learns from an answered write whether the instance stores keys. */
  answered(item: SentWrite, result: unknown): void;
  /** The outcomes that are decided, or will never be. The caller sends the others again. */
  recover(lost: readonly LostWrite<SentWrite>[]): Promise<Map<string, BatchOutcome>>;
}

interface BatchLookup extends WriteLookup {
  answer?: BatchOutcome;
}

/** The state before the write: records with its key, the record's `sys_mod_count`, or the number of records to delete. */
interface Before {
  count: number;
  ids: readonly string[];
}

const TABLE_API = /^\/api\/now\/(?:v\d+\/)?table\/(\w+)(?:\/(\w+))?\/?(?:\?(.*))?$/;
const PLAIN = "sysparm_exclude_reference_link=true&sysparm_suppress_pagination_header=true&sysparm_no_count=true";

/** The request with its correlation key, and what it writes. */
export function withTarget(
  context: CallContext,
  request: BatchRequest,
): { request: BatchRequest; target?: Target | undefined } {
  const { method = "GET", path, body, correlation } = { ...request };
  const [, table, id, parameters = ""] = TABLE_API.exec(String(path)) ?? [];
  const verb = String(method).toUpperCase();
  const row = recordIn(body);
  const isCreate = verb === "POST" && table !== undefined && id === undefined && row !== undefined;
  if (correlation !== undefined) {
    if (!isCreate) {
      const title =
        "Unsupported option `correlation` of this request. Pass it with a POST to /api/now/table/... whose body is an object.";
      throw context.invalid("options.correlation", title);
    }
    const key = correlationKey(context, row, correlation);
    const isFresh = correlation.value === undefined && !row[key.field];
    const target: Target = { kind: "create", table, parameters, key, isFresh };
    return { request: { ...request, body: { ...row, [key.field]: key.value } }, target };
  }
  if (table === undefined) return { request };
  if (isCreate && isKey(row.correlation_id)) {
    const key = { field: "correlation_id", value: row.correlation_id };
    return { request, target: { kind: "create", table, parameters, key, isFresh: false } };
  }
  if (id === undefined) return { request };
  if (verb === "DELETE") return { request, target: { kind: "delete", table, parameters, id } };
  const isUpdate = (verb === "PATCH" || verb === "PUT") && row !== undefined;
  return { request, ...(isUpdate && { target: { kind: "update", table, parameters, id, patch: row } }) };
}

/** Begins the recovery of one batch. */
export function batchRecovery(
  context: CallContext,
  read: (paths: string[]) => Promise<BatchOutcome[]>,
  recovery: Recovery | undefined,
  signal: AbortSignal | undefined,
): BatchRecovery {
  const limits = recoveryLimits(context, recovery, signal);
  const began = Date.now();
  const earlier = new Map<string, Before | undefined>();
  /** Items of a call that write to the same record or with the same key: a lookup cannot tell their writes apart. */
  const contended = new Set<string>();

  const lookUp = async (
    undecided: readonly LostWrite<SentWrite>[],
    last: boolean,
  ): Promise<(BatchLookup | Lookup)[]> => {
    const paths = undecided.map(({ item }) => lookPaths(item.target as Target));
    const answers = await read(paths.flat());
    let at = 0;
    const lookups = undecided.map(({ item }, place) => {
      const count = paths[place]?.length ?? 0;
      at += count;
      const target = item.target as Target;
      const seen = evaluate(target, answers.slice(at - count, at), earlier.get(item.id), contended.has(item.id));
      if (seen.result === "done" && "row" in seen) learn(item, seen.row);
      return seen;
    });
    return last ? Promise.all(lookups.map((seen, place) => confirmed(seen, undecided[place]?.item.target))) : lookups;
  };

  const learn = ({ target }: SentWrite, row: unknown) => {
    if (target?.kind !== "create") return;
    const { field, value } = target.key;
    const shows = typeof row === "object" && row !== null && stored(row as Row, field) === value;
    if (shows) markStored(context.writer ?? context, target.table, field);
  };

  /** Finding nothing by a key is proof only if the instance stores such keys and filters by them. */
  const confirmed = async (seen: BatchLookup | Lookup, target: Target | undefined): Promise<BatchLookup | Lookup> => {
    if (seen.result !== "nothing" || target?.kind !== "create") return seen;
    const { field } = target.key;
    const sentMs = Math.max(Date.now() - began, limits.settleMs * limits.attempts);
    const kept = `${target.table} ${field}`;
    const absence =
      confirmations.get(kept) ??
      confirmNone(context.table(target.table), field, sentMs, signal, context.writer ?? context);
    confirmations.set(kept, absence);
    return { ...seen, ...(await absence.catch(failedLookup)) };
  };
  const confirmations = new Map<string, Promise<Lookup>>();

  return {
    async before(call) {
      // No record can have a new key yet.
      const writes = call.filter(({ target }) => target && !(target.kind === "create" && target.isFresh));
      const ids = writes.map(({ target }) => nameOf(target));
      contended.clear();
      for (const [at, { id }] of writes.entries()) {
        if (ids.indexOf(ids[at]) !== ids.lastIndexOf(ids[at])) contended.add(id);
      }
      if (writes.length === 0) return;
      const paths = writes.map(({ target }) => lookPaths(target as Target));
      const answers = await read(paths.flat());
      let at = 0;
      for (const [place, { id, target }] of writes.entries()) {
        const count = paths[place]?.length ?? 0;
        earlier.set(id, beforeIn(target as Target, answers.slice(at, at + count)));
        at += count;
      }
    },

    answered: learn,

    async recover(lost) {
      const settled = new Map<string, BatchOutcome>();
      const tell = (item: SentWrite, error: SysparmError) =>
        settled.set(item.id, { ok: false, ...(error.status !== undefined && { status: error.status }), error });
      const findable = lost.filter(({ item }) => item.target);
      for (const { item, error } of lost.filter(({ item }) => !item.target)) {
        const seen: Lookup = {
          result: "unclear",
          evidence: "Nothing of this request says how to find what it has written",
        };
        tell(item, await unknownOutcome(context, error, seen, { ids: [] }, item.sends));
      }
      confirmations.clear();
      const steps = await nextSteps(findable, lookUp, limits, ({ item }) => item.sends);
      const found: { lost: LostWrite<SentWrite>; seen: BatchLookup; path: string }[] = [];
      for (const [place, { step, seen }] of steps.entries()) {
        const one = findable[place] as LostWrite<SentWrite>;
        const { item, error } = one;
        const target = item.target as Target;
        const { answer, known } = seen as BatchLookup;
        if (step === "done" && target.kind === "delete" && answer?.ok) {
          settled.set(item.id, { ...answer, result: null, found: true });
        } else if (step === "done") {
          const path = `/api/now/table/${target.table}/${known.ids[0]}?${target.parameters}`;
          found.push({ lost: one, seen: seen as BatchLookup, path });
        } else if (seen.result === "twice") tell(item, await duplicateError(context, seen as BatchLookup));
        else if (step !== "repeat") tell(item, await unknownOutcome(context, error, seen, knownOf(target), item.sends));
      }
      const records = found.length > 0 ? await read(found.map(({ path }) => path)) : [];
      for (const [place, { lost, seen }] of found.entries()) {
        const record = records[place];
        if (record?.ok) settled.set(lost.item.id, { ...record, found: true });
        else tell(lost.item, await unknownOutcome(context, lost.error, seen, seen.known, lost.item.sends));
      }
      return settled;
    },
  };
}

function lookPaths(target: Target): string[] {
  const { kind, table } = target;
  const count = (query: string) =>
    `/api/now/stats/${table}?sysparm_count=true&sysparm_query=${encodeURIComponent(query)}`;
  if (kind === "delete") return [count(`sys_id=${target.id}`)];
  if (kind === "update") {
    const fields = ["sys_mod_count", ...Object.keys(target.patch)].map(encodeURIComponent);
    return [`/api/now/table/${table}/${target.id}?sysparm_fields=${fields}&${PLAIN}`];
  }
  const { field, value } = target.key;
  const query = `${field}=${value}`;
  const list = `sysparm_query=${encodeURIComponent(query)}&sysparm_fields=sys_id,${field}&sysparm_limit=${MOST_RECORDS}`;
  return [count(query), `/api/now/table/${table}?${list}&${PLAIN}`];
}

function evaluate(
  target: Target,
  answers: readonly BatchOutcome[],
  before: Before | undefined,
  isContended: boolean,
): BatchLookup | Lookup {
  for (const answer of answers) {
    if (answer.ok) continue;
    if (target.kind !== "update" || answer.error.kind !== "record") return failedLookup(answer.error);
    return { result: "unclear", evidence: GONE };
  }
  const [answer, list] = answers;
  if (!answer?.ok) return failedLookup("it was not answered");
  if (target.kind === "update") {
    if (!before) return { result: "unclear", evidence: "The record's sys_mod_count before the write is not known" };
    return unclearIfContended(seenChanged(target.id, target.patch, before.count, answer.result as Row), isContended);
  }
  const records = countOfStats(answer);
  if (records === undefined) return failedLookup("the instance did not say how many records there are");
  if (target.kind === "delete") {
    const known: Known = { ids: [target.id], records };
    // If it did not exist before, the delete is repeated and the instance's own answer is returned.
    return records === 0 && before?.count !== 0
      ? { result: "done", evidence: "The record is gone", known, answer }
      : {
          result: "nothing",
          evidence: records === 0 ? "There was no such record" : "The record is still there",
          known,
        };
  }
  const rows = (list?.ok ? list.result : []) as Row[];
  if (target.isFresh) return seenByKey(target.key, records, rows);
  if (!before || before.count > before.ids.length) {
    const seen = seenByKey(target.key, records, rows);
    const evidence = `${seen.evidence}, and which of them were there before is not known`;
    return seen.result === "nothing" ? seen : { ...seen, result: "unclear", evidence };
  }
  const fresh = rows.filter((row) => !before.ids.includes(stored(row, "sys_id") ?? ""));
  return unclearIfContended(seenByKey(target.key, Math.max(0, records - before.count), fresh), isContended);
}

function unclearIfContended(seen: WriteLookup, isContended: boolean): WriteLookup {
  if (seen.result === "nothing" || !isContended) return seen;
  return {
    ...seen,
    result: "unclear",
    evidence: `${seen.evidence}, and several requests of the batch may have written it`,
  };
}

function beforeIn(target: Target, answers: readonly BatchOutcome[]): Before | undefined {
  const [answer, list] = answers;
  if (!answer?.ok) return undefined;
  if (target.kind === "update") {
    const version = stored(answer.result as Row, "sys_mod_count");
    return version ? { count: Number(version), ids: [] } : undefined;
  }
  const count = countOfStats(answer);
  const rows = (list?.ok ? list.result : []) as Row[];
  return count === undefined ? undefined : { count, ids: rows.flatMap((row) => stored(row, "sys_id") ?? []) };
}

function countOfStats({ result }: { result: unknown }): number | undefined {
  const text = (result as { stats?: { count?: string } } | null)?.stats?.count;
  return text && /^\d+$/.test(text) ? Number(text) : undefined;
}

function knownOf(target: Target): Known {
  return target.kind === "create" ? { key: target.key, ids: [] } : { ids: [target.id] };
}

function nameOf(target: Target | undefined): string | undefined {
  if (target?.kind === "create") return `${target.table} ${target.key.field} ${target.key.value}`;
  return target?.id;
}

function recordIn(body: BatchRequest["body"]): Readonly<Record<string, unknown>> | undefined {
  try {
    const row = typeof body === "string" ? JSON.parse(body) : body;
    return typeof row === "object" && row !== null && !Array.isArray(row) ? row : undefined;
  } catch {
    return undefined;
  }
}
