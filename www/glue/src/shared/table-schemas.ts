/** The check of schemas that a caller passes: programs in JavaScript have no compiler that does it, and saved schemas may come from anywhere. */
import type { TableSchema } from "sysparm/schema";
import type { OptionType } from "../protocol/check-options.js";

/** A list of schemas. */
export const TABLE_SCHEMAS: OptionType = {
  expects: "a list of what schema() gives: [await instance.schema(table)]",
  accepts: (value) => Array.isArray(value) && value.every(isSchema),
  isRequired: true,
};

function isSchema(value: unknown): boolean {
  const { table, tables, ancestry } = Object(value) as Partial<TableSchema>;
  return typeof table === "string" && Object(tables) === tables && Array.isArray(ancestry);
}
