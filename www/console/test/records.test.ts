/** The parts of the view Records that need no browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Row } from "sysparm";
import type { TableSchema } from "sysparm/schema";
import { changesOf, conflictsOf, notKept, problemOf, whyFixed } from "../src/records/changes.ts";
import { calledOf, factsOf, filtered, subjectOf } from "../src/records/facts.ts";
import { locate, searchTables } from "../src/records/locate.ts";
import { wantedRecord } from "../src/records/target.ts";

const ID = "46d44a23a9fe19810012d100cca80666";

const fields: TableSchema["tables"][string]["fields"] = {
  number: { type: "string", label: "Number", maxLength: 40, source: "dictionary" },
  state: { type: "integer", label: "State", source: "dictionary" },
  opened_at: { type: "glide_date_time", label: "Opened", source: "dictionary" },
  secret: { type: "string", label: "Secret", source: "dictionary" },
  work_notes: { type: "journal_input", label: "Work notes", source: "dictionary" },
  closed: { type: "string", label: "Closed", readOnly: true, source: "dictionary" },
};
const schema = { table: "incident", tables: { incident: { fields } }, ancestry: [] } as unknown as TableSchema;
const row: Row = {
  sys_id: { value: ID, display_value: ID },
  number: { value: "INC0010001", display_value: "INC0010001" },
  state: { value: "2", display_value: "In Progress" },
  opened_at: { value: "", display_value: "" },
  closed: { value: "", display_value: "" },
  work_notes: { value: "", display_value: "2026-01-01 00:00:00 - Ada (Work notes)\nDone\n\n" },
  u_extra: { value: "x", display_value: "x" },
};
const facts = factsOf(row, schema, new Map([["state", "no_audit=true"]]));
const fact = (name: string) => facts.find((one) => one.name === name) ?? assert.fail(name);

test("record is found in a number, a sys_id or an address", () => {
  const found = (typed: string) => wantedRecord(typed, "problem");
  assert.deepEqual(found("inc0010001"), { key: "INC0010001", isId: false, tables: ["incident"] });
  assert.deepEqual(found(ID.toUpperCase()), { key: ID, isId: true, tables: ["problem", "task"] });
  const classic = `https://dev.example/nav_to.do?uri=${encodeURIComponent(`change_request.do?sysparm_view=x&sys_id=${ID}`)}`;
  assert.deepEqual(found(classic), { key: ID, isId: true, tables: ["change_request"] });
  for (const address of [
    `https://dev.example/incident.do?sys_id=${ID}`,
    `https://dev.example/now/nav/ui/classic/params/target/incident.do%3Fsys_id%3D${ID}`,
    `https://dev.example/api/now/table/incident/${ID}?sysparm_fields=number`,
    `https://dev.example/now/sow/record/incident/${ID}`,
    `https://console.example/#/records/incident/${ID}`,
  ])
    assert.deepEqual(found(address), { key: ID, isId: true, tables: ["incident"] }, address);
  for (const typed of ["", "incident", "%E0%A4%A", `incident.do?sys_id=${ID}0`])
    assert.equal(found(typed), null, typed);
});

test("any text names a record that can be asked for, or none", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.constantFrom(ID, "INC0010001").map((key) => `%${key} x.do?sys_id=${key}`),
      ),
      (typed) => {
        const found = wantedRecord(typed, "task");
        if (!found) return;
        assert.match(found.key, found.isId ? /^[0-9a-f]{32}$/ : /^[A-Z]{2,8}\d{4,12}$/);
        for (const table of found.tables) assert.match(table, /^[a-z]\w{0,79}$/);
      },
    ),
  );
});

test("fields of row and dictionary are joined, and filtered by words", () => {
  assert.deepEqual([fact("secret").raw, fact("u_extra").type, fact("state").attributes], [null, "", "no_audit=true"]);
  assert.equal(facts.at(-1)?.name, "sys_id", "the keys that every table has come last");
  const names = (text: string, filledOnly: boolean) => filtered(facts, { text, filledOnly }).map(({ name }) => name);
  assert.deepEqual(names("progress state", false), ["state"]);
  assert.deepEqual(names("", true), ["number", "state", "u_extra", "work_notes", "sys_id"]);
  assert.deepEqual([calledOf(row), subjectOf(row), calledOf({ sys_id: ID })], ["INC0010001", "", ID]);
});

test("changes are those that differ, and journals get entries", () => {
  const drafts = new Map([
    ["state", "3"],
    ["number", "INC0010001"],
    ["work_notes", "Called"],
  ]);
  const changes = changesOf(facts, drafts);
  assert.deepEqual(
    changes.map(({ title, from, to }) => [title, from, to]),
    [
      ["State", "2", "3"],
      ["Work notes", "", "Called"],
    ],
  );
  const now = { ...row, state: { value: "6", display_value: "Resolved" } };
  assert.deepEqual(conflictsOf(changes, row, now), [{ ...changes[0], now: "6" }]);
  assert.deepEqual(conflictsOf(changes, row, { ...row, state: "3" }), [], "the same change is none");
  assert.deepEqual(notKept(changes, now, facts), [{ ...changes[0], now: "6" }]);
});

test("value that the instance would drop is refused before it is sent", () => {
  assert.equal(problemOf(fact("state"), "3", schema), "");
  assert.match(problemOf(fact("state"), "three", schema), /three/);
  assert.match(problemOf(fact("opened_at"), "tomorrow", schema), /tomorrow/);
  assert.match(problemOf(fact("number"), "N".repeat(41), schema), /41 characters: the field holds 40/);
  assert.deepEqual(
    ["sys_id", "secret", "closed", "u_extra"].map((name) => whyFixed(fact(name), "read") !== ""),
    [true, true, true, true],
  );
  assert.deepEqual([whyFixed(fact("state"), "read"), whyFixed(fact("work_notes"), "read")], ["", ""]);
});

test("field without a declaration says how far the dictionary is read", () => {
  const [unread] = factsOf({ state: "2" }, null, new Map());
  assert.ok(unread);
  assert.equal(whyFixed(unread, "reading"), "The dictionary is still being read.");
  assert.match(whyFixed(unread, "failed"), /^The dictionary could not be read/);
  assert.equal(whyFixed(fact("u_extra"), "read"), "This field is not in the dictionary.");
});

/** Answers each request of a batch by its table. */
function instanceWith(answers: Record<string, object>) {
  const asked: string[] = [];
  const batch = async (requests: readonly { path: string }[]) =>
    requests.map(({ path }) => {
      const table = /table\/(\w+)/.exec(path)?.[1] ?? "";
      asked.push(table);
      return answers[table] ?? { ok: false, status: 400, error: { kind: "request" } };
    });
  return {
    asked,
    instance: { batch, table: () => ({ list: async () => ({ rows: [{ category: "u_case" }] }) }) } as never,
  };
}

const { signal } = new AbortController();

test("search takes no row of a table that lacks the field", async () => {
  const other = { ok: true, result: [{ sys_id: ID, number: "TASK1" }] };
  const right = { ok: true, result: [{ sys_id: ID, number: "ABC0010001", sys_class_name: "u_case_part" }] };
  const { instance, asked } = instanceWith({ task: other, u_case: right });
  const wanted = { key: "ABC0010001", isId: false, tables: ["task"] };
  assert.deepEqual(await locate(instance, wanted, signal), { table: "u_case_part", id: ID });
  assert.deepEqual(asked, ["task", "u_case"], "the table of its prefix comes next");
});

test("search asks tables in parts, and tells a failure from nothing", async () => {
  const tables = Array.from({ length: 120 }, (_, at) => `table_${at}`);
  const progress: number[] = [];
  const found = await searchTables(instanceWith({}).instance, tables, { key: ID, isId: true }, signal, (n) =>
    progress.push(n),
  );
  assert.deepEqual([found, progress], [null, [50, 100, 120]]);
  const error = Object.assign(new Error("asleep"), { kind: "instance" });
  const { instance } = instanceWith({ table_60: { ok: false, error } });
  await assert.rejects(searchTables(instance, tables, { key: ID, isId: true }, signal), /asleep/);
});
