/** Translates an encoded query to SQL: prints the tree of `Query.parse()` term by term. */
import { Query, type QueryTree } from "sysparm/query";

type Condition = NonNullable<QueryTree["any"]>[number]["all"][number]["either"][number];

const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="];

/** One page of a query, of 1,000 whole rows. */
export function pageOf(query: string, offset = 0): string {
  const { any = [], orderBy = [] } = Query.parse(query).tree();
  const group = (terms: string[], joint: string) => (terms.length > 1 ? `(${terms.join(joint)})` : (terms[0] ?? ""));
  const branches = any.map(({ all }) => {
    const conditions = all.map(({ either }) => group(either.map(condition), " OR "));
    return group(conditions, " AND ");
  });
  const where = branches.length > 0 ? ` WHERE ${group(branches, " OR ")}` : "";
  const order = orderBy.map(({ field, descending }) => `${field}${descending ? " DESC" : ""}`).join(", ");
  const skipped = offset > 0 ? ` OFFSET ${offset}` : "";
  return `SELECT * FROM incident${where} ORDER BY ${order} LIMIT 1000${skipped}`;
}

function condition({ field, operator, value }: Condition): string {
  if (operator === "ISEMPTY") return `${field} IS NULL`;
  if (operator === "ISNOTEMPTY") return `${field} IS NOT NULL`;
  if (!COMPARISONS.includes(operator)) throw new Error(`no SQL for the operator ${operator}`);
  return `${field} ${operator === "!=" ? "<>" : operator} '${textOf(value).replaceAll("'", "''")}'`;
}

/** The tree holds times in ISO 8601. Databases and the platform write a space instead of the T, and no zone. */
function textOf(value: Condition["value"]): string {
  if (typeof value === "object" && value !== null && "instant" in value) {
    return String(value.instant).replace("T", " ").replace("Z", "");
  }
  if (typeof value === "string") return value;
  throw new Error(`no SQL for the value ${JSON.stringify(value)}`);
}
