/** Keys of rows, cursors and filters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "sysparm/model";
import { conditionsOf } from "../../../www/worker/src/unified/filters.ts";
import { cursorOf, positionOf, queryOf, storedTime } from "../../../www/worker/src/unified/position.ts";
import { Choices } from "../policy/choices.ts";

interface Row {
  sys_id: string;
  at: string;
}

/** Answers the two forms of conditions that a walk by key asks. */
function answer(rows: readonly Row[], query: string, limit: number): Row[] {
  const compare = (row: Row, term: string) => {
    const [, column = "", operator = "", value = ""] = /^(at|sys_id)(>=|<=|>|<)(.*)$/.exec(term) ?? [];
    const held = row[column as keyof Row];
    return { ">": held > value, "<": held < value, ">=": held >= value, "<=": held <= value }[operator] ?? false;
  };
  const terms = query.split("^").filter((term) => !term.startsWith("ORDERBY"));
  const groups = terms.reduce<string[][]>((made, term) => {
    if (term.startsWith("OR")) made.at(-1)?.push(term.slice(2));
    else made.push([term]);
    return made;
  }, []);
  const sign = query.includes("ORDERBYDESCat") ? -1 : 1;
  const byId = (one: Row, other: Row) => (one.sys_id < other.sys_id ? -1 : 1);
  const byTime = (one: Row, other: Row) => (one.at === other.at ? byId(one, other) : one.at < other.at ? -sign : sign);
  return rows
    .filter((row) => groups.every((group) => group.some((term) => compare(row, term))))
    .sort(query.includes("at") ? byTime : byId)
    .slice(0, limit);
}

test("walk by key delivers each row once, whatever shares a second", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const choices = new Choices(seed);
    const time = () => `2026-02-0${1 + choices.below(3)} 10:00:0${choices.below(3)}`;
    const rows = choices.list(60, () => ({ sys_id: String(1e9 + choices.below(1e9)), at: time() }));
    const order = choices.of([
      { column: undefined, descending: false },
      { column: "at", descending: false },
      { column: "at", descending: true },
    ]);
    const limit = 1 + choices.below(7);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const after = cursor === undefined ? undefined : positionOf(cursor, "walk");
      const page = answer(rows, queryOf([], order, after), limit);
      seen.push(...page.map(({ sys_id }) => sys_id));
      const last = page.at(-1);
      if (last) {
        const place = { value: order.column ? last.at : "", id: last.sys_id };
        assert.deepEqual(answer(rows, queryOf([], order, place, true), 1), [last], "the row itself, inclusively");
        cursor = cursorOf(place, "walk");
      } else cursor = undefined;
    } while (cursor);
    assert.deepEqual(seen.slice().sort(), rows.map(({ sys_id }) => sys_id).sort(), `seed ${seed}`);
  }
});

test("cursor of another walk, or one that was changed, is none", () => {
  const cursor = cursorOf({ value: "2026-02-28 08:30:00", id: "6816f79cc0a8016401c5a33be04be441" }, "one");
  assert.match(cursor, /^[\w-]+$/);
  assert.ok(positionOf(cursor, "one"));
  assert.equal(positionOf(cursor, "two"), undefined);
  const written = (value: unknown, id: unknown) => {
    const [, print] = JSON.parse(
      atob(cursorOf({ value: "", id: "a" }, "one").replaceAll("-", "+").replaceAll("_", "/")),
    );
    return positionOf(btoa(JSON.stringify([1, print, value, id])), "one");
  };
  assert.deepEqual(written("", "a"), { value: "", id: "a" });
  for (const [value, id] of [
    ["", "a^NQactive=true"],
    ["2026-02-28 08:30:00^NQ", "a"],
    ["", ""],
    [3, "a"],
    ["", null],
  ])
    assert.equal(written(value, id), undefined, JSON.stringify([value, id]));
  for (const text of ["", "x", "e30", "a".repeat(500), "\u20ac"])
    assert.equal(positionOf(text, "one"), undefined, text);
});

test("filters are conditions of the table's own columns", async () => {
  const plan = (await load()).plan("change_request");
  const of = (given: Record<string, string>) => conditionsOf(plan, new Map(Object.entries(given)));
  assert.deepEqual(of({ status: "waiting" }), [`stateIN${plan.rawOf("status", "waiting").join(",")}`]);
  assert.deepEqual(of({ status: "raw:-5" }), ["state=-5"]);
  assert.deepEqual(of({ active: "true", assignee: "" }), ["active=true", "assigned_toISEMPTY"]);
  assert.deepEqual(of({ updatedSince: "2026-02-28T09:30:00+01:00" }), ["sys_updated_on>=2026-02-28 08:30:00"]);
  for (const [name, value, code] of [
    ["status", "wating", "unified.filter"],
    ["active", "yes", "unified.filter"],
    ["number", "CHG1^NQactive=true", "unified.filter"],
    ["number", "javascript:gs.getUserID()", "unified.filter"],
    ["status", "raw:1^active=true", "unified.filter"],
    ["updatedSince", "yesterday", "unified.filter"],
    ["description", "x", "unified.parameter"],
    ["state", "1", "unified.parameter"],
  ] as const) {
    const refusal = of({ [name]: value });
    assert.ok("code" in refusal && refusal.code === code, `${name}=${value}: ${JSON.stringify(refusal)}`);
  }
});

test("moments are read as instances store them", () => {
  assert.equal(storedTime("2026-02-28T08:30:00Z"), "2026-02-28 08:30:00");
  assert.equal(storedTime("2026-02-28T08:30:00.500-05:00"), "2026-02-28 13:30:00");
  for (const text of ["2026-02-28", "2026-02-28T08:30:00", "2026-13-28T08:30:00Z", "^"])
    assert.equal(storedTime(text), undefined);
});
