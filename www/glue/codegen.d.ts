/**
 * sysparm/codegen: source text from schemas of tables. Pure functions: the same schemas give the same text, so that a file can be compared.
 * `npx sysparm types` writes such files.
 *
 * ```ts
 * import { typescript } from "sysparm/codegen";
 *
 * const text = typescript([await instance.schema("incident"), await instance.schema("sys_user")]);
 * ```
 */
import { RequestError } from "./index.js";
import type { TableSchema } from "./schema.js";
import type { Json } from "./values.js";

/**
 * A TypeScript module: for each table an interface of its rows and one of what creates a record, added to `Tables` and `TableWrites` of
 * `sysparm`. Of a table that is given twice the first schema counts.
 * @throws CodegenError for what is no list of schemas, and for a name that no table can have; the others too
 */
export function typescript(schemas: readonly TableSchema[]): string;

/**
 * JSON Schema, draft 2020-12, as plain JSON. `$defs` has four definitions of each table, for `incident`: `Incident`, a row with stored values;
 * `IncidentLabels`, one with labels (`displayValue: true`); `IncidentAll`, one with both (`"all"`); `IncidentWrite`, what creates a record.
 * With one table the document itself describes its rows with stored values.
 *
 * Choices are open for other values, texts have their maximum lengths, dates and numbers the form in which they are stored, and other columns
 * are let through, except in `Write`.
 */
export function jsonSchema(schemas: readonly TableSchema[], options?: CodegenOptions): JsonSchema;

/** A JSON Schema, plain JSON. */
export type JsonSchema = { [keyword: string]: Json };

/** A TypeScript module of Zod 4 schemas, by the names of `jsonSchema()`, with the type of each. Other columns are kept. */
export function zod(schemas: readonly TableSchema[], options?: CodegenOptions): string;

/** A TypeScript module of Valibot 1 schemas, by the names of `jsonSchema()`, with the type of each. Other columns are kept. */
export function valibot(schemas: readonly TableSchema[], options?: CodegenOptions): string;

/** Options of what checks rows. */
export interface CodegenOptions {
  /** Whether any field may be missing from a row: one that access rules hide is. False by default. */
  partial?: boolean | undefined;
}

/** Schemas or options that cannot work. */
export class CodegenError extends RequestError {
  readonly code: "codegen.options";
  readonly kind: "request";
  private constructor();
}
