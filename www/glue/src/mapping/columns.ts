/** The column behind each field: the one of a new instance where it is there and fits, else one that its name or label names. */
import type { PlanLine } from "sysparm/model";
import type { Field } from "sysparm/schema";
import { holds } from "./dictionary-types.js";
import { isLabelOf } from "./stock.js";

/** A field's column in this instance. */
export interface FoundColumn {
  column: string | null;
  isSure: boolean;
  reason: string;
}

/** What is known of the instance's table. */
export interface Known {
  fields: Readonly<Record<string, Field>>;
  custom: ReadonlySet<string>;
  samples: readonly Readonly<Record<string, unknown>>[];
}

/** Of a vendor and an application: `x_acme_ticketing_`. */
const LONGEST_PREFIX = 24;

/** Samples that say that a column is not used. */
const ENOUGH_SAMPLES = 5;

/** The columns of all fields that are no column of another record. */
export function columnsOf(lines: readonly PlanLine[], known: Known): Map<string, FoundColumn> {
  const own = lines.filter(({ column }) => !column.includes("."));
  const named = prefixed(own, known.custom);
  const found = new Map<string, FoundColumn>();
  const taken = new Set<string>();
  for (const line of own) {
    const field = known.fields[line.column];
    // Every table has it, whatever the dictionary shows.
    if (line.field === "id") found.set("id", { column: line.column, isSure: true, reason: "the key of every table" });
    else if (field) found.set(line.field, ofSameName(line, field, own, named, known));
  }
  for (const { column } of found.values()) if (column !== null) taken.add(column);
  const free = () => [...known.custom].filter((column) => !taken.has(column));
  for (const line of own.filter(({ field }) => !found.has(field))) {
    const column = ofOtherName(line, free(), named, known);
    if (column.column !== null) taken.add(column.column);
    found.set(line.field, column);
  }
  return found;
}

function ofSameName(
  line: PlanLine,
  field: Field,
  lines: readonly PlanLine[],
  named: Prefixed,
  known: Known,
): FoundColumn {
  const { column, shape } = line;
  if (!holds(shape, field)) {
    const reason = `\`${column}\` is of type ${field.type} here, from which no ${shape} is read`;
    return { column: null, isSure: false, reason };
  }
  const duplicate = isUnused(column, known)
    ? [...known.custom].find(
        (name) => named.get(name) === column && fits(line, known.fields[name]) && !isUnused(name, known),
      )
    : undefined;
  if (duplicate !== undefined) {
    const reason = `\`${column}\` is empty in every sample, and \`${duplicate}\` is filled`;
    return { column: duplicate, isSure: false, reason };
  }
  if (line.reference !== undefined && field.reference !== undefined && field.reference !== line.reference) {
    const reason = `\`${column}\` leads to ${field.reference} here, not to ${line.reference}`;
    return { column, isSure: false, reason };
  }
  const isUnchanged = field.label === undefined || isLabelOf(column, field.label);
  const namesake = lines.find((line) => line.column !== column && isLabelOf(line.column, field.label));
  if (namesake !== undefined && !isUnchanged) {
    const reason = `\`${column}\` has the label of \`${namesake.column}\` ("${field.label}")`;
    return { column, isSure: false, reason };
  }
  if (field.type === undefined) return { column, isSure: false, reason: "the name is the same, the type is hidden" };
  const renamed = isUnchanged ? "" : `, labelled "${field.label}"`;
  return { column, isSure: true, reason: `the column of a new instance${renamed}` };
}

function ofOtherName(line: PlanLine, free: readonly string[], named: Prefixed, { fields }: Known): FoundColumn {
  const able = free.filter((column) => fits(line, fields[column]));
  const byName = able.filter((column) => named.get(column) === line.column);
  const byLabel = able.filter((column) => isLabelOf(line.column, fields[column]?.label));
  const [both] = byName.filter((column) => byLabel.includes(column));
  const candidates = [...new Set([...byName, ...byLabel])];
  const [column] = both === undefined ? candidates : [both];
  if (column === undefined) {
    const isSure = able.length === 0;
    const others = isSure ? "" : `; of its type are ${able.slice(0, 3).join(", ")}`;
    return { column: null, isSure, reason: `there is no column \`${line.column}\`${others}` };
  }
  const how = byName.includes(column) ? "its name" : `its label "${fields[column]?.label}"`;
  const isSure = candidates.length === 1 || both !== undefined;
  const others = isSure ? "" : `; so do ${candidates.filter((name) => name !== column).join(", ")}`;
  return { column, isSure, reason: `there is no column \`${line.column}\`, and ${how} names it${others}` };
}

/** The field that has no column and might have this one under a name and label that say nothing. */
export function mayBe(
  column: string,
  lines: readonly PlanLine[],
  found: ReadonlyMap<string, FoundColumn>,
  { fields }: Known,
): string | undefined {
  const isOpen = (line: PlanLine) => found.get(line.field)?.column === null && fits(line, fields[column]);
  return lines.find(isOpen)?.field;
}

/** Whether a column holds the field's values; a reference must lead to the same table. */
function fits({ shape, reference }: PlanLine, field: Field | undefined): boolean {
  if (!field || !holds(shape, field)) return false;
  return reference === undefined || field.reference === undefined || field.reference === reference;
}

/** Custom columns that are named like one of the base map with a prefix (`u_state`, `x_acme_state`), and which: of several the longest. */
type Prefixed = ReadonlyMap<string, string>;

function prefixed(lines: readonly PlanLine[], custom: ReadonlySet<string>): Prefixed {
  const longest = lines.map(({ column }) => column).sort((one, other) => other.length - one.length);
  const named = new Map<string, string>();
  for (const name of custom) {
    const base = longest.find((column) => /^[ux]_/.test(name) && name.endsWith(`_${column}`));
    if (base !== undefined && name.length - base.length < LONGEST_PREFIX) named.set(name, base);
  }
  return named;
}

/** Whether no sample has a value there. Without enough samples nobody knows. */
function isUnused(column: string, { samples }: Known): boolean {
  const cells = samples.filter((row) => Object.hasOwn(row, column)).map((row) => row[column]);
  const isEmpty = (cell: unknown) => cell === "" || cell === null || (cell as { value?: unknown })?.value === "";
  return cells.length >= ENOUGH_SAMPLES && cells.every(isEmpty);
}
