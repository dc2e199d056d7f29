/**
 * sysparm/model: one shape for tickets, people and configuration items, whatever an instance calls them.
 *
 * A plan says for one table which columns to request, and converts a row into an object of the model and back. The base map knows the
 * tables of a new instance; a customer's map, which is data, says what is different there. Nothing is dropped: what the map does not name
 * comes along under `custom`, unchanged. Nothing is guessed: a value without a counterpart is refused by name.
 *
 * ```ts
 * const model = await load();
 * const plan = model.plan("incident", map); // map: the customer's, or none
 * const table = instance.table("incident");
 * for await (const row of table.rows({ fields: plan.fields, displayValue: "all" })) {
 *   const ticket = plan.read(row);
 *   ticket.status; // { value: "in_progress", raw: "2", label: "In Progress" }
 *   ticket.requester; // { id: "6816f79c...", name: "Abel Tuter", table: "sys_user" }
 *   ticket.openedAt; // "2026-02-28T08:30:00Z"
 * }
 * const { fields } = plan.write({ status: "resolved", closeCode: { raw: "Solution provided" }, comment: "Done." });
 * await table.update(id, fields);
 * ```
 */
import { RequestError, type WasmSource } from "./index.js";
import type { AnyUnified, KindOfTable } from "./model-kinds.js";
import type { TableSchema } from "./schema.js";

export * from "./model-kinds.js";

/** Instantiates the WebAssembly that compiles maps, once. */
export function load(source?: WasmSource): Promise<Model>;

/** The unified model. */
export interface Model {
  /** Of the model: objects of one version have the same fields, later ones perhaps more. */
  readonly version: 1;
  /** The tables that need no map. */
  readonly tables: readonly (keyof KindOfTable)[];
  /**
   * The plan of a table. Compile it once for a table and a map, and use it for every row.
   * @throws ModelError `model.table` for a table that neither the model nor the map knows, `model.map` with the problems of the map's form,
   * or else of what it says about this table: plan every table of a map to check the whole; `model.options` for other arguments that
   * cannot work
   */
  plan<Name extends string>(table: Name, map?: ModelMap | null, options?: PlanOptions): Plan<UnifiedOf<Name>>;
  /**
   * Proposes a map of one table from its dictionary (`instance.schema(table)`), a reason and a confidence for each line. A person reads
   * the lines that are "unsure" before the map is used.
   * @throws ModelError `model.table` for a table of the customer's own without `like`, `model.options`
   */
  suggest(schema: TableSchema, options?: SuggestOptions): Promise<SuggestedMap>;
  /**
   * What a map names and the instance no longer has, and what is new there. Run it from time to time: a customer's change is seen before
   * data goes stale. Null checks the base map.
   * @throws ModelError `model.map`, `model.table`, `model.options`
   */
  check(map: ModelMap | null, schema: TableSchema, options?: CheckOptions): Promise<MapFinding[]>;
}

/** The kind of a table's objects; any kind for a table that only a map knows. */
export type UnifiedOf<Name extends string> = Name extends keyof KindOfTable ? KindOfTable[Name] : AnyUnified;

/** Options of `plan()`. */
export interface PlanOptions {
  /** Columns to request in addition, which come along under `custom`: `schema.custom` of `sysparm/schema` names all of an instance. */
  custom?: readonly string[] | undefined;
}

/** Options of `suggest()`. */
export interface SuggestOptions {
  /** The table of the model that this one is like; needed for a table that the model does not know. */
  like?: string | undefined;
  /** Some rows with all columns: a column that is empty in each of them is not used. They stay in JavaScript. */
  samples?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** A proposed map. */
export interface SuggestedMap {
  /** Only what differs from the base map. */
  map: ModelMap;
  /** One for each field of the model that the base map has a column for, and for each column of the customer's own. */
  lines: SuggestedLine[];
}

/** Where a field is in an instance, as far as its dictionary says. */
export interface SuggestedLine {
  field: string;
  /** Null where none fits. */
  column: string | null;
  /** It would be under `extra`. */
  extra?: true;
  /** Of a choice: raw value and value. A raw value that is missing has no counterpart. */
  values?: Record<string, string>;
  reason: string;
  /** "sure": the dictionary leaves no other reading. */
  confidence: "sure" | "unsure";
}

/** Options of `check()`. */
export interface CheckOptions {
  /** Schemas of tables that extend this one: a column that moved to one of them is named. */
  children?: readonly TableSchema[] | undefined;
}

/** One thing that no longer fits, or is new. */
export interface MapFinding {
  /**
   * Stable: "column.gone", "column.moved", "column.type" and "choice.renumbered" read wrong or nothing; "choice.new" is read as null;
   * "column.unseen", "column.reference", "column.read-only", "choice.gone"; "column.new" is a custom column that the map does not name.
   */
  code: string;
  /** "broken": objects lack a value or have a wrong one. */
  severity: "broken" | "changed" | "new";
  /** Null for a column without a field. */
  field: string | null;
  column: string;
  message: string;
}

/** How rows of one table become objects of the model, and back. Holds no row. */
export interface Plan<Of extends Unified = AnyUnified> {
  readonly version: 1;
  readonly table: string;
  readonly kind: Of["kind"];
  /**
   * What to request (`sysparm_fields`): the columns behind the fields, `sys_id` among them, and columns of the records that references
   * lead to. Without `sysparm_fields` every column comes, the custom ones too, and of the dotted ones none.
   */
  readonly fields: readonly string[];
  /** One for each field: for lists, filters and documentation. */
  readonly lines: readonly PlanLine[];
  /** Fields of the kind that have no column here: they are absent from every object, and a write of them is refused. */
  readonly absent: readonly string[];
  /** The column behind a field of the model or of `extra`: for queries and orders. Undefined where this table has none. */
  column(field: string): string | undefined;
  /**
   * The raw values of a normalised value, for queries: `rawOf("status", "waiting")` is `["-3", "-2"]` for changes. Empty where it has none.
   */
  rawOf(field: string, value: string): readonly string[];
  /**
   * A row as an object of the model. Rows with stored values (`displayValue: false`) and with both forms (`"all"`) are read; of a row
   * of labels alone most values are not certain, and are under `unread`. Never throws for what stands in the row.
   */
  read(row: Readonly<Record<string, unknown>>): Of;
  /**
   * An object, or a part of it, as what `create()` and `update()` take.
   * @throws ModelError `model.refused` with every problem: nothing is written in part
   */
  write(part: Part<Of>, options?: WriteOptions): WrittenPart;
}

/** What a plan does with one column. */
export interface PlanLine {
  readonly field: string;
  /** Behind a dot one of the record that a reference leads to. */
  readonly column: string;
  readonly shape: Shape;
  /** The customer's map adds the field: it is under `extra`. */
  readonly extra?: true;
  /** Cannot be written. */
  readonly readOnly?: true;
  /** Where a reference leads; absent where it may lead to several tables. */
  readonly reference?: string;
  /** Raw value and value, of a normalised list. */
  readonly values?: readonly (readonly [raw: string, value: string])[];
  /** Value and the raw value that is written for it. */
  readonly written?: readonly (readonly [value: string, raw: string])[];
}

/**
 * | shape | here | raw |
 * |---|---|---|
 * | text | text | the same |
 * | code | `Code` | a value of a list that each instance has of its own |
 * | choice | `Choice` | a value of a list that the model normalises |
 * | reference | `Reference` | sys_id |
 * | instant | `2026-02-28T08:30:00Z` | `2026-02-28 08:30:00`, UTC |
 * | date | `2026-02-28` | the same |
 * | boolean | boolean | `true`, `false` |
 * | integer | number | digits |
 * | decimal | text, digit for digit | the same |
 * | money | `Money` | `12.34`, `USD;12.34` |
 * | duration | milliseconds | the moment so long after 1970-01-01 00:00:00 |
 * | list | list of texts | joined with commas |
 * | entry | text to add; never read | the same |
 *
 * An empty value is null, and `[]` for a list: the Table API does not tell empty from null. A field that the row lacks is absent.
 */
export type Shape =
  | "text"
  | "code"
  | "choice"
  | "reference"
  | "instant"
  | "date"
  | "boolean"
  | "integer"
  | "decimal"
  | "money"
  | "duration"
  | "list"
  | "entry";

/** What every object has. */
export interface Unified {
  kind: string;
  /** The table that was read. */
  table: string;
  /** The `sys_id`; empty where the row lacks it. */
  id: string;
  /**
   * Columns that no field is mapped to, by their names and exactly as the row has them: `u_...`, `x_...` and what the model leaves
   * out of the base system.
   */
  custom: Record<string, unknown>;
  /** Fields that the customer's map adds, by its names. */
  extra: Record<string, UnifiedValue>;
  /** What stands in the row and is not what the field holds. The field is then absent, so that a write does not empty it. */
  unread: UnreadValue[];
}

/** Any value of a field. */
export type UnifiedValue = string | number | boolean | null | string[] | Code | Reference | Money;

/** A value of a list that each instance has of its own. */
export interface Code {
  /** As it is stored. */
  raw: string;
  /** As people see it; null where the row has stored values alone. */
  label: string | null;
}

/** A value of a list that the model normalises. */
export interface Choice<Value extends string = string> extends Code {
  /** Null for a raw value that the map does not know: the raw value says it. */
  value: Value | null;
}

/** A reference to a record. */
export interface Reference {
  /** The sys_id. */
  id: string;
  /** As people see it; null where the row has stored values alone. */
  name: string | null;
  /** By the row's link, else by the map; null where neither says. */
  table: string | null;
}

/** Digit for digit. */
export interface Money {
  amount: string;
  /** ISO 4217; null where the stored value says none. */
  currency: string | null;
}

/** One value that cannot be read. */
export interface UnreadValue {
  /** Stable: "value.shape", "value.label-only", "value.instant", "value.date", "value.boolean", "value.integer", "value.decimal", "value.money", "value.duration". */
  code: string;
  field: string;
  column: string;
  /** What stands in the row. */
  raw: unknown;
  message: string;
}

/**
 * What can be written: any fields of an object, `extra` and `custom`. A choice is written by its value (`status: "resolved"`), by its raw
 * value, or by both if they agree; a code by its raw value; a reference by its sys_id, never by a name. Null empties a field, undefined leaves it out.
 */
export type Part<Of extends Unified> = Of extends Unified
  ? { [Field in keyof Of as Field extends keyof Unified ? never : Field]?: Given<Of[Field]> | undefined } & {
      kind?: Of["kind"];
      table?: string;
      id?: string;
      custom?: Readonly<Record<string, unknown>> | undefined;
      extra?: Readonly<Record<string, unknown>> | undefined;
      unread?: readonly UnreadValue[] | undefined;
    }
  : never;

/** What is taken for a value. */
export type Given<Value> =
  Value extends Choice<infer Name>
    ? Name | Partial<Choice<Name>>
    : Value extends Code
      ? string | Partial<Code>
      : Value extends Reference
        ? string | Partial<Reference>
        : Value extends Money
          ? { amount: string; currency?: string | null }
          : Value | null;

/** Options of `write()`. */
export interface WriteOptions {
  /**
   * Fields that cannot be written: "refuse" by default, because a caller who names one expects it to change; "leave" for a whole object
   * that was read before. They are then listed in `left`.
   */
  readOnly?: "refuse" | "leave" | undefined;
}

/** What a write sends. */
export interface WrittenPart {
  /** Raw values by column. */
  fields: Record<string, string>;
  /** What was given and is not sent. */
  left: LeftOut[];
}

/** One column that is not sent. */
export interface LeftOut {
  field: string;
  column: string;
  /**
   * "journal": the row's text of a journal column, which would become a new entry. "currency": an amount that was read without its currency,
   * which would be written in that of the session.
   */
  reason: "read-only" | "journal" | "unread" | "currency";
}

/** One thing that is wrong with a map or with what was to be written. */
export interface ModelProblem {
  /**
   * Stable. Of maps: "map.json", "map.shape", "map.size", "map.version", "map.table", "map.field", "map.column", "map.type",
   * "map.value", "map.read-only". Of writing: "write.unknown-field", "write.read-only", "write.no-counterpart", "write.conflict",
   * "write.label-only", "write.mapped", "write.type".
   */
  code: string;
  /** Of a map `tables.incident.fields.status`; of writing the field: `status`, `extra.costCentre`, `custom.u_a`. */
  path: string;
  message: string;
}

/** `code`: "model.table", "model.map" and "model.refused" with `problems`, or "model.options". */
export class ModelError extends RequestError {
  readonly kind: "request";
  readonly problems: readonly ModelProblem[];
  private constructor();
}

/**
 * A customer's map, plain JSON. Its JSON Schema is `sysparm/model-map.schema.json`.
 *
 * ```json
 * {
 *   "version": 1,
 *   "tables": {
 *     "incident": {
 *       "fields": {
 *         "dueAt": { "column": "u_target" },
 *         "severity": null,
 *         "status": { "values": { "1": "new", "2": "in_progress", "7": "closed", "9": "closed" }, "write": { "closed": "7" } }
 *       },
 *       "extra": { "costCentre": { "column": "u_cost_center", "type": "reference", "reference": "cmn_cost_center" } }
 *     },
 *     "u_ticket": { "like": "incident" }
 *   }
 * }
 * ```
 */
export interface ModelMap {
  $schema?: string;
  version: 1;
  /** For people. */
  name?: string;
  tables?: Readonly<Record<string, TableMap>>;
}

/** What is different in one table. */
export interface TableMap {
  /** The table of the model that this one is like; needed for a table that the model does not know. */
  like?: string;
  /** By field of the model. Null: this instance has no column for it. */
  fields?: Readonly<Record<string, FieldMap | null>>;
  /** By name: further fields, which are under `extra`. */
  extra?: Readonly<Record<string, FieldMap>>;
  /** Columns to request, which come along under `custom`. */
  custom?: readonly string[];
}

/** What is different about one field. */
export interface FieldMap {
  /** The column; needed where the base map has none. Behind a dot it is read only. */
  column?: string;
  /** Of a field of `extra`: "text" by default. A field of the model has the same in every map. */
  type?: Exclude<Shape, "choice">;
  /** Where a reference leads. */
  reference?: string;
  readOnly?: boolean;
  /** Raw value and value, of a choice or a boolean: instead of those of the base map. */
  values?: Readonly<Record<string, string>>;
  /** Value and raw value: needed to write a value that several raw values are read as. */
  write?: Readonly<Record<string, string>>;
}
