/**
 * Checks a query against the table's schema after a read. The instance silently drops a condition with an unknown field or an
 * impossible value, and returns the rows of the remaining conditions.
 */
import type { Instance } from "sysparm";

/** Returns warnings. Returns none if the user may not read enough of the schema. */
export async function checkQuery(
  instance: Instance,
  { table, query }: { table: string; query: string },
  signal: AbortSignal,
): Promise<string[]> {
  const { load, Query, QueryError } = await import("sysparm/query");
  try {
    const [schema] = await Promise.all([instance.schema(table, { signal }), load()]);
    return Query.parse(query, { lenient: true })
      .lint(schema)
      .map(({ message }) => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
  } catch (thrown) {
    // Other failures have nothing to do with the query.
    return thrown instanceof QueryError ? [`The query cannot be read. ${thrown.message}.`] : [];
  }
}
