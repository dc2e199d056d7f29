/** The raw values of a choice: by their labels where these are known, by the numbers of a new instance otherwise. */
import type { PlanLine } from "sysparm/model";
import type { Field, FieldChoice } from "sysparm/schema";
import { rawOfLabel, statusOfWords } from "./stock.js";

/** Raw values and how certain they are. */
export interface FoundValues {
  values: Record<string, string>;
  /** Value and raw value, where several are read as the same. */
  write: Record<string, string>;
  isSure: boolean;
  /** Whether they are those of the base map. */
  areBase: boolean;
  reason: string;
}

/** The values of a line in this instance. `table` is the one of the model. */
export function valuesOf(table: string, line: PlanLine, field: Field): FoundValues {
  const base = new Map(line.values);
  const choices = distinct(field.choices ?? []);
  if (choices.length === 0)
    return { values: Object.fromEntries(base), write: {}, isSure: true, areBase: true, reason: "" };
  const raws = new Set(choices.map(({ value }) => value));
  const areNumbersKept = [...base.keys()].every((raw) => raws.has(raw));
  const values: Record<string, string> = {};
  const written = new Map(line.written);
  const write: Record<string, string> = {};
  const guessed: string[] = [];
  const doubtful: string[] = [];
  const unknown: string[] = [];
  for (const { value: raw, label } of choices) {
    const stock = rawOfLabel(table, line.column, label);
    const byLabel = stock === undefined ? undefined : base.get(stock);
    const byRawValue = areNumbersKept ? base.get(raw) : undefined;
    const byWords = line.field === "status" ? statusOfWords(label) : undefined;
    const value = byLabel ?? byRawValue ?? byWords;
    if (value === undefined) unknown.push(label);
    else {
      values[raw] = value;
      const isDoubtful = byLabel === undefined && byWords !== undefined && byWords !== value;
      if (isDoubtful) doubtful.push(`${raw} (${label}) as ${value}, and its label says ${byWords}`);
      if (byLabel === undefined && byRawValue === undefined) guessed.push(`${label} as ${value}`);
      const isWritten = written.get(value) === (byLabel !== undefined ? stock : raw);
      if (isWritten && (byLabel ?? byRawValue) !== undefined) write[value] = raw;
    }
  }
  const areBase = base.size === Object.keys(values).length && [...base].every(([raw, value]) => values[raw] === value);
  const reasons = [
    areBase ? "" : "the values are numbered or named differently here",
    guessed.length > 0 ? `by the words of their labels: ${guessed.join(", ")}` : "",
    doubtful.length > 0 ? `by their numbers: ${doubtful.join(", ")}` : "",
    unknown.length > 0 ? `without a counterpart: ${unknown.join(", ")}` : "",
  ];
  const isSure = guessed.length === 0 && doubtful.length === 0 && unknown.length === 0;
  return { values, write, isSure, areBase, reason: reasons.filter((words) => words !== "").join("; ") };
}

/** A choice that depends on another field is listed once for each of its values. */
function distinct(choices: readonly FieldChoice[]): FieldChoice[] {
  const first = new Map<string, FieldChoice>();
  for (const choice of choices) if (choice.value !== "" && !first.has(choice.value)) first.set(choice.value, choice);
  return [...first.values()];
}
