/** Every field of a record with what the dictionary says of it. Pure. */
import type { Row, Value } from "sysparm";
import type { Field, TableSchema } from "sysparm/schema";
import { hasWords, wordsOf } from "../kit/words";
import { fieldsOf } from "../schema/fields";

export interface FieldFact {
  name: string;
  /** Empty where nobody says one. */
  label: string;
  /** As the dictionary has it; empty where nobody says one. */
  type: string;
  /** Null for a field that the row lacks: access rules hide it from this user. */
  raw: string | null;
  /** What people see. */
  shown: string;
  /** Absent where it is not in the dictionary, and while that is not read. */
  field?: Field;
  /** Of the dictionary: `no_audit=true,edge_encryption_enabled=true`. */
  attributes: string;
}

/** Attributes by field, as `sys_dictionary` has them. */
export type Attributes = ReadonlyMap<string, string>;

/** Sorted by what people see; the stamps and keys that every table has come last. */
export function factsOf(row: Row, schema: TableSchema | null, attributes: Attributes): FieldFact[] {
  const known = schema ? fieldsOf(schema) : {};
  const names = new Set([...Object.keys(row), ...Object.keys(known)]);
  const facts = [...names].map((name): FieldFact => {
    const field = Object.hasOwn(known, name) ? known[name] : undefined;
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    return {
      name,
      label: field?.label ?? "",
      type: field?.type ?? "",
      ...formsOf(value),
      ...(field && { field }),
      attributes: attributes.get(name) ?? "",
    };
  });
  const place = ({ name }: FieldFact) => (name.startsWith("sys_") ? 1 : 0);
  return facts.sort((one, other) => place(one) - place(other) || titleOf(one).localeCompare(titleOf(other)));
}

/** Of a row that was read with both forms. */
function formsOf(value: Value | undefined): Pick<FieldFact, "raw" | "shown"> {
  if (value === undefined) return { raw: null, shown: "" };
  if (typeof value === "string") return { raw: value, shown: value };
  return { raw: value.value ?? "", shown: value.display_value ?? value.value ?? "" };
}

export function rawOf(row: Row, name: string): string {
  return formsOf(Object.hasOwn(row, name) ? row[name] : undefined).raw ?? "";
}

export function shownOf(row: Row, name: string): string {
  return formsOf(Object.hasOwn(row, name) ? row[name] : undefined).shown;
}

export function titleOf({ label, name }: Pick<FieldFact, "label" | "name">): string {
  return label === "" ? name : label;
}

export interface FactFilter {
  /** Words of the label, the name, the type or a value. */
  text: string;
  filledOnly: boolean;
}

export function filtered(facts: readonly FieldFact[], { text, filledOnly }: FactFilter): FieldFact[] {
  const words = wordsOf(text);
  return facts.filter((fact) => {
    if (filledOnly && !isFilled(fact)) return false;
    return (
      words.length === 0 || hasWords([fact.label, fact.name, fact.type, fact.shown, fact.raw ?? ""].join(" "), words)
    );
  });
}

/** A journal has no stored value of its own, and shows its entries. */
export function isFilled({ raw, shown }: FieldFact): boolean {
  return (raw ?? "") !== "" || shown !== "";
}

/** Names of columns by which people know a record, the best first. */
export const NAMING = ["number", "name", "user_name", "short_description", "title", "element", "label"] as const;

/** "INC0010001": what a record is called; its sys_id where nothing else is filled. */
export function calledOf(row: Row): string {
  const name = NAMING.find((one) => rawOf(row, one) !== "");
  return name === undefined ? rawOf(row, "sys_id") : rawOf(row, name);
}

/** The text under the title, where the title is not that text already. */
export function subjectOf(row: Row): string {
  const called = calledOf(row);
  const other = ["short_description", "name", "title", "label"].find(
    (one) => rawOf(row, one) !== "" && rawOf(row, one) !== called,
  );
  return other === undefined ? "" : shownOf(row, other);
}
