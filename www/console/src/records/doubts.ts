/**
 * What the instance does to a query without a word: a condition on a field that is not there, or with a value that cannot be, is
 * dropped, and all that is left comes as if it were the answer. Looked at when a read has ended, by the table's own schema.
 */
import type { Instance } from "sysparm";

/** In words; none where the user may not see enough of the schema, for then nothing can be said. */
export async function doubtsAbout(
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
    // What else fails says nothing of the query.
    return thrown instanceof QueryError ? [`The query cannot be read. ${thrown.message}.`] : [];
  }
}
