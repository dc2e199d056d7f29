/** The schema of a table that a command can do without. */
import { type Instance, SysparmError } from "sysparm";
import type { TableSchema } from "sysparm/schema";

/** Undefined where this user may not read the table, or where there is none. @throws what else fails: it may succeed later */
export async function readableSchema(
  instance: Instance,
  table: string,
  signal: AbortSignal,
): Promise<TableSchema | undefined> {
  try {
    return await instance.schema(table, { signal });
  } catch (thrown) {
    if (thrown instanceof SysparmError && isRefusal(thrown)) return undefined;
    throw thrown;
  }
}

function isRefusal({ kind, code }: SysparmError): boolean {
  return kind === "authorization" || kind === "record" || code === "table.unknown";
}
