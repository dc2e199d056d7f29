/** A map is compiled once for a table, and a name that a caller makes up never is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelMap } from "sysparm/model";
import { compilePolicy } from "../../../www/worker/src/policy/compile.ts";
import { Answered } from "../../../www/worker/src/unified/answered.ts";
import { descriptionOf } from "../../../www/worker/src/unified/described.ts";
import { planOf, plansOf } from "../../../www/worker/src/unified/plans.ts";
import { type Resource, resourceOf } from "../../../www/worker/src/unified/resources.ts";

const TICKETS: Resource = resourceOf("tickets") ?? assert.fail("no tickets");

/** A map that counts how often it is turned into text, as each compilation does. */
function counting(map: object): { map: ModelMap; count: () => number } {
  let texts = 0;
  const counted = Object.defineProperty({ ...map }, "toJSON", {
    value: () => {
      texts += 1;
      return map;
    },
  });
  return { map: counted as ModelMap, count: () => texts };
}

test("map is compiled once for each table that it or the model names", async () => {
  const { map, count } = counting({ version: 1, tables: { u_ticket: { like: "incident" } } });
  await plansOf(map, TICKETS);
  const once = count();
  assert.ok(once > 1);
  await plansOf(map, TICKETS);
  for (const table of ["x", "y", "__proto__", "toString"])
    await assert.rejects(planOf(map, TICKETS, table), Answered, table);
  assert.equal(count(), once);
});

test("map that does not fit is compiled once as well", async () => {
  const { map, count } = counting({ version: 2 });
  for (let times = 0; times < 3; times += 1) await assert.rejects(planOf(map, TICKETS), Answered);
  assert.equal(count(), 1);
});

test("description is made once for a map and a policy", async () => {
  const nothing = () => assert.fail();
  const of = (map: ModelMap | undefined, tenant: string, table: string) => ({
    ...{ tenant, map, policy: compilePolicy({ tables: { [table]: {} } }) },
    ...{ send: nothing, pass: nothing, body: nothing },
  });
  const call = of(undefined, "acme", "incident");
  const text = await descriptionOf(call);
  const others = [of(undefined, "acme", "problem"), { ...call, tenant: "globex" }];
  for (const other of others) assert.notEqual(await descriptionOf(other), text);
  let looks = 0;
  const policy = Object.defineProperty({ ...call.policy }, "unrestricted", {
    get: () => {
      looks += 1;
      return undefined;
    },
  });
  const watched = { ...call, policy };
  await descriptionOf(watched);
  const once = looks;
  assert.ok(once > 0);
  assert.equal(await descriptionOf(watched), text);
  assert.equal(looks, once);
});
