import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AggregateGroup, Instance, Row } from "sysparm";
import type { Field } from "sysparm/schema";
import { chartOf, firstGroup, groupFields, measuredFields, measuredOf } from "../src/tables/chart/charting";
import { csvLine } from "../src/tables/csv";
import { csvFile } from "../src/tables/import/csv-file";
import { guessed, guessedKey, mappingProblem, valuesOf } from "../src/tables/import/mapping";
import { countsOf, type Existing, planRows } from "../src/tables/import/plan";
import { oldValues, planCsv, reportCsv } from "../src/tables/import/report";
import { notKept, type Reported, stageRows, writeRecords } from "../src/tables/import/writing";

const source = "dictionary" as const;
const FIELDS: Record<string, Field> = {
  number: { label: "Number", type: "string", maxLength: 40, source },
  short_description: { label: "Short description", type: "string", maxLength: 20, source },
  state: { label: "State", type: "integer", choices: [{ value: "1", label: "New" }], source },
  urgency: { label: "Urgency", type: "integer", source },
  caller_id: { label: "Caller", type: "reference", reference: "sys_user", source },
  opened_at: { label: "Opened", type: "glide_date_time", source },
  sys_updated_on: { label: "Updated", type: "glide_date_time", source },
  sys_id: { label: "Sys ID", type: "GUID", source },
};
const ID = "a".repeat(32);
const nothing: Existing = { byKey: new Map(), hiddenKeys: new Set() };
const known = (key: string, ...rows: Row[]): Existing => ({ byKey: new Map([[key, rows]]), hiddenKeys: new Set() });
const options = { fields: FIELDS, key: "number", labels: false, clears: false };

test("columns are mapped by name or label, not to the instance's own", () => {
  const columns = ["Number", "Short Description", "sys_updated_on", "dv_state", "state", "State", "sys_id"];
  const mapping = guessed(columns, FIELDS);
  assert.deepEqual(mapping, ["number", "short_description", "", "", "state", "", ""]);
  assert.equal(guessedKey(columns, mapping), "sys_id");
  assert.equal(guessedKey(["Number"], ["number"]), "number");
  assert.match(mappingProblem(["", ""]), /^No column/);
  assert.match(mappingProblem(["state", "state"]), /^Two columns go into state/);
  assert.deepEqual(valuesOf(["INC1"], ["number", "state"]), { number: "INC1", state: "" });
});

test("file without rows, names or with twice the same name is refused", () => {
  const problem = (lines: string[][]) => {
    const read = csvFile("f.csv", lines);
    return "problem" in read ? read.problem : "";
  };
  assert.match(problem([["a"]]), /no row below its head line/);
  assert.match(problem([["a", ""], ["1"]]), /has no name/);
  assert.match(problem([["a", "a"], ["1"]]), /two columns named "a"/);
  const uneven = csvFile("f.csv", [["\uFEFFa", "b"], ["1"]]);
  assert.ok("rows" in uneven && uneven.columns[0] === "a" && uneven.notes.length === 1);
});

test("cells that the own export disarmed come back as they were", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("=", "+", "-", "a", "1", "'", " ") }), (text) => {
      const line = csvLine([text]).trimEnd();
      const cell = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
      // A text that began with the apostrophe itself looks the same.
      if (text.startsWith("'")) return;
      assert.equal(valuesOf([cell.trimEnd()], ["f"]).f, text.trimEnd());
    }),
  );
});

test("dry run says what would become of each row", () => {
  const record: Row = {
    sys_id: { value: ID, display_value: ID },
    sys_mod_count: { value: "3", display_value: "3" },
    number: { value: "INC1", display_value: "INC1" },
    short_description: { value: "old", display_value: "old" },
  };
  const planned = planRows(
    [
      { number: "inc1", short_description: "new" },
      { number: "INC2", short_description: "a text that is longer than twenty" },
      { number: "INC2", short_description: "again" },
      { number: "", short_description: "none" },
      { number: "INC3", urgency: "high" },
      { number: "INC4", opened_at: "30.11.2026", caller_id: "Fred" },
      { number: "INC5", state: "9" },
    ],
    known("inc1", record),
    options,
  );
  assert.deepEqual(
    planned.map(({ action }) => action),
    ["update", "create", "refuse", "refuse", "refuse", "refuse", "create"],
  );
  assert.deepEqual(planned[0]?.before, { number: "INC1", short_description: "old" });
  assert.deepEqual([planned[0]?.id, planned[0]?.modCount], [ID, "3"]);
  assert.match(planned[1]?.why.join() ?? "", /has 33 characters, and the field takes 20/);
  assert.match(planned[2]?.why.join() ?? "", /earlier row has the same number/);
  assert.match(planned[4]?.why.join() ?? "", /urgency is “high”, which is not a whole number/);
  assert.equal(planned[5]?.why.length, 2);
  assert.match(planned[6]?.why.join() ?? "", /none of its choices/);
  assert.deepEqual(countsOf(planned), { create: 2, update: 1, same: 0, refuse: 4, stage: 0 });
  assert.match(planCsv(planned), /1,inc1,update,a{32},,"?number: INC1 → inc1; short_description: old → new/);
  assert.equal(oldValues(planned.slice(0, 1)), `{"sys_id":"${ID}","number":"INC1","short_description":"old"}\n`);
});

test("empty cell changes nothing, unless it shall empty the field", () => {
  const record = { sys_id: ID, number: "INC1", urgency: "2", short_description: "old" };
  const row = { number: "INC1", urgency: "", short_description: "new" };
  const planned = (clears: boolean) => planRows([row], known("inc1", record), { ...options, clears })[0];
  assert.deepEqual(planned(false)?.values, { short_description: "new" });
  assert.deepEqual(planned(true)?.values, { urgency: "", short_description: "new" });
});

test("record that may be hidden or is there twice is no new one", () => {
  const row = { number: "INC1", urgency: "1" };
  const [hidden] = planRows([row], { byKey: new Map(), hiddenKeys: new Set(["inc1"]) }, options);
  assert.match(hidden?.why.join() ?? "", /one of them may have this number/);
  const [twice] = planRows([row], known("inc1", { sys_id: "1" }, { sys_id: "2" }), options);
  assert.match(twice?.why.join() ?? "", /^2 records have this number/);
  const [same] = planRows([row], known("inc1", { ...row, sys_id: ID }), options);
  assert.equal(same?.action, "same");
  const [gone] = planRows([{ sys_id: ID, urgency: "1" }], nothing, { ...options, key: "sys_id" });
  assert.equal(gone?.action, "refuse");
  const [label] = planRows([{ number: "INC9", caller_id: "Fred" }], nothing, { ...options, labels: true });
  assert.equal(label?.action, "create");
});

test("every written row is reported once, with what was not kept", async () => {
  const failure = Object.assign(new Error("a business rule refused it"), { status: 403 });
  const calls: unknown[] = [];
  const table = {
    create: async (values: Record<string, string>) => {
      calls.push(values);
      if (values.number === "INC2") throw failure;
      return { sys_id: ID, number: values.number, urgency: "3" };
    },
    update: async (id: string, values: object, given: { expect?: unknown }) => {
      calls.push([id, values, given.expect]);
      return { sys_id: id, ...values };
    },
  };
  const instance = { table: () => table } as unknown as Instance;
  const planned = planRows(
    [{ number: "INC1", urgency: "1" }, { number: "INC2" }, { number: "INC3", urgency: "2" }],
    known("inc3", { sys_id: ID, sys_mod_count: "7", number: "INC3", urgency: "1" }),
    options,
  );
  const reported: Reported[] = [];
  const write = { table: "incident", labels: false, signal: new AbortController().signal };
  await writeRecords(instance, planned, { ...write, onReported: (more) => reported.push(...more) });
  reported.sort((a, b) => a.row - b.row);
  assert.deepEqual(
    reported.map(({ outcome }) => outcome),
    ["created", "failed", "updated"],
  );
  assert.match(reported[0]?.why ?? "", /does not have the value of urgency that was sent/);
  assert.match(reported[1]?.why ?? "", /a business rule refused it/);
  assert.deepEqual(calls[2], [ID, { urgency: "2" }, { sys_mod_count: "7" }]);
  assert.equal(reportCsv(reported).split("\r\n").length, 5);
});

test("cancelled import sends nothing more and says so", async () => {
  const abort = new AbortController();
  let sent = 0;
  const create = async () => {
    sent += 1;
    abort.abort();
    return { sys_id: ID };
  };
  const instance = { table: () => ({ create }) } as unknown as Instance;
  const rows = Array.from({ length: 40 }, (_, index) => ({ urgency: String(index) }));
  const planned = planRows(rows, nothing, { ...options, key: "" });
  const reported: Reported[] = [];
  const write = { table: "incident", labels: false, signal: abort.signal };
  await writeRecords(instance, planned, { ...write, onReported: (more) => reported.push(...more) });
  assert.ok(sent <= 4, `${sent} sent`);
  assert.equal(new Set(reported.map(({ row }) => row)).size, 40);
  assert.equal(reported.filter(({ outcome }) => outcome === "not sent").length, 40 - sent);
});

test("staged rows are reported as the transform says", async () => {
  const insert = async (rows: unknown[]) => ({
    rows: rows.map((_, index) => ({
      status: ["inserted", "error", "ignored", "pending"][index],
      results: [{ sys_id: ID, message: index === 1 ? "no such user" : undefined }],
    })),
  });
  const instance = { importSet: () => ({ insert }) } as unknown as Instance;
  const planned = [1, 2, 3, 4].map((row) => ({ row, key: "", action: "stage" as const, why: [], values: {} }));
  const reported: Reported[] = [];
  const write = { table: "imp_user", labels: false, signal: new AbortController().signal };
  await stageRows(instance, planned, { ...write, onReported: (more) => reported.push(...more) });
  assert.deepEqual(
    reported.map(({ outcome, why }) => [outcome, why]),
    [
      ["created", ""],
      ["refused", "no such user"],
      ["unchanged", ""],
      ["unknown", "Staged, and not transformed yet."],
    ],
  );
});

test("value that differs only in form counts as kept", () => {
  const stored: Row = { a: "1", b: "TRUE", c: { value: "6", display_value: "Resolved" }, d: "x\ny" };
  assert.equal(notKept({ a: "1.0", b: "true", c: "6", d: "x\r\ny" }, stored, false), "");
  assert.equal(notKept({ c: "Resolved" }, stored, true), "");
  assert.match(notKept({ c: "Resolved", e: "1" }, stored, false), /value of c, e that was sent/);
});

test("chart has the largest groups first and counts the others", () => {
  const groups = Array.from({ length: 15 }, (_, index) => ({
    by: { state: index === 0 ? "" : String(index) },
    labels: { state: index === 0 ? "" : `State ${index}` },
    count: index + 1,
    sum: { effort: index === 3 ? null : String(100 - index) },
  })) as unknown as AggregateGroup[];
  const chart = chartOf(groups, "state", { of: "count" });
  assert.equal(chart.bars.length, 12);
  assert.deepEqual(chart.bars[0], { value: "14", label: "State 14", amount: 15, rows: 15 });
  assert.deepEqual([chart.others, chart.rows], [3, 120]);
  const sums = chartOf(groups, "state", { of: "sum", field: "effort" });
  assert.deepEqual([sums.bars[0]?.amount, sums.bars[0]?.label], [100, ""]);
  assert.deepEqual(measuredOf("avg effort"), { of: "avg", field: "effort" });
  assert.deepEqual(measuredOf("avgeffort"), { of: "count" });
  const fields = { ...FIELDS, active: { type: "boolean", source } };
  assert.deepEqual(
    groupFields(fields, ["urgency"]).map(({ name }) => name),
    ["urgency", "active", "caller_id", "state"],
  );
  assert.equal(firstGroup(fields, ["number", "state"]), "state");
  assert.deepEqual(
    measuredFields(fields).map(({ name }) => name),
    ["urgency"],
  );
});
