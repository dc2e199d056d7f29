/**
 * A copy in a SQLite database: one table for each synced table, with a column for each field, and `sysparm_checkpoints`. A batch and its
 * checkpoint are one transaction.
 */
import { rmSync, statSync } from "node:fs";
import type { Row } from "sysparm";
import type { SyncCheckpoint } from "sysparm/sync";
import { UsageError } from "../command.js";
import { isConfirmed, type Lock } from "./lock.js";
import { type Database, openDatabase } from "./sqlite-module.js";
import { type Changes, idOf, otherSource, type SyncSource, type SyncTarget } from "./target.js";

const CHECKPOINTS = `create table if not exists sysparm_checkpoints (
  "table" text primary key, instance text not null, checkpoint text not null
)`;

/** @throws UsageError where its table is not the copy of this source; the error of SQLite where the file is no database */
export async function openSqlite(file: string, source: SyncSource, lock: Lock): Promise<SyncTarget> {
  const database = await openDatabase(file);
  try {
    const checkpoint = begin(database, file, source);
    return sqliteTarget(database, file, source, checkpoint, lock);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function begin(database: Database, file: string, source: SyncSource): SyncCheckpoint | undefined {
  database.exec("pragma busy_timeout = 5000");
  const hasTable = (name: string) =>
    database.prepare("select 1 from sqlite_master where type = 'table' and name = ?").all(name).length > 0;
  const table = hasTable(source.table);
  const [held] = hasTable("sysparm_checkpoints")
    ? database.prepare('select * from sysparm_checkpoints where "table" = ?').all(source.table)
    : [];
  if (table && !held) {
    throw new UsageError(
      `\`${file}\` has a table ${source.table} that \`sysparm sync\` did not make. Pass another file to --to.`,
    );
  }
  // A user drops the table to read everything again.
  if (!held || !table) return undefined;
  const other = otherSource(file, { instance: String(held.instance), table: source.table }, source);
  if (other) throw new UsageError(`${other}. Pass another file to --to.`);
  return JSON.parse(String(held.checkpoint));
}

function sqliteTarget(
  database: Database,
  file: string,
  { instance, table }: SyncSource,
  checkpoint: SyncCheckpoint | undefined,
  lock: Lock,
): SyncTarget {
  const name = quoted(table);
  let columns: string[] = [];
  let put = "";

  function addColumns(rows: readonly Row[]): void {
    database.exec(`create table if not exists ${name} (sys_id text primary key)`);
    const known = new Set(
      database
        .prepare(`pragma table_info(${name})`)
        .all()
        .map((column) => String(column.name)),
    );
    for (const column of new Set(rows.flatMap((row) => cellsOf(row).map(([field]) => field)))) {
      if (!known.has(column)) database.exec(`alter table ${name} add column ${quoted(column)} text`);
      known.add(column);
    }
    columns = [...known];
    const marks = columns.map(() => "?").join(", ");
    put = `insert or replace into ${name} (${columns.map(quoted).join(", ")}) values (${marks})`;
  }

  function store({ rows, deleted, checkpoint }: Changes): void {
    database.exec(CHECKPOINTS);
    addColumns(rows);
    const remove = database.prepare(`delete from ${name} where sys_id = ?`);
    for (const id of deleted) remove.run(id);
    const write = database.prepare(put);
    for (const row of rows) {
      const cells = new Map(cellsOf(row));
      write.run(...columns.map((column) => cells.get(column) ?? null));
    }
    database
      .prepare("insert or replace into sysparm_checkpoints values (?, ?, ?)")
      .run(table, instance, JSON.stringify(checkpoint));
  }

  function rollback(): void {
    try {
      database.exec("rollback");
    } catch {
      // SQLite has rolled back by itself, as it does where the disk is full.
    }
  }

  return {
    checkpoint,
    async apply(changes) {
      lock.confirm();
      database.exec("begin immediate");
      try {
        store(changes);
        database.exec("commit");
      } catch (thrown) {
        rollback();
        throw thrown;
      }
    },
    async finish() {
      return Number(database.prepare(`select count(*) as rows from ${name}`).all()[0]?.rows);
    },
    async close() {
      database.close();
      // SQLite makes the file at once. The first request has failed: nothing shows that there was a run.
      if (isConfirmed(lock) && statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file);
    },
  };
}

/** Columns and values of a row. The label of a field is in the column `dv_FIELD`, as ServiceNow's ODBC driver names it ("ODBC behavior"). */
function cellsOf(row: Row): [column: string, value: string | null][] {
  return Object.entries(row).flatMap(([field, cell]: [string, unknown]): [string, string | null][] => {
    if (field === "sys_id") return [[field, idOf(row)]];
    if (cell === null || typeof cell !== "object") return [[field, text(cell)]];
    const { value, display_value: label } = cell as { value?: unknown; display_value?: unknown };
    return label === undefined
      ? [[field, text(value)]]
      : [
          [field, text(value)],
          [`dv_${field}`, text(label)],
        ];
  });
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
