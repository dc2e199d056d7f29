/** The TypeScript types of a field. */
import type { StoredKind } from "sysparm";
import type { Field } from "sysparm/schema";
import { choicesOf, sortOf, type ValueSort } from "./field-types.js";

/** Any other text, which keeps the proposals of an editor. An instance's rows hold values that are no longer choices. */
const ANY_TEXT = "(string & {})";

/** What queries must know of kinds that are not text. Amounts of money are compared as numbers. */
export const STORED: Partial<Record<ValueSort, StoredKind>> = {
  boolean: "boolean",
  number: "number",
  money: "number",
  "date-time": "date-time",
  date: "date",
  time: "time",
  duration: "duration",
  other: "other",
};

/** The type of a raw value. */
export function readType(name: string, field: Field, own: readonly string[]): string {
  const kind = sortOf(name, field);
  if (kind === "sys_id") return `SysId<${own.map((table) => JSON.stringify(table)).join(" | ")}>`;
  if (kind === "boolean") return `"true" | "false" | Stored<"boolean">`;
  return withChoices(kind, field).join(" | ");
}

/** The type of what a write may hold. Null empties a field. */
export function writeType(name: string, field: Field, isNecessary: boolean): string {
  const kind = sortOf(name, field);
  const types = kind === "boolean" ? ["boolean", '"true"', '"false"'] : withChoices(kind, field);
  if (kind === "number") types.push("number");
  if (!isNecessary) types.push("null");
  return types.join(" | ");
}

function withChoices(kind: ValueSort, field: Field): string[] {
  if (kind === "reference") return [`SysId<${JSON.stringify(field.reference)}>`];
  const stored = STORED[kind] && `Stored<${JSON.stringify(STORED[kind])}>`;
  const values = choicesOf(field).map(([value]) => JSON.stringify(value));
  if (values.length === 0) return [stored ?? "string"];
  // A query takes any text of a field whose choices are suggestions.
  return [...values, field.suggestions ? `Stored<"other">` : (stored ?? ANY_TEXT)];
}
