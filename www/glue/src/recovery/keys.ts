/** Keys that make a write findable: what may be one, what a look by one has seen, and when finding nothing means that there is nothing. */
import type { Known, Row, Table } from "sysparm";
import type { Query } from "sysparm/query";
import { stored } from "../shared/rows.js";
import type { Seen } from "./decide.js";
import type { Looked, Surroundings } from "./reports.js";

export interface Key {
  field: string;
  value: string;
}

/** A query that was built here: its key may hold what a query as text may not. */
export function built(query: string): Query {
  return { encoded: () => query } as Query;
}

/** More than so many with one key are no accident of sending. */
export const MOST_RECORDS = 10;

/** The keys that a record, answered or found, has shown to be kept: by the table that wrote it, or the client. */
const kept = new WeakMap<object, Set<string>>();

export function keeps(writer: object, table: string, field: string): void {
  kept.set(writer, (kept.get(writer) ?? new Set()).add(`${table} ${field}`));
}

/** The field and the value of a row that is written: its own, the one given beside it, or a fresh one. */
export function keyOf(
  around: Pick<Surroundings, "invalid">,
  row: Readonly<Record<string, unknown>>,
  correlation: { field: string; value?: string },
): Key {
  const { field, value } = { ...correlation };
  if (typeof field !== "string" || !/^\w+$/.test(field)) {
    throw around.invalid(
      "options.correlation",
      "Invalid option `correlation.field`. Pass the name of a text field, such as correlation_id.",
    );
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw around.invalid("request.body", "A record is written as an object of its fields");
  }
  const given = row[field];
  const key = value ?? (given === undefined || given === null || given === "" ? randomKey() : String(given));
  if (value !== undefined && given !== undefined && given !== value) {
    throw around.invalid(
      "options.correlation",
      `Invalid option \`correlation.value\`: the row has another value of ${field}. Pass one of them.`,
    );
  }
  if (!isKey(key)) {
    throw around.invalid(
      "options.correlation",
      "Invalid option `correlation.value`. Pass a string without ^, line breaks and spaces at its ends.",
    );
  }
  return { field, value: key };
}

/** Not what a query would read as more than a value, or an instance would trim. */
export function isKey(key: unknown): key is string {
  return typeof key === "string" && key.trim() === key && key !== "" && !/[\^\p{Cc}]|^javascript:/iu.test(key);
}

/** What a look by a key has seen: so many records by the instance's count, which comes before access rules on rows, and these. */
export function seenByKey({ field, value }: Key, records: number, rows: readonly Row[]): Looked {
  const query = `${field}=${value}`;
  const own = rows.filter((one) => stored(one, field) === value);
  const ids = own.flatMap((one) => stored(one, "sys_id") ?? []);
  const known: Known = { key: { field, value }, records, ids };
  const seen = (sight: Seen["sight"], evidence: string) => ({ sight, evidence, known, row: own[0] });
  if (own.length < rows.length) return seen("unclear", `The instance does not filter by ${field}`);
  const all = Math.max(records, own.length);
  if (own.length > 0) return all > 1 ? seen("twice", `${all} records have ${query}`) : seen("done", `One has ${query}`);
  if (records > MOST_RECORDS) return seen("unclear", `The instance counts ${records} records with ${query}`);
  if (records > 0) return seen("unclear", `The instance counts ${records} with ${query}, and access rules hide them`);
  return seen("nothing", `No record has ${query}`);
}

/** Whether the instance filters by the key at all: where it answers an invalid part of a query with no rows, none is no news. */
export async function isQueryable(table: Table, field: string, signal: AbortSignal | undefined): Promise<boolean> {
  const all = await table.count(`${field}ISNOTEMPTY^OR${field}ISEMPTY`, signal && { signal });
  return all > 0 || (await table.count("", signal && { signal })) === 0;
}

/**
 * None is none if the key is one that the instance keeps: without it the record would be there, and not be found by it. `sentMs`: the
 * write was first sent so long ago at most.
 */
export async function confirmNone(
  table: Table,
  field: string,
  sentMs: number,
  signal: AbortSignal | undefined,
  writer: object = table,
): Promise<Seen> {
  if (!kept.get(writer)?.has(`${table.name} ${field}`)) {
    if (!(await isQueryable(table, field, signal))) {
      return { sight: "unclear", evidence: `The instance finds nothing by ${field}` };
    }
    const without = await table.count(`${createdWithin(sentMs)}^${field}ISEMPTY`, signal && { signal });
    if (without > 0) {
      const evidence = `${without} new records have no ${field}: the instance may have dropped it from this one`;
      return { sight: "unclear", evidence };
    }
  }
  return { sight: "nothing", evidence: `Surely no record has this ${field}` };
}

/** By the instance's own clock, which counts whole minutes here: rather too many than too few. */
export function createdWithin(ms: number): string {
  return `sys_created_onRELATIVEGT@minute@ago@${3 + Math.ceil(ms / 60_000)}`;
}

/** A UUID (RFC 9562 section 5.4). Not `randomUUID()`, which pages that came by http do not have. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const [version = 0, variant = 0] = [bytes[6], bytes[8]];
  bytes[6] = (version & 0x0f) | 0x40;
  bytes[8] = (variant & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
