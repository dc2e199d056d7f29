/** Opens the target of a run, by the end of its file's name. */
import { statSync } from "node:fs";
import { mkdir, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "../command.js";
import { openingFailure, withNamedFailures } from "./file-failure.js";
import type { Lock } from "./lock.js";
import { openNdjson } from "./ndjson.js";
import { newState } from "./ndjson-state.js";
import { acquireAll } from "./run-lock.js";
import { openSqlite } from "./sqlite.js";
import { type SyncSource, type SyncTarget, targetKind } from "./target.js";

/** @throws UsageError for a file that cannot be the target, or that another run writes to */
export async function openTarget(
  name: string,
  checkpoint: string | undefined,
  source: SyncSource,
): Promise<SyncTarget> {
  const file = await fileOf("to", name);
  // The name that was given decides: it may be a link to a file with another end.
  if (targetKind(name) === "sqlite") {
    return openLocked(name, [file], (lock) => openSqlite(file, source, lock));
  }
  const kept = checkpoint === undefined ? `${file}.checkpoint` : await fileOf("checkpoint", checkpoint);
  checkCheckpoint(file, kept);
  return openLocked(name, [file, kept], (lock) => openNdjson(file, kept, source, lock), checkpoint);
}

/** A file under the one name that it has without links, so that it has one lock. Its folder is made. */
async function fileOf(option: string, name: string): Promise<string> {
  try {
    await mkdir(dirname(name), { recursive: true });
    const file = await withoutLinks(name);
    if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return file;
  } catch (thrown) {
    throw openingFailure(option, name, thrown);
  }
  throw new UsageError(`Invalid option \`--${option}\`: ${name} is a folder. Pass a file.`);
}

async function withoutLinks(name: string): Promise<string> {
  try {
    return await realpath(name);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
  }
  // The file is still to be made, or the one that a link points to.
  const file = join(await realpath(dirname(name)), basename(name));
  const target = await readlink(file).catch(() => undefined);
  return target === undefined ? file : withoutLinks(resolve(dirname(file), target));
}

async function openLocked(
  name: string,
  files: readonly string[],
  open: (lock: Lock) => Promise<SyncTarget>,
  checkpoint?: string,
): Promise<SyncTarget> {
  let lock: Lock | undefined;
  try {
    const held = await acquireAll(new Set(files.map(lockOf)));
    lock = held;
    const target = withNamedFailures(await open(held), name);
    const close = async () => {
      try {
        await target.close();
      } finally {
        held.release();
      }
    };
    return { ...target, close };
  } catch (thrown) {
    lock?.release();
    throw openingFailure(...blamed(thrown), thrown);
  }

  function blamed(thrown: unknown): [option: string, name: string] {
    const kept = files[1] ?? "";
    const path = (thrown as NodeJS.ErrnoException).path ?? "";
    const isOfCheckpoint = checkpoint !== undefined && [kept, newState(kept), lockOf(kept)].includes(path);
    return isOfCheckpoint ? ["checkpoint", checkpoint] : ["to", name];
  }
}

/** The lock of a copy is that of its usual checkpoint too: another run may be given one of the two. */
function lockOf(file: string): string {
  return `${file.replace(/\.checkpoint$/, "")}.lock`;
}

/** @throws UsageError for a file whose name says no kind, and for a checkpoint file that cannot be one */
export function checkTarget(file: string, checkpoint: string | undefined): void {
  const kind = targetKind(file);
  if (!kind) {
    throw new UsageError(
      `Invalid option \`--to\`: ${file}. Pass a file that ends with .ndjson or .jsonl, or with .db, .sqlite or .sqlite3.`,
    );
  }
  if (checkpoint === undefined) return;
  if (kind === "sqlite") {
    throw new UsageError("Invalid option `--checkpoint`: a SQLite database holds its checkpoint. Leave it out.");
  }
  checkCheckpoint(file, checkpoint);
}

/** @throws UsageError for the copy itself, and for the names of files that are made next to a copy or a checkpoint */
function checkCheckpoint(file: string, checkpoint: string): void {
  if (resolve(file) !== resolve(checkpoint) && !/\.(changes|merged|lock|new)$/i.test(checkpoint)) return;
  throw new UsageError(`Invalid option \`--checkpoint\`: ${checkpoint} holds something else. Pass another file.`);
}
