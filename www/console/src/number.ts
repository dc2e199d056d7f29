/** Formats numbers: 10,000 rows, 1.2 MB, 48 ms. */

const counted = new Intl.NumberFormat("en-GB");
const rounded = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

export function count(value: number): string {
  return counted.format(value);
}

/** `1` and "row" give "1 row"; `2` gives "2 rows". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** What is wrong with a number that was typed to confirm that many `noun`s, and what to enter; empty where it is `total`. Takes "10,000", too. */
export function countProblem(typed: string, total: number, noun: string): string {
  const text = typed.trim();
  if (text === "") return `Enter ${total} to confirm.`;
  return /^\d[\d,]*$/.test(text) && Number(text.replaceAll(",", "")) === total
    ? ""
    : `“${typed}” is not the number of ${noun}s. Enter ${total}.`;
}

/** Decimal units, as in browsers' developer tools. */
export function size(bytes: number): string {
  if (bytes < 1_000) return plural(bytes, "byte");
  if (bytes < 1_000_000) return `${rounded.format(bytes / 1_000)} KB`;
  return `${rounded.format(bytes / 1_000_000)} MB`;
}

export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${rounded.format(ms / 1_000)} s`;
}
