/** The TypeScript types of a field. The names of the dictionary's types are those of `sysparm/values`. */
import type { Field } from "sysparm/schema";
import { COMMON_COLUMNS } from "../shared/common-columns.js";

const NUMBERS = new Set(
  "integer order_index day_of_week month_of_year week_of_month integer_date integer_time longint auto_increment decimal float double percent_complete numeric".split(
    " ",
  ),
);

/** Any other text, which keeps the proposals of an editor. An instance's rows hold values that are no longer choices. */
const ANY_TEXT = "(string & {})";

/** The type of a raw value. */
export function readType(name: string, field: Field, own: readonly string[]): string {
  if (name === "sys_id") return `SysId<${own.map((table) => JSON.stringify(table)).join(" | ")}>`;
  const reference = referenceTo(field);
  if (reference) return reference;
  if (field.type === "boolean") return `"true" | "false" | ${ANY_TEXT}`;
  const values = choiceValues(field);
  return values.length > 0 ? [...values, ANY_TEXT].join(" | ") : "string";
}

/** The type of what a write may hold. Null empties a field. */
export function writeType(field: Field, isNecessary: boolean): string {
  const types = field.type === "boolean" ? ["boolean", '"true"', '"false"'] : textTypes(field);
  if (NUMBERS.has(field.type ?? "")) types.push("number");
  if (!isNecessary) types.push("null");
  return types.join(" | ");
}

/** Whether a write would be dropped. */
export function isReadOnly(name: string, field: Field): boolean {
  return field.readOnly === true || Object.hasOwn(COMMON_COLUMNS, name);
}

function textTypes(field: Field): string[] {
  const reference = referenceTo(field);
  if (reference) return [reference];
  const values = choiceValues(field);
  return values.length > 0 ? [...values, ANY_TEXT] : ["string"];
}

/** A reference by another key than `sys_id` holds that key, and a list holds several. */
function referenceTo({ type, reference, referenceKey }: Field): string | undefined {
  const isReference = type === "reference" || type === "domain_id";
  return isReference && reference && !referenceKey ? `SysId<${JSON.stringify(reference)}>` : undefined;
}

function choiceValues({ choices = [] }: Field): string[] {
  const values = choices.map(({ value }) => value).filter((value) => value !== "");
  return [...new Set(values)].map((value) => JSON.stringify(value));
}
