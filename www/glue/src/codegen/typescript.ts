/** TypeScript interfaces of tables. Pure: the same schemas give the same text, so that a file can be compared. */
import type { Field, TableSchema } from "sysparm/schema";
import { classesOf, isNecessary, isReadOnly, sortedFields } from "./field-types.js";
import { readType, writeType } from "./typescript-types.js";

/** Choices that a comment lists. */
const MOST_CHOICES = 12;

/** The text of a module that declares the tables. */
export function typescript(schemas: readonly TableSchema[]): string {
  const names = interfaceNames();
  const given = schemas.filter(({ table }, index) => schemas.findIndex((schema) => schema.table === table) === index);
  const tables = given.map((schema) => ({
    schema,
    row: names.next(schema.table, ""),
    written: names.next(schema.table, "Write"),
  }));
  const interfaces = tables.map(
    ({ schema, row, written }) => `${rowInterface(schema, row)}\n${writeInterface(schema, row, written)}`,
  );
  const text = interfaces.join("\n");
  // A module may be compiled with `noUnusedLocals`.
  const imported = ["Stored", "SysId"].filter((name) => text.includes(`${name}<`));
  const members = (name: "row" | "written") =>
    tables.map((table) => `    ${quoted(table.schema.table)}: ${table[name]};\n`).join("");
  return `// Written by: npx sysparm types --table ${given.map(({ table }) => table).join(",")}
// Changes here are lost when it is written again. A field that access rules hide from a row is missing from that row.
import type { ${imported.join(", ")} } from "sysparm";

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
    return `${comment(described)}  ${readonly}${quoted(field)}: ${readType(field, described, own)};\n`;
  });
  const label = schema.ancestry[0]?.label;
  return `/** ${commented(label ? `${label} (${schema.table})` : schema.table)} */\nexport interface ${name} {\n${lines.join("")}}\n`;
}

function writeInterface(schema: TableSchema, row: string, name: string): string {
  const lines = sortedFields(schema)
    .filter(([field, described]) => !isReadOnly(field, described))
    .map(([field, described]) => {
      const necessary = isNecessary(described);
      return `  ${quoted(field)}${necessary ? "" : "?"}: ${writeType(field, described, necessary)};\n`;
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

/** A label can hold the end of a comment, or several lines. */
function commented(text: string): string {
  return text.replaceAll("*/", "* /").replace(/\s+/g, " ").trim();
}

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

/** `cmdb_ci` becomes `CmdbCi`. Two tables can come to one name: the later one gets an underscore. */
function interfaceNames(): { next(table: string, ending: string): string } {
  const taken = new Set(["Stored", "SysId"]);
  return {
    next(table, ending) {
      const words = table.split("_").filter(Boolean);
      let name = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("") + ending;
      if (!/^[A-Za-z]/.test(name)) name = `Table${name}`;
      while (taken.has(name)) name += "_";
      taken.add(name);
      return name;
    },
  };
}
