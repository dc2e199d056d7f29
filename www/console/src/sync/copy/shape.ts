/**
 * The tables of a local copy: those that `sysparm sync --to FILE.db` writes, so a downloaded copy is one that the command goes on with.
 * Each synced table has a text column for each field; a field's label is in the column `dv_FIELD`, as ServiceNow's ODBC driver names it.
 */
import type { Row } from "sysparm";

/** Row and checkpoint are written in one transaction. */
export const CHECKPOINTS = `create table if not exists sysparm_checkpoints (
  "table" text primary key, instance text not null, checkpoint text not null
)`;

/** What the last run of each table did, for the view. The command line does not read it. */
export const RUNS = `create table if not exists sysparm_runs ("table" text primary key, run text not null)`;

const LABEL = "dv_";
const LABELS = /^dv_/;

/** Columns and values of a row. */
export function cellsOf(row: Row): [column: string, value: string | null][] {
  return Object.entries(row).flatMap(([field, cell]: [string, unknown]): [string, string | null][] => {
    if (cell === null || typeof cell !== "object") return [[field, text(cell)]];
    const { value, display_value: label } = cell as { value?: unknown; display_value?: unknown };
    if (label === undefined || field === "sys_id") return [[field, text(value)]];
    return [
      [field, text(value)],
      [LABEL + field, text(label)],
    ];
  });
}

/** A row as the instance gave it, from its columns. A field that the row did not have is left out. */
export function rowOf(cells: Readonly<Record<string, string | null>>): Row {
  const fields = Object.entries(cells).filter(
    ([column]) => !Object.hasOwn(cells, column.replace(LABELS, "")) || !LABELS.test(column),
  );
  const row = fields.flatMap(([field, value]): [string, unknown][] => {
    const label = Object.hasOwn(cells, LABEL + field) ? cells[LABEL + field] : null;
    if (typeof label === "string") return [[field, { display_value: label, value: value ?? "" }]];
    return value === null ? [] : [[field, value]];
  });
  return Object.fromEntries(row) as Row;
}

/** A line for each row, as `sysparm sync --to FILE.ndjson` writes them. */
export function ndjsonOf(rows: readonly Readonly<Record<string, string | null>>[]): string {
  return rows.map((cells) => `${JSON.stringify(rowOf(cells))}\n`).join("");
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
