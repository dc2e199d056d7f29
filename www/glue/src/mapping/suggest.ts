/** Proposes a map from the dictionary, one line for each field with its reason. Nothing is proposed as sure that a name alone suggests. */
import type { FieldMap, ModelMap, Plan, PlanLine, SuggestedLine, SuggestedMap, TableMap } from "sysparm/model";
import type { Field, TableSchema } from "sysparm/schema";
import { columnsOf, type FoundColumn, type Known, mayBe } from "./columns.js";
import { shapeOf } from "./dictionary-types.js";
import { valuesOf } from "./values.js";

/** Proposes a map of one table. `base` is the plan of the table that it is like. */
export function suggestMap(
  base: Plan,
  schema: TableSchema,
  samples: readonly Readonly<Record<string, unknown>>[],
): SuggestedMap {
  const fields = schema.tables[schema.table]?.fields ?? {};
  const known: Known = { fields, custom: new Set(schema.custom), samples };
  const found = columnsOf(base.lines, known);
  const lines: SuggestedLine[] = [];
  const own: Record<string, FieldMap | null> = {};
  for (const line of base.lines) {
    const suggested = line.column.includes(".") ? behind(line, base.lines, found, fields) : found.get(line.field);
    if (suggested) lines.push(suggestedLine(line, suggested, base.table, fields, own));
  }
  const taken = new Set(lines.map(({ column }) => column));
  const names = new Set([...base.lines.map(({ field }) => field), ...base.absent]);
  const extra: Record<string, FieldMap> = {};
  for (const column of schema.custom) {
    const field = fields[column];
    const shape = field && !taken.has(column) ? shapeOf(field) : undefined;
    if (!field || !shape || shape.shape === "entry") continue;
    const name = nameOf(column, names);
    names.add(name);
    extra[name] = extraOf(column, field, shape.shape);
    const open = mayBe(column, base.lines, found, known);
    const words = [
      `a column of the customer's own${field.label ? `, labelled "${field.label}"` : ""}, of type ${field.type}`,
      ...(open === undefined ? [] : [`it may be what \`${open}\` lacks`]),
    ];
    const confidence = shape.isKnown && open === undefined ? "sure" : "unsure";
    lines.push({ field: name, column, extra: true, reason: `${words.join("; ")}.`, confidence });
  }
  const table: TableMap = {
    ...(schema.table === base.table ? {} : { like: base.table }),
    ...(Object.keys(own).length > 0 ? { fields: own } : {}),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
  const map: ModelMap = { version: 1, tables: { [schema.table]: table } };
  const isWhole = schema.complete && Object.keys(fields).length > 0;
  return { map, lines: isWhole ? lines : lines.map((line) => ({ ...line, confidence: "unsure" })) };
}

/** One line, and what the map says about it. */
function suggestedLine(
  line: PlanLine,
  { column, isSure, reason }: FoundColumn,
  table: string,
  fields: Readonly<Record<string, Field>>,
  own: Record<string, FieldMap | null>,
): SuggestedLine {
  const { field } = line;
  if (column === null) {
    own[field] = null;
    return { field, column, reason: `${reason}.`, confidence: isSure ? "sure" : "unsure" };
  }
  const described = fields[column] ?? ({ source: "row" } as Field);
  const map: FieldMap = column === line.column ? {} : { column };
  const { reference } = described;
  if (
    line.shape === "reference" &&
    reference !== undefined &&
    reference !== line.reference &&
    line.reference !== undefined
  )
    map.reference = reference;
  const values = line.shape === "choice" ? valuesOf(table, line, described) : undefined;
  if (values && (!values.areBase || map.column !== undefined)) {
    map.values = values.values;
    if (Object.keys(values.write).length > 0) map.write = values.write;
  }
  if (Object.keys(map).length > 0) own[field] = map;
  const words = [reason, values?.reason ?? ""].filter((text) => text !== "").join("; ");
  const confidence = isSure && (values?.isSure ?? true) ? "sure" : "unsure";
  return { field, column, ...(values ? { values: values.values } : {}), reason: `${words}.`, confidence };
}

/** A column of the record that a reference leads to. */
function behind(
  { column }: PlanLine,
  lines: readonly PlanLine[],
  found: ReadonlyMap<string, FoundColumn>,
  fields: Readonly<Record<string, Field>>,
): FoundColumn | undefined {
  const [first = "", rest] = column.split(".");
  const line = lines.find((other) => other.column === first);
  const reference = line && found.get(line.field);
  if (!line || !reference) return undefined;
  const { column: leading, isSure, reason } = reference;
  if (leading === null) return { column: null, isSure, reason };
  const table = fields[leading]?.reference;
  if (table !== undefined && table !== line.reference)
    return { column: null, isSure: false, reason: `\`${leading}\` leads to ${table}, which may have no \`${rest}\`` };
  return { column: `${leading}.${rest}`, isSure, reason };
}

function extraOf(column: string, { reference }: Field, shape: PlanLine["shape"]): FieldMap {
  const type = shape === "choice" ? "code" : shape;
  return { column, type, ...(shape === "reference" && reference !== undefined ? { reference } : {}) };
}

/** A name for a column's field: `u_cost_unit` is costUnit. */
function nameOf(column: string, taken: ReadonlySet<string>): string {
  const words = column
    .replace(/^u_|^x_[^_]+_/, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const joined = words
    .map((word, place) => (place === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
  const name = /^[A-Za-z]/.test(joined) ? joined.slice(0, 50) : `own${joined.slice(0, 50)}`;
  if (!taken.has(name)) return name;
  const second = `own${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  let free = second;
  for (let count = 2; taken.has(free); count += 1) free = `${second}${count}`;
  return free;
}
