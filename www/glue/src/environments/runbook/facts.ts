/** Facts as lines. What could not be read says so, and what is not known is left to fill in. */
import type { Account, Fact, Inventory, OAuthClient, RunbookBlock } from "sysparm/environments";

/** Left for a person. */
export const TO_FILL_IN = "(to fill in)";

export type Lines = (readonly [what: string, value: string | undefined])[];

/** A table of two columns, without lines whose value is undefined. */
export function factTable(lines: Lines): RunbookBlock {
  const rows = lines.flatMap(([what, value]) => (value === undefined ? [] : [[what, value === "" ? "none" : value]]));
  return { kind: "table", head: ["What", "Value"], rows };
}

/** A fact in words: its value, or why there is none. */
export function factInWords<T>(fact: Fact<T>, words: (value: T) => string): string {
  if (fact.status === "unreadable") return `not read: ${fact.because}`;
  return words(fact.value) + (fact.incomplete ? ` (incomplete: ${fact.incomplete})` : "");
}

/** The registry record that the integration signs in with; undefined where there is none, or it could not be read. */
export function ownClient({ clients }: Inventory): OAuthClient | undefined {
  return clients.status === "read" ? clients.value.find(({ own }) => own) : undefined;
}

export function ownAccount({ account }: Inventory): Account | undefined {
  return account.status === "read" ? account.value : undefined;
}

/** Minutes and days are read more easily than seconds. */
export function duration(seconds: number | null | undefined): string | undefined {
  if (seconds === undefined || seconds === null) return undefined;
  const unit = seconds % 86_400 === 0 ? ([86_400, "day"] as const) : ([60, "minute"] as const);
  const count = Math.round((seconds / unit[0]) * 10) / 10;
  return `${count} ${unit[1]}${count === 1 ? "" : "s"} (${seconds} s)`;
}

export function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? "yes" : "no";
}

/** "2026-11-01 10:00 UTC". */
export function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
