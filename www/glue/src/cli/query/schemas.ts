/** The schema that `lint()` needs: that of the table, and of the tables that its dotted fields lead to. */
import type { Instance } from "sysparm";
import type { Condition, QueryTree, Schema, SchemaTable } from "sysparm/query";
import type { World } from "../command.js";
import { readableSchema } from "../readable-schema.js";

/** Each takes some five requests. */
const MOST_TABLES = 10;

/** What may not be read of another table is left out, and `complain` hears of it: its fields are then not checked. */
export async function schemaFor(tree: QueryTree, table: string, instance: Instance, world: World): Promise<Schema> {
  const { signal, complain } = world;
  const first = await instance.schema(table, { signal });
  if (!first.complete) complain(`warning: not every field of ${table} may be read: an unknown one is not reported.`);
  const tables: Record<string, SchemaTable> = { ...first.tables };
  for (const path of dottedFields(tree)) {
    let at = table;
    for (const name of path.split(".").slice(0, -1)) {
      const next = tables[at]?.fields[name]?.reference;
      if (!next) break;
      if (!tables[next] && Object.keys(tables).length >= MOST_TABLES) {
        complain(`warning: ${path} is not checked: the query leads to more than ${MOST_TABLES} tables.`);
        break;
      }
      if (!tables[next]) {
        const other = await readableSchema(instance, next, signal);
        if (!other) complain(`warning: the fields of ${next} may not be read: those behind a dot are not checked.`);
        if (!other) break;
        Object.assign(tables, other.tables);
      }
      at = next;
    }
  }
  return { table, tables };
}

function dottedFields({ any, orderBy = [], groupBy = [] }: QueryTree): string[] {
  const conditions = any.flatMap(({ all }) => all.flatMap(({ either }): readonly Condition[] => either));
  const names = [...conditions.map(({ field }) => field), ...orderBy.map(({ field }) => field), ...groupBy];
  return [...new Set(names)].filter((name) => name.includes("."));
}
