/** Saves what is in a copy: a table row by row, or the result of a query. */
import { csvLine } from "../tables/csv";
import type { Copies } from "./copy/copies";
import type { Cells, CopyStatus, QueryResult } from "./copy/model";
import { ndjsonOf } from "./copy/shape";

export type Format = "csv" | "ndjson";

export const TYPES: Record<Format, string> = { csv: "text/csv", ndjson: "application/x-ndjson" };

/** The parts of a file with every row of a copy, in the order of `sys_id`. */
export async function* tableParts(
  ask: Copies,
  environment: string,
  { table, columns }: Pick<CopyStatus, "table" | "columns">,
  format: Format,
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(columns);
  for (let after = ""; ; ) {
    const rows: Cells[] = await ask("rows", environment, { table, after });
    const last = rows.at(-1);
    if (!last) return;
    if (format === "ndjson") yield ndjsonOf(rows);
    else yield rows.map((row) => csvLine(columns.map((column) => row[column] ?? ""))).join("");
    after = String(last.sys_id);
  }
}

/** A value that is missing is an empty cell of CSV, and null in NDJSON. */
export function resultParts({ columns, rows }: QueryResult, format: Format): string[] {
  if (format === "csv") return [csvLine(columns), ...rows.map((row) => csvLine(row.map((value) => value ?? "")))];
  return rows.map((row) => {
    const cells = columns.map((column, at): [string, string | null] => [column, row[at] ?? null]);
    return `${JSON.stringify(Object.fromEntries(cells))}\n`;
  });
}
