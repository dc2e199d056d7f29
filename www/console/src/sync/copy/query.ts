/** Runs SQL of a person against a copy: one statement, which only reads, and a bounded result. */
import type { Database, Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import type { QueryResult } from "./model";

export const MOST_ROWS = 10_000;
/** Of all values together. */
const MOST_CHARACTERS = 20_000_000;

/** Pragmas that describe tables. Others change how the database works. */
const DESCRIBING = /^(table_info|table_xinfo|table_list|index_list|index_info)$/i;

/** The statement cannot be run. */
export class QueryRefused extends Error {
  override readonly name = "QueryRefused";
}

/** @throws QueryRefused for what is no single statement, for what would write, and for what SQLite cannot read */
export function runQuery(sqlite3: Sqlite3Static, database: Database, sql: string): QueryResult {
  const { capi } = sqlite3;
  const reading = new Set([
    capi.SQLITE_SELECT,
    capi.SQLITE_READ,
    capi.SQLITE_FUNCTION,
    capi.SQLITE_RECURSIVE,
  ] as number[]);
  // By SQLite itself, because a text that was searched for words of writing could be wrong in both directions.
  capi.sqlite3_set_authorizer(
    database,
    (_, action, name) => {
      const allowed = reading.has(action) || (action === capi.SQLITE_PRAGMA && DESCRIBING.test(String(name)));
      return allowed ? 0 : capi.SQLITE_DENY;
    },
    0,
  );
  try {
    return take(sqlite3, database, sql);
  } finally {
    capi.sqlite3_set_authorizer(database, 0 as never, 0);
  }
}

function take({ capi }: Sqlite3Static, database: Database, sql: string): QueryResult {
  const statement = prepared(database, sql);
  try {
    const rest = sql.slice(String(capi.sqlite3_sql(statement)).length).replace(/--.*|\/\*[\s\S]*?\*\//g, "");
    if (/[^\s;]/.test(rest)) throw new QueryRefused("This is more than one statement. Run them one by one.");
    if (statement.columnCount === 0 || !capi.sqlite3_stmt_readonly(statement)) throw new QueryRefused(ONLY_READS);
    const columns = unique(statement.getColumnNames());
    const rows: (string | null)[][] = [];
    let characters = 0;
    while (statement.step()) {
      if (rows.length === MOST_ROWS || characters > MOST_CHARACTERS) return { columns, rows, more: true };
      const row = columns.map((_, column) => {
        const value = statement.get(column);
        return value === null || value === undefined ? null : String(value);
      });
      for (const value of row) characters += value?.length ?? 0;
      rows.push(row);
    }
    return { columns, rows, more: false };
  } catch (thrown) {
    throw refusal(thrown);
  } finally {
    statement.finalize();
  }
}

function prepared(database: Database, sql: string) {
  try {
    return database.prepare(sql);
  } catch (thrown) {
    throw refusal(thrown);
  }
}

/** A statement that SQLite refuses is the person's; what is wrong with the database or its file is not. */
function refusal(thrown: unknown): unknown {
  const { resultCode, message = "" } = thrown as { resultCode?: number; message?: string };
  if (/cannot prepare empty/i.test(message))
    return new QueryRefused("There is no statement. Type one, such as select.");
  const words = message.replace(/^SQLITE_\w+: (sqlite3 result code \d+: )?/, "");
  if (resultCode === AUTH) return new QueryRefused(`${ONLY_READS} SQLite says: ${words}.`);
  return resultCode === ERROR ? new QueryRefused(`SQLite cannot run this: ${words}.`) : thrown;
}

/** A join may have a name twice. */
function unique(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let made = name;
    for (let number = 2; taken.has(made); number += 1) made = `${name} (${number})`;
    taken.add(made);
    return made;
  });
}

const ONLY_READS = "Local copies can only be read here. Use select, with or explain.";
/** Result codes of SQLite, "Result and Error Codes". */
const ERROR = 1;
const AUTH = 23;
