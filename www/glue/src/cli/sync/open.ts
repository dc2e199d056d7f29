/** Opens the target of a run, by the end of its file's name. */
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { UsageError } from "../command.js";
import { acquire, type Lock, type Surroundings } from "./lock.js";
import { openNdjson } from "./ndjson.js";
import { openSqlite } from "./sqlite.js";
import { type SyncSource, type SyncTarget, targetKind } from "./target.js";

/** @throws UsageError for a file that cannot be the target, or that another run writes to */
export async function openTarget(
  name: string,
  checkpoint: string | undefined,
  source: SyncSource,
): Promise<SyncTarget> {
  try {
    await mkdir(dirname(name), { recursive: true });
    // Under one name it has one lock.
    const file = await realpath(name).catch(() => name);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`Invalid option \`--to\`: ${name} is a folder. Pass a file.`);
    }
    const owner = { pid: process.pid, host: hostname(), id: randomBytes(8).toString("hex") };
    return await openLocked(file, checkpoint, source, await acquire(`${file}.lock`, owner, SURROUNDINGS));
  } catch (thrown) {
    // Of the file system, as EACCES, or of SQLite, as ERR_SQLITE_ERROR.
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (typeof code !== "string" || !/^E[A-Z_]+$/.test(code)) throw thrown;
    throw new UsageError(`Invalid option \`--to\`: ${name}: ${message}. Pass a file that you may write.`);
  }
}

async function openLocked(
  file: string,
  checkpoint: string | undefined,
  source: SyncSource,
  lock: Lock,
): Promise<SyncTarget> {
  try {
    const target =
      targetKind(file) === "sqlite"
        ? await openSqlite(file, source, lock)
        : await openNdjson(file, checkpoint ?? `${file}.checkpoint`, source, lock);
    const close = async () => {
      try {
        await target.close();
      } finally {
        lock.release();
      }
    };
    return { ...target, close };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/** @throws UsageError for a file whose name says no kind, and for a checkpoint file that cannot be one */
export function checkTarget(file: string, checkpoint: string | undefined): void {
  const kind = targetKind(file);
  if (!kind) {
    throw new UsageError(
      `Invalid option \`--to\`: ${file}. Pass a file that ends with .ndjson or .jsonl, or with .db, .sqlite or .sqlite3.`,
    );
  }
  if (kind === "sqlite" && checkpoint !== undefined) {
    throw new UsageError("Invalid option `--checkpoint`: a SQLite database holds its checkpoint. Leave it out.");
  }
  if (checkpoint !== undefined && NDJSON_FILES.some((end) => resolve(`${file}${end}`) === resolve(checkpoint))) {
    throw new UsageError(`Invalid option \`--checkpoint\`: ${checkpoint} holds something else. Pass another file.`);
  }
}

/** Ends of the names of files that are made next to an NDJSON copy, and of its own. */
const NDJSON_FILES = ["", ".changes", ".merged", ".lock"];

const SURROUNDINGS: Surroundings = {
  isRunning(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (thrown) {
      // A process of another user may not be signalled.
      return (thrown as NodeJS.ErrnoException).code === "EPERM";
    }
  },
  wait: (ms) => setTimeout(ms),
};
