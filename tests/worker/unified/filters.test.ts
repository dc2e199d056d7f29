/** Filters as conditions of an encoded query. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type ModelMap } from "sysparm/model";
import { conditionsOf } from "../../../www/worker/src/unified/filters.ts";

const model = await load();
const of = (filters: Record<string, string>, map?: ModelMap) =>
  conditionsOf(model.plan<string>("incident", map), new Map(Object.entries(filters)));

test("comma behind a backslash belongs to the value", () => {
  assert.deepEqual(of({ number: "INC1, INC2" }), ["numberININC1,INC2"]);
  assert.deepEqual(of({ title: "Disk full\\, again" }), ["short_description=Disk full, again"]);
  const refused = of({ title: "Disk full\\, again,Other" });
  assert.ok(!Array.isArray(refused) && refused.code === "unified.filter");
});

test("empty raw value of a map is compared as empty", () => {
  const values = { "": "new", "1": "new", "7": "closed", "8": "cancelled" };
  const map: ModelMap = {
    version: 1,
    tables: { incident: { fields: { status: { values, write: { new: "1" } } } } },
  };
  assert.deepEqual(of({ status: "new" }, map), ["stateISEMPTY^ORstate=1"]);
  assert.deepEqual(of({ status: "closed" }, map), ["state=7"]);
});
