/** Looks up the keys that answers refer to: one query for each table, of at most as many keys as fit an address. */
import type { VariableCheck } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { type CheckedAnswers, problemAt, report, type WantedKey } from "./check.js";

/** 33 characters each: an address holds about 8,000. */
const MOST_KEYS = 200;
const MOST_TABLES = 20;

type Unchecked = VariableCheck["unchecked"];

/** Adds a problem for each key that no record has; what access rules hide is returned as not checked. */
export async function lookUpKeys(
  { table: open }: CallContext,
  checked: CheckedAnswers,
  signal: AbortSignal | undefined,
): Promise<Unchecked> {
  const byTable = new Map<string, WantedKey[]>();
  for (const wanted of checked.wanted) {
    const all = byTable.get(wanted.table);
    if (all) all.push(wanted);
    else byTable.set(wanted.table, [wanted]);
  }
  const lookUp = async ([table, all]: [string, WantedKey[]], at: number): Promise<Unchecked> => {
    const keys = [...new Set(all.map(({ key }) => key.toLowerCase()))];
    if (at >= MOST_TABLES) return unchecked(all, `references are looked up in at most ${MOST_TABLES} tables`);
    if (keys.length > MOST_KEYS) return unchecked(all, `more than ${MOST_KEYS} records of ${table} are not looked up`);
    let found: { known: Set<string>; hidden: number | null };
    try {
      const options = { query: `sys_idIN${keys.join()}`, fields: ["sys_id"], pageSize: MOST_KEYS, limit: MOST_KEYS };
      const page = await open(table).list({ ...options, ...(signal && { signal }) });
      found = { known: new Set(page.rows.map((row) => stored(row, "sys_id") ?? "")), hidden: page.hidden };
    } catch (thrown) {
      signal?.throwIfAborted();
      const { kind, code } = Object(thrown) as { kind?: unknown; code?: unknown };
      if (kind === "authorization") return unchecked(all, `this user may not read ${table}`);
      // A virtual or remote table has no rows in the Table API.
      if (code === "table.unknown") return unchecked(all, `the Table API has no table ${table}`);
      throw thrown;
    }
    const missing = all.filter(({ key }) => !found.known.has(key.toLowerCase()));
    // In a browser the instance may not say how many are hidden.
    if (found.hidden !== 0 && missing.length > 0) return unchecked(missing, `access rules hide records of ${table}`);
    for (const { key, place } of missing) {
      report(
        checked,
        problemAt(place, "reference", `is ${key}, and ${table} has no such record`, "Pass another sys_id"),
      );
    }
    return [];
  };
  const lists = await Promise.all([...byTable].map(lookUp));
  return lists.flat();
}

function unchecked(all: readonly WantedKey[], reason: string): Unchecked {
  const names = new Set(all.map(({ place }) => place.variable));
  return Array.from(names, (variable) => ({ variable, reason }));
}
