/** The database of local copies, in memory: what is stored, and what a person's SQL may do. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import sqlite3InitModule, { type Database } from "@sqlite.org/sqlite-wasm";
import fc from "fast-check";
import type { Row } from "sysparm";
import type { SyncCheckpoint } from "sysparm/sync";
import { copyFailure, failureName } from "../src/sync/copy/failure";
import type { Changes } from "../src/sync/copy/model";
import { applyChanges, dropCopy, keepRun, prepare, rowsAfter, statusOf, writesCopy } from "../src/sync/copy/operations";
import { readTwice } from "../src/sync/copy/pool";
import { MOST_ROWS, runQuery } from "../src/sync/copy/query";
import { cellsOf, ndjsonOf, rowOf } from "../src/sync/copy/shape";
import { begun } from "../src/sync/run";

const sqlite3 = await sqlite3InitModule();
const open: Database[] = [];
after(() => open.forEach((database) => void database.close()));

function memory(): Database {
  const database = new sqlite3.oo1.DB(":memory:");
  open.push(database);
  prepare(database);
  return database;
}

const checkpoint = (value: string) => ({ form: 1, query: "q", rows: { value, id: "" } }) as unknown as SyncCheckpoint;

function changes(part: Partial<Changes>): Changes {
  const common = { table: "incident", instance: "https://dev1.service-now.com", deleted: [], from: null };
  return { ...common, rows: [], checkpoint: checkpoint("1"), run: begun(0), ...part };
}

test("batch is stored with its checkpoint and its run", () => {
  const database = memory();
  const rows = [
    { sys_id: "a", number: "INC1", state: { value: "1", display_value: "New" } },
    { sys_id: "b", number: "INC2", assigned_to: null },
  ] as unknown as Row[];
  assert.equal(applyChanges(database, changes({ rows })), 2);
  const second = { from: checkpoint("1"), checkpoint: checkpoint("2"), deleted: ["a"] };
  const row = { sys_id: "b", number: 'INC"2', "caller_id.name": "Abel" } as unknown as Row;
  assert.equal(applyChanges(database, changes({ ...second, rows: [row] })), 1);
  const [status] = statusOf(database);
  assert.deepEqual(status?.checkpoint, checkpoint("2"));
  assert.deepEqual(status?.columns, ["sys_id", "number", "state", "dv_state", "assigned_to", "caller_id.name"]);
  assert.deepEqual([status?.rows, status?.run?.end], [1, "running"]);
  assert.deepEqual(
    { ...rowsAfter(database, "incident", "", 10)[0] },
    { sys_id: "b", number: 'INC"2', state: null, dv_state: null, assigned_to: null, "caller_id.name": "Abel" },
  );
});

test("batch of another checkpoint is refused and changes nothing", () => {
  const database = memory();
  applyChanges(database, changes({ rows: [{ sys_id: "a" } as Row] }));
  for (const from of [null, checkpoint("0")]) {
    const late = changes({ from, rows: [{ sys_id: "b" } as Row], checkpoint: checkpoint("9") });
    assert.throws(() => applyChanges(database, late), { name: "CopyChanged" });
  }
  assert.deepEqual([statusOf(database)[0]?.rows, statusOf(database)[0]?.checkpoint], [1, checkpoint("1")]);
});

test("batch that fails midway leaves rows and checkpoint as before", () => {
  const database = memory();
  applyChanges(database, changes({ rows: [{ sys_id: "a" } as Row] }));
  const rows = [{ sys_id: "b" }, { sys_id: "c" }] as unknown as Row[];
  database.exec(
    "create trigger full before insert on incident when new.sys_id = 'c' begin select raise(abort, 'full'); end",
  );
  assert.throws(
    () => applyChanges(database, changes({ from: checkpoint("1"), checkpoint: checkpoint("2"), rows })),
    /full/,
  );
  assert.deepEqual([statusOf(database)[0]?.rows, statusOf(database)[0]?.checkpoint], [1, checkpoint("1")]);
});

test("copy equals the rows that were handed over, in any batches", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e");
  const row = fc.record({ sys_id: id, number: fc.string(), __proto__x: fc.option(fc.string()) });
  const batch = fc.record({ rows: fc.array(row, { maxLength: 4 }), deleted: fc.array(id, { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
      const database = memory();
      const model = new Map<string, string>();
      let from: SyncCheckpoint | null = null;
      for (const [at, { rows, deleted }] of batches.entries()) {
        const next = checkpoint(String(at));
        applyChanges(database, changes({ from, checkpoint: next, deleted, rows: rows as unknown as Row[] }));
        from = next;
        for (const gone of deleted) model.delete(gone);
        for (const { sys_id, number } of rows) model.set(sys_id, number);
      }
      const held = batches.length === 0 ? [] : rowsAfter(database, "incident", "", 100);
      assert.deepEqual(new Map(held.map(({ sys_id, number }) => [sys_id, number])), new Map([...model].sort()));
      database.close();
    }),
    { numRuns: 60 },
  );
});

test("deleted copy leaves the others, and no run of its own", () => {
  const database = memory();
  for (const table of ["incident", "problem"])
    applyChanges(database, changes({ table, rows: [{ sys_id: "a" } as Row] }));
  dropCopy(database, "incident");
  keepRun(database, "incident", begun(1));
  assert.deepEqual(
    statusOf(database).map(({ table }) => table),
    ["problem"],
  );
});

test("SQL of a person only reads", () => {
  const database = memory();
  applyChanges(database, changes({ rows: [{ sys_id: "a", number: "INC1" }, { sys_id: "b" }] as Row[] }));
  const result = runQuery(
    sqlite3,
    database,
    "select i.number, j.number, 1 from incident i join incident j using (sys_id); -- all",
  );
  assert.deepEqual(result, {
    columns: ["number", "number (2)", "1"],
    rows: [
      ["INC1", "INC1", "1"],
      [null, null, "1"],
    ],
    more: false,
  });
  assert.equal(runQuery(sqlite3, database, "pragma table_info(incident)").rows.length, 2);
  for (const [sql, words] of [
    ["delete from incident", /only be read/],
    ["with x as (select 1) insert into incident (sys_id) select * from x", /only be read/],
    ["attach ':memory:' as other", /only be read/],
    ["pragma query_only = off", /only be read/],
    ["begin", /only be read/],
    ["select 1; drop table incident", /more than one statement/],
    ["selec 1", /SQLite cannot run this: near "selec": syntax error/],
    ["select colour from incident", /no such column: colour/],
    [" ; ", /no statement/],
  ] as const) {
    assert.throws(() => runQuery(sqlite3, database, sql), { name: "QueryRefused", message: words }, sql);
  }
  assert.equal(statusOf(database)[0]?.rows, 2);
  // What was refused has no effect on what follows.
  applyChanges(database, changes({ from: checkpoint("1"), deleted: ["a"] }));
  assert.equal(statusOf(database)[0]?.rows, 1);
});

test("result is bounded and says that there is more", () => {
  const counting = (most: number) =>
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${most}) select i from n`;
  const whole = runQuery(sqlite3, memory(), counting(MOST_ROWS));
  assert.deepEqual([whole.rows.length, whole.more], [MOST_ROWS, false]);
  const cut = runQuery(sqlite3, memory(), counting(MOST_ROWS + 1));
  assert.deepEqual([cut.rows.length, cut.more], [MOST_ROWS, true]);
});

test("row comes back from its columns as it was", () => {
  const cell = fc.oneof(
    fc.string(),
    fc.record({ value: fc.string(), display_value: fc.string() }, { noNullPrototype: true }),
  );
  const field = fc.oneof(fc.stringMatching(/^[a-c]{1,3}$/), fc.constantFrom("__proto__", "constructor"));
  fc.assert(
    fc.property(fc.dictionary(field, cell), (row) => {
      assert.deepEqual(Object.entries(rowOf(Object.fromEntries(cellsOf(row as Row)))), Object.entries(row));
    }),
  );
  assert.equal(ndjsonOf([{ a: "1", b: null }]), '{"a":"1"}\n');
});

test("read whose file failed is tried once more", async () => {
  const sqlite = (resultCode: number) => Object.assign(new Error("SQLITE"), { resultCode });
  for (const [failures, calls, name] of [
    [[sqlite(10)], 2, undefined],
    [[sqlite(266), sqlite(266)], 2, "CopyDamaged"],
    // Its content is not a database: it is the same at the second reading.
    [[sqlite(11)], 1, "CopyDamaged"],
    [[sqlite(26)], 1, "CopyDamaged"],
  ] as const) {
    let made = 0;
    const attempt = async () => {
      const failure = failures[made];
      made += 1;
      if (failure) throw failure;
      return "read";
    };
    const outcome = await readTwice(attempt, 0).catch((thrown: unknown) => failureName(copyFailure(thrown, false)));
    assert.deepEqual([outcome, made], [name ?? "read", calls]);
  }
});

test("failures of browser and database are named", () => {
  const sqlite = (resultCode: number) => Object.assign(new Error("SQLITE"), { resultCode });
  for (const [thrown, name, writes = false] of [
    [new DOMException("", "QuotaExceededError"), "CopyFull"],
    [sqlite(13), "CopyFull"],
    [sqlite(10), "CopyFull", true],
    [sqlite(778), "CopyFull", true],
    // Not damaged: a copy is deleted because the disk is full.
    [sqlite(10), "CopyFull", writesCopy("drop")],
    [sqlite(10), "CopyDamaged", writesCopy("status")],
    [sqlite(10), "CopyDamaged"],
    [sqlite(11), "CopyDamaged"],
    [sqlite(26), "CopyDamaged"],
    [sqlite(267), "CopyDamaged"],
    [new DOMException("", "NoModificationAllowedError"), "CopyInUse"],
    [new DOMException("", "SecurityError"), "CopyUnavailable"],
    [new Error("Missing required OPFS APIs."), "CopyUnavailable"],
  ] as const) {
    const named = copyFailure(thrown, writes);
    assert.equal(failureName(named), name);
    assert.match((named as Error).message, /\. \w.+\.$/, "says what is wrong, then what to do");
  }
  const other = new Error("other");
  assert.equal(copyFailure(other, true), other);
  assert.equal(failureName(other), undefined);
});
