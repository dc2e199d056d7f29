/** Names of fields, also behind dots: `caller_id.manager.name`. */
import type { Field, TableSchema } from "sysparm/schema";
import type { Completion, Suggestion } from "../kit/suggestion";
import { completed, nothing } from "./completion";
import type { Known } from "./known";

/** What a name with dots leads to. */
export type Found =
  | { field: Field; name: string }
  /** Why it is not known, in a sentence. */
  | { why: string };

/** The most dots that a name has on the platform. */
const DEEPEST = 8;

export function fieldsOf(schema: TableSchema): Readonly<Record<string, Field>> {
  return schema.tables[schema.table]?.fields ?? {};
}

/** The table whose fields stand behind the last dot, read as far as needed. */
export function tableBehind(table: string, path: readonly string[], known: Known): { table: string } | { why: string } {
  let at = table;
  for (const name of path.slice(0, DEEPEST)) {
    const reading = known.schema(at);
    if (reading.phase === "reading") return { why: `Reading the fields of ${at}…` };
    if (reading.phase === "failed") return { why: reading.why };
    const fields = fieldsOf(reading.data);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) return { why: `${at} has no field ${name} that is known.` };
    if (!field.reference) return { why: `${name} is no reference: no fields stand behind it.` };
    at = field.reference;
  }
  return { table: at };
}

export function findField(table: string, name: string, known: Known): Found {
  const path = name.split(".");
  const last = path.pop() ?? "";
  const behind = tableBehind(table, path, known);
  if ("why" in behind) return behind;
  const reading = known.schema(behind.table);
  if (reading.phase === "reading") return { why: `Reading the fields of ${behind.table}…` };
  if (reading.phase === "failed") return { why: reading.why };
  const fields = fieldsOf(reading.data);
  const field = Object.hasOwn(fields, last) ? fields[last] : undefined;
  return field ? { field, name } : { why: `${behind.table} has no field ${last} that is known.` };
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
  const reading = known.schema(behind.table);
  if (reading.phase === "reading") return nothing(from, `Reading the fields of ${behind.table}…`);
  if (reading.phase === "failed") return nothing(from, reading.why);
  const options: Suggestion[] = Object.entries(fieldsOf(reading.data)).map(([name, field]) => ({
    value: name,
    note: noteOf(field),
    ...(follows ? { continues: true } : {}),
  }));
  options.sort((a, b) => (a.value < b.value ? -1 : 1));
  const start = from + typed.length - last.length;
  return completed(start, to, last, options, `fields of ${behind.table}`, reading.note);
}

function noteOf({ label, type, reference }: Field): string {
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
