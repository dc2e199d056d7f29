/** Comparisons for people: Markdown, and lines for a terminal. */
import type { Comparison, Difference, Rank, UnknownFact } from "sysparm/environments";
import { RANKS } from "./ledger.js";

/** What each rank means. */
const HEADINGS: Readonly<Record<Rank, string>> = {
  "sign-in": "Breaks sign-in",
  requests: "Breaks requests",
  data: "Wrong data",
  limits: "Limits",
  cosmetic: "Cosmetic",
};
const NOT_READ = "not read";

/** A comparison as Markdown. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { environments, differences, unknown } = comparison;
  const names = environments.map(({ name }) => name);
  const lines = [`# Environments compared: ${names.map(escaped).join(", ")}`, "", summaryOf(comparison), ""];
  lines.push(tableRow(["Environment", "Address", "Read"]), tableRow(["---", "---", "---"]));
  for (const { name, url, readAt } of environments) lines.push(tableRow([escaped(name), escaped(url), timeOf(readAt)]));
  for (const rank of RANKS) {
    const found = differences.filter((difference) => difference.rank === rank);
    if (found.length === 0) continue;
    lines.push("", `## ${HEADINGS[rank]} (${found.length})`, "");
    lines.push(tableRow(["What", ...names.map(escaped), "Why it matters", "What to do"]));
    lines.push(tableRow(Array.from({ length: names.length + 3 }, () => "---")));
    for (const { what, why, fix, ...difference } of found) {
      const values = names.map((name) => escaped(valueIn(difference, name)));
      lines.push(tableRow([escaped(what), ...values, escaped(why), escaped(fix)]));
    }
  }
  if (unknown.length > 0) {
    lines.push("", `## Unknown (${unknown.length})`, "", "Not compared: this may be equal, or not.", "");
    lines.push(tableRow(["What", "Environment", "Because"]), tableRow(["---", "---", "---"]));
    for (const { what, environment, because } of joined(unknown))
      lines.push(tableRow([escaped(what), escaped(environment), escaped(because)]));
  }
  return `${lines.join("\n")}\n`;
}

/** A comparison as lines for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { environments, differences, unknown } = comparison;
  const names = environments.map(({ name }) => name);
  const width = Math.max(...names.map(({ length }) => length));
  const lines = [`${names.map(plain).join(", ")}: ${summaryOf(comparison)}`];
  for (const rank of RANKS) {
    const found = differences.filter((difference) => difference.rank === rank);
    if (found.length > 0) lines.push("", `${HEADINGS[rank].toUpperCase()} (${found.length})`);
    for (const { what, why, fix, ...difference } of found) {
      lines.push("", `  ${plain(what)}`);
      for (const name of names) lines.push(`    ${plain(name).padEnd(width)}  ${plain(valueIn(difference, name))}`);
      lines.push(`    ${plain(why)}`, `    > ${plain(fix)}`);
    }
  }
  if (unknown.length > 0) lines.push("", `UNKNOWN (${unknown.length})`, "");
  for (const { what, environment, because } of joined(unknown))
    lines.push(`  ${plain(environment)}: ${plain(what)}: ${plain(because)}`);
  return `${lines.join("\n")}\n`;
}

function summaryOf({ differences, unknown, compared }: Comparison): string {
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  const found = count(differences.length, "difference", "differences");
  return `${found} in ${compared} comparisons; ${count(unknown.length, "fact is", "facts are")} unknown.`;
}

/** What is unknown for one reason in several environments, once. */
function joined(unknown: readonly UnknownFact[]): UnknownFact[] {
  const byReason = new Map<string, UnknownFact>();
  for (const fact of unknown) {
    const key = JSON.stringify([fact.what, fact.because]);
    const before = byReason.get(key);
    byReason.set(key, before ? { ...before, environment: `${before.environment}, ${fact.environment}` } : fact);
  }
  return [...byReason.values()];
}

function valueIn({ values }: Pick<Difference, "values">, name: string): string {
  return values[name] ?? NOT_READ;
}

function timeOf(readAt: number): string {
  return `${new Date(readAt).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Values are others' texts: they end no cell, and are no markup. */
function escaped(text: string): string {
  return plain(text).replace(/[\\|`*_<>[\]]/g, "\\$&");
}

/** Without what a terminal would act on. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ");
}
