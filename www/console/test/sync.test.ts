/** A sync that is set up, its runs, and what is said of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SyncBatch } from "sysparm/sync";
import { inFileName } from "../src/download";
import type { CopyStatus, RunRecord } from "../src/sync/copy/model";
import { resultParts } from "../src/sync/exporting";
import { afterBatch, begun, ended } from "../src/sync/run";
import { EMPTY, isDue, needsNewCopy, optionsOf, type Setup, setupFrom, setupsAmong, textsOf } from "../src/sync/setup";
import { checkpointWords, deletedWords, hiddenRows, nextStep, rateWords, stateWords } from "../src/sync/words";

const dev = { id: "e1", name: "DEV" };

function setup(part: Partial<typeof EMPTY> = {}): Setup {
  const read = setupFrom({ ...EMPTY, table: "incident", ...part }, dev, []);
  assert.ok("setup" in read, JSON.stringify(read));
  return read.setup;
}

test("setup is read from the form, and shown in it again", () => {
  const texts = {
    ...{ table: " incident ", query: "active=true ", fields: "number, state,,number", pageSize: "200" },
    ...{ deletions: "incident problem", labels: true, every: "15" },
  };
  const made = setup(texts);
  assert.deepEqual(
    [made.table, made.query, made.fields, made.every],
    ["incident", "active=true", ["number", "state"], 15],
  );
  assert.deepEqual(setup(textsOf(made)), made);
  assert.deepEqual(optionsOf(made), {
    ...{ pageSize: 200, query: "active=true", fields: ["number", "state"], displayValue: "all" },
    deletions: ["incident", "problem"],
  });
  assert.deepEqual(optionsOf(setup()), { pageSize: 1000 });
});

test("each wrong text of the form is named", () => {
  const wrong = { ...EMPTY, table: "in cident", fields: "a,b c;d", pageSize: "0", deletions: "task!" };
  const read = setupFrom(wrong, dev, []);
  assert.deepEqual("problems" in read && Object.keys(read.problems), ["table", "fields", "deletions", "pageSize"]);
  const twice = setupFrom({ ...EMPTY, table: "incident" }, dev, ["incident"]);
  assert.match(("problems" in twice && twice.problems.table) || "", /set up already/);
  const inSqlite = setupFrom({ ...EMPTY, table: "Incident" }, dev, ["incident"]);
  assert.match(("problems" in inSqlite && inSqlite.problems.table) || "", /set up already/);
  const own = setupFrom({ ...EMPTY, table: "sysparm_checkpoints" }, dev, []);
  assert.match(("problems" in own && own.problems.table) || "", /keeps for itself/);
});

test("kept setups are read, others are left alone", () => {
  const kept = [
    { id: "environment", current: "e1" },
    { id: "sync e1 x", table: 1 },
    { ...setup(), id: "sync e1 incident" },
  ];
  assert.deepEqual(
    setupsAmong(kept).map(({ table }) => table),
    ["incident"],
  );
});

test("copy is begun again only where its rows would differ", () => {
  const before = setup({ fields: "number" });
  for (const same of [{ pageSize: "5" }, { every: "5" }, { deletions: "task" }])
    assert.equal(needsNewCopy(before, setup({ fields: "number", ...same })), false);
  for (const other of [{ fields: "state" }, { query: "active=true" }, { labels: true }])
    assert.equal(needsNewCopy(before, setup({ fields: "number", ...other })), true);
});

test("run is due by its schedule, also when the clock went back", () => {
  const every = setup({ every: "5" });
  assert.equal(isDue(setup(), 0, 1e9), false);
  assert.equal(isDue(every, null, 1e9), false);
  assert.equal(isDue(every, 1_000, 300_999), false);
  assert.equal(isDue(every, 1_000, 301_000), true);
  assert.equal(isDue(every, 1_000, 999), true);
});

function batchOf(rows: number, progress: Partial<SyncBatch["progress"]>): SyncBatch {
  const whole = { total: 10, passed: 0, repeated: 0, hidden: null, deletions: "read", hiddenDeletions: null };
  return {
    ...{ rows: Array.from({ length: rows }, () => ({})), deleted: ["x"], checkpoint: {} },
    progress: { ...whole, complete: false, caveat: null, remainingMs: null, ...progress },
  } as unknown as SyncBatch;
}

test("run counts its batches, and is complete with the last", () => {
  let run = afterBatch(begun(1_000), batchOf(4, { passed: 4, caveat: "because" }), 3_000);
  assert.deepEqual([run.end, run.written, run.deleted, run.rate], ["running", 4, 1, 2]);
  run = afterBatch(run, batchOf(6, { passed: 10, hidden: 0, complete: true }), 5_000);
  assert.deepEqual([run.end, run.written, run.rate, run.progress?.caveat], ["complete", 10, 3, "because"]);
  assert.equal(afterBatch(begun(9), batchOf(1, {}), 5).rate, null, "a clock that went backwards");
});

function status(run: RunRecord | null, rows = 8): CopyStatus {
  const checkpoint = { rows: { value: "2026-01-02 03:04:05", id: "a" } } as unknown as CopyStatus["checkpoint"];
  return { table: "incident", instance: "", rows, columns: [], checkpoint, run };
}

test("state and next step follow from the last run", () => {
  const facts = { isKnown: true, status: undefined, live: undefined, isRunning: false, elsewhere: false };
  const half = afterBatch(begun(0), batchOf(4, { passed: 4 }), 2_000);
  const said = (part: Partial<Parameters<typeof stateWords>[0]>) => {
    const all = { ...facts, ...part };
    return `${stateWords(all).state}, ${nextStep(all)}`;
  };
  assert.equal(said({}), "No copy, Run");
  assert.equal(said({ isKnown: false }), "Looking, Run");
  assert.equal(said({ isRunning: true }), "Running, Cancel");
  assert.equal(said({ elsewhere: true, status: status(half) }), "In another tab, Wait");
  assert.equal(said({ status: status(half) }), "Interrupted, Resume");
  assert.match(stateWords({ ...facts, status: status(half) }).note, /4 of 10 rows/);
  assert.equal(said({ status: status(ended(half, "cancelled", 1)) }), "Cancelled, Resume");
  assert.equal(said({ status: status(ended(half, "failed", 1, { problem: "No." })) }), "Failed, Resume");
  assert.equal(said({ status: status(ended(half, "incomplete", 1)) }), "Not complete, Resume");
  assert.equal(said({ status: status(ended(half, "complete", 1)) }), "Complete, Run");
});

test("caveat that names a function says what to do here", () => {
  const caveat = "Deletions are not read. reconcile() finds such rows without it.";
  const run = ended(afterBatch(begun(0), batchOf(1, { caveat, complete: true }), 1), "complete", 2);
  const { note } = stateWords({
    isKnown: true,
    status: status(run),
    live: undefined,
    isRunning: false,
    elsewhere: false,
  });
  assert.match(note, /delete this one, then run it again\.$/);
});

test("hidden rows are those that the source counts and the copy lacks", () => {
  const whole = ended(afterBatch(begun(0), batchOf(8, { hidden: 2, complete: true }), 1), "complete", 1, { there: 10 });
  assert.equal(hiddenRows(status(whole)), 2);
  assert.equal(hiddenRows(status({ ...whole, there: 7 })), 0);
  assert.equal(hiddenRows(status({ ...whole, there: null })), 2, "by the run itself");
  assert.equal(hiddenRows(undefined), null);
});

test("deletions that were not read are no zero", () => {
  const of = (deletions: "read" | "trimmed" | "unread") =>
    deletedWords(afterBatch(begun(0), batchOf(1, { deletions }), 1));
  assert.deepEqual(of("read"), { text: "1", why: "" });
  assert.match(of("trimmed").why, /thrown away/);
  assert.deepEqual(of("unread").text, "not read");
  assert.equal(checkpointWords(status(null)), "2026-01-02 03:04:05 UTC");
  assert.equal(rateWords(begun(0)), "–");
});

test("result is saved as CSV and NDJSON", () => {
  const result = {
    columns: ["a", "b"],
    rows: [
      ["1", null],
      ["=2", "x"],
    ],
    more: false,
  } as const;
  const given = { ...result, columns: [...result.columns], rows: result.rows.map((row) => [...row]) };
  assert.equal(resultParts(given, "csv").join(""), "a,b\r\n1,\r\n'=2,x\r\n");
  assert.equal(resultParts(given, "ndjson").join(""), '{"a":"1","b":null}\n{"a":"=2","b":"x"}\n');
});

test("name of an environment becomes a part of a file's name", () => {
  for (const [name, part] of [
    ["Prod (EU)", "prod-eu-"],
    ["../a\\b:c", "..-a-b-c"],
    ["Büro 生产", "büro-生产"],
  ] as const)
    assert.equal(inFileName(name), part);
});
