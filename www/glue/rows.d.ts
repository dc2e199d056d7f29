/** The types of rows: which fields they have, and in which form. Exported by `sysparm` itself. */

import type { Tables, TableWrites } from "./index.js";

/** Marks a sys_id with its table. No value has it. */
declare const recordOf: unique symbol;

/**
 * The sys_id of a record of `Table` and of the tables that it extends. Any text is taken for one; that of a record of another table is
 * not.
 */
export type SysId<Table extends string = never> = string & {
  readonly [recordOf]?: { readonly [Name in Table]: true };
};

/** Marks a stored text with the kind of its value. No value has it. */
declare const kindOf: unique symbol;

/**
 * The stored text of a value of another kind than text, by which queries know what fits a field. Any text is taken for one; that of another
 * kind is not. "other" is a kind of which nothing is known.
 */
export type Stored<Kind extends StoredKind> = string & { readonly [kindOf]?: Kind };

/** What a stored text can hold. */
export type StoredKind = "boolean" | "number" | "date-time" | "date" | "time" | "duration" | "other";

/** Any field, as text. What a table has that no type describes. */
export type AnyFields = Record<string, string>;

/** Raw values (false), labels (true) or both ("all"). */
export type DisplayValue = boolean | "all";

/** The fields of a table: those of `Tables`, or any. */
export type FieldsOf<Name extends string> = Name extends keyof Tables ? Tables[Name] : AnyFields;

/** What a record of a table is created with: by `TableWrites`, else by the fields of `Tables` that are not read-only, or any. */
export type WritesOf<Name extends string> = Name extends keyof TableWrites
  ? TableWrites[Name]
  : ChangesOf<FieldsOf<Name>>;

/** The names of a table's own fields. */
export type OwnField<Fields> = keyof Fields & string;

/**
 * A field's name; behind a dot a field of the record that a reference leads to. Where `Tables` has the table of the reference, that field is
 * one of its fields.
 */
export type FieldName<Fields> = string extends keyof Fields
  ? string
  : OwnField<Fields> | WalkedField<Fields> | `${UncheckedReference<Fields>}.${string}`;

/**
 * Fields behind the dots of references whose tables `Tables` has. With two dots any name is taken: as many patterns as there are references
 * behind references take the compiler 100 ms a table.
 */
export type WalkedField<Fields> = {
  [Name in OwnField<Fields>]: Name extends "sys_id" ? never : WalkedFrom<Name, Tables[TargetOf<Fields, Name>]>;
}[OwnField<Fields>];

/** The fields of one record that a reference leads to. */
type WalkedFrom<Name extends string, Other> = [Other] extends [never]
  ? never
  : `${Name}.${OwnField<Other>}` | `${Name}.${string}.${string}`;

/** The table of `Tables` that a reference leads to. */
type TargetOf<Fields, Name extends keyof Fields> = TableOf<Exclude<Fields[Name], undefined>> & keyof Tables;

/** Fields that may be references to tables that `Tables` does not have: by their type, or because they are plain text. */
type UncheckedReference<Fields> = {
  [Name in OwnField<Fields>]: [TargetOf<Fields, Name>] extends [never]
    ? [StoredKindOf<Exclude<Fields[Name], undefined>>] extends [never]
      ? Name
      : never
    : never;
}[OwnField<Fields>];

/** The kinds of a `Stored`; never for other types. */
export type StoredKindOf<Raw> = Raw extends { readonly [kindOf]?: infer Kind }
  ? unknown extends Kind
    ? never
    : Exclude<Kind, undefined>
  : never;

/**
 * The raw value of a field in a query: that of a table's own field, or of one behind the dots of references whose tables `Tables` has. Never
 * for every other name.
 */
export type WalkedValue<Fields, Field extends string> = Field extends keyof Fields
  ? Exclude<Fields[Field], undefined>
  : Field extends `${infer Reference}.${infer Rest}`
    ? Reference extends keyof Fields
      ? WalkedValue<Tables[TargetOf<Fields, Reference>], Rest>
      : never
    : never;

/** The raw value of a field. Behind a dot it is text, unless `Tables` has the table that the reference leads to. */
export type RawValue<Fields, Field extends string> = Field extends keyof Fields
  ? Exclude<Fields[Field], undefined>
  : Field extends `${infer Reference}.${infer Rest}`
    ? Reference extends keyof Fields
      ? RawValueOf<TableOf<Exclude<Fields[Reference], undefined>>, Rest>
      : string
    : never;

/** The table of a `SysId`; never for other types. */
export type TableOf<Id> = Id extends { readonly [recordOf]?: infer Of } ? keyof Exclude<Of, undefined> & string : never;

/** The raw value of a field of a table by its name. */
type RawValueOf<Name extends string, Field extends string> = [Name] extends [keyof Tables]
  ? [Name] extends [never]
    ? string
    : RawValue<Tables[Name], Field>
  : string;

/** A field's value in the form that was asked for. */
export type Cell<Raw, Display extends DisplayValue> = Display extends false
  ? Raw
  : Display extends true
    ? string
    : { value: Raw; display_value: string };

/**
 * A row: the fields that were asked for, in the form that was asked for. By key `sys_id` comes along. Of a table without a type any
 * field may be read, because the field of the query's order comes along too.
 */
export type RowOf<Fields, Field extends string, Display extends DisplayValue> = string extends keyof Fields
  ? { [Name in Field]: Cell<string, Display> } & Record<string, Cell<string, Display>>
  : Flat<
      { -readonly [Name in keyof Fields as Name extends Field ? Name : never]: FieldCell<Fields, Name, Display> } & {
        [Name in Exclude<Field, OwnField<Fields>>]: Cell<RawValue<Fields, Name>, Display>;
      } & ("sys_id" extends Field ? unknown : { sys_id?: Cell<RawSysId<Fields>, Display> })
    >;

/** The value of a field that the table has. */
type FieldCell<Fields, Name extends keyof Fields, Display extends DisplayValue> = Cell<
  Exclude<Fields[Name], undefined>,
  Display
>;

/** The raw sys_id of a table's records. */
type RawSysId<Fields> = Fields extends { sys_id: infer Id } ? Id : string;

/** The same fields. Unlike an interface it is assignable to a record of any fields, so that `Table` takes tables with types. */
export type Flat<Type> = { [Name in keyof Type]: Type[Name] };

/** What can be written of a table's fields: those that are not `readonly`, none of them necessary. */
export type ChangesOf<Fields> = string extends keyof Fields
  ? Record<string, WrittenValue>
  : {
      [Name in OwnField<Fields> as IsWritable<Fields, Name> extends true ? Name : never]?: Fields[Name] | WrittenValue;
    };

/** What the Table API takes for any field. */
type WrittenValue = string | number | boolean | null;

/** Whether a field is not `readonly`. */
type IsWritable<Fields, Name extends keyof Fields> = Same<
  Pick<Fields, Name>,
  { -readonly [Field in Name]: Fields[Field] }
>;

/** Whether two types are the same, `readonly` included. */
type Same<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2 ? true : false;
