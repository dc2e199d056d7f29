/** The types of one condition of a `Query`: its field, its operators and its values. Exported by `sysparm/query` itself. */
import type { OwnField, Stored, StoredKind, StoredKindOf, TableOf, WalkedField, WalkedValue } from "./index.js";
import type { Condition, Operand, Preset, Query, ValueOf } from "./query.js";

/**
 * A field of a query: one of the table's own, or behind the dot of a reference one of a table that `Tables` has. The instance drops a
 * condition on a field that it does not know and finds more rows, so no other name is taken. Text search and tags have names of their own.
 */
export type QueryField<Fields> = string extends keyof Fields
  ? string
  : OwnField<Fields> | WalkedField<Fields> | SpecialField;

/** Text search, and tags by the sys_id of their label. */
type SpecialField = "123TEXTQUERY321" | `sys_tags.${string}`;

/** The name itself, or never for one that leads nowhere behind its second dot. */
export type GivenField<Fields, Field extends string> = [ValueIn<Fields, Field>] extends [never] ? never : Field;

/** The raw value of a field; `any` where nothing is known of the table. */
type ValueIn<Fields, Field extends string> = string extends keyof Fields
  ? // biome-ignore lint/suspicious/noExplicitAny: any value
    any
  : Field extends SpecialField
    ? Stored<"other">
    : WalkedValue<Fields, Field>;

/** What may be said of a field: the methods of `Clause` that fit it. */
export type ClauseOf<Fields extends object, Field extends string> = string extends keyof Fields
  ? Clause
  : Pick<Clause<Fields, ValueIn<Fields, Field>>, MethodOf<ValueIn<Fields, Field>>>;

/** The methods that fit a field, by the kind of its value. The same as `Query.lint()` knows by the dictionary. */
type MethodOf<Raw> =
  | "is"
  | "isNot"
  | "isEmpty"
  | "isNotEmpty"
  | "sameAs"
  | "with"
  | ([ChoiceOf<Raw>] extends [never] ? Methods[KindOf<Raw>] : Methods[KindOf<Raw>] | Methods["text"]);

/** By kind. */
interface Methods {
  boolean: never;
  reference: Listed | Worded;
  number: Compared | Listed;
  instant: Compared | "on" | "notOn";
  text: Compared | Listed | Worded;
  other: Compared | Listed | Worded | "on" | "notOn";
}

/** For what has an order. */
type Compared = "lessThan" | "atMost" | "moreThan" | "atLeast" | "between";
/** For what has few values. */
type Listed = "in" | "notIn";
/** For what is read as a text. */
type Worded = "contains" | "doesNotContain" | "startsWith" | "endsWith";

/** What kind of value a field holds. */
type KindOf<Raw> = [TableOf<Raw>] extends [never]
  ? [StoredKindOf<Raw>] extends [never]
    ? "text"
    : KindOfStored[StoredKindOf<Raw>]
  : "reference";

/** By the kinds of `Stored`. */
interface KindOfStored extends Record<StoredKind, keyof Methods> {
  boolean: "boolean";
  number: "number";
  "date-time": "instant";
  date: "instant";
  time: "instant";
  duration: "instant";
  other: "other";
}

/** The choices of a field; never where any text is one. That of a Boolean field are none. */
type ChoiceOf<Raw> = [KindOf<Raw>] extends ["boolean" | "other"] ? never : LiteralOf<Raw>;

/** Texts that are written out. */
type LiteralOf<Raw> = Raw extends string ? (string extends Raw ? never : Raw) : never;

/** Values that say themselves what they are. */
type Written = { escaped: string } | { script: string; insist?: boolean | undefined };

/** What a field can be compared with, where the value is written out. */
interface Literals {
  boolean: boolean | "true" | "false";
  reference: string;
  number: number | `${number}`;
  instant: string;
  text: string | number | boolean;
  other: string | number | boolean;
}

/** The number that a text stands for. */
type NumberIn<Text> = Text extends `${infer Value extends number}` ? Value : never;

/** What a field is equal to: one of its choices, where it has any. */
type Equal<Raw> = [ChoiceOf<Raw>] extends [never] ? Literals[KindOf<Raw>] : ChoiceOf<Raw> | NumberIn<ChoiceOf<Raw>>;

/** Whether nothing is known of the field. */
type IsUntyped<Raw> = 0 extends Raw & 1 ? true : false;

/**
 * The value itself if it fits, or else what would. Texts that are not written out are taken for any text, that of a row for example, but the
 * `SysId` of a table is none of another.
 */
type Fitting<Value, Raw, Wanted> =
  IsUntyped<Raw> extends true
    ? Value
    : Value extends Written | ""
      ? Value
      : Value extends Date | { instant: string }
        ? KindOf<Raw> extends "instant" | "other"
          ? Value
          : Wanted
        : Value extends Wanted
          ? KindOf<Raw> extends "reference"
            ? Value extends Raw
              ? Value
              : Raw
            : Value
          : string extends Value
            ? Value
            : Wanted;

/** What a value is inferred from. Choices are offered for completion. */
type Offered<Raw> =
  IsUntyped<Raw> extends true
    ? Operand
    : Exclude<Operand, string> | ([ChoiceOf<Raw>] extends [never] ? string : ChoiceOf<Raw> | (string & {}));

/**
 * A field that waits for its condition. `Raw` is its raw value, by which values are checked that are written out: a text of another kind, and
 * what is none of the field's choices, does not compile. `with()` takes any.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any field
export interface Clause<Fields extends object = any, Raw = any> {
  /** `=`: equal. */
  is<Value extends Offered<Raw>>(value: Fitting<Value, Raw, Equal<Raw>>): Query<Fields>;
  /** Matches empty fields too. */
  isNot<Value extends Offered<Raw>>(value: Fitting<Value, Raw, Equal<Raw>>): Query<Fields>;
  /** `<`: less than. */
  lessThan<Value extends Operand>(value: Fitting<Value, Raw, Literals[KindOf<Raw>]>): Query<Fields>;
  /** `<=`: less than or equal. */
  atMost<Value extends Operand>(value: Fitting<Value, Raw, Literals[KindOf<Raw>]>): Query<Fields>;
  /** `>`: greater than. */
  moreThan<Value extends Operand>(value: Fitting<Value, Raw, Literals[KindOf<Raw>]>): Query<Fields>;
  /** `>=`: greater than or equal. */
  atLeast<Value extends Operand>(value: Fitting<Value, Raw, Literals[KindOf<Raw>]>): Query<Fields>;
  /** `LIKE`: contains the text. */
  contains(value: Operand): Query<Fields>;
  /** `NOT LIKE`: does not contain the text. */
  doesNotContain(value: Operand): Query<Fields>;
  /** `STARTSWITH`: begins with the text. */
  startsWith(value: Operand): Query<Fields>;
  /** `ENDSWITH`: ends with the text. */
  endsWith(value: Operand): Query<Fields>;
  /** `IN`: one of the values. */
  in<Value extends Offered<Raw>>(values: readonly Fitting<Value, Raw, Equal<Raw>>[]): Query<Fields>;
  /** `NOT IN`: none of the values. */
  notIn<Value extends Offered<Raw>>(values: readonly Fitting<Value, Raw, Equal<Raw>>[]): Query<Fields>;
  /** `ISEMPTY`: without a value. */
  isEmpty(): Query<Fields>;
  /** `ISNOTEMPTY`: with a value. */
  isNotEmpty(): Query<Fields>;
  /** Both ends included. */
  between<Low extends Operand, High extends Operand>(
    low: Fitting<Low, Raw, Literals[KindOf<Raw>]>,
    high: Fitting<High, Raw, Literals[KindOf<Raw>]>,
  ): Query<Fields>;
  /** `ON`: within a named period. */
  on(preset: Preset): Query<Fields>;
  /** `NOTON`: outside a named period. */
  notOn(preset: Preset): Query<Fields>;
  /** Equal to another field of the row. */
  sameAs<Field extends QueryField<Fields>>(field: GivenField<Fields, Field>): Query<Fields>;
  /** Any operator, whatever the type says of the field: `with("RELATIVEGT", ["hour", "ago", 1])`. */
  with<O extends Condition["operator"]>(
    operator: O,
    ...value: undefined extends ValueOf<O> ? [] : [value: ValueOf<O>]
  ): Query<Fields>;
}
