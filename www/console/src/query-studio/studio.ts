/** The state of the query studio: the query that is edited, where it came from, what the instance said of it. */
import { computed, signal } from "@preact/signals";
import type { Query } from "sysparm/query";
import { createEditedQuery } from "../query-editor/state";
import { fieldsOf, findField } from "../schema/fields";
import type { Known } from "../schema/known";
import type { SavedQuery } from "../workspace/model";
import { decode } from "./decode";
import { hintsOf } from "./hints";
import { type Asked, createRun, previewFields, withFixes } from "./run";
import type { SavedQueries } from "./saved";

export type Studio = ReturnType<typeof createStudio>;

/** Another query was pasted or opened. `before` is what it took the place of. */
export interface Replaced {
  said: string;
  before: { id: string; table: string; query: string };
}

export const FIRST_TABLE = "incident";

export function createStudio(queries: typeof Query, known: () => Known, saved: SavedQueries) {
  const edited = signal(createEditedQuery("", FIRST_TABLE, known, queries));
  const replaced = signal<Replaced | null>(null);
  /** Why a pasted text or an address of the console was not taken; empty otherwise. */
  const refused = signal("");
  /** The id of the saved query that is open; empty: none. */
  const savedId = signal("");
  const run = createRun();

  function begin(table: string, query: string): void {
    edited.value = createEditedQuery(query, table, known, queries);
  }

  function current(): Replaced["before"] {
    const { table, normal } = edited.peek();
    return { id: savedId.peek(), table, query: normal.peek() };
  }

  /** Shows another query in place of this one. */
  function open({ id = "", table, query }: Partial<SavedQuery> & Pick<SavedQuery, "table" | "query">): void {
    const before = current();
    const kept = saved.find(before.id);
    const isKept = before.query === "" || (kept?.query === before.query && kept.table === before.table);
    replaced.value = isKept ? null : { said: "The former query was not saved.", before };
    savedId.value = id;
    refused.value = "";
    begin(table, query);
  }

  function setTable(table: string): void {
    const before = edited.peek();
    if (table !== before.table) begin(table, before.text.peek());
  }

  /** Takes a query, an address or percent-encoded text. It is another query than the saved one that is open: saving must not replace that. */
  function paste(text: string): void {
    const found = decode(text, queries);
    refused.value = "problem" in found ? `The pasted text was not taken. ${found.problem}` : "";
    if ("problem" in found) return;
    const { table, text: now } = edited.peek();
    const before = { ...current(), query: now.peek() };
    savedId.value = "";
    replaced.value = { said: found.said || "The pasted query took the place of the former one.", before };
    if (found.table === "" || found.table === table) edited.peek().editText(found.query);
    else begin(found.table, found.query);
  }

  function putBack(): void {
    const { before } = replaced.peek() ?? {};
    replaced.value = null;
    if (before) {
      savedId.value = before.id;
      begin(before.table, before.query);
    }
  }

  /** Whether a text that is pasted into the line of the query is more than a part of one. */
  function isForeign(text: string): boolean {
    const found = decode(text, queries);
    return !("problem" in found) && found.said !== "" && (found.table !== "" || found.query !== text.trim());
  }

  const reading = computed(() => {
    const { table } = edited.value;
    return table === "" ? null : known().schema(table);
  });

  const asked = computed<Asked>(() => {
    const { table, query, schema, rows, normal } = edited.value;
    const { conditions, orders } = rows.value;
    const fields = [...conditions, ...orders].flatMap((row) => ("field" in row && row.field !== "" ? row.field : []));
    const read = reading.value;
    const names = read?.phase === "read" ? Object.keys(fieldsOf(read.data)) : [];
    const found = (name: string) => "field" in findField(table, name, known());
    return {
      table,
      query: normal.value,
      fixed: query.value ? withFixes(query.value, schema.value) : null,
      fields: previewFields(names, names.length === 0 ? fields : fields.filter(found)),
    };
  });

  /** Whether what the instance said is of this query. */
  const isCurrent = computed(() => {
    const { value } = run.state;
    const { table, query } = asked.value;
    return value.phase !== "idle" && value.asked.table === table && value.asked.query === query;
  });

  const hints = computed(() => {
    const { table, query } = edited.value;
    const read = reading.value;
    // Text that only contains a query has no tree.
    if (!query.value || findingOf("query.address") || findingOf("query.encoded")) return [];
    return hintsOf(query.value.tree(), {
      table: table || "the table",
      field: (name) => {
        const found = findField(table, name, known());
        return "field" in found ? found.field : undefined;
      },
      indexesKnown: read?.phase === "read" && read.data.indexes !== null,
      encodedLength: query.value.encodedLength,
    });
  });

  const findingOf = (code: string) => edited.value.findings.value.some((finding) => finding.code === code);

  /** Why the rows of this query must not be written; empty where they may. */
  const unwritable = computed(() => {
    const { table, read, unread, findings, normal } = edited.value;
    if (table === "") return "Name a table.";
    if ("problem" in read.value) return "The query cannot be read.";
    // A misspelt field of a table that was not read is not found, and the instance drops its condition.
    if (unread.value !== "") return `The fields of ${unread.value} are not known, so the query could not be checked.`;
    const wrong = findings.value.find(({ severity }) => severity === "error");
    if (wrong) return "Correct the errors before you write: the query finds other rows than it says.";
    return queries.parse(normal.value).tree().any.length === 0 ? "A query without a condition is the whole table." : "";
  });

  function sortBySysId(): void {
    const { orders } = edited.peek().rows.peek();
    edited.peek().editRows({ orders: [...orders, { by: "ORDERBY", field: "sys_id" }] });
  }

  return {
    queries,
    known,
    saved,
    edited,
    replaced,
    refused,
    savedId,
    run,
    reading,
    asked,
    isCurrent,
    hints,
    unwritable,
    open,
    setTable,
    paste,
    putBack,
    isForeign,
    sortBySysId,
  };
}
