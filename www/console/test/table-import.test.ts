import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import Papa from "papaparse";
import { type Instance, type Row, SysparmError } from "sysparm";
import { Query } from "sysparm/query";
import type { Field } from "sysparm/schema";
import { NotSent } from "../src/environments/guarded-fetch";
import { csvLine } from "../src/tables/csv";
import { csvFile } from "../src/tables/import/csv-file";
import { findExisting } from "../src/tables/import/existing";
import { createImporting } from "../src/tables/import/importing";
import { guessed, guessedKey, keyProblem, mappingProblem, valuesOf } from "../src/tables/import/mapping";
import { countsOf, type Existing, planRows } from "../src/tables/import/plan";
import { notSentCsv, oldValues, planCsv, reportCsv } from "../src/tables/import/report";
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
  assert.match(problem([["a"], ["x"], ["caf\ufffd"]]), /^Row 2 of f\.csv has a character that is not UTF-8/);
  const padded = csvFile("f.csv", [["a"], ["1", "", ""]]);
  assert.deepEqual("rows" in padded && [padded.rows, padded.notes], [[["1"]], []]);
});

test("cells that the own export disarmed come back as they were", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("=", "+", "-", "a", "1", ";", "\n", "\t", " ") }), (text) => {
      const line = csvLine([text]).slice(0, -2);
      const cell = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
      assert.equal(valuesOf([cell], ["f"]).f, text);
    }),
  );
  assert.equal(valuesOf(["a;'-5;'=1"], ["f"]).f, "a;'-5;=1");
  assert.equal(valuesOf(["'-5"], ["f"]).f, "'-5");
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
  assert.match(hidden?.why.join() ?? "", /may have this number/);
  const [twice] = planRows([row], known("inc1", { sys_id: "1" }, { sys_id: "2" }), options);
  assert.match(twice?.why.join() ?? "", /^2 records have this number/);
  const [same] = planRows([row], known("inc1", { ...row, sys_id: ID }), options);
  assert.equal(same?.action, "same");
  const [gone] = planRows([{ sys_id: ID, urgency: "1" }], nothing, { ...options, key: "sys_id" });
  assert.equal(gone?.action, "refuse");
  const [label] = planRows([{ number: "INC9", caller_id: "Fred" }], nothing, { ...options, labels: true });
  assert.equal(label?.action, "create");
  const [lines] = planRows([{ number: "javascript:gs.log()" }], nothing, options);
  assert.match(lines?.why.join() ?? "", /^No query can hold its number/);
});

test("value that this user may not read is not taken for an empty one", () => {
  const row = { number: "INC1", urgency: "1" };
  const [planned] = planRows([row], known("inc1", { sys_id: ID, number: "INC1" }), options);
  assert.deepEqual([planned?.action, planned?.before, planned?.old], ["update", {}, {}]);
  assert.match(planCsv(planned ? [planned] : []), /urgency: \(not readable\) → 1/);
});

test("values before an import are raw, also of a file of labels", () => {
  const record = { sys_id: ID, number: "INC1", state: { value: "6", display_value: "Resolved" } };
  const planned = planRows([{ number: "INC1", state: "New" }], known("inc1", record), { ...options, labels: true });
  assert.deepEqual(planned[0]?.before, { state: "Resolved" });
  assert.equal(oldValues(planned), `{"sys_id":"${ID}","state":"6"}\n`);
});

test("1 in a file is true in a record, a new record empties no field", () => {
  const active: Field = { type: "boolean", source };
  const given = { ...options, clears: true, fields: { ...FIELDS, active } };
  const record = known("inc1", { sys_id: ID, number: "INC1", active: "true" });
  const [same, created] = planRows(
    [
      { number: "INC1", active: "1" },
      { number: "INC2", active: "" },
    ],
    record,
    given,
  );
  assert.equal(same?.action, "same");
  assert.deepEqual(created?.values, { number: "INC2" });
});

test("key that is not mapped, or has other labels, finds no records", () => {
  assert.match(keyProblem("number", ["state"], false, FIELDS), /no column goes into it/);
  assert.match(keyProblem("caller_id", ["caller_id"], true, FIELDS), /cannot be found by labels of caller_id/);
  assert.equal(keyProblem("caller_id", ["caller_id"], false, FIELDS), "");
  assert.equal(keyProblem("number", ["number"], true, FIELDS), "");
});

test("key that cannot be read or is spelled otherwise proves no absence", async () => {
  const find = (rows: Row[], values: string[]) => {
    const pages = async function* () {
      yield { rows, seen: rows.length, total: rows.length, hidden: 0, complete: true };
    };
    const instance = { table: () => ({ pages }) } as unknown as Instance;
    const signal = new AbortController().signal;
    return findExisting(instance, Query, {
      ...{ table: "incident", key: "number", values, fields: [], onFound: () => undefined, signal },
    });
  };
  const { byKey, hiddenKeys } = await find(
    [{ sys_id: ID }, { sys_id: "2", number: "INC1 " }],
    ["inc1", "INC2", "a\nb"],
  );
  assert.equal(byKey.get("inc1")?.length, 1);
  assert.deepEqual([...hiddenKeys], ["inc2"]);
  const many = Array.from({ length: 2_001 }, (_, index) => ({ sys_id: String(index), number: "INC1" }));
  await assert.rejects(find(many, ["INC1"]), /^TooManyFound: More than 2000 records/);
});

test("import goes where its dry run has looked, and nowhere else", async () => {
  const created: string[] = [];
  const instanceOf = (name: string) =>
    ({
      schema: async (table: string) => ({ table, tables: { [table]: { fields: FIELDS } } }),
      table: (table: string) => ({
        create: async (values: Row) => {
          created.push(`${name} ${table} ${values.urgency}`);
          return { sys_id: ID, ...values };
        },
      }),
    }) as unknown as Instance;
  const [dev, prod] = [instanceOf("dev"), instanceOf("prod")];
  let connected = dev;
  const importing = createImporting(() => ({
    ...{ instance: () => connected, allowRun: async () => true, saveOldValues: null },
  }));
  const { phase, problem, table } = importing;
  importing.file.value = { name: "f.csv", columns: ["urgency"], rows: [["1"], ["2", "3"]], notes: [] };
  table.value = "incident";
  await importing.readFields();
  await importing.dryRun();
  assert.deepEqual(phase.value.name === "planned" && phase.value.planned.map(({ action }) => action), [
    "create",
    "refuse",
  ]);
  connected = prod;
  await importing.start();
  assert.deepEqual([created, phase.value.name], [[], "mapping"]);
  assert.match(problem.value, /another one than that of the dry run/);
  await importing.dryRun();
  assert.match(problem.value, /fields of incident were not read in this environment/);
  connected = dev;
  await importing.dryRun();
  table.value = "problem";
  await importing.start();
  assert.deepEqual([created, phase.value.name], [["dev incident 1"], "ended"]);
  await importing.dryRun();
  assert.match(problem.value, /fields of problem were not read/);
});

test("import stops where the environment is locked or the instance is down", async () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({ urgency: String(index) }));
  const planned = planRows(rows, nothing, { ...options, key: "" });
  const lock = Object.assign(new Error("stopped"), { cause: new NotSent("Prod is read-only.") });
  const down = Object.assign(Object.create(SysparmError.prototype), {
    ...{ kind: "network", message: "no network", diagnosis: { retry: { when: "backoff" } } },
  });
  for (const [thrown, most] of [
    [lock, 4],
    [down, 12],
  ] as const) {
    let sent = 0;
    const fails = async () => {
      sent += 1;
      throw thrown;
    };
    const instance = { table: () => ({ create: fails }), importSet: () => ({ insert: fails }) } as unknown as Instance;
    const write = { table: "incident", labels: false, signal: new AbortController().signal };
    const reported: Reported[] = [];
    await writeRecords(instance, planned, { ...write, onReported: (more) => reported.push(...more) });
    assert.ok(sent <= most, `${sent} sent`);
    assert.equal(reported.length, 40);
    assert.equal(reported.find(({ row }) => row === 40)?.outcome, "not sent");
    if (thrown === lock) assert.equal(reported[0]?.outcome, "not sent");
    const staged = planned.map((one) => ({ ...one, action: "stage" as const }));
    sent = 0;
    await stageRows(instance, staged, { ...write, onReported: () => undefined });
    assert.ok(sent <= most, `${sent} staged`);
  }
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

test("row whose call was cancelled may have been saved, and says so", async () => {
  const abort = new AbortController();
  const create = async () => {
    abort.abort();
    throw abort.signal.reason;
  };
  const instance = { table: () => ({ create }) } as unknown as Instance;
  const planned = planRows([{ urgency: "1" }], nothing, { ...options, key: "" });
  const reported: Reported[] = [];
  const write = { table: "incident", labels: false, signal: abort.signal };
  await writeRecords(instance, planned, { ...write, onReported: (more) => reported.push(...more) });
  const why =
    "It may have been saved: look for it before you send it again. The import was cancelled before its answer came.";
  assert.deepEqual([reported[0]?.outcome, reported[0]?.why], ["unknown", why]);
});

test("file of what was not sent has these rows as they were", () => {
  const lines = [
    ["Short description", "Urgency", "Notes"],
    ["sent", "1", ""],
    ['a "quote", and\nlines', "-5", "=1+1"],
    ["refused", "high", ""],
    ["last", "", "'=1"],
  ];
  const file = csvFile("f.csv", lines);
  assert.ok("rows" in file);
  const reported = (["created", "not sent", "refused", "not sent"] as const).map((outcome, index) => ({
    ...{ row: index + 1, key: "", outcome, id: "", why: "" },
  }));
  const again = Papa.parse<string[]>(notSentCsv(file, reported), { skipEmptyLines: "greedy" }).data;
  assert.deepEqual(again[0], lines[0]);
  const mapping = ["short_description", "urgency", "notes"];
  assert.deepEqual(
    again.slice(1).map((row) => valuesOf(row, mapping)),
    [lines[2], lines[4]].map((row) => valuesOf(row ?? [], mapping)),
  );
});

test("staged rows are reported as the transform says", async () => {
  const insert = async (rows: { status: string }[]) => ({
    rows: rows.map(({ status }) => ({
      status,
      results: [{ sys_id: ID, message: status === "error" ? "no such user" : undefined }],
    })),
  });
  const instance = { importSet: () => ({ insert }) } as unknown as Instance;
  const planned = ["inserted", "error", "ignored", "pending"].map((status, index) => ({
    ...{ row: index + 1, key: "", action: "stage" as const, why: [], values: { status } },
  }));
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
  assert.match(notKept({ a: "", f: "" }, stored, false), /value of a that was sent/);
  assert.match(notKept({ c: "Resolved", e: "1" }, stored, false), /value of c, e that was sent/);
});
