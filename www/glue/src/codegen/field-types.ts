/** What the dictionary says of a field, in the words of the generators. The names of the dictionary's types are those of `sysparm/values`. */
import type { StoredKind } from "sysparm";
import type { Field, TableSchema } from "sysparm/schema";
import { AUTOMATIC_COLUMNS } from "../shared/automatic-columns.js";
import { COMMON_COLUMNS } from "../shared/common-columns.js";

/** What the stored text of a field holds. "entry" is a journal, whose stored text is empty. */
export type ValueSort = StoredKind | "money" | "text" | "reference" | "sys_id" | "entry" | "secret";

/** Types of texts. Their length is limited by the dictionary. */
const TEXTS =
  "string string_full_utf8 translated_text translated_field translated_html html char email url ph_number phone_number_e164 GUID choice " +
  "multi_two_lines user_input user_name sys_class_name table_name field_name conditions wiki_text ip_addr workflow script xml css color icon";

const WHOLE =
  "integer order_index day_of_week month_of_year week_of_month integer_date integer_time longint auto_increment";

const TYPES: Partial<Record<ValueSort, string>> = {
  text: `${TEXTS} glide_list user_roles slushbucket json`,
  boolean: "boolean",
  number: `${WHOLE} decimal float double percent_complete numeric`,
  money: "currency currency2 price",
  "date-time": "glide_date_time due_date datetime",
  date: "glide_date date",
  time: "glide_time time",
  duration: "glide_duration timer",
  entry: "journal journal_input journal_list",
  secret: "password password2 glide_encrypted",
};

const KINDS: ReadonlyMap<string, ValueSort> = new Map(
  Object.entries(TYPES).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind as ValueSort] as const)),
);
const LIMITED: ReadonlySet<string> = new Set(TEXTS.split(" "));
const WITHOUT_FRACTION: ReadonlySet<string> = new Set(WHOLE.split(" "));

/** The kind of a field. A type that is not known may be anything. A reference by another key than `sys_id` holds that key, which is text. */
export function sortOf(name: string, { type, reference, referenceKey }: Field): ValueSort {
  if (name === "sys_id") return "sys_id";
  if (type === "reference" || type === "domain_id") return reference && !referenceKey ? "reference" : "text";
  return KINDS.get(type ?? COMMON_COLUMNS[name] ?? "") ?? "other";
}

/** Whether a number has no fraction. */
export function isWhole({ type = "" }: Field): boolean {
  return WITHOUT_FRACTION.has(type);
}

/** The most characters of a text; undefined where the dictionary limits none, which it says with 0, too. */
export function lengthOf({ type = "", maxLength = 0 }: Field): number | undefined {
  return LIMITED.has(type) && maxLength >= 1 ? maxLength : undefined;
}

/** Whether a write would be dropped. */
export function isReadOnly(name: string, field: Field): boolean {
  return field.readOnly === true || AUTOMATIC_COLUMNS.includes(name);
}

/** What the dictionary makes mandatory is necessary to create a record, unless it has a default too. */
export function isNecessary({ mandatory, defaultValue }: Field): boolean {
  return mandatory === true && !defaultValue;
}

/** Fields in the order of their names. */
export function sortedFields(schema: TableSchema): [name: string, described: Field][] {
  const fields = Object.entries(schema.tables[schema.table]?.fields ?? {});
  return fields.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The tables of a record's sys_id: its own, and those that it extends. */
export function classesOf({ table, ancestry }: TableSchema): string[] {
  return ancestry.length > 0 ? ancestry.map(({ name }) => name) : [table];
}

/** Raw values of choices, each once, with the label of the first. Those that are no longer offered too: rows still hold them. */
export function choicesOf({ choices = [] }: Field): [value: string, label: string][] {
  const labels = new Map<string, string>();
  for (const { value, label } of choices) if (value !== "" && !labels.has(value)) labels.set(value, label);
  return [...labels];
}
