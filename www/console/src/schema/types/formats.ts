/** What the types of a table can be written as. */
import type { TableSchema } from "sysparm/schema";

type Codegen = typeof import("sysparm/codegen");

export interface TypesFormat {
  id: "typescript" | "json-schema" | "zod" | "valibot";
  name: string;
  /** The end of the file's name. */
  ending: string;
  mediaType: string;
  /** The option of `sysparm types` that writes the same text; empty where none is needed. */
  flag: string;
  text: (codegen: Codegen, schemas: readonly TableSchema[]) => string;
}

export const FORMATS: readonly TypesFormat[] = [
  {
    ...{ id: "typescript", name: "TypeScript", ending: ".ts", mediaType: "text/plain", flag: "" },
    text: ({ typescript }, schemas) => typescript(schemas),
  },
  {
    ...{ id: "json-schema", name: "JSON Schema", ending: ".schema.json", mediaType: "application/schema+json" },
    flag: "--json-schema",
    text: ({ jsonSchema }, schemas) => `${JSON.stringify(jsonSchema(schemas), null, 2)}\n`,
  },
  {
    ...{ id: "zod", name: "Zod", ending: ".zod.ts", mediaType: "text/plain", flag: "--zod" },
    text: ({ zod }, schemas) => zod(schemas),
  },
  {
    ...{ id: "valibot", name: "Valibot", ending: ".valibot.ts", mediaType: "text/plain", flag: "--valibot" },
    text: ({ valibot }, schemas) => valibot(schemas),
  },
];

/** The name of the file of a table's types. */
export function fileName({ table }: Pick<TableSchema, "table">, { ending }: TypesFormat): string {
  return `${table.replaceAll(/\W/g, "_")}${ending}`;
}

/** The command that writes the same text. */
export function commandOf(schema: Pick<TableSchema, "table">, format: TypesFormat): string {
  const flag = format.flag && ` ${format.flag}`;
  return `npx sysparm types --table ${schema.table}${flag} --output ${fileName(schema, format)}`;
}
