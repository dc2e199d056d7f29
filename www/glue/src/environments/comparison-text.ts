/** Comparisons for people: Markdown, and lines for a terminal. */
import type { Comparison, Difference, Rank, RunbookSection, UnknownFact } from "sysparm/environments";
import { plainLine, toMarkdown } from "./document.js";
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
  const sections: RunbookSection[] = [
    {
      title: "",
      blocks: [
        { kind: "text", text: summaryOf(comparison) },
        {
          kind: "table",
          head: ["Environment", "Address", "Read"],
          rows: environments.map(({ name, url, readAt }) => [name, url, timeOf(readAt)]),
        },
      ],
    },
  ];
  for (const rank of RANKS) {
    const found = differences.filter((difference) => difference.rank === rank);
    if (found.length === 0) continue;
    const head = ["What", ...names, "Why it matters", "What to do"];
    const rows = found.map(({ what, why, fix, ...difference }) => [
      what,
      ...names.map((name) => valueIn(difference, name)),
      ...[why, fix],
    ]);
    sections.push({ title: `${HEADINGS[rank]} (${found.length})`, blocks: [{ kind: "table", head, rows }] });
  }
  if (unknown.length > 0) {
    const rows = joined(unknown).map(({ what, environment, because }) => [what, environment, because]);
    sections.push({
      title: `Unknown (${unknown.length})`,
      blocks: [
        { kind: "text", text: "Not compared: this may be equal, or not." },
        { kind: "table", head: ["What", "Environment", "Because"], rows },
      ],
    });
  }
  return toMarkdown(`Environments compared: ${names.join(", ")}`, sections);
}

/** A comparison as lines for a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { environments, differences, unknown } = comparison;
  const names = environments.map(({ name }) => name);
  const width = Math.max(...names.map(({ length }) => length));
  const lines = [`${names.map(plainLine).join(", ")}: ${summaryOf(comparison)}`];
  for (const rank of RANKS) {
    const found = differences.filter((difference) => difference.rank === rank);
    if (found.length > 0) lines.push("", `${HEADINGS[rank].toUpperCase()} (${found.length})`);
    for (const { what, why, fix, ...difference } of found) {
      lines.push("", `  ${plainLine(what)}`);
      for (const name of names)
        lines.push(`    ${plainLine(name).padEnd(width)}  ${plainLine(valueIn(difference, name))}`);
      lines.push(`    ${plainLine(why)}`, `    > ${plainLine(fix)}`);
    }
  }
  if (unknown.length > 0) lines.push("", `UNKNOWN (${unknown.length})`, "");
  for (const { what, environment, because } of joined(unknown))
    lines.push(`  ${plainLine(environment)}: ${plainLine(what)}: ${plainLine(because)}`);
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
