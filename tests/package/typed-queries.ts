/**
 * Queries and fields of reads by generated types, as a user's compiler sees them. `typed-tables.test.ts` writes tables.ts from the dictionary of
 * the practice instance. A line under `@ts-expect-error` must not compile.
 */
import type { Instance, ReadOptions, Stored, SysId, Table } from "sysparm";
import { deleteWhere, Query, updateWhere, type WhereOptions } from "sysparm/query";
import type { Incident, SysUser } from "./tables.js";

const where = () => Query.where<Incident>();

export function fits(row: Incident, user: SysUser, text: string, when: Date): Query<Incident>[] {
  return [
    where().and("state").is("6").and("state").is(6).or("priority").atMost(2).and("active").is(true),
    where().and("state").is(row.state).and("state").in(["1", 2, row.state]).and("number").startsWith("INC"),
    where().and("opened_at").atLeast(when).and("opened_at").on("Today").and("opened_at").is("2026-01-31 08:00:00"),
    where().and("caller_id").is(row.caller_id).and("caller_id").is(user.sys_id).or("caller_id").contains("Abel"),
    where().and("caller_id.manager.manager.location.name").is("Berlin").orderBy("caller_id.name").groupBy("state"),
    where().and("caller_id").is({ script: "gs.getUserID()" }).and("123TEXTQUERY321").is("printer").and("state").is(""),
    where().and("reassignment_count").between(1, "3").and("reassignment_count").is(text).newQuery("state").isNotEmpty(),
    where().and("opened_at").with("RELATIVEGT", ["hour", "ago", 1]).and("caller_id").sameAs("opened_by"),
  ];
}

export function refused(row: Incident, when: Date): void {
  // @ts-expect-error a misspelt field
  where().and("stat");
  // @ts-expect-error a misspelt field behind a dot
  where().and("caller_id.nmae");
  // @ts-expect-error a misspelt field behind several dots
  where().and("caller_id.manager.manager.nmae").isEmpty();
  // @ts-expect-error a text leads nowhere
  where().and("number.name");
  // @ts-expect-error no choice
  where().and("state").is("99");
  // @ts-expect-error no choice, as a number
  where().and("state").is(99);
  // @ts-expect-error one of them is no choice
  where().and("state").in(["1", "99"]);
  // @ts-expect-error a label is no choice
  where().and("state").isNot("Closed");
  // @ts-expect-error a time contains no text
  where().and("opened_at").contains("a");
  // @ts-expect-error true is not less than false
  where().and("active").lessThan(1);
  // @ts-expect-error a text is no time
  where().and("number").on("Today");
  // @ts-expect-error a reference is not sorted by its key
  where().and("caller_id").atMost("b");
  // @ts-expect-error neither true nor false
  where().and("active").is("yes");
  // @ts-expect-error no number
  where().and("reassignment_count").is("many");
  // @ts-expect-error the end is no number
  where().and("reassignment_count").between(1, "many");
  // @ts-expect-error the record of another table
  where().and("caller_id").is(row.cmdb_ci);
  // @ts-expect-error a text is no time
  where().and("number").is(when);
  // @ts-expect-error a number is no time
  where().and("opened_at").is(5);
  // @ts-expect-error a misspelt order
  where().orderBy("numbre");
  // @ts-expect-error a misspelt field to compare with
  where().and("state").sameAs("stat");
}

/** A query without a type takes any field, and stands for one with a type. */
export function untyped(text: string): Query<Incident> {
  const any: Query = where();
  const query: Query = Query.where(text).is("x").and("any.thing").on("Today").or("u_a").lessThan(1).orderBy("z");
  Query.where().and(text).contains(3).and("x").is(new Date()).groupBy(text);
  Query.where<{ [field: string]: string }>().and("x").on("Today");
  return [any, query][0] ?? query;
}

/** Interfaces by hand. */
interface Order {
  readonly number: string;
  due: Stored<"date-time">;
  caller: string;
  item: SysId<"u_not_generated">;
}

export async function reads(instance: Instance): Promise<void> {
  const incidents = instance.table("incident");
  const fields = ["number", "caller_id.name", "caller_id.manager.name", "caller_id.location"] as const;
  const { rows } = await incidents.list({ query: where().and("active").is(true), fields });
  console.log(rows[0]?.["caller_id.location"] satisfies SysId<"cmn_location"> | undefined);
  await incidents.count(where());
  // @ts-expect-error a misspelt field
  await incidents.list({ fields: ["numbre"] });
  // @ts-expect-error a misspelt field behind a dot
  await incidents.get("id", { fields: ["caller_id.nmae"] });
  // @ts-expect-error a time leads nowhere
  await incidents.first({ fields: ["opened_at.name"] });
  // What no type describes is taken: a text may be a reference, and the other table is not generated.
  const orders: Table<Order> = instance.table<Order>("u_order");
  await orders.list({ fields: ["number", "caller.name", "item.name"] });
  Query.where<Order>().and("due").on("Last 7 days").and("caller").contains("a").and("item").isEmpty();
  // @ts-expect-error the instance would drop a condition that nobody can check
  Query.where<Order>().and("item.name");
}

type Given = Pick<ReadOptions, "query" | "limit">;

/** A query goes to the table of its type, or to one that extends it. */
export async function tied(instance: Instance, options: WhereOptions, text: string, given: Given): Promise<void> {
  const incidents = instance.table("incident");
  const ofUsers = Query.where<SysUser>().and("user_name").is("abel");
  // @ts-expect-error a query of another table
  await incidents.list({ query: ofUsers });
  // @ts-expect-error a query of another table
  await instance.table<Incident>("incident").first({ query: ofUsers, fields: ["number"] });
  // @ts-expect-error a query of another table
  for await (const row of incidents.rows({ query: ofUsers })) console.log(row.number);
  // @ts-expect-error a query of another table
  await incidents.count(ofUsers);
  // @ts-expect-error a query of another table
  await instance.aggregate("incident", { query: ofUsers });
  // @ts-expect-error a query of another table
  await deleteWhere(incidents, ofUsers, options);
  // @ts-expect-error a query of another table
  await updateWhere(incidents, ofUsers, { state: 6 }, options);

  const ofTasks = Query.where<{ number: string; sys_id: SysId<"task"> }>().and("number").startsWith("INC");
  await incidents.list({ query: ofTasks });
  await deleteWhere(incidents, ofTasks, options);
  // @ts-expect-error a task has not all fields of an incident
  await instance.table<{ number: string; sys_id: SysId<"task"> }>("task").list({ query: where() });

  // What says nothing of its table goes anywhere.
  const untypedTable: Table = incidents;
  for (const query of [Query.parse(text), Query.where("a").is("b"), Query.where<{ number: string }>()]) {
    await incidents.toArray({ query, fields: ["number"] });
    await incidents.count(query);
    await deleteWhere(incidents, query, options);
    await updateWhere(untypedTable, query, { state: 6 }, options);
  }
  await incidents.list({ ...given, query: text });
  await incidents.list(given);
  await deleteWhere(untypedTable, ofUsers, options);
  await deleteWhere(instance.table(text), ofUsers, options);
  await instance.aggregate(text, { query: ofUsers });
  await instance.aggregate("incident", { query: where().and("active").is(true), groupBy: ["state"] });
  await instance.table<{ number: string }>("u_a").list({ query: ofUsers });
  const { query = "" } = given;
  console.log(typeof query === "string" ? query : query.explain());
}

/** Programs that pass on what they are given. */
export async function generic<Fields extends object>(
  instance: Instance,
  table: Table<Fields>,
  query: Query<Fields>,
): Promise<void> {
  await table.list({ query });
  await table.count(query);
  await instance.table("incident").list({ query: query as Query });
}
