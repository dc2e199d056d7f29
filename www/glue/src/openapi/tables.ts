/** The tables of a document with their fields, found in schemas. Names that no schema knows are refused with the nearest ones. */
import type { OpenApiOptions, TableChoice, TableOperation } from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";
import { AUTOMATIC_COLUMNS } from "../shared/automatic-columns.js";
import { nearest } from "../shared/nearest.js";
import { misused } from "./error.js";

/** A field of a described table; without a description where only its name is known. */
export interface DescribedField {
  readonly name: string;
  readonly field: Field | undefined;
  /** The table that it refers to, unless words must not name that one. */
  readonly target: string | undefined;
}

/** One table as it is described. */
export interface DescribedTable {
  readonly name: string;
  readonly label: string;
  readonly operations: ReadonlySet<TableOperation>;
  readonly read: readonly DescribedField[];
  readonly compared: readonly DescribedField[];
  readonly written: readonly DescribedField[];
  /** Whether `fields` or `conditions` were chosen: others are refused or left out. */
  readonly choosesFields: boolean;
  readonly choosesConditions: boolean;
  readonly maxRows: number | undefined;
  readonly displayValues: boolean;
  /** Whether the dictionary was read whole. */
  readonly complete: boolean;
}

/** Replies hold them encrypted, if at all. */
const SECRETS = ["password", "password2", "glide_encrypted"];
const MOST_DOTS = 5;

/** The described tables in the order of `tables`, or of `schemas`. @throws OpenApiError */
export function describedTables({ schemas, tables, server }: OpenApiOptions): DescribedTable[] {
  const byName = new Map(schemas.map((schema) => [schema.table, schema]));
  const chosen = tables ?? Object.fromEntries(schemas.map(({ table }) => [table, {}]));
  const described = Object.entries(chosen).map(([table, choice]) => {
    const schema = byName.get(table);
    if (!schema) {
      throw misused("", `Missing schema of table \`${table}\`. Add await instance.schema("${table}") to \`schemas\`.`);
    }
    // A policy may keep the names of other tables from the caller.
    const isNamed = (target: string) => server !== "worker" || Object.hasOwn(chosen, target);
    return describedTable(schema, choice, byName, isNamed);
  });
  if (described.length === 0) throw misused("", "Missing tables. Pass schemas of at least one table.");
  return described;
}

function describedTable(
  schema: TableSchema,
  choice: TableChoice,
  schemas: ReadonlyMap<string, TableSchema>,
  isNamed: (table: string) => boolean,
): DescribedTable {
  const { table, ancestry, complete } = schema;
  const own = schema.tables[table]?.fields ?? {};
  const of = (name: string, field: Field | undefined) => {
    const { reference } = field ?? {};
    return { name, field, target: reference && isNamed(reference) ? reference : undefined };
  };
  const find = (option: string) => (name: string) => of(name, found(schema, name, schemas, option));
  const read = choice.fields
    ? unique(choice.fields).map(find("fields"))
    : Object.entries(own)
        .filter(([, { type = "" }]) => !SECRETS.includes(type))
        .map(([name, field]) => of(name, field));
  const isWritable = ({ name, field }: DescribedField) =>
    !name.includes(".") && !AUTOMATIC_COLUMNS.includes(name) && field?.readOnly !== true;
  return {
    name: table,
    label: ancestry.find(({ name }) => name === table)?.label ?? table,
    operations: new Set(choice.operations ?? ["list", "get"]),
    read,
    compared: choice.conditions ? unique(choice.conditions).map(find("conditions")) : read,
    written: choice.writable ? unique(choice.writable).map(find("writable")) : read.filter(isWritable),
    choosesFields: choice.fields !== undefined,
    choosesConditions: choice.conditions !== undefined || choice.fields !== undefined,
    maxRows: choice.maxRows,
    displayValues: choice.displayValues ?? true,
    complete,
  };
}

const unique = (names: readonly string[]) => [...new Set(names)];

/** Undefined where a schema is missing or has gaps. @throws OpenApiError for a name that a whole schema does not have */
function found(
  schema: TableSchema,
  path: string,
  schemas: ReadonlyMap<string, TableSchema>,
  option: string,
): Field | undefined {
  let current: TableSchema | undefined = schema;
  let field: Field | undefined;
  const names = path.split(".");
  if (names.length > MOST_DOTS + 1 || names.some((name) => !/^\w{1,100}$/.test(name))) {
    throw misused(
      "",
      `Invalid field in \`${option}\` of ${schema.table}: ${path.slice(0, 100)}. Pass names of fields.`,
    );
  }
  for (const name of names) {
    if (!current) return undefined;
    const fields: Record<string, Field> = current.tables[current.table]?.fields ?? {};
    field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) {
      if (!current.complete) return undefined;
      const near = nearest(name, Object.keys(fields));
      const advice = near.length > 0 ? ` Nearest fields: ${near.join(", ")}.` : "";
      throw misused("", `Unknown field in \`${option}\` of ${schema.table}: ${path}.${advice}`);
    }
    current = schemas.get(field.reference ?? "");
  }
  return field;
}
