/** Finds the records that the rows of an import name by a key. */
import type { Instance, Row } from "sysparm";
import type { Query } from "sysparm/query";
import { rawText } from "../values";
import { type Existing, folded, NO_QUERY_HOLDS } from "./plan";

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
/** Records of one query. More have a key that names no single record. */
const MOST_FOUND = 2_000;

export class TooManyFound extends Error {
  override readonly name = "TooManyFound";
}

/** @throws TooManyFound */
export async function findExisting(instance: Instance, queries: typeof Query, wanted: Wanted): Promise<Existing> {
  const { table, key, fields, onFound, signal } = wanted;
  const byKey = new Map<string, Row[]>();
  const hiddenKeys = new Set<string>();
  const values = [...new Set(wanted.values.map((value) => value.trim()))].filter(
    (value) => value !== "" && !NO_QUERY_HOLDS.test(value),
  );
  const read = [...new Set([...fields, key, "sys_id", "sys_mod_count"])];
  for (let start = 0; start < values.length; start += VALUES_A_QUERY) {
    const part = values.slice(start, start + VALUES_A_QUERY);
    const either = part.map((value) => ({ field: key, operator: "=" as const, value }));
    const query = queries.from({ any: [{ all: [{ either }] }] }).toString();
    const asked = new Set(part.map(folded));
    let found = 0;
    let uncertain = false;
    for await (const page of instance.table(table).pages({ query, fields: read, displayValue: "all", signal })) {
      found += page.rows.length;
      if (found > MOST_FOUND)
        throw new TooManyFound(
          `More than ${MOST_FOUND} records have one of ${part.length} values of ${key}. Choose another field.`,
        );
      if ((page.hidden ?? 0) > 0) uncertain = true;
      for (const row of page.rows) {
        const value = folded(rawText(row[key], "raw") ?? "");
        // Access rules hide its key, or the database takes another spelling for the same: it is one of those asked for.
        if (!asked.has(value)) uncertain = true;
        byKey.set(value, [...(byKey.get(value) ?? []), row]);
      }
    }
    // Which of them is there cannot be known.
    if (uncertain) for (const value of asked) if (!byKey.has(value)) hiddenKeys.add(value);
    onFound(Math.min(values.length, start + VALUES_A_QUERY));
  }
  return { byKey, hiddenKeys };
}
