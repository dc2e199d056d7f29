/** How a table's fields differ in two environments. Pure. */
import type { Field, TableSchema } from "sysparm/schema";
import { fieldsOf } from "../schema/fields";

export interface SchemaDifference {
  name: string;
  /** "type", "length", or empty where one environment lacks the field. */
  what: string;
  /** Null where that environment has no such field. */
  values: [string | null, string | null];
}

/** What a program that reads or writes the field depends on. */
const PARTS: readonly [string, (field: Field) => string][] = [
  ["label", (field) => field.label ?? ""],
  ["type", (field) => field.type ?? ""],
  ["length", (field) => String(field.maxLength ?? "")],
  ["reference", (field) => field.reference ?? ""],
  ["mandatory", (field) => (field.mandatory ? "yes" : "no")],
  ["read-only", (field) => (field.readOnly ? "yes" : "no")],
  ["default", (field) => field.defaultValue ?? ""],
  ["declared in", (field) => field.declaredIn ?? ""],
  ["choices", (field) => choiceText(field)],
];

export function schemaDifferences(
  one: TableSchema,
  other: TableSchema,
): { differences: SchemaDifference[]; equal: number } {
  const [first, second] = [fieldsOf(one), fieldsOf(other)];
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])].sort();
  const differences = names.flatMap((name): SchemaDifference[] => {
    const [left, right] = [own(first, name), own(second, name)];
    if (!left || !right)
      return [{ name, what: "", values: [left ? kindOf(left) : null, right ? kindOf(right) : null] }];
    return PARTS.flatMap(([what, part]) => {
      const values: [string, string] = [part(left), part(right)];
      return values[0] === values[1] ? [] : [{ name, what, values }];
    });
  });
  const differing = new Set(differences.map(({ name }) => name));
  return { differences, equal: names.length - differing.size };
}

function own(fields: Readonly<Record<string, Field>>, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function kindOf({ type, reference }: Field): string {
  return [type || "field", reference && `to ${reference}`].filter(Boolean).join(" ");
}

function choiceText({ choices = [] }: Field): string {
  return choices
    .map(({ value, label, inactive }) => `${value} ${label}${inactive ? " (no longer offered)" : ""}`)
    .join(", ");
}
