/**
 * Writes of a batch whose outcome is unknown: all of one Batch call are looked up together, by Batch calls of reads, and only what surely
 * did not arrive goes again.
 *
 * A create is found by its key, an update by the record's `sys_mod_count` and fields, a delete by whether the record is there. What
 * no look can tell is told as unknown, each with the reason.
 */
import type { BatchOutcome, BatchRequest, Known, Recovery, Row, SysparmError } from "sysparm";
import type { Tools } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { failedLook, type Seen, stepsAfter } from "./decide.js";
import { confirmNone, isKey, type Key, keeps, keyOf, MOST_RECORDS, seenByKey } from "./keys.js";
import { type Looked, patienceOf, twice, unknown } from "./reports.js";
import { GONE, seenChanged } from "./update-delete.js";

/** What a request writes, as far as it can be looked up. */
export type Target = { table: string; parameters: string } & (
  | { kind: "create"; key: Key; isFresh: boolean }
  | { kind: "update"; id: string; patch: Readonly<Record<string, unknown>> }
  | { kind: "delete"; id: string }
);

export interface Sent {
  id: string;
  target?: Target | undefined;
  /** How often it was sent without an answer that says what became of it. */
  sends: number;
}

export interface Lost<S extends Sent> {
  item: S;
  error: SysparmError;
}

export interface Recovering {
  /** Reads what the updates and deletes of a Batch call will be told by. */
  before(call: readonly Sent[]): Promise<void>;
  /** A write that was answered: its record shows whether keys are kept. */
  answered(item: Sent, result: unknown): void;
  /** What became of each that is known, or will never be; who is not among them is to be sent again. */
  settle(lost: readonly Lost<Sent>[]): Promise<Map<string, BatchOutcome>>;
}

interface Sight extends Looked {
  answer?: BatchOutcome;
}

/** What was there before the write: records with its key, the record's `sys_mod_count`, how many records there are to delete. */
interface Before {
  count: number;
  ids: readonly string[];
}

const TABLE_API = /^\/api\/now\/(?:v\d+\/)?table\/(\w+)(?:\/(\w+))?\/?(?:\?(.*))?$/;
const PLAIN = "sysparm_exclude_reference_link=true&sysparm_suppress_pagination_header=true&sysparm_no_count=true";

/** What a request writes, and the request as it is sent: with its key. */
export function aimed(tools: Tools, request: BatchRequest): { request: BatchRequest; target?: Target | undefined } {
  const { method = "GET", path, body, correlation } = { ...request };
  const [, table, id, parameters = ""] = TABLE_API.exec(String(path)) ?? [];
  const verb = String(method).toUpperCase();
  const row = rowOf(body);
  const isCreate = verb === "POST" && table !== undefined && id === undefined && row !== undefined;
  if (correlation !== undefined) {
    if (!isCreate) {
      const title =
        "Unsupported option `correlation` of this request. Pass it with a POST to /api/now/table/... whose body is an object.";
      throw tools.invalid("options.correlation", title);
    }
    const key = keyOf(tools, row, correlation);
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

export function recovering(
  tools: Tools,
  read: (paths: string[]) => Promise<BatchOutcome[]>,
  recovery: Recovery | undefined,
  signal: AbortSignal | undefined,
): Recovering {
  const patience = patienceOf(tools, recovery, signal);
  const began = Date.now();
  const earlier = new Map<string, Before | undefined>();
  /** Items of a call that write to one record, or with one key: whose write it is that is seen, no look can tell. */
  const contended = new Set<string>();

  const look = async (undecided: readonly Lost<Sent>[], last: boolean): Promise<(Sight | Seen)[]> => {
    const paths = undecided.map(({ item }) => lookPaths(item.target as Target));
    const answers = await read(paths.flat());
    let at = 0;
    const sights = undecided.map(({ item }, place) => {
      const count = paths[place]?.length ?? 0;
      at += count;
      const target = item.target as Target;
      const seen = sightOf(target, answers.slice(at - count, at), earlier.get(item.id), contended.has(item.id));
      if (seen.sight === "done" && "row" in seen) learn(item, seen.row);
      return seen;
    });
    return last ? Promise.all(sights.map((seen, place) => surely(seen, undecided[place]?.item.target))) : sights;
  };

  const learn = ({ target }: Sent, row: unknown) => {
    if (target?.kind !== "create") return;
    const { field, value } = target.key;
    const shows = typeof row === "object" && row !== null && stored(row as Row, field) === value;
    if (shows) keeps(tools, target.table, field);
  };

  /** Nothing found by a key is nothing if the instance keeps such keys, and filters by them. */
  const surely = async (seen: Sight | Seen, target: Target | undefined): Promise<Sight | Seen> => {
    if (seen.sight !== "nothing" || target?.kind !== "create") return seen;
    const { field } = target.key;
    const sentMs = Math.max(Date.now() - began, patience.settleMs * patience.attempts);
    const kept = `${target.table} ${field}`;
    const confirmed = confirming.get(kept) ?? confirmNone(tools.table(target.table), field, sentMs, signal, tools);
    confirming.set(kept, confirmed);
    return { ...seen, ...(await confirmed.catch(failedLook)) };
  };
  const confirming = new Map<string, Promise<Seen>>();

  return {
    async before(call) {
      // No record can have a key yet that was made here.
      const told = call.filter(({ target }) => target && !(target.kind === "create" && target.isFresh));
      const ids = told.map(({ target }) => nameOf(target));
      contended.clear();
      for (const [at, { id }] of told.entries()) {
        if (ids.indexOf(ids[at]) !== ids.lastIndexOf(ids[at])) contended.add(id);
      }
      if (told.length === 0) return;
      const paths = told.map(({ target }) => lookPaths(target as Target));
      const answers = await read(paths.flat());
      let at = 0;
      for (const [place, { id, target }] of told.entries()) {
        const count = paths[place]?.length ?? 0;
        earlier.set(id, beforeIn(target as Target, answers.slice(at, at + count)));
        at += count;
      }
    },

    answered: learn,

    async settle(lost) {
      const settled = new Map<string, BatchOutcome>();
      const tell = (item: Sent, error: SysparmError) =>
        settled.set(item.id, { ok: false, ...(error.status !== undefined && { status: error.status }), error });
      const findable = lost.filter(({ item }) => item.target);
      for (const { item, error } of lost.filter(({ item }) => !item.target)) {
        const seen: Seen = {
          sight: "unclear",
          evidence: "Nothing of this request says how to find what it has written",
        };
        tell(item, await unknown(tools, error, seen, { ids: [] }, item.sends));
      }
      confirming.clear();
      const steps = await stepsAfter(findable, look, patience, ({ item }) => item.sends);
      const found: { lost: Lost<Sent>; seen: Sight; path: string }[] = [];
      for (const [place, { step, seen }] of steps.entries()) {
        const one = findable[place] as Lost<Sent>;
        const { item, error } = one;
        const target = item.target as Target;
        const { answer, known } = seen as Sight;
        if (step === "done" && target.kind === "delete" && answer?.ok) {
          settled.set(item.id, { ...answer, result: null, found: true });
        } else if (step === "done") {
          const path = `/api/now/table/${target.table}/${known.ids[0]}?${target.parameters}`;
          found.push({ lost: one, seen: seen as Sight, path });
        } else if (seen.sight === "twice") tell(item, await twice(tools, seen as Sight));
        else if (step !== "repeat") tell(item, await unknown(tools, error, seen, knownOf(target), item.sends));
      }
      const records = found.length > 0 ? await read(found.map(({ path }) => path)) : [];
      for (const [place, { lost, seen }] of found.entries()) {
        const record = records[place];
        if (record?.ok) settled.set(lost.item.id, { ...record, found: true });
        else tell(lost.item, await unknown(tools, lost.error, seen, seen.known, lost.item.sends));
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

function sightOf(
  target: Target,
  answers: readonly BatchOutcome[],
  before: Before | undefined,
  isContended: boolean,
): Sight | Seen {
  for (const answer of answers) {
    if (answer.ok) continue;
    if (target.kind !== "update" || answer.error.kind !== "record") return failedLook(answer.error);
    return { sight: "unclear", evidence: GONE };
  }
  const [answer, list] = answers;
  if (!answer?.ok) return failedLook("it was not answered");
  if (target.kind === "update") {
    if (!before) return { sight: "unclear", evidence: "The record's sys_mod_count before the write is not known" };
    return alone(seenChanged(target.id, target.patch, before.count, answer.result as Row), isContended);
  }
  const records = countIn(answer);
  if (records === undefined) return failedLook("the instance did not say how many records there are");
  if (target.kind === "delete") {
    const known: Known = { ids: [target.id], records };
    // One that was not there before is asked for again: the answer is the instance's own.
    return records === 0 && before?.count !== 0
      ? { sight: "done", evidence: "The record is gone", known, answer }
      : { sight: "nothing", evidence: records === 0 ? "There was no such record" : "The record is still there", known };
  }
  const rows = (list?.ok ? list.result : []) as Row[];
  if (target.isFresh) return seenByKey(target.key, records, rows);
  if (!before || before.count > before.ids.length) {
    const seen = seenByKey(target.key, records, rows);
    const evidence = `${seen.evidence}, and which of them were there before is not known`;
    return seen.sight === "nothing" ? seen : { ...seen, sight: "unclear", evidence };
  }
  const fresh = rows.filter((row) => !before.ids.includes(stored(row, "sys_id") ?? ""));
  return alone(seenByKey(target.key, Math.max(0, records - before.count), fresh), isContended);
}

function alone(seen: Looked, isContended: boolean): Looked {
  if (seen.sight === "nothing" || !isContended) return seen;
  return {
    ...seen,
    sight: "unclear",
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
  const count = countIn(answer);
  const rows = (list?.ok ? list.result : []) as Row[];
  return count === undefined ? undefined : { count, ids: rows.flatMap((row) => stored(row, "sys_id") ?? []) };
}

function countIn({ result }: { result: unknown }): number | undefined {
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

function rowOf(body: BatchRequest["body"]): Readonly<Record<string, unknown>> | undefined {
  try {
    const row = typeof body === "string" ? JSON.parse(body) : body;
    return typeof row === "object" && row !== null && !Array.isArray(row) ? row : undefined;
  } catch {
    return undefined;
  }
}
