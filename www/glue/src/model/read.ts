/** A row as an object of the model. */
import type { PlanLine, Unified, UnifiedValue, UnreadValue } from "sysparm/model";
import { type BothForms, type conversionOf, Unfit } from "./conversions.js";

/** A line of a plan with its conversion. */
export interface Converts {
  readonly line: PlanLine;
  readonly conversion: ReturnType<typeof conversionOf>;
}

/** How the rows of a table are read. */
export interface Reading {
  readonly kind: string;
  readonly table: string;
  readonly lines: readonly Converts[];
  /** Columns that a field is mapped to. */
  readonly mapped: ReadonlySet<string>;
}

/** Reads a row. */
export function readRow(plan: Reading, row: Readonly<Record<string, unknown>>): Unified {
  const { kind, table } = plan;
  // Not by assignment: a column may have the name of an accessor (`__proto__`).
  const custom = Object.fromEntries(Object.entries(row).filter(([column]) => !plan.mapped.has(column)));
  const object: Unified & Record<string, unknown> = { kind, table, id: "", custom, extra: {}, unread: [] };
  const isOfLabels = Object.values(row).some(hasLabelAlone);
  for (const { line, conversion } of plan.lines) {
    const { field, column, shape } = line;
    if (shape === "entry" || !Object.hasOwn(row, column)) continue;
    const content = row[column];
    try {
      const cell = cellOf(content);
      const value = cell.value === "" ? emptyOf(line) : conversion.read(cell);
      // A label of a time is local, and one of a choice is in the user's language.
      if (isOfLabels && cell.value !== "" && shape !== "text" && typeof content === "string")
        throw new Unfit("value.label-only", "is in a row of labels, so it may be one. Read rows with displayValue all");
      if (line.extra) object.extra[field] = value;
      else object[field] = value;
    } catch (thrown) {
      if (!(thrown instanceof Unfit)) throw thrown;
      object.unread.push(problem(line, content, thrown));
    }
  }
  return object;
}

/** A reference as `displayValue: true` gives it. */
function hasLabelAlone(content: unknown): boolean {
  const { value, display_value: label } = Object(content) as Record<string, unknown>;
  return typeof label === "string" && value === undefined;
}

function emptyOf({ shape, field, values }: PlanLine): UnifiedValue {
  if (shape === "list") return [];
  if (field === "id") return "";
  // A map may give the empty value a meaning: `{ "": "new" }`.
  const named = values?.find(([raw]) => raw === "")?.[1];
  if (named === undefined) return null;
  return shape === "boolean" ? named === "true" : ({ value: named, raw: "", label: null } as UnifiedValue);
}

/** Both forms of a cell. @throws Unfit */
function cellOf(content: unknown): BothForms {
  if (typeof content === "string") return { value: content, label: null, link: null };
  if (content === null) return { value: "", label: null, link: null };
  if (typeof content === "object" && !Array.isArray(content)) {
    const { value, display_value: label, link } = content as Record<string, unknown>;
    if (typeof value === "string" || value === null)
      return {
        value: value ?? "",
        label: typeof label === "string" ? label : null,
        link: typeof link === "string" ? link : null,
      };
    if (typeof label === "string")
      throw new Unfit("value.label-only", "has a label and no stored value. Read rows with displayValue false or all");
  }
  throw new Unfit("value.shape", "is neither text nor an object of value and display_value");
}

function problem({ field, column }: PlanLine, raw: unknown, { code, reason }: Unfit): UnreadValue {
  return { code, field, column, raw, message: `\`${column}\` ${reason}.` };
}
