/** Checks what a generator is given: programs in JavaScript have no compiler that does. */
import type { CodegenOptions } from "sysparm/codegen";
import type { TableSchema } from "sysparm/schema";
import { checkArgument, checkOptions, FLAG, type OptionTypes } from "../protocol/check-options.js";
import { TABLE_SCHEMAS } from "../shared/table-schemas.js";
import { CodegenError } from "./error.js";

const TABLE_NAME = /^\w{1,100}$/;

const OPTIONS: OptionTypes<CodegenOptions> = { partial: FLAG };

/** The schemas, the first one of each table. @throws CodegenError */
export function givenSchemas(schemas: readonly TableSchema[], options: CodegenOptions = {}): TableSchema[] {
  const refuse = (_: string, message: string) => new CodegenError(message);
  checkArgument("schemas", schemas, TABLE_SCHEMAS, refuse);
  checkOptions(options, OPTIONS, refuse);
  // Saved schemas may come from anywhere, and the name becomes part of comments and identifiers.
  const wrong = schemas.find(({ table }) => !TABLE_NAME.test(table));
  if (wrong) {
    const name = JSON.stringify(wrong.table);
    throw refuse(
      "schemas",
      `Invalid table name in \`schemas\`: ${name}. Pass up to 100 letters, digits and underscores.`,
    );
  }
  return schemas.filter(({ table }, index) => schemas.findIndex((schema) => schema.table === table) === index);
}
