/**
 * sysparm/query: ServiceNow's encoded queries built, parsed, explained and examined.
 *
 * A WebAssembly file of its own: who only reads tables does not pay for it. Only `updateWhere()` and `deleteWhere()` make requests,
 * through the table that they are given. In Node, Deno, Bun
 * and workers queries work at once; in a browser await `load()` once before the first one.
 */

import type { Clause, ClauseOf, GivenField, QueryField } from "./clause.js";
import { type AnyFields, RequestError, type Table, type WasmSource, type Written } from "./index.js";

export * from "./clause.js";

/** Marks a query with the sys_id of its table. No value has it. */
declare const asks: unique symbol;

/**
 * What tells tables apart. Text where fields by hand do not say it, which is taken for any `SysId`. Without `infer`: that would make the compiler
 * compare queries member by member.
 */
export type IdOf<Fields> = Fields extends { sys_id: string } ? Fields["sys_id"] : string;

/**
 * A query that a table with these fields takes: one for the same table, for one that it extends, or without a type. The instance drops
 * conditions on fields of other tables, and finds more rows. Where `sys_id` is no `SysId` of a table, nothing is compared.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any fields, for one table
export type QueryFor<Fields> = Query<any, IdOf<Fields>>;

/** The query that a table takes. */
export type QueryForTable<Given extends Table> = QueryFor<
  Given extends Table<infer Fields, infer _> ? Fields : AnyFields
>;

/** Instantiates the WebAssembly module. */
export function load(source?: WasmSource): Promise<void>;

/**
 * An encoded query. Never changes: every method that adds something gives a new one. With the fields of a table as its type, a field that
 * the table does not have, an operator that does not fit a field, and a value that is none of its choices do not compile.
 */
// biome-ignore lint/suspicious/noExplicitAny: a query of any table takes the place of this one, and this one that of any other.
export class Query<Fields extends object = any, Id = IdOf<Fields>> {
  private constructor();
  /** Exists for the compiler alone. */
  readonly [asks]?: (id: Id) => void;
  /**
   * Reads an encoded query (not percent-encoded) and puts it into normal form: aliases become the operators they stand for,
   * `^EQ` goes, orders go to the end. `lenient` keeps what it does not understand, as it stands.
   * @throws QueryError `query.syntax` with the position, what was expected and the nearest operator; `query.address` for a whole
   * address or its parameters, with the query in it as `proposal` (with `lenient` it is kept like percent-encoded text)
   *
   * Percent-encoded text is no query: it is kept as it stands, `lint()` and `explain()` say so and offer it decoded, and everything else
   * refuses it (`query.encoded`).
   */
  static parse(text: string, options?: ParseOptions): Query;
  /**
   * Table and query of an address as a browser or a log shows it, decoded: lists, forms, classic pages in the unified navigation, records
   * and lists of workspaces, requests of the Table API. What the query does not understand is kept as it stands.
   * @throws QueryError `query.address` for an address that shows neither a list nor a record
   */
  static fromUrl(url: string | URL): { table: string; query: Query };
  /** Begins a query: `Query.where("active").is(true).and("priority").atMost(2).or("state").is(6).orderBy("number")`. */
  static where(field: string): Clause;
  /**
   * Begins a query without a condition, which finds every row: `Query.where<Incident>().and("state").is("6")`. Its fields are those of the
   * type. Without a type any field is taken.
   */
  // biome-ignore lint/suspicious/noExplicitAny: any field
  static where<Fields extends object = any>(): Query<Fields>;
  /**
   * From plain data: the platform's own form (`any` of `all` of `either`), or any nesting of `all`, `any` and `not`, which is
   * distributed into `^NQ` groups that find exactly the same rows.
   * @throws QueryError for what the platform cannot carry; `group.too-many` above 64 groups
   */
  static from(tree: QueryTree | (QueryNode & Sorting)): Query;
  /** `^`: and. */
  and<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): ClauseOf<Fields, Field>;
  /** `^OR`: or, with the condition before it only: `a.and(b).or(c)` is a and (b or c). */
  or<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): ClauseOf<Fields, Field>;
  /** `^NQ`: or, with everything before it. No condition before it holds for what follows. */
  newQuery<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): ClauseOf<Fields, Field>;
  /** Sorts ascending by a field, after the orders that are already there. */
  orderBy<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): Query<Fields>;
  /** Sorts descending by a field, after the orders that are already there. */
  orderByDescending<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): Query<Fields>;
  /** Groups by a field (`^GROUPBY`). */
  groupBy<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): Query<Fields>;
  /** The query as plain data, in the platform's own form. `Query.from()` takes it back. */
  tree(): QueryTree;
  /** The encoded query, not percent-encoded. @throws QueryError for what the platform cannot carry */
  toString(): string;
  /** As it is sent. @throws QueryError `query.encoded` and `query.address` for what `Query.parse()` has kept and is no query */
  encoded(): string;
  /** The encoded query, so that `JSON.stringify()` writes it as text. */
  toJSON(): string;
  /** Its length in an address, percent-encoded. Instances were seen to refuse addresses above some 8,000 characters. */
  get encodedLength(): number;
  /** One English sentence: "active is true, and priority is at most 2 or state is 6; newest first". */
  explain(): string;
  /** The sentence of `explain()` in pieces, so that a condition can be marked in both: their texts joined are the sentence. */
  phrases(): Phrase[];
  /** What is wrong with it for a table; the first hundred problems, in the order of their places in `toString()`. */
  lint(schema: Schema): Problem[];
  /** Itself, when lint finds no error. Call it before a write or a delete by query. @throws QueryError `query.unsound` */
  check(schema: Schema): this;
  /** With a fix of `lint()` applied. */
  fixed(fix: Fix): Query<Fields>;
}

/** Options of `Query.parse()`. */
export interface ParseOptions {
  /** Keep terms that are not understood (operator `""` in the tree) instead of refusing them. */
  lenient?: boolean | undefined;
}

/**
 * One value. Text is data and nothing else: `^` and a leading `javascript:` are refused. A `Date` or `{ instant }` (a date and
 * time with `Z` or an offset) is written in UTC, which is how the platform reads a literal, cut to whole seconds.
 * `{ escaped }` doubles carets, for instances known to decode `^^`. `{ script }` is evaluated by the instance: one of the calls
 * that guarded script allows, unless you `insist`.
 */
export type Operand =
  | string
  | number
  | boolean
  | Date
  | { instant: string }
  | { escaped: string }
  | { script: string; insist?: boolean | undefined };

/** A unit of relative date conditions. */
export type Unit = "second" | "minute" | "hour" | "day" | "dayofweek" | "week" | "month" | "quarter" | "year";

/** The named stretches of time of the condition builder. They follow the time zone of the user that asks. */
export type Preset =
  | "Today"
  | "Yesterday"
  | "Tomorrow"
  | "This week"
  | "Last week"
  | "Next week"
  | "This month"
  | "Last month"
  | "Next month"
  | "Last 3 months"
  | "Last 6 months"
  | "Last 9 months"
  | "Last 12 months"
  | "This quarter"
  | "Last quarter"
  | "Last 2 quarters"
  | "Next quarter"
  | "Next 2 quarters"
  | "This year"
  | "Last year"
  | "Last 2 years"
  | "Next year"
  | "Last 7 days"
  | "Last 30 days"
  | "Last 60 days"
  | "Last 90 days"
  | "Last 120 days"
  | "Current hour"
  | "Last hour"
  | "Last 2 hours"
  | "Current minute"
  | "Last minute"
  | "Last 15 minutes";

/**
 * A field, the platform's own token for the operator, and what the operator takes. Aliases (`CONTAINS`, `*`, `%`, ...) are
 * understood in text. Text search is the field `123TEXTQUERY321` with `=`; a tag is the field `sys_tags.<label sys_id>`.
 */
export type Condition = { field: string } & (
  | {
      operator:
        | "="
        | "!="
        | "<"
        | "<="
        | ">"
        | ">="
        | "LIKE"
        | "NOT LIKE"
        | "STARTSWITH"
        | "ENDSWITH"
        | "DYNAMIC"
        | "INSTANCEOF"
        | "CHANGESFROM"
        | "CHANGESTO"
        | "DOESNOTHAVE"
        | "EXCLUDING";
      value: Operand;
    }
  | { operator: "IN" | "NOT IN"; value: readonly Operand[] | { script: string; insist?: boolean | undefined } }
  | { operator: "ISEMPTY" | "ISNOTEMPTY" | "EMPTYSTRING" | "ANYTHING" | "VALCHANGES"; value?: undefined }
  | { operator: "BETWEEN"; value: readonly [low: Operand, high: Operand] }
  /** Another field of the row; for dates with a unit: `activity_due@day`. */
  | {
      operator: "SAMEAS" | "NSAMEAS" | "GT_FIELD" | "LT_FIELD" | "GT_OR_EQUALS_FIELD" | "LT_OR_EQUALS_FIELD";
      value: { field: string };
    }
  | { operator: "ON" | "NOTON"; value: Preset | readonly [label: string, start: Operand, end: Operand] }
  | {
      operator: "RELATIVEGT" | "RELATIVELT" | "RELATIVEEE" | "RELATIVEGE" | "RELATIVELE";
      value: readonly [unit: Unit, direction: "ago" | "ahead", count: number | string];
    }
  | {
      operator: "MORETHAN" | "LESSTHAN";
      value: readonly [field: string, unit: Unit, direction: "before" | "after", count: number | string];
    }
  | { operator: "DATEPART"; value: readonly [label: string, part: { script: string }] }
  | { operator: "IN_HIERARCHY" | "IN_HIERARCHY_DYNAMIC"; value: readonly [definition: string, root: string] }
  /** How many records of a related list; the field is `table.column`, the column that points here. */
  | { operator: "RLQUERY"; value: RelatedList }
  /** What a lenient reading kept. `Query.from()` refuses it. */
  | { operator: ""; value: string }
);

/** What an operator takes; `undefined` for those that take nothing. */
export type ValueOf<O extends Condition["operator"], C = Condition> = C extends { operator: infer P; value?: infer V }
  ? O extends P
    ? V
    : never
  : never;

/** A condition on the number of records in a related list. */
export interface RelatedList {
  is: "=" | "!=" | "<" | "<=" | ">" | ">=";
  count: number;
  /** The table is one of many-to-many relations (`RLQUERYtask_ci.task,>=1,m2m^ci_item.nameLIKEx^ENDRLQUERY`). */
  m2m?: boolean | undefined;
  /** All of these must hold for a related record to count. */
  where?: readonly QueryNode[] | undefined;
}

/** A condition, or conditions joined by and (`all`), or (`any`, `either`) and not. Nests freely. */
export type QueryNode =
  | Condition
  | { all: readonly QueryNode[] }
  | { any: readonly QueryNode[] }
  | { either: readonly QueryNode[] }
  | { not: QueryNode };

/** One field to sort by; ascending unless `descending` is true. */
export interface Order {
  field: string;
  descending?: boolean | undefined;
}

/** A query in the platform's own form: `^NQ` joins `any`, `^` joins `all`, `^OR` joins `either`. Without any, every row. */
export interface QueryTree extends Sorting {
  any: readonly { all: readonly { either: readonly Condition[] }[] }[];
}

/** Sort order and grouping of a query. */
export interface Sorting {
  orderBy?: readonly Order[];
  groupBy?: readonly string[];
}

/** What is known of the tables that a query touches, as `sys_dictionary`, `sys_db_object` and `sys_choice` have it. */
export interface Schema {
  /** The table that is asked. */
  table: string;
  /** It and what it extends; also tables that references lead to, where fields behind a dot are to be checked. */
  tables: Record<string, SchemaTable>;
}

/** What is known of one table. */
export interface SchemaTable {
  /** The table that it extends; its fields count too. */
  extends?: string;
  /** About how many rows; sorting more than 100,000 without an index is reported. */
  rows?: number;
  /** The fields that the table declares itself. */
  fields: Record<string, SchemaField>;
}

/** What is known of one field. */
export interface SchemaField {
  /** `sys_dictionary.internal_type`: "string", "integer", "reference", "glide_date_time", ... */
  type?: string;
  /** The table that a reference leads to. */
  reference?: string;
  /** The field of that table whose value a reference holds (`sys_dictionary.reference_key`), where it is not `sys_id`. */
  referenceKey?: string;
  /** Whether an index begins with it. */
  indexed?: boolean;
  choices?: readonly { value: string; label: string }[];
}

/** One problem that `lint()` found. */
export interface Problem {
  /**
   * Stable: "query.unread", "field.unknown", "operator.unfit", "value.label", "value.unknown-choice", "value.boolean",
   * "value.number", "value.date", "value.reference", "value.length", "value.empty", "value.reversed", "script.refused",
   * "sort.unindexed", "condition.void", "group.contradiction", "group.tautology", "group.duplicate", "group.filter-lost",
   * "query.whole-table", "query.encoded", "query.address".
   */
  code: string;
  /** With an error the query finds other rows than it says. */
  severity: "error" | "warning";
  /** Where in `toString()` it begins, and ends. */
  start: number;
  end: number;
  message: string;
  /** Changes of which each corrects it, the likeliest first. None turns a negation round, or finds rows that would not be found if the wrong part held for every row. */
  fixes: Fix[];
}

/** A change of the text: what stands from `start` to `end` is replaced by `text`. */
export interface Fix {
  title: string;
  start: number;
  end: number;
  text: string;
  /**
   * What it does to the rows that are found, on an instance that leaves out the conditions it does not understand: "keeps" the same rows,
   * "narrows" to some of them, or "changes" them, because the query meant something else or because it is not certain what the instance reads.
   */
  effect: "keeps" | "narrows" | "changes";
}

/** A piece of the sentence that explains a query. */
export interface Phrase {
  text: string;
  /** Where in `toString()` the condition, the order or the grouping begins that this piece says; absent for the words between them. */
  start?: number;
  end?: number;
}

/**
 * Changes every row that a query finds. Refused while `lint()` finds an error or the query has no condition; then the rows are
 * found, by their sys_id, and `confirm` is asked with their number; then they are written, four at a time. Rows that come
 * into the query meanwhile are not written, rows that leave it are.
 * @throws QueryError `query.unsound`, `query.whole-table`, `query.too-many-rows`, ...; SysparmError when the rows cannot be read
 */
export function updateWhere<Given extends Table>(
  table: Given,
  query: QueryForTable<Given>,
  patch: Written,
  options: WhereOptions,
): Promise<WhereOutcome>;
/** Deletes every row that a query finds; otherwise as `updateWhere()`. */
export function deleteWhere<Given extends Table>(
  table: Given,
  query: QueryForTable<Given>,
  options: WhereOptions,
): Promise<WhereOutcome>;

/** Options of `updateWhere()` and `deleteWhere()`. */
export interface WhereOptions {
  /** Of the table that is written. */
  schema: Schema;
  /** Says whether to write. `hidden` counts rows that the query finds and the user may not read: those are not written. */
  confirm(found: { rows: number; hidden: number | null; explanation: string }): boolean | Promise<boolean>;
  /** Rows that may be written at most; above it nothing is. 10,000 by default. */
  limit?: number | undefined;
  /** Ends the reading with its reason; once writing has begun, ends that and leaves the rest in `left`. */
  signal?: AbortSignal | undefined;
}

/** What `updateWhere()` or `deleteWhere()` did. */
export interface WhereOutcome {
  written: number;
  /** Rows that could not be written, or of which it is not known (`UnknownOutcomeError`). */
  failed: { id: string; error: unknown }[];
  /** The sys_ids that were not tried: not confirmed, aborted, or given up after a failure that concerns every row. */
  left: string[];
}

/** A text that is no query, a tree that has no text, or a query that lint refuses. Its message names the way out. */
export class QueryError extends RequestError {
  /** Stable: "query.syntax", "value.caret", "value.separator", "group.too-many", ... */
  readonly code: string;
  readonly kind: "request";
  /** In the text that was parsed. */
  readonly position?: number;
  readonly expected?: string;
  /** The operator that was probably meant. */
  readonly nearest?: string;
  /** The query that an address or a percent-encoded text holds. */
  readonly proposal?: string;
  /** Of `check()`. */
  readonly problems?: Problem[];
}
