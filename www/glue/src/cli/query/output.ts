/** Rows as a table for people, JSON, NDJSON and CSV, page by page. */

import type { Row, Value } from "sysparm";
import { UsageError } from "../command.js";
import { jsonText } from "../json-text.js";
import { columnWidths, inColumns } from "../terminal-text.js";
import { csvLine } from "./csv.js";

export const FORMATS = ["table", "json", "ndjson", "csv"] as const;
export type Format = (typeof FORMATS)[number];

/** Writes pages one after the other. */
export interface RowOutput {
  page(rows: readonly Row[]): string;
  end(): string;
}

/** Characters of a cell of a table. */
const WIDEST = 48;
/** What a table shows of rows whose fields nobody has chosen, where they have it. */
const PREFERRED_FIELDS = [
  "number",
  "name",
  "user_name",
  "short_description",
  "state",
  "priority",
  "sys_updated_on",
  "sys_id",
];
const MOST_COLUMNS = 6;

/**
 * `fields` are the columns of a table and of CSV. Without them those of the first page are taken, of a table a few: `hint` hears of it.
 * @throws UsageError from the page on that has a field which the CSV's head does not
 */
export function rowOutput(
  format: Format,
  fields: readonly string[] | undefined,
  hint: (text: string) => void,
  isRawCsv = false,
): RowOutput {
  if (format === "csv") return csvOutput(fields, (cells) => csvLine(cells, isRawCsv));
  if (format === "table") return tableOutput(fields, hint);
  // Reading by key brings `sys_id` and the field of the order along.
  const text = (row: Row) => jsonText(fields ? Object.fromEntries(chosenOf(row, fields)) : row);
  return format === "json"
    ? jsonOutput(text)
    : { page: (rows) => rows.map((row) => `${text(row)}\n`).join(""), end: () => "" };
}

/** A field that access rules hide from a row stays missing. */
function chosenOf(row: Row, fields: readonly string[]): [name: string, value: Value | undefined][] {
  return fields.filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name]]);
}

function jsonOutput(textOfRow: (row: Row) => string): RowOutput {
  let before = "[\n";
  return {
    page(rows) {
      if (rows.length === 0) return "";
      const text = before + rows.map((row) => `  ${textOfRow(row)}`).join(",\n");
      before = ",\n";
      return text;
    },
    end: () => (before === ",\n" ? "\n]\n" : "[]\n"),
  };
}

function csvOutput(fields: readonly string[] | undefined, line: (cells: readonly string[]) => string): RowOutput {
  let columns = fields;
  let isBegun = false;
  const head = () => {
    const text = isBegun ? "" : line(columns ?? []);
    isBegun = true;
    return text;
  };
  return {
    page(rows) {
      columns ??= fieldsOf(rows);
      const missing = fields ? undefined : fieldsOf(rows).find((name) => !columns?.includes(name));
      if (missing)
        throw new UsageError(
          `Field \`${missing}\` is in no row of the first page. Pass the columns: --fields <names>.`,
        );
      return head() + rows.map((row) => line((columns ?? []).map((name) => cellOf(row[name])))).join("");
    },
    end: () => (columns ? head() : ""),
  };
}

function tableOutput(fields: readonly string[] | undefined, hint: (text: string) => void): RowOutput {
  let columns = fields;
  let widths: number[] | undefined;
  return {
    page(rows) {
      if (rows.length === 0) return "";
      const present = fieldsOf(rows);
      const shown = columns ?? chosen(present);
      if (columns === undefined && shown.length < present.length)
        hint(`${shown.length} of ${present.length} fields are shown. Choose others: --fields <names>.`);
      columns = shown;
      const cells = rows.map((row) => shown.map((name) => cellOf(row[name])));
      const head = widths ? [] : [shown];
      widths ??= columnWidths([shown, ...cells], WIDEST);
      return inColumns([...head, ...cells], widths);
    },
    end: () => "",
  };
}

function chosen(present: readonly string[]): readonly string[] {
  const preferred = PREFERRED_FIELDS.filter((name) => present.includes(name));
  return (preferred.length > 1 ? preferred : present).slice(0, MOST_COLUMNS);
}

function fieldsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
}

/** Where both forms came, what a person sees. */
function cellOf(value: Value | undefined): string {
  return typeof value === "object" ? (value.display_value ?? value.value ?? "") : (value ?? "");
}
