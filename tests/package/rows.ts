/** Types of rows, as a user's compiler sees them. A line under `@ts-expect-error` must not compile. */
import type { Instance, Page, Row, SysId, Table, Value } from "sysparm";
import { reconcile, sync } from "sysparm/sync";

interface User {
  readonly sys_id: SysId<"sys_user">;
  name: string;
  manager: SysId<"sys_user">;
}

interface Problem {
  readonly sys_id: SysId<"problem" | "task">;
  readonly number: string;
  short_description: string;
  state: "1" | "2" | (string & {});
  opened_by: SysId<"sys_user">;
  parent?: SysId<"task">;
  cmdb_ci: SysId<"cmdb_ci">;
}

interface ProblemWrite {
  short_description: string;
  state?: Problem["state"] | number;
  opened_by?: SysId<"sys_user">;
}

declare module "sysparm" {
  interface Tables {
    problem: Problem;
    sys_user: User;
  }
  interface TableWrites {
    problem: ProblemWrite;
  }
}

/** The type of a value is this one, and neither narrower nor wider. */
type Exactly<Type> = <Given>(value: [Given] extends [Type] ? ([Type] extends [Given] ? Given : never) : never) => void;
declare const text: Exactly<string>;
declare const both: Exactly<{ value: string; display_value: string }>;

export async function useTables(instance: Instance): Promise<void> {
  const problems = instance.table("problem");
  const row = await problems.get("id");
  text(row.short_description);
  row.state satisfies Problem["state"];
  const number: string = row.number;
  // @ts-expect-error a misspelt field
  row.short_descripton;
  // @ts-expect-error the id of a user is not that of a problem
  const id: SysId<"problem"> = row.opened_by;
  // A problem is a task.
  const task: SysId<"task"> = row.sys_id;
  await problems.get(row.opened_by);

  const { rows } = await problems.list({ fields: ["number", "opened_by.name", "cmdb_ci.name", "opened_by.manager"] });
  for (const row of rows) {
    text(row.number);
    text(row["opened_by.name"]);
    text(row["cmdb_ci.name"]);
    const manager: SysId<"sys_user"> = row["opened_by.manager"];
    // @ts-expect-error not asked for
    row.state;
    console.log(manager, row.sys_id satisfies string | undefined);
  }
  // @ts-expect-error a misspelt field
  await problems.list({ fields: ["short_descripton"] });
  // @ts-expect-error a misspelt reference
  await problems.list({ fields: ["opend_by.name"] });
  // @ts-expect-error a field that the other table does not have
  await problems.list({ fields: ["opened_by.nmae"] });
  for await (const row of problems.rows({ fields: ["opened_by.manager.nmae"] })) {
    // @ts-expect-error behind a second dot the value says it
    row["opened_by.manager.nmae"].length;
  }
  for await (const { rows } of problems.pages({ displayValue: "all", fields: ["state", "sys_id"] })) {
    for (const { state, sys_id } of rows) {
      text(state.display_value);
      console.log(state.value satisfies Problem["state"], sys_id.value satisfies SysId<"problem">);
    }
  }
  const labels = await problems.get("id", { displayValue: true });
  text(labels.state);
  // @ts-expect-error a label is no sys_id of a problem's parent's table
  labels.opened_by satisfies { value: string };
  // @ts-expect-error may be missing
  const parent: string = row.parent;

  await problems.create({ short_description: "a", state: 2 });
  await problems.update("id", { state: "7" });
  // @ts-expect-error mandatory
  await problems.create({ state: 2 });
  // @ts-expect-error read-only
  await problems.update("id", { number: "PRB1" });
  // @ts-expect-error a misspelt field
  await problems.update("id", { short_descripton: "a" });
  // @ts-expect-error the id of a problem is not that of a user
  await problems.update("id", { opened_by: row.sys_id });
  const made = await problems.create({ short_description: "a" }, { fields: ["number"], displayValue: "all" });
  text(made.number.value);
  console.log(number, id, task, parent);
}

export async function useOwnInterface(instance: Instance): Promise<void> {
  interface Incident {
    readonly number: string;
    short_description: string;
  }
  const incidents = instance.table<Incident>("incident");
  text((await incidents.get("id")).short_description);
  await incidents.create({ short_description: "a" });
  await incidents.create({});
  // @ts-expect-error read-only
  await incidents.create({ number: "INC1" });
  // @ts-expect-error a misspelt field
  await incidents.list({ fields: ["nmuber"] });
  // @ts-expect-error a row is an object
  instance.table<number>("incident");
}

export async function useUndeclared(instance: Instance, name: string, fields: string[], all: boolean): Promise<void> {
  const table = instance.table(name);
  const row = await table.get("id");
  text(row.anything as string);
  const numbered = await table.get("id", { displayValue: "all", fields: ["number"] });
  both(numbered.number);
  // The field of the query's order comes along.
  console.log(numbered.state?.value);
  const labels: Record<string, string> = await table.get("id", { displayValue: true });
  const unknown: Row = await table.get("id", { displayValue: all && "all", fields });
  const value: Value | undefined = unknown.number;
  await table.create({ anything: 1, other: null });
  // @ts-expect-error a field is text, a number, true, false or null
  await table.create({ anything: new Date() });
  console.log(labels, value);
}

/** What takes any table or page takes one with types. */
export async function passOn(instance: Instance): Promise<void> {
  const count = (table: Table, page: Page) => table.count(page.caveat ?? "");
  const problems = instance.table("problem");
  await count(problems, await problems.list({ displayValue: "all" }));
  for await (const { rows } of sync(problems)) console.log(rows satisfies Row[]);
  for await (const { missing } of reconcile(problems, { copy: [] })) console.log(missing);
}
