/** Finds the records that the rows of an import name by a key. */
import type { Instance, Row } from "sysparm";
import type { Query } from "sysparm/query";
import type { Existing } from "./plan";

interface Wanted {
  table: string;
  key: string;
  values: readonly string[];
  /** Fields to read, for what an update would change. */
  fields: readonly string[];
  onFound: (looked: number) => void;
  signal: AbortSignal;
}

const VALUES_A_QUERY = 50;

export async function findExisting(instance: Instance, queries: typeof Query, wanted: Wanted): Promise<Existing> {
  const { table, key, fields, onFound, signal } = wanted;
  const byKey = new Map<string, Row[]>();
  const hiddenKeys = new Set<string>();
  const values = [...new Set(wanted.values.map((value) => value.trim()))].filter(
    (value) => value !== "" && !value.includes("^"),
  );
  const read = [...new Set([...fields, key, "sys_id", "sys_mod_count"])];
  for (let start = 0; start < values.length; start += VALUES_A_QUERY) {
    const part = values.slice(start, start + VALUES_A_QUERY);
    const either = part.map((value) => ({ field: key, operator: "=" as const, value }));
    const query = queries.from({ any: [{ all: [{ either }] }] }).toString();
    let hidden = 0;
    for await (const page of instance.table(table).pages({ query, fields: read, displayValue: "all", signal })) {
      hidden = page.hidden ?? 0;
      for (const row of page.rows) {
        const folded = rawOf(row, key).toLowerCase();
        byKey.set(folded, [...(byKey.get(folded) ?? []), row]);
      }
    }
    // Which of them is hidden cannot be known.
    if (hidden > 0) for (const value of part) if (!byKey.has(value.toLowerCase())) hiddenKeys.add(value.toLowerCase());
    onFound(Math.min(values.length, start + VALUES_A_QUERY));
  }
  return { byKey, hiddenKeys };
}

function rawOf(row: Row, field: string): string {
  const value = row[field];
  return typeof value === "object" ? (value.value ?? "") : (value ?? "");
}
