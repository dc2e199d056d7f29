/** Checks what a generator is given: programs in JavaScript have no compiler that does. */
import type { CodegenOptions } from "sysparm/codegen";
import type { TableSchema } from "sysparm/schema";
import { checkArgument, checkOptions, FLAG, type OptionTypes } from "../protocol/check-options.js";
import { CodegenError } from "./error.js";

const OPTIONS: OptionTypes<CodegenOptions> = { partial: FLAG };

/** The schemas, the first one of each table. @throws CodegenError */
export function givenSchemas(schemas: readonly TableSchema[], options: CodegenOptions = {}): TableSchema[] {
  const refuse = (_: string, message: string) => new CodegenError(message);
  const expects = "a list of what schema() gives: [await instance.schema(table)]";
  checkArgument("schemas", schemas, { expects, accepts: areSchemas, isRequired: true }, refuse);
  checkOptions(options, OPTIONS, refuse);
  return schemas.filter(({ table }, index) => schemas.findIndex((schema) => schema.table === table) === index);
}

function areSchemas(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(({ table, tables, ancestry } = {} as TableSchema) => {
      return typeof table === "string" && Object(tables) === tables && Array.isArray(ancestry);
    })
  );
}
