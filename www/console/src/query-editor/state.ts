/**
 * The query that is being edited: its text and its rows. The side that was changed last is the source of the other, so a row that is not
 * finished stays while it is typed.
 */
import { computed, signal } from "@preact/signals";
import type { Fix, Problem, Query, Schema } from "sysparm/query";
import { fieldsOf, tableBehind } from "../schema/fields";
import type { Known } from "../schema/known";
import { NO_ROWS, type Read, type Rows, rowsOf, textOf } from "./rows";

export type EditedQuery = ReturnType<typeof createEditedQuery>;

export function createEditedQuery(given: string, table: string, known: () => Known, queries: typeof Query) {
  const text = signal(given);
  const read = signal<Read>(rowsOf(given, queries));

  const rows = computed(() => ("rows" in read.value ? read.value.rows : NO_ROWS));

  function editText(next: string): void {
    text.value = next;
    read.value = rowsOf(next, queries);
  }

  function editRows(part: Partial<Rows>): void {
    const next = { ...rows.peek(), ...part };
    read.value = { rows: next };
    text.value = textOf(next);
  }

  /** In words; a query that is none says nothing here, but in `findings`. */
  const explanation = computed(() => {
    try {
      return text.value === "" ? "every row" : queries.parse(text.value, { lenient: true }).explain();
    } catch {
      return "";
    }
  });

  /** With the places of the text as the package prints it. Without a schema the query alone is examined. */
  const findings = computed<readonly Problem[]>(() => {
    try {
      return queries.parse(text.value, { lenient: true }).lint(schemaFor(table, rows.value, known()));
    } catch {
      return [];
    }
  });

  function apply(fix: Fix): void {
    editText(queries.parse(text.peek(), { lenient: true }).fixed(fix).toString());
  }

  return { given, table, text, read, rows, explanation, findings, editText, editRows, apply };
}

/** The tables that the rows reach, as far as they have been read. */
function schemaFor(table: string, { conditions, orders }: Rows, known: Known): Schema {
  const tables: Schema["tables"] = {};
  const take = (name: string) => {
    const reading = known.schema(name);
    if (reading.phase === "read") tables[name] = { fields: fieldsOf(reading.data) };
  };
  if (table !== "") take(table);
  for (const row of [...conditions, ...orders]) {
    const field = "field" in row ? row.field : "";
    const path = field.split(".").slice(0, -1);
    for (let length = 1; length <= path.length; length += 1) {
      const behind = tableBehind(table, path.slice(0, length), known);
      if ("table" in behind) take(behind.table);
    }
  }
  return { table, tables };
}
