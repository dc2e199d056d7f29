/** What is requested: never a column that the caller's policy forbids. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type ModelMap, type Plan } from "sysparm/model";
import { compilePolicy, rulesFor } from "../../../www/worker/src/policy/compile.ts";
import { decide } from "../../../www/worker/src/policy/decide.ts";
import type { Policy } from "../../../www/worker/src/policy/schema.ts";
import { readTable, targetOf, type UnifiedCall } from "../../../www/worker/src/unified/calls.ts";
import { columnsFor } from "../../../www/worker/src/unified/columns.ts";
import { oneOf } from "../../../www/worker/src/unified/reading.ts";
import { type Resource, resourceOf } from "../../../www/worker/src/unified/resources.ts";
import { Choices } from "../policy/choices.ts";

const model = await load();
const TICKETS: Resource = resourceOf("tickets") ?? assert.fail("no tickets");
const SEEDS = Number(process.env.SYSPARM_UNIFIED_SEEDS ?? 400);
const CUSTOM = ["u_site", "u_budget", "u_secret"];

/** A map with columns of its own, some of them in place of the model's. */
function mapBy(choices: Choices): ModelMap {
  const moved = choices.oneIn(2) ? { fields: { dueAt: { column: "u_site_due" } } } : {};
  const extra = choices.oneIn(2) ? { extra: { budget: { column: "u_budget" } } } : {};
  return { version: 1, tables: { incident: { ...moved, ...extra, custom: choices.some(["u_site", "u_secret"]) } } };
}

function policyBy(choices: Choices, columns: readonly string[]): Policy {
  const fields = columns.filter(() => choices.oneIn(choices.oneIn(2) ? 2 : 6));
  if (choices.oneIn(3)) fields.push("sys_id", "sys_updated_on");
  if (choices.oneIn(4) || fields.length === 0) fields.push("*");
  return { tables: { incident: { fields: [...new Set(fields)], displayValues: choices.oneIn(2) } } };
}

/** Whether a name of a reply is that of a field behind the column. */
const names = (plan: Plan, column: string) => (name: string) =>
  name === `custom.${column}` || plan.lines.some((line) => line.column === column && name.endsWith(line.field));

test("columns of random policies and maps are allowed ones", () => {
  let sent = 0;
  let refused = 0;
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const choices = new Choices(seed);
    const map = mapBy(choices);
    const plan = model.plan("incident", map);
    const policy = compilePolicy(policyBy(choices, [...plan.fields, ...CUSTOM]));
    const rules = rulesFor(policy, "incident") ?? assert.fail("no rules");
    const may = (column: string) => rules.readable.named.has(column) || (rules.readable.all && !column.includes("."));
    const custom = choices.of(["all", [], ["u_site"]] as const);
    const keys = choices.of([["sys_id"], ["sys_id", "sys_updated_on"]]);

    const { fields, omitted, displayValues } = columnsFor(plan, rules, custom, keys);
    const asked = new Set([...keys, ...(custom === "all" ? [] : custom)]);
    assert.deepEqual(
      (fields ?? []).filter((column) => !may(column) && !asked.has(column)),
      [],
      `seed ${seed}`,
    );
    if (fields === undefined) assert.ok(rules.readable.all && custom === "all");
    assert.equal(displayValues, rules.displayValues);

    const nothing = () => assert.fail();
    const call = { tenant: "acme", policy, map, send: nothing, pass: nothing, body: nothing };
    const target = targetOf(readTable(call, plan, custom, keys));
    const decision = decide(policy, { method: "GET", target });
    if (decision.allowed) {
      sent += 1;
      const { searchParams } = new URL(decision.target, "http://instance.example");
      const named = searchParams.get("sysparm_fields")?.split(",") ?? assert.ok(rules.readable.all) ?? [];
      assert.deepEqual(
        named.filter((column) => !may(column)),
        [],
        `seed ${seed}: ${target}`,
      );
      // Whatever is not requested is said to be omitted.
      for (const column of fields === undefined ? [] : plan.fields)
        if (!named.includes(column)) assert.ok(omitted.some(names(plan, column)), `seed ${seed}: ${column}`);
    } else {
      refused += 1;
      assert.ok(
        [...asked].some((column) => !may(column)),
        `seed ${seed}: ${decision.why}`,
      );
    }
  }
  assert.ok(sent > SEEDS / 10 && refused > SEEDS / 10, `${sent} sent, ${refused} refused`);
});

test("omitted fields have the names that objects give them", () => {
  const plan = model.plan("incident", {
    version: 1,
    tables: { incident: { extra: { budget: { column: "u_budget" } }, custom: ["u_site"] } },
  });
  const policy = compilePolicy({ tables: { incident: { fields: ["sys_id", "number", "state"] } } });
  const { fields, omitted } = columnsFor(plan, rulesFor(policy, "incident"), [], ["sys_id"]);
  assert.deepEqual(fields, ["sys_id", "number", "state"]);
  for (const name of ["title", "requesterEmail", "extra.budget", "custom.u_site"])
    assert.ok(omitted.includes(name), name);
  for (const name of ["id", "number", "status", "comment"]) assert.ok(!omitted.includes(name), name);
});

test("unrestricted caller requests the plan, and all columns on demand", () => {
  const plan = model.plan("incident");
  assert.deepEqual(columnsFor(plan, undefined, [], ["sys_id"]).fields, plan.fields);
  const all = columnsFor(plan, undefined, "all", ["sys_id"]);
  assert.equal(all.fields, undefined);
  assert.deepEqual(all.omitted, ["requesterEmail", "assigneeEmail"]);
});

test("journals come under custom by their names alone", async () => {
  const row = { sys_id: "a", u_site: "north", comments: "all", work_notes: "all", comments_and_work_notes: "all" };
  const customOf = async (custom: string) => {
    const call: UnifiedCall = {
      ...{ tenant: "acme", map: undefined, policy: compilePolicy({ unrestricted: ["GET"] }) },
      ...{ pass: () => assert.fail(), body: () => assert.fail(), send: async () => Response.json({ result: row }) },
    };
    const { item } = await oneOf(call, TICKETS, "a", `https://worker.example/acme/unified/tickets/a?custom=${custom}`);
    return item.custom;
  };
  assert.deepEqual(await customOf("true"), { u_site: "north" });
  assert.equal((await customOf("work_notes")).work_notes, "all");
});
