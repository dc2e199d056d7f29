/**
 * Whether the instance filters by the fields of a query. A count shows no rows that could contradict it, so one more count is made, of
 * rows that have both a value and none in a field: there are none, unless the instance leaves the conditions on that field out.
 */
import type { CallOptions, Table } from "sysparm";
import type { Query } from "sysparm/query";
import type { Refuse } from "../protocol/check-options.js";
import { planOf } from "../shared/query-terms.js";
import { namesOf } from "./names-of-plan.js";

/** Tags, variables and words of the platform are no columns. */
const COLUMN = /^(?!sys_tags|variables\.)[a-z_][\w.]*$/;

/** Counts the contradictions. @throws by `refuse` the first field that the instance does not filter by */
export async function checkFiltered(
  count: Table["count"],
  table: string,
  query: string | Query,
  options: CallOptions,
  refuse: Refuse,
): Promise<void> {
  const plan = planOf(query);
  if (!plan) {
    throw refuse(
      "options.type",
      "Invalid option `verify`: the conditions of this query cannot be distinguished. Pass a Query of sysparm/query, or leave it out.",
    );
  }
  const names = [...new Set(namesOf(plan))].filter((name) => COLUMN.test(name));
  const found = (some: readonly string[]) => {
    const text = some.map((name) => `${name}ISEMPTY^${name}ISNOTEMPTY`).join("^NQ");
    return count({ encoded: () => text } as Query, options);
  };
  if (names.length === 0 || (await found(names)) === 0) return;
  for (const name of names) {
    if (names.length > 1 && (await found([name])) === 0) continue;
    const longer = longerNames(query, name);
    if (longer.length > 0 && (await found(longer)) === 0) continue;
    const why = "the table has no such field, or this user may not read it";
    throw refuse(
      "request.unknown-field",
      `Unknown field \`${name}\` of ${table} in query: the instance leaves out its conditions, because ${why}. Correct the query.`,
    );
  }
}

/** The names that a name may be the beginning of: a name in capitals is cut in the text of a query. */
function longerNames(query: string | Query, name: string): string[] {
  if (typeof query !== "string") return [];
  const words = query.split("^").map((term) => /^(?:NQ|OR)?([\w.]+)/.exec(term)?.[1] ?? "");
  return words.filter((word) => word.startsWith(name) && /^[A-Z]/.test(word.slice(name.length)));
}
