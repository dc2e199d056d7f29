/** The words of descriptions. Written for assistants, which know nothing but the document. */
import type { Field, FieldChoice } from "sysparm/schema";
import { shortened } from "./names.js";
import type { DescribedField, DescribedTable } from "./tables.js";

/** Of an operation ("Production notes on GPT Actions", "Open API specification limits"), and here of a field. */
export const LONGEST_DESCRIPTION = 300;
/** Of a parameter, by the same page. */
export const LONGEST_PARAMETER = 700;

const MOST_CHOICES = 40;

const KINDS: Record<string, string> = {
  boolean: "true or false.",
  integer: "A whole number.",
  longint: "A whole number.",
  decimal: "A number.",
  float: "A number.",
  currency: "An amount.",
  price: "An amount.",
  glide_date_time: "Date and time in UTC: 2026-01-31 08:30:00.",
  due_date: "Date and time in UTC: 2026-01-31 08:30:00.",
  glide_date: "A date: 2026-01-31.",
  glide_time: "A time of day: 08:30:00.",
  glide_duration: "A duration, counted from 1970-01-01 00:00:00.",
  glide_list: "sys_ids, separated by commas.",
  journal: "A journal: entries of users.",
  journal_input: "A journal: what is written is added as an entry; replies hold it as text or not at all.",
  GUID: "The identifier of a record.",
};

/** What a field means, its choices included. `writing`: for a request. */
export function ofField({ name, field, target }: DescribedField, writing: boolean): string {
  if (!field) return "Not in the dictionary that was read.";
  const { label, type = "", reference, mandatory, readOnly, choices = [] } = field;
  const parts = [`${label && label !== name ? label : name.replaceAll("_", " ")}.`];
  if (reference) {
    const what = type === "glide_list" ? "sys_ids, separated by commas, of records" : "sys_id of a record";
    parts.push(`${what} of ${target ?? "another table"}.`);
  }
  if (!reference && KINDS[type]) parts.push(KINDS[type]);
  // Empty is the absence of a choice.
  const offered = offeredChoices(choices).filter(({ value }) => value !== "");
  if (offered.length > 0) parts.push(choicesInWords(offered));
  if (writing && mandatory) parts.push("Mandatory.");
  if (!writing && readOnly) parts.push("Read-only.");
  return shortened(parts.join(" "), LONGEST_DESCRIPTION);
}

/** Those that are still offered, each value once. */
export function offeredChoices(choices: readonly FieldChoice[]): FieldChoice[] {
  const values = new Map<string, FieldChoice>();
  for (const choice of choices) if (!choice.inactive && !values.has(choice.value)) values.set(choice.value, choice);
  return [...values.values()];
}

function choicesInWords(choices: readonly FieldChoice[]): string {
  const shown = choices
    .slice(0, MOST_CHOICES)
    .map(({ value, label }) => (value === label || label === "" ? value : `${value} = ${label}`));
  const more = choices.length - shown.length;
  return `Choices: ${shown.join("; ")}${more > 0 ? `; ${more} more` : ""}.`;
}

/** Fields that make good examples, because people know them. */
const USUAL = [
  "number",
  "name",
  "short_description",
  "state",
  "priority",
  "sys_updated_on",
  "caller_id",
  "assigned_to",
];

/** The fields, the usual ones before the others. */
export function usualFirst(fields: readonly DescribedField[]): DescribedField[] {
  const usual = USUAL.flatMap((name) => fields.find((one) => one.name === name) ?? []);
  return [...usual, ...fields.filter((one) => !usual.includes(one))];
}

/** The first names, of this many characters at most, and how many there are besides. */
function listed(names: readonly string[], separator: string, most: number, where: string): string {
  const whole = names.join(separator);
  if (whole.length <= most) return whole;
  let text = "";
  let shown = 0;
  const rest = (count: number) => ` and ${names.length - count} more${where}`;
  for (const name of names) {
    const next = shown === 0 ? name : `${text}${separator}${name}`;
    if (next.length + rest(shown + 1).length > most) break;
    text = next;
    shown += 1;
  }
  return shown === 0 ? `${names.length}${where}` : text + rest(shown);
}

const IN_SCHEMA = ", see the schema";

/** Choices that can stand in a condition as they are. */
const comparable = (choices: readonly FieldChoice[]) =>
  offeredChoices(choices)
    .map(({ value }) => value)
    .filter((value) => /^[^^,]+$/.test(value));

/** How to write `sysparm_query`, with examples of the table's own fields. */
export function ofQuery({ read, compared, choosesConditions }: DescribedTable): string {
  const find = (accepts: (field: Field) => boolean) =>
    usualFirst(compared).find(({ field }) => field && accepts(field));
  const choice = find(({ choices = [], reference }) => !reference && comparable(choices).length > 0);
  const text = find(({ type, choices = [], readOnly }) => type === "string" && choices.length === 0 && !readOnly);
  const moment = find(({ type }) => type === "glide_date_time");
  const reference = find((field) => field.reference !== undefined);
  const [one, other] = comparable(choice?.field?.choices ?? []);
  const conditions = [
    choice && `${choice.name}=${one}`,
    choice && other !== undefined && `${choice.name}IN${one},${other}`,
    text && `${text.name}LIKEdisk`,
    text && `${text.name}STARTSWITHA`,
    moment && `${moment.name}>=2026-01-31 00:00:00`,
    reference && `${reference.name}=<sys_id>`,
    reference && `${reference.name}ISEMPTY`,
  ].filter((part) => typeof part === "string");
  const order = moment ?? text ?? choice;
  const parts = [
    "Encoded query: conditions joined by ^ (and) or ^OR (or), field and operator and value without blanks.",
    conditions.length > 0 && `Examples: ${conditions.join(" ; ")}.`,
    "Operators: = != > >= < <= IN NOT IN LIKE NOT LIKE STARTSWITH ENDSWITH ISEMPTY ISNOTEMPTY.",
    "Choices by value, not by label; times in UTC.",
    order && `Order: ^ORDERBYDESC${order.name}.`,
    "A condition on an unknown field is ignored, so that too many records are found.",
  ];
  const said = parts.filter((part) => typeof part === "string").join(" ");
  if (!choosesConditions) return shortened(said, LONGEST_PARAMETER);
  const names = usualFirst(compared).map(({ name }) => name);
  const where = compared.every(({ name }) => read.some((one) => one.name === name)) ? IN_SCHEMA : "";
  const most = LONGEST_PARAMETER - said.length - " Fields: .".length;
  return shortened(`${said} Fields: ${listed(names, ", ", most, where)}.`, LONGEST_PARAMETER);
}

/** What `sysparm_fields` takes. */
export function ofFields({ read, choosesFields }: DescribedTable): string {
  const names = usualFirst(read).map(({ name }) => name);
  const said = `Fields of the reply, separated by commas; name few. ${choosesFields ? "Only these" : "Such as"}: `;
  return shortened(said + listed(names, ",", LONGEST_PARAMETER - said.length, IN_SCHEMA), LONGEST_PARAMETER);
}
