/** The registry's tables, and how those of an earlier version become today's. */

/** The used part of a Durable Object's SQL storage. */
export interface Sql {
  exec(
    query: string,
    ...values: (string | number | null)[]
  ): { toArray(): Record<string, ArrayBuffer | string | number | null>[] };
}

/**
 * Each entry leads from the version of its index to the next. Entries that were deployed are never changed. A version is taken from
 * `counter`, so that a tenant that is removed and registered again never repeats one that an isolate still remembers.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE counter (last INTEGER NOT NULL);
   INSERT INTO counter VALUES (0);
   CREATE TABLE tenant (
     id TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     credential_version INTEGER NOT NULL,
     state TEXT NOT NULL,
     record TEXT NOT NULL,
     credential_kind TEXT NOT NULL,
     sealed_credential TEXT NOT NULL,
     attention TEXT,
     changed_at INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE caller_use (
     tenant TEXT NOT NULL,
     caller TEXT NOT NULL,
     used_at INTEGER NOT NULL,
     PRIMARY KEY (tenant, caller)
   ) WITHOUT ROWID;`,
];

/** Brings the tables to today's version. SQLite's own `user_version` is not open to Durable Objects. @throws Error for tables of a later version */
export function migrate(sql: Sql): void {
  sql.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
  const stored = Number(sql.exec("SELECT version FROM schema_version").toArray()[0]?.version ?? 0);
  if (stored > MIGRATIONS.length) {
    throw new Error(
      `The registry's storage has version ${stored}; this worker knows ${MIGRATIONS.length}. Deploy the later version of the worker again.`,
    );
  }
  if (stored === MIGRATIONS.length) return;
  for (const migration of MIGRATIONS.slice(stored)) sql.exec(migration);
  sql.exec("DELETE FROM schema_version");
  sql.exec("INSERT INTO schema_version VALUES (?)", MIGRATIONS.length);
}
