/** Writes rows in the formats of an export. Text comes in parts of some hundred rows, so that no single string grows with the table. */
import type { Row } from "sysparm";
import { csvLine } from "../csv";
import { cellText, type Values } from "../values";

export const FORMATS = ["csv", "ndjson", "json", "xlsx"] as const;
export type Format = (typeof FORMATS)[number];

export const FORMAT_FACTS: Record<Format, { label: string; type: string }> = {
  csv: { label: "CSV", type: "text/csv" },
  ndjson: { label: "NDJSON, one record a line", type: "application/x-ndjson" },
  json: { label: "JSON, one list", type: "application/json" },
  xlsx: { label: "Excel", type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};

export interface Contents {
  columns: readonly string[];
  values: Values;
  /** Fields whose raw values are numbers: in Excel they are cells of numbers. */
  numbers: ReadonlySet<string>;
  table: string;
}

type Batches = AsyncIterable<readonly Row[]>;

/** The columns of a file of lines: of two forms the display value follows the raw one, named as ServiceNow's ODBC driver names it. */
export function fileColumns({ columns, values }: Pick<Contents, "columns" | "values">): string[] {
  return values === "both" ? columns.flatMap((column) => [column, `dv_${column}`]) : [...columns];
}

/** The cells of a row for `fileColumns`. */
export function fileCells(row: Row, { columns, values }: Pick<Contents, "columns" | "values">): string[] {
  if (values !== "both") return columns.map((column) => cellText(row[column]));
  return columns.flatMap((column) => {
    const value = row[column];
    return typeof value === "object" ? [value.value ?? "", value.display_value ?? ""] : [value ?? "", value ?? ""];
  });
}

export async function* textOf(format: "csv" | "ndjson" | "json", batches: Batches, contents: Contents) {
  let isFirst = true;
  if (format === "csv") yield csvLine(fileColumns(contents));
  if (format === "json") yield "[";
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    if (format === "csv") yield rows.map((row) => csvLine(fileCells(row, contents))).join("");
    else {
      const texts = rows.map((row) => JSON.stringify(members(row, contents.columns)));
      if (format === "ndjson") yield `${texts.join("\n")}\n`;
      else yield (isFirst ? "\n" : ",\n") + texts.join(",\n");
    }
    isFirst = false;
  }
  if (format === "json") yield "\n]\n";
}

/** The chosen fields that the row has, in their order. A field that access rules hide is missing in the file, too. */
function members(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const value = Object.hasOwn(row, column) ? row[column] : undefined;
      return value === undefined ? [] : [[column, value]];
    }),
  );
}
