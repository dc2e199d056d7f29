/**
 * A copy as NDJSON. Changes are appended to a file next to it, `FILE.changes`; the checkpoint file says how many of its bytes count, so what
 * a killed run has left behind them is cut off. The end of a run writes a new copy, with the last version of each row, and renames it to
 * FILE: a reader sees the copy as a run has ended, never the middle of one. Merging twice gives the same copy, so a kill between the
 * renaming and its record does no harm.
 */
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { constants, type FileHandle, open, rename, rm } from "node:fs/promises";
import { writeWhole } from "./lines.js";
import { isConfirmed, type Lock } from "./lock.js";
import { heldState, sizeOf } from "./ndjson-check.js";
import { deletionLine, rowLine } from "./ndjson-lines.js";
import { merge } from "./ndjson-merge.js";
import { type NdjsonFiles, type NdjsonState, nameOfCopy, writeState } from "./ndjson-state.js";
import type { SyncSource, SyncTarget } from "./target.js";

/** @throws UsageError where the files are not the copy of this source */
export async function openNdjson(
  copy: string,
  checkpoint: string,
  source: SyncSource,
  lock: Lock,
): Promise<SyncTarget> {
  const files = { copy, checkpoint, changes: `${copy}.changes`, merged: `${copy}.merged` };
  let state = heldState(files, source);
  // Written before any other file is made: files without it are someone else's.
  if (!state) {
    state = { form: 1, source, copy: nameOfCopy(files), sizes: [sizeOf(copy)], changes: 0, rows: 0 };
    await writeState(checkpoint, state, lock);
  }
  await rm(files.merged, { force: true });
  // Not for appending: Windows cuts off no file that was opened so.
  const changes = await open(files.changes, constants.O_RDWR | constants.O_CREAT);
  try {
    if ((await changes.stat()).size > state.changes) await changes.truncate(state.changes);
  } catch (thrown) {
    await changes.close();
    throw thrown;
  }
  return ndjsonTarget(files, state, changes, lock);
}

function ndjsonTarget(files: NdjsonFiles, begun: NdjsonState, changes: FileHandle, lock: Lock): SyncTarget {
  let state = begun;
  async function keep(changed: Partial<NdjsonState>): Promise<void> {
    const next = { ...state, ...changed };
    await writeState(files.checkpoint, next, lock);
    state = next;
  }
  async function merged(): Promise<{ bytes: number; rows: number }> {
    try {
      return await merge(files, state.changes);
    } catch (thrown) {
      // Where the disk is full it would keep the space that the next run needs.
      if (isConfirmed(lock)) await rm(files.merged, { force: true });
      throw thrown;
    }
  }
  return {
    checkpoint: begun.checkpoint,
    async apply({ rows, deleted, checkpoint }) {
      const lines = [...deleted.map(deletionLine), ...rows.map(rowLine)];
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      if (bytes.length > 0) {
        lock.confirm();
        await writeWhole(changes, bytes, state.changes);
        await changes.datasync();
      }
      await keep({ changes: state.changes + bytes.length, checkpoint });
    },
    async finish() {
      lock.confirm();
      if (state.changes === 0 && existsSync(files.copy)) return state.rows;
      if (sizeOf(files.changes) < state.changes) {
        throw new Error(
          `\`${files.changes}\` was deleted or cut while this run wrote to it. Run again for what to do.`,
        );
      }
      const { bytes, rows } = await merged();
      await keep({ sizes: [...new Set([sizeOf(files.copy), bytes])] });
      lock.confirm();
      await rename(files.merged, files.copy);
      await keep({ sizes: [bytes], changes: 0, rows });
      return rows;
    },
    async close() {
      await changes.close();
      // The files of a run that has lost its lock are another run's.
      if (!isConfirmed(lock)) return;
      if (state.changes === 0) await rm(files.changes, { force: true });
      // The first request has failed: nothing shows that there was a run.
      if (!state.checkpoint && sizeOf(files.copy) === 0) await rm(files.checkpoint, { force: true });
    },
  };
}
