/** A plan that applies what the crate compiled to rows. */
import type { Plan, PlanLine, Unified, WriteOptions } from "sysparm/model";
import { checkArgument, checkOptions, OBJECT, type OptionTypes } from "../protocol/check-options.js";
import { conversionOf } from "./conversions.js";
import { refusedOption } from "./error.js";
import { readRow } from "./read.js";
import { type Writing, writePart } from "./write.js";

/** What the crate compiles. */
export interface PlanData {
  version: 1;
  table: string;
  kind: string;
  fields: string[];
  lines: PlanLine[];
  absent: string[];
  journals: string[];
}

const WRITING: OptionTypes<WriteOptions> = {
  readOnly: { expects: '"refuse" or "leave"', accepts: (value) => value === "refuse" || value === "leave" },
};

/** A plan with its conversions. */
export function planFrom(data: PlanData, more: readonly string[]): Plan<Unified> {
  const { version, table, kind, lines } = data;
  const writing: Writing = {
    kind,
    table,
    lines: lines.map((line) => ({ line, conversion: conversionOf(line) })),
    mapped: new Set(lines.filter(({ shape }) => shape !== "entry").map(({ column }) => column)),
    journals: new Set(data.journals),
  };
  const named = (field: string) =>
    lines.find((line) => line.field === field && !line.extra) ?? lines.find((line) => line.field === field);
  return {
    version,
    table,
    kind,
    fields: [...new Set([...data.fields, ...more])],
    lines,
    absent: data.absent,
    column: (field) => named(field)?.column,
    rawOf: (field, value) => (named(field)?.values ?? []).filter(([, it]) => it === value).map(([raw]) => raw),
    read(row) {
      checkArgument("row", row, { ...OBJECT, isRequired: true }, refusedOption);
      return readRow(writing, row);
    },
    write(part, options = {}) {
      checkArgument("part", part, { ...OBJECT, isRequired: true }, refusedOption);
      checkOptions(options, WRITING, refusedOption);
      return writePart(writing, part, options);
    },
  };
}
