/** What is done with the open database of an environment's copies. */
import type { Database, SqlValue } from "@sqlite.org/sqlite-wasm";
import type { SyncCheckpoint } from "sysparm/sync";
import { CopyFailure } from "./failure";
import type { Cells, Changes, CopyStatus, Operation, RunRecord } from "./model";
import { CHECKPOINTS, cellsOf, quoted, RUNS } from "./shape";

/**
 * Before the first table is made. Rows are personal data: what is deleted is overwritten, and the file shrinks with it. Of the database
 * the rollback journal is kept and emptied, because removing it costs a write of the pool's directory more.
 */
export function prepare(database: Database): void {
  database.exec("pragma auto_vacuum = full; pragma secure_delete = on; pragma journal_mode = truncate");
}

/** Deleting writes, too: SQLite keeps what it overwrites in its journal until the end. */
export function writesCopy(operation: Operation): boolean {
  return operation === "apply" || operation === "keepRun" || operation === "drop";
}

export function statusOf(database: Database): CopyStatus[] {
  if (!has(database, "sysparm_checkpoints")) return [];
  const runs = new Map<string, RunRecord>();
  if (has(database, "sysparm_runs"))
    for (const { table, run } of all(database, 'select "table", run from sysparm_runs'))
      runs.set(String(table), JSON.parse(String(run)));
  return all(database, 'select * from sysparm_checkpoints order by "table"').map((held) => {
    const table = String(held.table);
    const checkpoint: SyncCheckpoint = JSON.parse(String(held.checkpoint));
    const columns = columnsOf(database, table);
    return {
      ...{ table, checkpoint, columns, instance: String(held.instance) },
      rows: columns.length === 0 ? 0 : countOf(database, table),
      run: runs.get(table) ?? null,
    };
  });
}

/**
 * Stores a batch, its checkpoint and what the run has done in one transaction. Deletions come before rows. A batch that does not go on from
 * what is stored is refused: its tab was closed, and another one has run since.
 */
export function applyChanges(database: Database, changes: Changes): number {
  const { table, instance, rows, deleted, checkpoint, from, run } = changes;
  const name = quoted(table);
  inTransaction(database, () => {
    database.exec(CHECKPOINTS);
    const stored = database.selectValue('select checkpoint from sysparm_checkpoints where "table" = ?', [table]);
    if ((stored ?? null) !== (from && JSON.stringify(from))) throw new CopyFailure("CopyChanged");
    const columns = addColumns(database, table, rows);
    each(database, `delete from ${name} where sys_id = ?`, deleted, (id) => [id]);
    const marks = columns.map(() => "?").join(", ");
    const put = `insert or replace into ${name} (${columns.map(quoted).join(", ")}) values (${marks})`;
    each(database, put, rows, (row) => {
      const cells = new Map(cellsOf(row));
      return columns.map((column) => cells.get(column) ?? null);
    });
    const bind = [table, instance, JSON.stringify(checkpoint)];
    database.exec({ sql: "insert or replace into sysparm_checkpoints values (?, ?, ?)", bind });
    putRun(database, table, run);
  });
  return countOf(database, table);
}

export function keepRun(database: Database, table: string, run: RunRecord): void {
  // A run that failed before its first batch leaves nothing.
  if (columnsOf(database, table).length > 0) putRun(database, table, run);
}

export function dropCopy(database: Database, table: string): void {
  inTransaction(database, () => {
    database.exec(`drop table if exists ${quoted(table)}`);
    for (const kept of ["sysparm_checkpoints", "sysparm_runs"])
      if (has(database, kept)) database.exec({ sql: `delete from ${kept} where "table" = ?`, bind: [table] });
  });
}

export function rowsAfter(database: Database, table: string, after: string, most: number): Cells[] {
  const sql = `select * from ${quoted(table)} where sys_id > ? order by sys_id limit ?`;
  return all(database, sql, [after, most]) as Cells[];
}

/** Not the one of SQLite's JavaScript: a failure to roll back hides why. SQLite has rolled back by itself where the disk is full. */
function inTransaction(database: Database, work: () => void): void {
  database.exec("begin immediate");
  try {
    work();
    database.exec("commit");
  } catch (thrown) {
    try {
      database.exec("rollback");
    } catch {
      // There is no transaction any more.
    }
    throw thrown;
  }
}

function putRun(database: Database, table: string, run: RunRecord): void {
  database.exec(RUNS);
  const bind = [table, JSON.stringify(run)];
  database.exec({ sql: "insert or replace into sysparm_runs values (?, ?)", bind });
}

function addColumns(database: Database, table: string, rows: Changes["rows"]): string[] {
  const name = quoted(table);
  database.exec(`create table if not exists ${name} (sys_id text primary key)`);
  const known = new Set(columnsOf(database, table));
  for (const column of new Set(rows.flatMap((row) => cellsOf(row).map(([field]) => field)))) {
    if (!known.has(column)) database.exec(`alter table ${name} add column ${quoted(column)} text`);
    known.add(column);
  }
  return [...known];
}

function columnsOf(database: Database, table: string): string[] {
  return all(database, `pragma table_info(${quoted(table)})`).map(({ name }) => String(name));
}

function countOf(database: Database, table: string): number {
  return Number(database.selectValue(`select count(*) from ${quoted(table)}`));
}

function has(database: Database, table: string): boolean {
  return database.selectValue("select 1 from sqlite_master where type = 'table' and name = ?", [table]) !== undefined;
}

function all(database: Database, sql: string, bind: SqlValue[] = []): Record<string, SqlValue>[] {
  return database.selectObjects(sql, bind);
}

function each<Item>(database: Database, sql: string, items: readonly Item[], bind: (item: Item) => SqlValue[]): void {
  const statement = database.prepare(sql);
  try {
    for (const item of items) statement.bind(bind(item)).stepReset();
  } finally {
    statement.finalize();
  }
}
