/**
 * sysparm/schema: what a table is made of, as the instance's own dictionary says: its classes, fields, choices and indexes.
 *
 * `Query.lint()` takes it as it is, and so do `read()` and `write()` of `sysparm/values`. It says what the user may see: what could
 * not be read is named in `unread`, and nothing that is missing is passed off as absent.
 *
 * ```ts
 * const incident = await instance.schema("incident"); // or schema(instance, "incident") of this entry
 * const user = await instance.schema("sys_user");
 * Query.parse(text).lint(incident);
 * Query.parse("caller_id.vip=true").lint({ table: "incident", tables: { ...incident.tables, ...user.tables } });
 * ```
 */
import { type Instance, RequestError, type Store } from "./index.js";
import type { Schema, SchemaField } from "./query.js";

/**
 * Reads `sys_db_object` up to the root class, then `sys_dictionary`, `sys_dictionary_override`, `sys_choice` and `sys_index` at once.
 * Where the dictionary is hidden or has gaps, the fields that a row shows are added. Kept for `maxAgeMs`; a second request for the same
 * table meanwhile waits for the same reading.
 *
 * @throws SchemaError `schema.unreadable` when neither the dictionary nor a row says anything, `schema.options`; SysparmError for an
 * unknown table (`table.unknown`), a failed sign-in and what else keeps a request from being served
 */
export function schema(instance: Instance, table: string, options?: SchemaOptions): Promise<TableSchema>;

/** Options of `schema()`. */
export interface SchemaOptions {
  /** How old it may be; 3,600,000 by default (an hour). 0 reads it anew, for everybody who asks later. */
  maxAgeMs?: number | undefined;
  /**
   * Keeps schemas beyond this instance's life, in addition to memory: any store of `sysparm/stores`. A schema is what one user may see: users who
   * share a store need a `user` each. A store that fails or takes longer than 2 s is left out.
   */
  store?: Store | undefined;
  /** Whose schema it is, in the store. Any word; never sent. */
  user?: string | undefined;
  /** Of labels of choices; "en" by default. A choice without a label in it keeps its English one. */
  language?: string | undefined;
  /** Counts the rows too, which costs the instance more than all the rest: lint then warns of orders that no index serves. */
  rows?: boolean | undefined;
  /** Ends the wait; the reading ends when nobody waits for it any more. */
  signal?: AbortSignal | undefined;
}

/** Plain JSON. */
export interface TableSchema extends Schema {
  table: string;
  /** The table alone, with all its fields, those of the classes that it extends included. */
  tables: Record<string, { rows?: number; fields: Record<string, Field> }>;
  /** The table, the class that it extends, and so on to the root. */
  ancestry: TableClass[];
  /** Names of fields that are not the base system's: `u_...` and `x_...`, and what tables of such names declare. */
  custom: string[];
  /** Null where they may not be read. That of `sys_id` is not among them: every table has it. */
  indexes: Index[] | null;
  /** Whether every field is known. After false, a name that is missing here may still be one. */
  complete: boolean;
  /** What could not be read, and what that means. */
  unread: Unread[];
  language: string;
  /** By this machine's clock. */
  readAt: number;
  /** When the newest of the records that it was read from was changed; null where the user may not see that. */
  changedAt: number | null;
}

/** One class of a table's inheritance. */
export interface TableClass {
  name: string;
  label?: string;
  /** Of the application that it belongs to: "global", "x_acme_app". */
  scope?: string;
}

/** One field, as the dictionary describes it. */
export interface Field extends SchemaField {
  /** Absent where only a row tells that there is such a field. */
  type?: string;
  label?: string;
  /** Characters; absent where the dictionary says none. */
  maxLength?: number;
  /** By the dictionary: policies and access rules may ask for more. */
  mandatory?: boolean;
  readOnly?: boolean;
  /** Of a new record, as the dictionary has it: a value or a script. */
  defaultValue?: string;
  /** The class whose dictionary declares it; absent where only a row tells of it. */
  declaredIn?: string;
  /** What a dictionary override changes for this table, and which class's it is. */
  overridden?: Partial<Record<"mandatory" | "readOnly" | "defaultValue", string>>;
  /** `u_...` and `x_...`, and what tables of such names declare in addition to the columns that every table has. */
  custom?: true;
  /** Of the application that added it. */
  scope?: string;
  /** Of the nearest class that has any for this field, in their order; those that are no longer offered too, for rows still hold them. */
  choices?: FieldChoice[];
  /** Other values than the choices are taken too. */
  suggestions?: true;
  source: "dictionary" | "row";
}

/** One choice of a field (`sys_choice`). */
export interface FieldChoice {
  value: string;
  label: string;
  /** No longer offered. */
  inactive?: true;
  /** The value of another field with which it is offered. */
  dependent?: string;
}

/** One database index of a table. */
export interface Index {
  /** In their order: it serves conditions and orders that begin with the first. */
  fields: string[];
  unique: boolean;
  /** The class that has it. */
  table: string;
}

/** One part of a schema that could not be read whole. */
export interface Unread {
  what: "ancestry" | "fields" | "overrides" | "choices" | "indexes" | "rows";
  /** The table that could not be read, or not whole. */
  table: string;
  /** Records that access rules hide; null when all of it is out of reach. */
  hidden: number | null;
  message: string;
}

/** A schema that cannot be read, or options that cannot work. */
export class SchemaError extends RequestError {
  readonly code: "schema.unreadable" | "schema.options";
  readonly kind: "request";
  private constructor();
}
