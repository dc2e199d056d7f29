/** What is kept next to an NDJSON copy: how far its files count, and the checkpoint that belongs to them. */
import { readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import type { SyncCheckpoint } from "sysparm/sync";
import { UsageError } from "../command.js";
import type { SyncSource } from "./target.js";

export interface NdjsonState {
  form: 1;
  source: SyncSource;
  /** Bytes that the copy may have: two numbers while a new copy is being put in the place of the old one. 0 stands for no file. */
  sizes: number[];
  /** Bytes of the changes that count; what is behind them is no longer whole, or has no checkpoint. */
  changes: number;
  /** Rows of the copy. */
  rows: number;
  /** Absent before the first batch. */
  checkpoint?: SyncCheckpoint;
}

/** Undefined where there is no file. @throws UsageError for a file of another kind */
export function readState(file: string): NdjsonState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(
      `Invalid checkpoint file: ${(thrown as Error).message}. Pass --checkpoint with a file that you may read.`,
    );
  }
  try {
    const state = JSON.parse(text) as NdjsonState;
    const { form, source, sizes, changes, rows } = state;
    const numbers = [...sizes, changes, rows];
    if (form === 1 && source.instance && source.table && numbers.every(Number.isSafeInteger)) return state;
  } catch {
    // Another kind of file.
  }
  throw new UsageError(
    `Invalid checkpoint file \`${file}\`: \`sysparm sync\` did not write it. Pass another file to --checkpoint.`,
  );
}

/** The file holds the old state or the new one, whenever this is killed. */
export async function writeState(file: string, state: NdjsonState): Promise<void> {
  const written = `${file}.new`;
  const handle = await open(written, "w");
  try {
    await handle.writeFile(`${JSON.stringify(state)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(written, file);
}
