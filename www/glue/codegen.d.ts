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
import type { TableSchema } from "./schema.js";

/**
 * A TypeScript module: for each table an interface of its rows and one of what creates a record, added to `Tables` and `TableWrites` of
 * `sysparm`. Of a table that is given twice the first schema counts.
 */
export function typescript(schemas: readonly TableSchema[]): string;
