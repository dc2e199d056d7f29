/** What of a comparison is shown how. */
import type { Difference, Rank, UnknownFact } from "sysparm/environments";

/** Worst first. */
export const RANKS: readonly { rank: Rank; label: string }[] = [
  { rank: "sign-in", label: "Breaks sign-in" },
  { rank: "requests", label: "Breaks requests" },
  { rank: "data", label: "Wrong data" },
  { rank: "limits", label: "Limits" },
  { rank: "cosmetic", label: "Cosmetic" },
];

/** The environments whose value is another than that of most; none where no value is that of most. */
export function oddValues(values: Difference["values"]): ReadonlySet<string> {
  const known = Object.entries(values).filter(([, value]) => value !== null);
  const most = known.find(([, value]) => known.filter(([, other]) => other === value).length * 2 > known.length);
  return new Set(most ? known.filter(([, value]) => value !== most[1]).map(([name]) => name) : []);
}

/** What is unknown for one reason in several environments, once. */
export function joinedUnknown(
  unknown: readonly UnknownFact[],
): { what: string; because: string; environments: string[] }[] {
  const byReason = new Map<string, { what: string; because: string; environments: string[] }>();
  for (const { what, because, environment } of unknown) {
    const key = JSON.stringify([what, because]);
    const before = byReason.get(key) ?? { what, because, environments: [] };
    byReason.set(key, { ...before, environments: [...before.environments, environment] });
  }
  return [...byReason.values()];
}
