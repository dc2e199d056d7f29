/** Names of fields, also behind dots: `caller_id.manager.name`. */
import type { Field, TableSchema } from "sysparm/schema";
import type { Completion, Suggestion } from "../kit/suggestion";
import { completed, nothing } from "./completion";
import type { Known } from "./known";

/** What a name with dots leads to, or why it is not known, in a sentence. */
type Found = { field: Field } | { why: string };

/** The most dots that a name has on the platform. */
const DEEPEST = 8;

export function fieldsOf(schema: TableSchema): Readonly<Record<string, Field>> {
  return schema.tables[schema.table]?.fields ?? {};
}

/** The fields of a table, or why they are not known. Asking begins the reading. `note` says what could not be read. */
function readFields(
  table: string,
  known: Known,
): { fields: Readonly<Record<string, Field>>; note: string } | { why: string } {
  const reading = known.schema(table);
  if (reading.phase === "reading") return { why: `Reading the fields of ${table}…` };
  if (reading.phase === "failed") return { why: reading.why };
  return { fields: fieldsOf(reading.data), note: reading.note };
}

function ownField(table: string, name: string, known: Known): Found {
  const read = readFields(table, known);
  if ("why" in read) return read;
  const field = Object.hasOwn(read.fields, name) ? read.fields[name] : undefined;
  return field ? { field } : { why: `${table} has no field ${name} that is known.` };
}

/** The table whose fields stand behind the last dot, read as far as needed. */
export function tableBehind(table: string, path: readonly string[], known: Known): { table: string } | { why: string } {
  let at = table;
  for (const name of path.slice(0, DEEPEST)) {
    const found = ownField(at, name, known);
    if ("why" in found) return found;
    if (!found.field.reference) return { why: `${name} is no reference: no fields stand behind it.` };
    at = found.field.reference;
  }
  return { table: at };
}

export function findField(table: string, name: string, known: Known): Found {
  const path = name.split(".");
  const last = path.pop() ?? "";
  const behind = tableBehind(table, path, known);
  return "why" in behind ? behind : ownField(behind.table, last, known);
}

/** What the fields of a name are called, such as "Caller › Manager"; empty where that is not known. */
export function labelOf(table: string, name: string, known: Known): string {
  if (name === "") return "";
  const path = name.split(".");
  const labels = path.map((_, index) => {
    const found = findField(table, path.slice(0, index + 1).join("."), known);
    return "field" in found ? (found.field.label ?? "") : "";
  });
  return labels.every(Boolean) ? labels.join(" › ") : "";
}

/** Completes the name that was begun at `from`. `follows`: something stands behind a whole name, as in a query. */
export function completeField(
  typed: string,
  { from, to, table, known, follows }: { from: number; to: number; table: string; known: Known; follows: boolean },
): Completion | null {
  const path = typed.split(".");
  const last = path.pop() ?? "";
  const behind = tableBehind(table, path, known);
  if ("why" in behind) return nothing(from, behind.why);
  const read = readFields(behind.table, known);
  if ("why" in read) return nothing(from, read.why);
  const options: Suggestion[] = Object.entries(read.fields).map(([name, field]) => ({
    value: name,
    note: noteOf(field),
    ...(follows ? { continues: true } : {}),
  }));
  options.sort((a, b) => (a.value < b.value ? -1 : 1));
  const start = from + typed.length - last.length;
  return completed(start, to, last, options, `fields of ${behind.table}`, read.note);
}

/** Completes an input that holds the name of one field. */
export function completeName(text: string, caret: number, table: string, known: Known): Completion | null {
  return completeField(text.slice(0, caret), { from: 0, to: text.length, table, known, follows: false });
}

/** What the fields of a name are called, and the type of the last: "Caller › Manager · → sys_user". */
export function describedField(table: string, name: string, known: Known): string {
  const found = name === "" ? null : findField(table, name, known);
  if (!found || "why" in found) return "";
  return noteOf({ ...found.field, label: labelOf(table, name, known) });
}

function noteOf({ label, type, reference }: Pick<Field, "label" | "type" | "reference">): string {
  const kind = reference ? `→ ${reference}` : (type ?? "");
  return [label ?? "", kind].filter(Boolean).join(" · ");
}

/** The choices of a field as options; empty where it has none. */
export function choicesOf(field: Field): Suggestion[] {
  const listed = (field.choices ?? []).map(({ value, label, inactive }) => ({
    value,
    note: inactive ? `${label} (no longer offered)` : label,
  }));
  if (listed.length > 0 || field.type !== "boolean") return listed;
  return [
    { value: "true", note: "" },
    { value: "false", note: "" },
  ];
}
