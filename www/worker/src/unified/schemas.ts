/** JSON Schemas of objects and of what is written, made of the lines of plans. */

import type { PlanLine, Shape } from "sysparm/model";

/** A JSON Schema of the 2020-12 draft, as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>;

/** A field of a kind: the same in each of its tables, behind other columns. */
export interface DescribedField {
  readonly field: string;
  readonly shape: Shape;
  readonly extra: boolean;
  /** Whether some table takes a value. */
  readonly writable: boolean;
  /** Column and the tables that have it there. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Normalised values, of all tables. */
  readonly values: readonly string[];
  /** Those that some table can write. */
  readonly written: readonly string[];
}

/** The fields of tables in the order of their first line. */
export function fieldsOf(lines: readonly { readonly table: string; readonly line: PlanLine }[]): DescribedField[] {
  const fields = new Map<string, DescribedField>();
  for (const { table, line } of lines) {
    const { field, column, shape, extra = false, readOnly = false } = line;
    const key = `${extra} ${field}`;
    const known = fields.get(key);
    const columns = new Map(known?.columns);
    columns.set(column, [...(columns.get(column) ?? []), table]);
    const values = [...new Set([...(known?.values ?? []), ...(line.values ?? []).map(([, value]) => value)])];
    const written = [...new Set([...(known?.written ?? []), ...(line.written ?? []).map(([value]) => value)])];
    fields.set(key, { written, field, shape, extra, writable: !readOnly || known?.writable === true, columns, values });
  }
  return [...fields.values()];
}

const text: Schema = { type: "string" };
const textOrNull: Schema = { type: ["string", "null"] };

function object(properties: Record<string, Schema>): Schema {
  return { type: ["object", "null"], properties, required: Object.keys(properties) };
}

/** What a reply holds in a field. */
function readSchema({ field, shape, values }: DescribedField): Schema {
  switch (shape) {
    case "code":
      return object({ raw: text, label: textOrNull });
    case "choice":
      return object({ value: { enum: [...values, null] }, raw: text, label: textOrNull });
    case "reference":
      return object({ id: text, name: textOrNull, table: textOrNull });
    case "money":
      return object({ amount: text, currency: textOrNull });
    case "boolean":
      return { type: ["boolean", "null"] };
    case "integer":
    case "duration":
      return { type: ["integer", "null"] };
    case "list":
      return { type: "array", items: text };
    case "instant":
      return { type: ["string", "null"], format: "date-time" };
    case "date":
      return { type: ["string", "null"], format: "date" };
    default:
      return field === "id" ? text : textOrNull;
  }
}

/** What is taken for a field. */
function writtenSchema(described: DescribedField): Schema {
  const raw = { type: "object", properties: { raw: text }, required: ["raw"] };
  switch (described.shape) {
    case "entry":
      return { type: "string", minLength: 1 };
    case "code":
      return { anyOf: [textOrNull, raw] };
    case "choice":
      return { anyOf: [{ enum: [...described.written, null] }, raw] };
    case "reference":
      return { anyOf: [textOrNull, { type: "object", properties: { id: text }, required: ["id"] }] };
    case "money":
      return { anyOf: [{ type: "null" }, { type: "object", properties: { amount: text, currency: textOrNull } }] };
    default:
      return readSchema(described);
  }
}

function withColumns({ columns }: DescribedField, isOne: boolean, schema: Schema): Schema {
  const parts = [...columns].map(([column, tables]) => `\`${column}\`${isOne ? "" : ` of ${tables.join(", ")}`}`);
  return { ...schema, description: `Column: ${parts.join("; ")}.` };
}

/** The schema of an object. `tables`: those that it may come from. */
export function itemSchema(kind: string, tables: readonly string[], fields: readonly DescribedField[]): Schema {
  const read = fields.filter(({ shape }) => shape !== "entry");
  const isOne = tables.length === 1;
  const extra = Object.fromEntries(
    read.filter((one) => one.extra).map((one) => [one.field, withColumns(one, isOne, readSchema(one))]),
  );
  const own = read.filter((one) => !one.extra).map((one) => [one.field, withColumns(one, isOne, readSchema(one))]);
  return {
    type: "object",
    required: ["kind", "table", "id", "custom", "extra", "unread"],
    properties: {
      kind: { const: kind },
      table: { enum: tables },
      ...Object.fromEntries(own),
      custom: { type: "object", description: "Columns that no field is mapped to, as the instance gives them." },
      extra: { type: "object", properties: extra, description: "Fields that the tenant's map adds." },
      unread: {
        type: "array",
        items: { type: "object", required: ["code", "field", "column", "message"] },
        description: "What stands in the record and is not what its field holds.",
      },
    },
  };
}

/** The schema of what is written; undefined where nothing can be. */
export function partSchema(tables: readonly string[], fields: readonly DescribedField[]): Schema | undefined {
  const written = fields.filter(({ writable }) => writable);
  if (written.length === 0) return undefined;
  const isOne = tables.length === 1;
  const members = (extra: boolean) =>
    Object.fromEntries(
      written
        .filter((one) => one.extra === extra)
        .map((one) => [one.field, withColumns(one, isOne, writtenSchema(one))]),
    );
  const extra = { type: "object", properties: members(true), additionalProperties: false };
  const custom = { type: "object", description: "Columns of the customer's own by their names." };
  return { type: "object", properties: { ...members(false), extra, custom }, additionalProperties: false };
}
