/** The names of fields in a query: of conditions, of what they compare with, of orders and groups. */
import type { Query } from "sysparm/query";
import { planOf } from "../shared/query-terms.js";

/** Related lists name tables and columns, and a search of the text index names no column. */
const NO_FIELD = /^(?:RLQUERY|123TEXT)/;

/** None where the query cannot be read for certain. */
export function namesIn(query: string | Query): string[] {
  const { any = [], orderBy = [], groupBy = [] } = planOf(query) ?? {};
  const conditions = any.flatMap(({ all }) => all.flatMap(({ either }) => either));
  const names = conditions
    .filter(({ field, operator }) => !NO_FIELD.test(operator) && !NO_FIELD.test(field))
    .flatMap(({ field, operator, value }) => [field, ...comparedWith(operator, value)]);
  return [...names, ...orderBy.map(({ field }) => field), ...groupBy].filter((name) => name !== "");
}

function comparedWith(operator: string, value: unknown): string[] {
  // `[field, unit, direction, count]`.
  if ((operator === "MORETHAN" || operator === "LESSTHAN") && Array.isArray(value)) return [String(value[0])];
  const field =
    Object(value) === value && "field" in (value as object) ? (value as { field: unknown }).field : undefined;
  return typeof field === "string" ? [field.split("@")[0] ?? ""] : [];
}
