/** Correlation keys, by which a write is found: which values are valid, what a lookup has found, and when finding nothing is proof. */
import type { Correlation, Known, Row, Table } from "sysparm";
import type { Query } from "sysparm/query";
import { stored } from "../shared/rows.js";
import type { Lookup } from "./decide.js";
import type { WriteContext, WriteLookup } from "./reports.js";

/** A correlation key: a field and its value in one record. */
export interface Key {
  field: string;
  value: string;
}

/** A query that is not checked as text: a key may contain what looks like a mistake there. */
export function uncheckedQuery(query: string): Query {
  return { encoded: () => query } as Query;
}

/** More records than this with one key are not the result of repeated sending. */
export const MOST_RECORDS = 10;

/** The key fields that a record has shown to be stored, by the table object or the client that wrote it. */
const storedFields = new WeakMap<object, Set<string>>();

/** Records that the instance stores this key field. */
export function markStored(writer: object, table: string, field: string): void {
  storedFields.set(writer, (storedFields.get(writer) ?? new Set()).add(`${table} ${field}`));
}

/** The key of a row: the row's own value, the one in the options, or a new one. */
export function correlationKey(
  context: Pick<WriteContext, "invalid">,
  row: Readonly<Record<string, unknown>>,
  correlation: Pick<Correlation, "field" | "value">,
): Key {
  const { field, value } = { ...correlation };
  if (typeof field !== "string" || !/^\w+$/.test(field)) {
    throw context.invalid(
      "options.correlation",
      "Invalid option `correlation.field`. Pass the name of a text field, such as correlation_id.",
    );
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    throw context.invalid("request.body", "Invalid record. Pass an object of its fields.");
  }
  const given = row[field];
  const key = value ?? (given === undefined || given === null || given === "" ? randomKey() : String(given));
  if (value !== undefined && given !== undefined && given !== value) {
    throw context.invalid(
      "options.correlation",
      `Invalid option \`correlation.value\`: the row has another value of ${field}. Pass one of them.`,
    );
  }
  if (!isKey(key)) {
    throw context.invalid(
      "options.correlation",
      "Invalid option `correlation.value`. Pass a string without ^, line breaks and spaces at its ends.",
    );
  }
  return { field, value: key };
}

/** A value that no query parses as more than a value, and that no instance trims. */
export function isKey(key: unknown): key is string {
  return typeof key === "string" && key.trim() === key && key !== "" && !/[\^\p{Cc}]|^javascript:/iu.test(key);
}

/** Evaluates a lookup by a key. `records` is the instance's count, which includes rows that access rules hide; `rows` are those visible. */
export function seenByKey({ field, value }: Key, records: number, rows: readonly Row[]): WriteLookup {
  const query = `${field}=${value}`;
  const own = rows.filter((one) => stored(one, field) === value);
  const ids = own.flatMap((one) => stored(one, "sys_id") ?? []);
  const known: Known = { key: { field, value }, records, ids };
  const seen = (result: Lookup["result"], evidence: string) => ({ result, evidence, known, row: own[0] });
  if (own.length < rows.length) return seen("unclear", `The instance does not filter by ${field}`);
  const all = Math.max(records, own.length);
  if (own.length > 0) return all > 1 ? seen("twice", `${all} records have ${query}`) : seen("done", `One has ${query}`);
  if (records > MOST_RECORDS) return seen("unclear", `The instance counts ${records} records with ${query}`);
  if (records > 0) return seen("unclear", `The instance counts ${records} with ${query}, and access rules hide them`);
  return seen("nothing", `No record has ${query}`);
}

/** Whether the instance filters by the key's field at all: some answer an invalid condition with no rows, which would prove nothing. */
export async function isQueryable(table: Table, field: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await isFound(table, field, signal)) || (await table.count("", signal && { signal })) === 0;
}

/**
 * Whether rows of the table are found by this field. A table without rows proves nothing where there should be some: rules may hide all
 * rows from this user, from counts too.
 */
export async function isFound(table: Table, field: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await table.count(`${field}ISNOTEMPTY^OR${field}ISEMPTY`, signal && { signal })) > 0;
}

/**
 * Finding nothing proves something only if the instance stores the key: a record without its key would exist and not be found. `sentMs`:
 * how long ago the write was first sent, at most.
 */
export async function confirmNone(
  table: Table,
  field: string,
  sentMs: number,
  signal: AbortSignal | undefined,
  writer: object = table,
): Promise<Lookup> {
  if (!storedFields.get(writer)?.has(`${table.name} ${field}`)) {
    if (!(await isQueryable(table, field, signal))) {
      return { result: "unclear", evidence: `The instance finds nothing by ${field}` };
    }
    const without = await table.count(`${createdWithin(sentMs)}^${field}ISEMPTY`, signal && { signal });
    if (without > 0) {
      const evidence = `${without} new records have no ${field}: the instance may have dropped it from this one`;
      return { result: "unclear", evidence };
    }
  }
  return { result: "nothing", evidence: `Surely no record has this ${field}` };
}

/** A condition by the instance's own clock. It counts whole minutes, so the range is longer rather than shorter. */
export function createdWithin(ms: number): string {
  return `sys_created_onRELATIVEGT@minute@ago@${3 + Math.ceil(ms / 60_000)}`;
}

/** A UUID (RFC 9562 section 5.4). Not `randomUUID()`, which pages from http do not have. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const [version = 0, variant = 0] = [bytes[6], bytes[8]];
  bytes[6] = (version & 0x0f) | 0x40;
  bytes[8] = (variant & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
