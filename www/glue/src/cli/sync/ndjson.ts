/**
 * A copy as NDJSON. Changes are appended to a file next to it, `FILE.changes`; the checkpoint file says how many of its bytes count, so what
 * a killed run has left behind them is cut off. The end of a run writes a new copy, with the last version of each row, and renames it to
 * FILE: a reader sees the copy as a run has ended, never the middle of one. Merging twice gives the same copy, so a kill between the
 * renaming and its record does no harm.
 */
import { Buffer } from "node:buffer";
import { statSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { UsageError } from "../command.js";
import { linesOf, lineWriter, writeWhole } from "./lines.js";
import type { Lock } from "./lock.js";
import { deletionLine, idOfLine, isDeletion, rowLine } from "./ndjson-lines.js";
import { type NdjsonState, readState, writeState } from "./ndjson-state.js";
import { otherSource, type SyncSource, type SyncTarget } from "./target.js";

interface Files {
  copy: string;
  changes: string;
  merged: string;
  checkpoint: string;
}

/** @throws UsageError where the files are not the copy of this source */
export async function openNdjson(
  copy: string,
  checkpoint: string,
  source: SyncSource,
  lock: Lock,
): Promise<SyncTarget> {
  const files = { copy, checkpoint, changes: `${copy}.changes`, merged: `${copy}.merged` };
  let state = stateOf(files, source);
  // Written before any other file is made: files without it are someone else's.
  if (!state) {
    state = { form: 1, source, sizes: [sizeOf(copy)], changes: 0, rows: 0 };
    await writeState(checkpoint, state);
  }
  await rm(files.merged, { force: true });
  const changes = await open(files.changes, "a");
  try {
    await changes.truncate(state.changes);
  } catch (thrown) {
    await changes.close();
    throw thrown;
  }
  return ndjsonTarget(files, state, changes, lock);
}

/** Undefined where the copy begins. */
function stateOf({ copy, changes, checkpoint }: Files, source: SyncSource): NdjsonState | undefined {
  const state = readState(checkpoint);
  const anew = `To read all rows again, delete \`${copy}\`, \`${checkpoint}\` and \`${changes}\`.`;
  if (!state) {
    const found = [copy, changes].find((file) => sizeOf(file) > 0);
    if (!found) return undefined;
    throw new UsageError(
      `\`${found}\` exists, but its checkpoint \`${checkpoint}\` does not. Pass another file to --to, or delete \`${found}\` if it is an earlier copy.`,
    );
  }
  const other = otherSource(copy, state.source, source);
  if (other) throw new UsageError(`${other}. Pass another file to --to.`);
  const size = sizeOf(copy);
  // A user deletes the copy to read everything again.
  if (size === 0 && !state.sizes.includes(0)) return undefined;
  if (!state.sizes.includes(size)) {
    throw new UsageError(
      `\`${copy}\` has ${size} bytes, not ${state.sizes.join(" or ")}: another program has changed it. ${anew}`,
    );
  }
  if (sizeOf(changes) < state.changes) {
    throw new UsageError(`\`${changes}\` was deleted or cut. ${anew}`);
  }
  return state;
}

function ndjsonTarget(files: Files, begun: NdjsonState, changes: FileHandle, lock: Lock): SyncTarget {
  let state = begun;
  async function keep(changed: Partial<NdjsonState>): Promise<void> {
    const next = { ...state, ...changed };
    lock.confirm();
    await writeState(files.checkpoint, next);
    state = next;
  }
  return {
    checkpoint: begun.checkpoint,
    async apply({ rows, deleted, checkpoint }) {
      const lines = [...deleted.map(deletionLine), ...rows.map(rowLine)];
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      if (bytes.length > 0) {
        lock.confirm();
        await writeWhole(changes, bytes);
        await changes.datasync();
      }
      await keep({ changes: state.changes + bytes.length, checkpoint });
    },
    async finish() {
      const isThere = statSync(files.copy, { throwIfNoEntry: false });
      if (state.changes === 0 && isThere) return state.rows;
      const { bytes, rows } = await merge(files);
      await keep({ sizes: [...new Set([sizeOf(files.copy), bytes])] });
      lock.confirm();
      await rename(files.merged, files.copy);
      await keep({ sizes: [bytes], changes: 0, rows });
      await changes.truncate(0);
      return rows;
    },
    async close() {
      await changes.close();
      if (state.changes === 0) await rm(files.changes, { force: true });
      // The first request has failed: nothing shows that there was a run.
      if (!state.checkpoint && sizeOf(files.copy) === 0) await rm(files.checkpoint, { force: true });
    },
  };
}

/** Writes the copy with its changes to a third file. Memory: the `sys_id` of each changed row. */
async function merge({ copy, changes, merged }: Files): Promise<{ bytes: number; rows: number }> {
  const last = new Map<string, number>();
  let place = 0;
  for await (const line of linesOf(changes)) last.set(idOfLine(line), place++);
  const file = await open(merged, "w");
  try {
    const writer = lineWriter(file);
    let rows = 0;
    const keep = (line: Buffer) => {
      rows += 1;
      return writer.write(line);
    };
    for await (const line of linesOf(copy)) {
      if (!last.has(idOfLine(line))) await keep(line);
    }
    place = 0;
    for await (const line of linesOf(changes)) {
      if (last.get(idOfLine(line)) === place++ && !isDeletion(line)) await keep(line);
    }
    const bytes = await writer.end();
    await file.sync();
    return { bytes, rows };
  } finally {
    await file.close();
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
