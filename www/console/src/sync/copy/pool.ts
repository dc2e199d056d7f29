/**
 * The databases of local copies in the origin's private file system (OPFS): one for each environment, so that SQL joins its tables and
 * removing it removes a folder.
 *
 * SQLite's `opfs-sahpool` needs no cross-origin isolation, and holds its files exclusively. Each use of a database therefore takes them
 * within a Web Lock and gives them back: tabs take turns, batch by batch. Its other file systems (`opfs`, `opfs-wl`) need shared memory.
 */
import sqlite3InitModule, { type Database, type SAHPoolUtil, type Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { copyFailure, isFileFailure } from "./failure";
import { prepare } from "./operations";

export const FOLDER = "sysparm-console";
const FILE = "/copies.db";
/** The database and its rollback journal. Temporary files are in memory. */
const FILES = 3;

const pools = new Map<string, SAHPoolUtil>();
/** A name is never used again: SQLite answers a second installation with the first one's pool. */
let installed = 0;
let loading: Promise<Sqlite3Static> | undefined;

export interface Open {
  sqlite3: Sqlite3Static;
  database: Database;
  file: () => Uint8Array<ArrayBuffer>;
}

/**
 * Does something with the database of an environment, which no other tab uses meanwhile. `writes` says whether that writes to it.
 * @throws CopyFailure
 */
export function withDatabase<Result>(
  environment: string,
  writes: boolean,
  use: (open: Open) => Result,
): Promise<Result> {
  const once = async () => {
    const sqlite3 = await loaded();
    const pool = await taken(sqlite3, environment);
    try {
      return opened(sqlite3, pool, use);
    } finally {
      pool.pauseVfs();
    }
  };
  return exclusively(environment, writes, () => (writes ? once() : readTwice(once)));
}

/** Removes the files of an environment. A damaged database needs no opening for that. */
export function removeDatabase(environment: string): Promise<void> {
  return exclusively(environment, false, async () => {
    pools.get(environment)?.pauseVfs();
    const root = await navigator.storage.getDirectory();
    try {
      const folder = await root.getDirectoryHandle(FOLDER);
      await patiently(() => folder.removeEntry(nameOf(environment), { recursive: true }));
    } catch (thrown) {
      if ((thrown as Error).name !== "NotFoundError") throw thrown;
    }
    pools.delete(environment);
  });
}

function opened<Result>(sqlite3: Sqlite3Static, pool: SAHPoolUtil, use: (open: Open) => Result): Result {
  const database = new pool.OpfsSAHPoolDb(FILE);
  try {
    prepare(database);
    return use({ sqlite3, database, file: () => pool.exportFile(FILE) as Uint8Array<ArrayBuffer> });
  } finally {
    database.close();
  }
}

async function exclusively<Result>(environment: string, writes: boolean, work: () => Promise<Result>): Promise<Result> {
  try {
    return await navigator.locks.request(`${FOLDER}-copies ${environment}`, work);
  } catch (thrown) {
    throw copyFailure(thrown, writes);
  }
}

function loaded(): Promise<Sqlite3Static> {
  const quiet = () => undefined;
  // What goes wrong is thrown, and shown by the page.
  Object.assign(globalThis, {
    sqlite3ApiConfig: { warn: quiet, error: quiet, disable: { vfs: { opfs: true, "opfs-wl": true, kvvfs: true } } },
  });
  loading ??= sqlite3InitModule();
  return loading;
}

async function taken(sqlite3: Sqlite3Static, environment: string): Promise<SAHPoolUtil> {
  const known = pools.get(environment);
  if (known) return patiently(() => known.unpauseVfs());
  installed += 1;
  const options = {
    name: `copies-${installed}`,
    directory: `/${FOLDER}/${nameOf(environment)}`,
    initialCapacity: FILES,
    // Without it a failure to open, such as files that another tab still holds, removes the database.
    preserveOnInitFailure: true,
    forceReinitIfPreviouslyFailed: true,
  };
  const pool = await patiently(() => sqlite3.installOpfsSAHPoolVfs(options));
  pools.set(environment, pool);
  return pool;
}

/** A tab that was killed a moment ago may still hold its files, although its Web Lock has ended. */
async function patiently<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await attempt();
    } catch (thrown) {
      if (left === 0 || (thrown as Error).name !== "NoModificationAllowedError") throw thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** Only files that fail again are called damaged: a person then deletes them. */
export async function readTwice<Result>(read: () => Promise<Result>, waitMs = AGAIN_MS): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    if (!isFileFailure(thrown)) throw thrown;
  }
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  return read();
}

/** Ids of imported environments may have any text. */
function nameOf(environment: string): string {
  return `copies-${encodeURIComponent(environment)}`;
}

const ATTEMPTS = 60;
const WAIT_MS = 50;
const AGAIN_MS = 500;
