/** What of a plan no longer fits an instance. */
import type { MapFinding, Plan, PlanLine } from "sysparm/model";
import type { Field, TableSchema } from "sysparm/schema";
import { holds, shapeOf } from "./dictionary-types.js";
import { rawOfLabel } from "./stock.js";

/** Everything that a line of a plan needs and the instance's table no longer has, then what is new in it. */
export function checkPlan(plan: Plan, schema: TableSchema, children: readonly TableSchema[]): MapFinding[] {
  const fields = schema.tables[schema.table]?.fields ?? {};
  const findings: MapFinding[] = [];
  for (const line of plan.lines) {
    const [column = ""] = line.column.split(".");
    const field = fields[column];
    if (!field) findings.push(gone(line, column, schema, children));
    else if (!line.column.includes(".")) findings.push(...changes(line, field, plan.table));
  }
  const mapped = new Set(plan.fields);
  for (const column of schema.custom.filter(
    (name) => !mapped.has(name) && shapeOf(fields[name] ?? { source: "row" }),
  )) {
    const message = `\`${column}\` (${fields[column]?.type ?? "unknown type"}) is in no line of the map. It comes along under \`custom\`.`;
    findings.push({ code: "column.new", severity: "new", field: null, column, message });
  }
  return findings;
}

function gone(line: PlanLine, column: string, schema: TableSchema, children: readonly TableSchema[]): MapFinding {
  const { field } = line;
  const child = children.find(({ table, tables }) => tables[table]?.fields[column] !== undefined);
  if (child) {
    const message = `\`${column}\` is declared in ${child.table} now. \`${field}\` is absent from objects of ${schema.table}.`;
    return { code: "column.moved", severity: "broken", field, column, message };
  }
  const isSure = schema.complete;
  const message = isSure
    ? `There is no column \`${column}\`. Map \`${field}\` to another one, or to null.`
    : `\`${column}\` cannot be seen: it is gone, or this user may not read its description.`;
  return {
    code: isSure ? "column.gone" : "column.unseen",
    severity: isSure ? "broken" : "changed",
    field,
    column,
    message,
  };
}

function changes(line: PlanLine, field: Field, table: string): MapFinding[] {
  const { column } = line;
  const found = (code: string, severity: MapFinding["severity"], message: string): MapFinding => ({
    code,
    severity,
    field: line.field,
    column,
    message,
  });
  if (!holds(line.shape, field)) {
    const words = `\`${column}\` is of type ${field.type} now, from which no ${line.shape} is read.`;
    return [found("column.type", "broken", words)];
  }
  const findings: MapFinding[] = [];
  if (line.reference !== undefined && field.reference !== undefined && line.reference !== field.reference)
    findings.push(
      found("column.reference", "changed", `\`${column}\` leads to ${field.reference}, not to ${line.reference}.`),
    );
  if (field.readOnly && !line.readOnly)
    findings.push(found("column.read-only", "changed", `The dictionary says that \`${column}\` is read only.`));
  const choices = (field.choices ?? []).filter(({ value }) => value !== "");
  if (line.shape !== "choice" || choices.length === 0) return findings;
  const values = new Map(line.values);
  const offered = new Map(choices.map((choice) => [choice.value, choice]));
  for (const [raw, value] of values)
    if (!offered.has(raw))
      findings.push(
        found("choice.gone", "changed", `\`${column}\` has no value ${raw} any more, which is read as ${value}.`),
      );
  for (const [raw, { label, inactive }] of offered) {
    const value = values.get(raw);
    const stock = rawOfLabel(table, column, label);
    const meant = stock === undefined ? undefined : values.get(stock);
    if (value === undefined && !inactive)
      findings.push(
        found("choice.new", "broken", `\`${column}\` has the value ${raw} ("${label}"), which the map does not know.`),
      );
    // The label of a new instance at another number: what the map reads there was meant by another value.
    else if (value !== undefined && stock !== raw && meant !== undefined && meant !== value)
      findings.push(
        found(
          "choice.renumbered",
          "broken",
          `${raw} of \`${column}\` is "${label}" now. The map reads it as ${value}.`,
        ),
      );
  }
  return findings;
}
