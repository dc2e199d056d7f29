/** Which rows contradict a query, and the plan of a query that is text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadOptions, Row } from "sysparm";
import { judge } from "../../www/glue/src/conditions/index.js";
import { planOf } from "../../www/glue/src/shared/query-terms.js";

const ID = "0123456789abcdef0123456789abcdef";

/** The field that a caveat names; undefined where nothing is said. */
function named(query: string, rows: Row[], options: ReadOptions = {}): string | undefined {
  const caveat = judge("incident", { query, ...options }, () => undefined)(rows);
  return caveat && /`(\w+)`/.exec(caveat)?.[1];
}

test("row that the query excludes is found", () => {
  const excluded: [query: string, row: Row][] = [
    ["state=closed", { state: "new" }],
    ["active=true^state=closed", { active: "true", state: "new" }],
    ["active=true", { active: "false" }],
    ["priority=1", { priority: "3" }],
    ["stateIN6,7", { state: "1" }],
    ["state!=Closed", { state: "closed" }],
    ["stateNOT IN6,7", { state: "7" }],
    ["priority<=2", { priority: "3" }],
    ["priority>2", { priority: "2" }],
    ["assigned_toISEMPTY", { assigned_to: ID }],
    ["state=6^ORstate=7", { state: "1" }],
    ["state=6^NQpriority=1", { state: "2", priority: "3" }],
    [`sys_id=${ID}`, { sys_id: ID.replace("0", "f") }],
  ];
  for (const [query, row] of excluded) {
    assert.ok(named(query, [row]), query);
    const both = Object.entries(row).map(([name, value]) => [name, { value, display_value: "x" }]);
    assert.ok(named(query, [Object.fromEntries(both)], { displayValue: "all" }), query);
    assert.equal(named(query, [row], { displayValue: true }), undefined, query);
  }
});

test("row that may fit the query is not found", () => {
  const fitting: [query: string, row: Row][] = [
    ["state=NEW", { state: "new" }],
    ["state=old^ORstate=new", { state: "new" }],
    ["caller_id=Beth", { caller_id: ID }],
    ["state=new^NQx=1", { state: "new" }],
    ["caller.x=1", { state: "new" }],
    ["active=1", { active: "true" }],
    ["active=true", { active: "1" }],
    ["priority=02", { priority: "2" }],
    ["u_text>9", { u_text: "10" }],
    ["u_day<2026-01-02", { u_day: "2026-01-03 00:00:00" }],
    ["due_dateONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", { due_date: "2026-01-01" }],
    ["assigned_to=javascript:gs.getUserID()", { assigned_to: ID }],
    ["sys_class_nameINSTANCEOFtask", { sys_class_name: "incident" }],
    ["locationIN_HIERARCHYa@b", { location: "c" }],
    ["u_zeroISEMPTY", { u_zero: "0" }],
    ["work_notes=a", { work_notes: "" }],
    ["123TEXTQUERY321=fire", { state: "1" }],
    ["RLQUERYtask_ci.task,>=1^state=9^ENDRLQUERY", { state: "1" }],
    ["short_description=a^^b^state=9", { state: "1" }],
    ["a=javascript:f('b^state=9')", { a: "1", state: "1" }],
    ["", { state: "1" }],
    ["ORDERBYno_such^GROUPBYnone", { state: "1" }],
  ];
  for (const [query, row] of fitting) assert.equal(named(query, [row]), undefined, query);
});

test("field that some rows have is hidden from the others", () => {
  assert.equal(named("no_such=1", [{ state: "1" }]), "no_such");
  assert.equal(named("no_such=1^ORstate=1", [{ state: "1" }]), undefined);
  assert.equal(named("vip=2", [{ state: "1" }, { vip: "2" }]), undefined);
  assert.equal(named("no_such=1", [{ state: "1" }], { fields: ["state"] }), undefined);
  assert.equal(named("no_such=1", [{ state: "1" }], { fields: ["no_such"] }), "no_such");
  assert.equal(named("no_such=1", []), undefined);
});

test("caveat stays for the pages that follow, and one event is raised", () => {
  const events: unknown[] = [];
  const of = judge("incident", { query: "state=1" }, (event) => events.push(event));
  assert.equal(of([{ state: "1" }]), undefined);
  const caveat = of([{ state: "1" }, { state: "2" }]);
  assert.match(String(caveat), /another value of `state`/);
  assert.equal(of([{ state: "1" }]), caveat);
  assert.equal(of([]), caveat);
  assert.equal(events.length, 1);
});

test("plan of a text has its conditions and orders", () => {
  const plan = planOf(
    "active=true^priorityIN1,2^ORstate!=6^NQopened_atSAMEASclosed_at@day^ORDERBYDESCnumber^GROUPBYstate^EQ",
  );
  assert.deepEqual(plan, {
    any: [
      {
        all: [
          { either: [{ field: "active", operator: "=", value: "true" }] },
          {
            either: [
              { field: "priority", operator: "IN", value: ["1", "2"] },
              { field: "state", operator: "!=", value: "6" },
            ],
          },
        ],
      },
      { all: [{ either: [{ field: "opened_at", operator: "SAMEAS", value: { field: "closed_at" } }] }] },
    ],
    orderBy: [{ field: "number" }],
    groupBy: ["state"],
  });
});
