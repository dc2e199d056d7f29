/**
 * `sysparm/values`: rows to typed values and back. Reading never throws: a value that cannot be read becomes a problem with its text, and
 * the other fields are read. Writing throws before anything is sent, with all problems at once.
 */
import type { Schema, SchemaField } from "sysparm/query";
import type {
  AnyRow,
  DisplayTimes,
  Forms,
  ReadingOptions,
  TypedRow,
  TypedValue,
  ValueProblem,
  WritingOptions,
} from "sysparm/values";
import { checkOptions, FLAG, OBJECT, type OptionTypes } from "../protocol/check-options.js";
import { AUTOMATIC_COLUMNS } from "../shared/automatic-columns.js";
import { COMMON_COLUMNS } from "../shared/common-columns.js";
import { Refused, refused, refuseValue, ValueError } from "./error.js";
import { entriesOf } from "./journal.js";
import { Clock } from "./times.js";
import { bareKey, type FieldKind, isInstant, isJournal, isReference, isSecret, kindOf } from "./types.js";

export { ValueError } from "./error.js";
export { journal } from "./journal.js";

interface Cell extends Forms {
  /** Of a reference. */
  link: string | null;
}

const FORMS: OptionTypes<Pick<ReadingOptions, "displayValue">> = {
  displayValue: {
    expects: 'true, false or "all"',
    accepts: (value) => typeof value === "boolean" || value === "all",
  },
};
const READING: OptionTypes<ReadingOptions> = {
  ...FORMS,
  display: { ...OBJECT, expects: "{ timeZone, dateFormat, timeFormat }" },
};
const WRITING: OptionTypes<WritingOptions> = { wholeSeconds: FLAG, otherChoices: FLAG };

/** A row as typed values. */
export function read(row: AnyRow, schema?: Schema | null, options: ReadingOptions = {}): TypedRow {
  checkOptions(options, READING, refused);
  const { display } = options;
  const clock = display && clockOf(display);
  const how = formOf(row, options.displayValue);
  const result: TypedRow = { values: {}, labels: {}, problems: [] };
  const knownFields = fieldsOf(schema);
  for (const [field, content] of Object.entries(row)) {
    const description = knownFields(field);
    const cell = cellOf(content, how);
    const type = description?.type ?? own(COMMON_COLUMNS, field) ?? (cell?.link != null ? "reference" : "");
    const kind = kindOf(type);
    try {
      if (!cell) refuseValue("shape", "is neither text nor an object of value and display_value");
      const value = typedOf(cell, kind, description, type, clock);
      if (value !== undefined) put(result.values, field, value);
    } catch (thrown) {
      result.problems.push(problem(thrown, field, type, isSecret(kind) ? "" : shown(cell ?? content)));
    }
    const label = cell?.label ?? labelOf(cell?.value, description);
    if (label != null && !isSecret(kind)) put(result.labels, field, label);
  }
  return result;
}

/** Typed values as a row. @throws ValueError with all problems */
export function write(
  values: Record<string, unknown>,
  schema?: Schema | null,
  options: WritingOptions = {},
): Record<string, string> {
  checkOptions(options, WRITING, refused);
  const { wholeSeconds = false, otherChoices = false } = options;
  if (typeof values !== "object" || values === null || Symbol.iterator in values) {
    throw refused("", "Invalid argument `values`. Pass an object of fields.");
  }
  schemaOrNone(schema);
  const written: Record<string, string> = {};
  const problems: ValueProblem[] = [];
  for (const [field, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const description = fieldOf(schema, field);
    const type = description?.type ?? "";
    const kind = kindOf(type);
    try {
      if (AUTOMATIC_COLUMNS.includes(field))
        refuseValue("system-field", "is set by the instance, which drops what a write says of it");
      if (field.includes(".")) refuseValue("unknown-field", "is a field of another record: write that one");
      if (schema && !description && isWhole(schema)) {
        refuseValue("unknown-field", "is no field of the table, and the instance would drop it without a word");
      }
      put(written, field, textOf(value, kind, description, wholeSeconds, otherChoices || !knowsChoices(schema)));
    } catch (thrown) {
      problems.push(problem(thrown, field, type, isSecret(kind) ? "" : shown(value)));
    }
  }
  if (problems.length === 0) return written;
  const words = problems.map(({ message }) => message).join("; ");
  throw new ValueError("value.refused", `Nothing was written: ${words}`, problems);
}

/** The stored value and the label of each field. */
export function forms(row: AnyRow, options: Pick<ReadingOptions, "displayValue"> = {}): Record<string, Forms> {
  checkOptions(options, FORMS, refused);
  const how = formOf(row, options.displayValue);
  const all: Record<string, Forms> = {};
  for (const [field, content] of Object.entries(row)) {
    const { value = null, label = null } = cellOf(content, how) ?? {};
    put(all, field, { value, label });
  }
  return all;
}

/** Rows of one table have the same fields, so each is searched for once per schema. */
const FOUND = new WeakMap<Schema, Map<string, SchemaField | undefined>>();

function fieldsOf(schema: Schema | null | undefined): (name: string) => SchemaField | undefined {
  if (!schemaOrNone(schema)) return () => undefined;
  const found = FOUND.get(schema) ?? new Map<string, SchemaField | undefined>();
  FOUND.set(schema, found);
  return (name) => {
    if (!found.has(name)) {
      // Bounded, because names may come from untrusted rows.
      if (found.size >= MOST_FOUND) found.clear();
      found.set(name, fieldOf(schema, name));
    }
    return found.get(name);
  };
}

const MOST_FOUND = 10_000;

function schemaOrNone(schema: Schema | null | undefined): schema is Schema {
  if (schema === undefined || schema === null) return false;
  if (Object(schema.tables) === schema.tables) return true;
  throw refused("", "Invalid argument `schema`. Pass what schema() gives, or { table, tables }.");
}

/** Longer than any dot-walked path; circular references must end. */
const LONGEST_PATH = 20;

/** The description of a field, also of a dot-walked one. */
export function fieldOf(schema: Schema | null | undefined, name: string): SchemaField | undefined {
  let table = schema?.table;
  let found: SchemaField | undefined;
  for (const part of name.split(".", LONGEST_PATH)) {
    found = undefined;
    // Class hierarchies are not deeper on any instance.
    for (let depth = 0; depth < LONGEST_PATH && table !== undefined && !found; depth += 1) {
      const { fields, extends: parent }: Schema["tables"][string] = own(schema?.tables, table) ?? { fields: {} };
      found = own(fields, part);
      table = parent;
    }
    if (!found) return undefined;
    table = found.reference;
  }
  return found;
}

/** Creating a clock costs more than reading a row. */
const CLOCKS = new WeakMap<DisplayTimes, Clock>();

function clockOf(display: DisplayTimes): Clock {
  const clock = CLOCKS.get(display) ?? new Clock(display);
  CLOCKS.set(display, clock);
  return clock;
}

function formOf(row: AnyRow, given: ReadingOptions["displayValue"]): boolean | "all" {
  if (typeof row !== "object" || row === null) {
    throw refused("", "Invalid argument `row`. Pass an object of fields.");
  }
  if (given !== undefined) return given;
  let labels = false;
  for (const cell of Object.values(row) as unknown[]) {
    if (typeof cell !== "object" || cell === null || !("display_value" in cell)) continue;
    if ("value" in cell) return "all";
    labels = true;
  }
  return labels;
}

/** Undefined for a value that the Table API never sends. */
function cellOf(content: unknown, how: boolean | "all"): Cell | undefined {
  const nothing = { value: null, label: null, link: null };
  if (typeof content === "string")
    return how === true ? { ...nothing, label: content } : { ...nothing, value: content };
  if (typeof content !== "object" || content === null || Array.isArray(content)) return undefined;
  const { value, display_value: label, link } = content as Record<string, unknown>;
  const texts = [value, label, link].map((text) => (typeof text === "string" ? text : null));
  const [ownValue = null, ownLabel = null, ownLink = null] = texts;
  return ownValue === null && ownLabel === null ? undefined : { value: ownValue, label: ownLabel, link: ownLink };
}

/** Undefined where the value is unknown: never a guess. */
function typedOf(
  cell: Cell,
  kind: FieldKind,
  field: SchemaField | undefined,
  type: string,
  clock: Clock | undefined,
): TypedValue | undefined {
  const { value, label, link } = cell;
  if (isJournal(kind)) {
    if (label !== null) return entriesOf(label, clock);
    return value ? kind.read(value) : null;
  }
  if (isSecret(kind)) return { set: (value ?? label) !== "" };
  if (value === null) {
    if (kind.isShownAsStored && !field?.choices?.length) return label ?? "";
    if (label === "" && type !== "") return empty(kind);
    if (label && clock && isInstant(kind)) return clock.read(label);
    return refuseValue(
      "display-only",
      'is what people see, which does not determine what is stored: read the row with "all"',
    );
  }
  if (value === "") return empty(kind);
  if (!isReference(kind)) return kind.read(value);
  const table = tableOf(link) ?? field?.reference;
  return table ? { id: value, table } : { id: value };
}

function empty(kind: FieldKind): TypedValue {
  if (!("empty" in kind)) return null;
  // A copy for each caller. happy-dom hides structuredClone in Jest.
  return JSON.parse(JSON.stringify(kind.empty)) as TypedValue;
}

/** `https://dev1.service-now.com/api/now/v2/table/sys_user/<sys_id>` */
function tableOf(link: string | null): string | undefined {
  return /\/table\/(\w+)\/[^/]*$/.exec(link ?? "")?.[1];
}

function labelOf(value: string | null | undefined, field: SchemaField | undefined): string | undefined {
  return value ? field?.choices?.find((choice) => choice.value === value)?.label : undefined;
}

function textOf(
  value: unknown,
  kind: FieldKind,
  field: SchemaField | undefined,
  wholeSeconds: boolean,
  otherChoices: boolean,
): string {
  const { type = "", referenceKey, maxLength, choices = [] } = (field ?? {}) as SchemaField & { maxLength?: number };
  if (value === null && !isJournal(kind) && !isSecret(kind)) return "";
  if (type === "" && (typeof value === "boolean" || Number.isSafeInteger(value))) return String(value);
  if (type === "journal_list") refuseValue("read-only", "shows other journals and keeps none itself");
  const written = kind.write(value, wholeSeconds);
  if (isReference(kind) && typeof value === "string" && !referenceKey) return bareKey(written);
  if (kind.isText && maxLength !== undefined && written.length > maxLength) {
    refuseValue("too-long", `has ${written.length} characters, of which the instance keeps ${maxLength}`);
  }
  const isOther = choices.length > 0 && written !== "" && choices.every((choice) => choice.value !== written);
  if (isOther && !otherChoices && !(field as { suggestions?: boolean }).suggestions) {
    const meant = choices.find(({ label }) => label === written);
    refuseValue("choice", meant ? `is the label of ${meant.value}` : "is none of the field's choices");
  }
  return written;
}

/** Whether a schema has all fields; a handwritten one is assumed to. */
function isWhole(schema: Schema): boolean {
  return (schema as { complete?: boolean }).complete !== false;
}

/** Whether all choices are known: where some are hidden, another value may be one of them. */
function knowsChoices(schema: Schema | null | undefined): boolean {
  const { unread = [] } = (schema ?? {}) as { unread?: readonly { what: string }[] };
  return !unread.some(({ what }) => what === "choices");
}

function problem(thrown: unknown, field: string, type: string, text: string): ValueProblem {
  if (!(thrown instanceof Refused)) throw thrown;
  const { code, reason } = thrown;
  const quoted = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  const what = type ? `${field} (${type})` : field;
  return { code, field, type, text, message: `${what}: ${quoted === "" ? "it" : JSON.stringify(quoted)} ${reason}` };
}

function shown(content: unknown): string {
  if (typeof content === "string") return content;
  if (content instanceof Date) return Number.isNaN(content.getTime()) ? "Invalid Date" : content.toISOString();
  const { value, label } = (content ?? {}) as Partial<Cell>;
  const text = value ?? label;
  if (typeof text === "string") return text;
  try {
    return JSON.stringify(content) ?? typeof content;
  } catch {
    // Circular, a bigint, or a custom toJSON() that throws.
    return typeof content === "bigint" ? String(content) : typeof content;
  }
}

/** Own members only: a field may be called `__proto__`. */
function put<T>(target: Record<string, T>, name: string, value: T): void {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function own<T>(source: Record<string, T> | undefined, name: string): T | undefined {
  return source && Object.hasOwn(source, name) ? source[name] : undefined;
}
