/** TypeScript interfaces of tables. Pure: the same schemas give the same text, so that a file can be compared. */
import type { Field, TableSchema } from "sysparm/schema";
import { classesOf, isNecessary, isReadOnly, sortedFields } from "./field-types.js";
import { givenSchemas } from "./given.js";
import { commented, headOf, importOf, keyOf, labelOf, namesOfTypes } from "./names.js";

import { readType, writeType } from "./typescript-types.js";

/** Choices that a comment lists. */
const MOST_CHOICES = 12;

/** The text of a module that declares the tables. */
export function typescript(schemas: readonly TableSchema[]): string {
  const names = namesOfTypes();
  const given = givenSchemas(schemas);
  const tables = given.map((schema) => ({
    schema,
    row: names.next(schema.table, ""),
    written: names.next(schema.table, "Write"),
  }));
  const interfaces = tables.map(
    ({ schema, row, written }) => `${rowInterface(schema, row)}\n${writeInterface(schema, row, written)}`,
  );
  const text = interfaces.join("\n");
  const members = (name: "row" | "written") =>
    tables.map((table) => `    ${keyOf(table.schema.table)}: ${table[name]};\n`).join("");
  return `${headOf(given)}${importOf(text)}
${text}
declare module "sysparm" {
  interface Tables {
${members("row")}  }
  interface TableWrites {
${members("written")}  }
}
`;
}

function rowInterface(schema: TableSchema, name: string): string {
  const own = classesOf(schema);
  const lines = sortedFields(schema).map(([field, described]) => {
    const readonly = isReadOnly(field, described) ? "readonly " : "";
    return `${comment(described)}  ${readonly}${keyOf(field)}: ${readType(field, described, own)};\n`;
  });
  return `/** ${commented(labelOf(schema))} */\nexport interface ${name} {\n${lines.join("")}}\n`;
}

function writeInterface(schema: TableSchema, row: string, name: string): string {
  const lines = sortedFields(schema)
    .filter(([field, described]) => !isReadOnly(field, described))
    .map(([field, described]) => {
      const necessary = isNecessary(described);
      return `  ${keyOf(field)}${necessary ? "" : "?"}: ${writeType(field, described, necessary)};\n`;
    });
  return `/** What creates a record of \`${row}\`. */\nexport interface ${name} {\n${lines.join("")}}\n`;
}

function comment({ label, choices = [] }: Field): string {
  const offered = choices
    .filter(({ value, inactive }) => value !== "" && !inactive)
    .map(({ value, label }) => (value === label ? value : `${value} ${label}`));
  const unique = [...new Set(offered)];
  const listed = unique.slice(0, MOST_CHOICES).join(", ") + (unique.length > MOST_CHOICES ? ", ..." : "");
  const text = [label, listed].filter(Boolean).join(": ");
  return text ? `  /** ${commented(text)} */\n` : "";
}
