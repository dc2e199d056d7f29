/** Finds the table of a record by its number or sys_id, whatever the table. Reads only. */
import type { BatchRequest, Instance, SysparmError } from "sysparm";
import { isSysId, type Wanted } from "./target";

/** What the search needs of an instance. */
export type Searched = Pick<Instance, "batch" | "table">;

export interface Found {
  /** The record's own class, as far as the row says it. */
  table: string;
  id: string;
}

/** Asked first for a sys_id: they and their extensions hold most of what people look for. */
const LIKELY = [
  ...["task", "cmdb_ci", "sys_user", "sys_user_group", "sys_metadata", "cmn_location", "core_company"],
  ...["cmn_department", "kb_knowledge", "alm_asset", "sys_attachment", "sys_email", "contract"],
];
/** Tables in one Batch call, and in one search: a person waits, and each is a query on the instance. */
const TABLES_A_CALL = 50;
const MOST_SEARCHED = 4_000;

/** The table that a number's prefix belongs to (`sys_number`); empty where that may not be read or says nothing. */
async function tableOfPrefix(instance: Searched, number: string, signal: AbortSignal): Promise<string> {
  const prefix = /^[A-Z]+/.exec(number)?.[0] ?? "";
  try {
    const query = `prefix=${prefix}^categoryISNOTEMPTY`;
    const { rows } = await instance.table("sys_number").list({ query, fields: ["category"], limit: 1, signal });
    return String(rows[0]?.category ?? "");
  } catch {
    signal.throwIfAborted();
    // A number of a usual prefix is found without it.
    return "";
  }
}

/** The record where it is likeliest. Null where it is not, or may not be read. */
export async function locate(instance: Searched, wanted: Wanted, signal: AbortSignal): Promise<Found | null> {
  if (wanted.isId) return searchTables(instance, [...wanted.tables, ...LIKELY], wanted, signal);
  const found = await searchTables(instance, wanted.tables, wanted, signal);
  if (found) return found;
  const named = await tableOfPrefix(instance, wanted.key, signal);
  return searchTables(
    instance,
    [named, "task"].filter((table) => table !== "" && !wanted.tables.includes(table)),
    wanted,
    signal,
  );
}

/**
 * Asks tables for the record, many in one Batch call, and ends with the first that has it. A table that is not there, or may not be read, has
 * none. `progress` is called with the number of tables that were asked; those above the most in one search are not.
 */
export async function searchTables(
  instance: Searched,
  tables: readonly string[],
  { key, isId }: Pick<Wanted, "key" | "isId">,
  signal: AbortSignal,
  progress: (searched: number) => void = () => undefined,
): Promise<Found | null> {
  const names = [...new Set(tables)].filter((name) => NAME.test(name)).slice(0, MOST_SEARCHED);
  for (let start = 0; start < names.length; start += TABLES_A_CALL) {
    const asked = names.slice(start, start + TABLES_A_CALL);
    const requests = asked.map((table): BatchRequest => ({ path: pathOf(table, isId ? "sys_id" : "number", key) }));
    const outcomes = await instance.batch(requests, { size: TABLES_A_CALL, signal });
    for (const [at, outcome] of outcomes.entries()) {
      if (!outcome.ok && !says(outcome.error)) throw outcome.error;
      const row = outcome.ok && Array.isArray(outcome.result) ? (outcome.result[0] as unknown) : undefined;
      const found = foundIn(row, asked[at] ?? "", isId ? "sys_id" : "number", key);
      if (found) return found;
    }
    progress(Math.min(names.length, start + TABLES_A_CALL));
  }
  return null;
}

function pathOf(table: string, field: string, key: string): string {
  const parameters = new URLSearchParams({
    sysparm_query: `${field}=${key}`,
    sysparm_fields: `sys_id,sys_class_name,${field}`,
    sysparm_limit: "1",
    sysparm_exclude_reference_link: "true",
  });
  return `/api/now/table/${table}?${parameters}`;
}

/** Whether a failure says that the record is not in this table for this user: no such table, or no right to read it. */
function says({ kind }: SysparmError): boolean {
  return kind === "authorization" || kind === "request" || kind === "record";
}

/** The instance leaves out a condition on a field that the table lacks and answers with any row: the row has to have the key. */
function foundIn(row: unknown, table: string, field: string, key: string): Found | null {
  if (typeof row !== "object" || row === null) return null;
  const { sys_id: id, sys_class_name: own, [field]: value } = row as Record<string, unknown>;
  if (typeof id !== "string" || !isSysId(id) || String(value).toLowerCase() !== key.toLowerCase()) return null;
  return { table: typeof own === "string" && NAME.test(own) ? own : table, id };
}

const NAME = /^[a-z]\w{0,79}$/i;
