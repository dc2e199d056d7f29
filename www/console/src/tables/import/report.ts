/** The reports of an import as CSV: the plan of a dry run, what became of each row, and the rows that were not sent. Pure. */
import { csvLine } from "../csv";
import type { CsvFile } from "./csv-file";
import type { Planned } from "./plan";
import type { Outcome, Reported } from "./writing";

export function reportCsv(reported: readonly Reported[]): string {
  const lines = reported.map(({ row, key, outcome, id, why }) => [String(row), key, outcome, id, why]);
  return [["row", "key", "outcome", "sys_id", "why"], ...lines].map(csvLine).join("");
}

/** To be imported later: without a key, the whole file would create the other rows again. */
export function notSentCsv(
  { columns, rows }: Pick<CsvFile, "columns" | "rows">,
  reported: readonly Reported[],
): string {
  const left = reported.filter(({ outcome }) => outcome === "not sent").map(({ row }) => rows[row - 1] ?? []);
  return [columns, ...left].map(csvLine).join("");
}

export function planCsv(planned: readonly Planned[]): string {
  const lines = planned.map(({ row, key, action, id = "", why, values, before = {} }) => [
    ...[String(row), key, action, id, why.join(" ")],
    action === "update" ? changeWords(values, before) : "",
  ]);
  return [["row", "key", "action", "sys_id", "why", "changes"], ...lines].map(csvLine).join("");
}

/** The raw values that the records of an import hold before it, one JSON object a line. */
export function oldValues(planned: readonly Planned[]): string {
  return planned.map(({ id, old }) => `${JSON.stringify({ sys_id: id, ...old })}\n`).join("");
}

export function changeWords(
  values: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): string {
  return Object.entries(values)
    .map(([field, value]) => {
      const now = Object.hasOwn(before, field) ? before[field] || "(empty)" : "(not readable)";
      return `${field}: ${now} → ${value || "(empty)"}`;
    })
    .join("; ");
}

export function outcomesOf(reported: readonly Reported[]): [Outcome, number][] {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of reported) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts];
}
