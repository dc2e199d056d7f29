/** Changes of an encoded query that heads, cells and bars make: its order and its conditions. Pure; the class of queries is passed in. */
import type { Condition, Order, Query, QueryTree } from "sysparm/query";

type Queries = typeof Query;

export type Asked = { query: string } | { problem: string };

/** The fields that a query is ordered by. For marks in heads; the query is not examined. */
export function ordersIn(query: string): Order[] {
  return query.split("^").flatMap((term) => {
    const [, descending, field] = /^ORDERBY(DESC)?(.+)$/.exec(term) ?? [];
    return field ? [{ field, descending: descending !== undefined }] : [];
  });
}

/** What a press on a head asks for: ascending, then descending, then no order by the field. */
export function nextOrder(query: string, field: string): Order | null {
  const now = ordersIn(query).find((order) => order.field === field);
  if (!now) return { field, descending: false };
  return now.descending ? null : { field, descending: true };
}

/** The query in another order; null for none. */
export function ordered(queries: Queries, query: string, order: Order | null): Asked {
  return changed(queries, query, (tree) => ({ ...tree, orderBy: order ? [order] : [] }));
}

/** The query with one more condition, which holds in each of its `^NQ` parts. */
export function narrowed(queries: Queries, query: string, condition: Condition): Asked {
  return changed(queries, query, (tree) => {
    const parts = tree.any.length > 0 ? tree.any : [{ all: [] }];
    return { ...tree, any: parts.map(({ all }) => ({ all: [...all, { either: [condition] }] })) };
  });
}

/** The condition that a cell stands for. */
export function conditionOf(field: string, raw: string, without = false): Condition {
  if (raw === "") return { field, operator: without ? "ISNOTEMPTY" : "ISEMPTY" };
  return { field, operator: without ? "!=" : "=", value: raw };
}

/** The query without order and groups, for counts. */
export function conditionsOf(queries: Queries, query: string): Asked {
  return changed(queries, query, ({ any }) => ({ any }));
}

function changed(queries: Queries, query: string, change: (tree: QueryTree) => QueryTree): Asked {
  try {
    return { query: queries.from(change(queries.parse(query).tree())).toString() };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { problem: `The query was not changed. ${why}.` };
  }
}
