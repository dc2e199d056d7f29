/**
 * sysparm/values: rows of the Table API as typed values, and typed values as what a write takes.
 *
 * Everything on the wire is text; a table's dictionary says what the text means. These functions make no request, except
 * `journal()`, and guess nothing: what cannot be decided is a problem with its field, type and text, and the text is kept.
 *
 * ```ts
 * const schema = await instance.schema("incident");
 * for await (const row of instance.table("incident").rows({ displayValue: "all" })) {
 *   const { values, labels, problems } = read(row, schema);
 *   values.opened_at; // a Date
 *   labels.state; // "In Progress"
 * }
 * await instance.table("incident").create(write({ opened_at: new Date(0), made_sla: false }, schema));
 * ```
 */
import { type Instance, type ReadOptions, RequestError, type Row } from "./index.js";
import type { Schema, SchemaField } from "./query.js";

/**
 * A row as typed values. Without a schema, and for fields that it does not know, only the shapes that are certain count: a
 * reference that has its link, `sys_id`, the stamps and the count of changes that every table has, and text.
 * @throws ValueError `value.options` for options that cannot work; never for what stands in the row
 */
export function read(row: AnyRow, schema?: Schema | null, options?: ReadingOptions): TypedRow;

/** A row of `sysparm`, or one of a reply to `request()`, whose references have links. */
export type AnyRow = Row | Readonly<Record<string, unknown>>;

/** Options of `read()`. */
export interface ReadingOptions {
  /**
   * How the row was read. By default it is seen from the row: cells with both forms are "all", cells with labels alone are true,
   * everything else is false. A row of labels that holds no reference looks like one of stored values: say `true` for it.
   */
  displayValue?: boolean | "all" | undefined;
  /** How the instance writes times for the user: date-times of labels and heads of journal entries are read only with this. */
  display?: DisplayTimes | undefined;
}

/** `sys_user.time_zone`, `date_format` and `time_format`; where these are empty the instance's own (`glide.sys.*`). */
export interface DisplayTimes {
  /** An IANA zone: "Europe/Berlin". */
  timeZone: string;
  /** Of yyyy, MM and dd with anything between: "yyyy-MM-dd". */
  dateFormat: string;
  /** Of HH or hh, mm, ss and a with anything between: "HH:mm:ss". */
  timeFormat: string;
}

/** A row as typed values. */
export interface TypedRow {
  /** By field. A field that the row lacks, or that has a problem, is absent here. */
  values: Record<string, TypedValue>;
  /** What people see, by field: from the row, else from the schema's choices. Absent where neither says. */
  labels: Record<string, string>;
  problems: ValueProblem[];
}

/**
 * | type of the dictionary | here | written from |
 * |---|---|---|
 * | `boolean` | boolean; `1` and `0` count | boolean |
 * | `integer`, `order_index`, ... | number | number that is a whole one |
 * | `longint`, `auto_increment` | bigint, whatever its size | bigint or whole number |
 * | `decimal`, `float`, `double`, `percent_complete` | text, digit for digit | text or number |
 * | `currency`, `price`, `currency2` | `Money` | `Money` |
 * | `glide_date_time`, `due_date` | `Date`: the raw value is UTC | `Date` of whole seconds |
 * | `glide_date`, `date` | text `2026-02-28`: a day has no instant | text |
 * | `glide_time`, `time` | text `08:30:00`, as stored | text |
 * | `glide_duration`, `timer` | milliseconds, negative ones too | whole seconds in milliseconds |
 * | `reference`, `domain_id` | `Reference` | `Reference`, or a sys_id of 32 digits as text: a word could be a name, unless the schema has a `referenceKey` |
 * | `glide_list` | list of sys_ids, or of whatever was entered | the same |
 * | `journal`, `journal_input`, `journal_list` | `JournalEntry[]` from labels; null from stored values, which never hold them | text, which adds an entry |
 * | `json` | what the JSON says | anything that JSON holds |
 * | `password`, `password2`, `glide_encrypted` | `{ set }`: the text is of no use | not at all |
 * | every other | text | text |
 *
 * An empty value is `""` for text, `[]` for a list, `{ set: false }` for a password and null for every other type: the Table API
 * does not tell empty from null.
 */
export type TypedValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Reference
  | Money
  | Secret
  | string[]
  | JournalEntry[]
  | Json;

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A reference to a record. */
export interface Reference {
  /** The sys_id; a few shipped records have a word for it ("global"). */
  id: string;
  /** Where it leads, by the row's link or the schema. */
  table?: string;
}

/** Digit for digit. */
export interface Money {
  amount: string;
  /** ISO 4217, where the stored value says it: `USD;12.34`. */
  currency?: string;
}

/** Whether a password is there. */
export interface Secret {
  set: boolean;
}

/**
 * As the label of a field strings them together. A text that holds an empty line and then a head like one of the instance's own cannot
 * be distinguished from an entry here; `journal()` can.
 */
export interface JournalEntry {
  /** As the instance wrote it for the user. */
  at: string;
  /** With `display` only. */
  instant?: Date;
  author: string;
  /** The label of the field that it was entered in: "Work notes". */
  kind: string;
  text: string;
}

/** One value that cannot be read or written. */
export interface ValueProblem {
  /**
   * Stable. Of reading: "value.shape" for what is neither text nor an object of forms; "value.display-only" where only the label is
   * there and it does not determine the value; "value.boolean", "value.number", "value.instant", "value.date", "value.time",
   * "value.duration", "value.money", "value.journal", "value.json". Of writing these too, and "value.type", "value.unknown-field", "value.system-field",
   * "value.too-long", "value.choice", "value.reference", "value.separator", "value.fraction", "value.secret", "value.read-only".
   */
  code: string;
  field: string;
  /** Of the dictionary; empty where nobody knows. */
  type: string;
  /** What stands there, whole; empty for passwords. */
  text: string;
  message: string;
}

/**
 * Typed values as raw texts, for `create()` and `update()`: null empties a field, undefined leaves it out. The inverse of `read()`:
 * what was written and read again is equal. Refuses, before anything is sent, what the instance would drop, cut or misread without a word.
 * @throws ValueError `value.refused` with every problem
 */
export function write(
  values: Record<string, unknown>,
  schema?: Schema | null,
  options?: WritingOptions,
): Record<string, string>;

/** Options of `write()`. */
export interface WritingOptions {
  /** Cuts what is below a second from dates and durations instead of refusing it; the platform keeps whole seconds. */
  wholeSeconds?: boolean | undefined;
  /** Takes values that are none of a field's choices. The instance keeps, drops or refuses them as it is set. */
  otherChoices?: boolean | undefined;
}

/** Both forms of every field, the same shape however the row was read; null for a form that the row does not hold. */
export function forms(row: AnyRow, options?: Pick<ReadingOptions, "displayValue">): Record<string, Forms>;

/** Stored value and label of one field. */
export interface Forms {
  value: string | null;
  label: string | null;
}

/** What a field name, perhaps with dots, is in a schema; undefined where the schema does not say. */
export function fieldOf(schema: Schema | null | undefined, name: string): SchemaField | undefined;

/**
 * The journal of one record from `sys_journal_field`, oldest first: exact instants and user names, where the user may read that
 * table. @throws SysparmError when it may not; ValueError `value.options`
 */
export function journal(
  instance: Pick<Instance, "table">,
  id: string,
  options?: JournalOptions,
): Promise<{
  entries: StoredEntry[];
  /** Entries that access rules hide; null when the instance does not say. */
  hidden: number | null;
  /** Whether these are all that may be read. */
  complete: boolean;
}>;

/** Options of `journal()`. */
export interface JournalOptions {
  /** "comments", "work_notes"; all by default. */
  fields?: readonly string[] | undefined;
  /** Entries at most, 1,000 by default. */
  limit?: number | undefined;
  signal?: ReadOptions["signal"];
}

/** One journal entry from `sys_journal_field`. */
export interface StoredEntry {
  id: string;
  instant: Date;
  /** The user name. */
  author: string;
  field: string;
  text: string;
}

/** `code`: "value.refused" with `problems`, or "value.options". */
export class ValueError extends RequestError {
  readonly kind: "request";
  readonly problems: readonly ValueProblem[];
  private constructor();
}
