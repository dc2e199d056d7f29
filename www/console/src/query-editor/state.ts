/**
 * The query that is being edited: its text and its rows. The side that was changed last is the source of the other, so a row that is not
 * finished stays while it is typed.
 */
import { computed, signal } from "@preact/signals";
import type { Fix, Phrase, Problem, Query, Schema } from "sysparm/query";
import { fieldsOf, tableBehind } from "../schema/fields";
import type { Known } from "../schema/known";
import { NO_ROWS, type Place, placesOf, type Read, type Rows, rowsOf, textOf } from "./rows";

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

  /** Null for a text that cannot be read at all: `read` says why. */
  const query = computed(() => {
    try {
      return queries.parse(text.value, { lenient: true });
    } catch {
      return null;
    }
  });

  /** As the package prints it: places in it are those of findings, phrases and rows. */
  const normal = computed(() => query.value?.toString() ?? text.value);

  /** In words, piece by piece; a query that is none says nothing here, but in `findings`. */
  const phrases = computed<readonly Phrase[]>(() =>
    text.value === "" ? [{ text: "every row" }] : (query.value?.phrases() ?? []),
  );

  /** What is known of the tables that the query reaches. */
  const schema = computed(() => schemaFor(table, rows.value, known()));

  /** A table that the query reaches whose fields are not known; empty where there is none. */
  const unread = computed(() => {
    const here = known();
    return tablesOf(table, rows.value, here).find((name) => here.schema(name).phase !== "read") ?? "";
  });

  /** Without a schema the query alone is examined. */
  const findings = computed<readonly Problem[]>(() => {
    try {
      return query.value?.lint(schema.value) ?? [];
    } catch {
      return [];
    }
  });

  const marks = computed(() => {
    const { conditions, orders } = placesOf(rows.value);
    const worst = (place: Place | null) => worstAt(findings.value, place);
    return { conditions: conditions.map(worst), orders: orders.map(worst) };
  });

  function apply(fix: Fix): void {
    editText(queries.parse(text.peek(), { lenient: true }).fixed(fix).toString());
  }

  return {
    given,
    table,
    text,
    read,
    rows,
    query,
    normal,
    phrases,
    schema,
    unread,
    findings,
    marks,
    editText,
    editRows,
    apply,
  };
}

/** Of the findings that concern a place the gravest; null where there is none. */
export function worstAt(findings: readonly Problem[], place: Place | null): Problem["severity"] | null {
  if (!place) return null;
  const here = findings.filter(({ start, end }) => start < place.end && (end > place.start || start === place.start));
  if (here.length === 0) return null;
  return here.some(({ severity }) => severity === "error") ? "error" : "warning";
}

/** The tables that the rows reach, as far as they have been read. */
function schemaFor(table: string, rows: Rows, known: Known): Schema {
  const tables: Schema["tables"] = {};
  for (const name of tablesOf(table, rows, known)) {
    const reading = known.schema(name);
    if (reading.phase === "read") tables[name] = { fields: fieldsOf(reading.data) };
  }
  return { table, tables };
}

/** The table, those of related records, and those behind references as far as the fields that lead there have been read. */
function tablesOf(table: string, { conditions, orders }: Rows, known: Known): string[] {
  const names = new Set(table === "" ? [] : [table]);
  for (const row of [...conditions, ...orders]) {
    const related = "text" in row ? RELATED_TABLE.exec(row.text)?.[1] : undefined;
    if (related !== undefined) names.add(related);
    const field = "field" in row ? row.field : "";
    const path = field.split(".").slice(0, -1);
    for (let length = 1; length <= path.length; length += 1) {
      const behind = tableBehind(table, path.slice(0, length), known);
      if ("table" in behind) names.add(behind.table);
    }
  }
  return [...names];
}

const RELATED_TABLE = /^RLQUERY(\w+)\./;
