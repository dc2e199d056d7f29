import type { QueryPlan } from "../shared/query-terms.js";

/** The fields of all conditions. */
export function namesOf({ any }: QueryPlan): string[] {
  return any.flatMap(({ all }) => all.flatMap(({ either }) => either.map(({ field }) => field)));
}
