/** What is kept next to an NDJSON copy: how far its files count, and the checkpoint that belongs to them. */
import { readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import type { SyncCheckpoint } from "sysparm/sync";
import { UsageError } from "../command.js";
import type { Lock } from "./lock.js";
import type { SyncSource } from "./target.js";

/** The files of a copy. */
export interface NdjsonFiles {
  copy: string;
  changes: string;
  merged: string;
  checkpoint: string;
}

export interface NdjsonState {
  form: 1;
  source: SyncSource;
  /** The copy as it is found from the folder of the checkpoint: a folder may be moved with both. */
  copy: string;
  /** Bytes that the copy may have: two numbers while a new copy is being put in the place of the old one. 0 stands for no file. */
  sizes: number[];
  /** Bytes of the changes that count; what is behind them is no longer whole, or has no checkpoint. */
  changes: number;
  /** Rows of the copy. */
  rows: number;
  /** Absent before the first batch. */
  checkpoint?: SyncCheckpoint;
}

/** The name of the copy that its state holds. */
export function nameOfCopy({ copy, checkpoint }: NdjsonFiles): string {
  return relative(dirname(checkpoint), copy).split(sep).join("/");
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
    const { form, source, copy, sizes, changes, rows } = state;
    const names = [source.instance, source.table, copy];
    const isNamed = names.every((name) => typeof name === "string" && name !== "");
    if (form === 1 && isNamed && [...sizes, changes, rows].every(Number.isSafeInteger)) return state;
  } catch {
    // Another kind of file.
  }
  throw new UsageError(
    `Invalid checkpoint file \`${file}\`: \`sysparm sync\` did not write it. Pass another file to --checkpoint.`,
  );
}

/** What every state begins with, as `writeState()` is given it. */
const BEGINNING = '{"form":1,';

/** Whether this is what a killed `writeState()` has left, as far as it came. */
export function isUnfinishedState(file: string): boolean {
  const text = readFileSync(file, "latin1").slice(0, BEGINNING.length);
  return BEGINNING.startsWith(text);
}

/** Where a state is written before it gets its name. */
export function newState(file: string): string {
  return `${file}.new`;
}

/** The file holds the old state or the new one, whenever this is killed. @throws Error where the lock is lost, even meanwhile */
export async function writeState(file: string, state: NdjsonState, lock: Lock): Promise<void> {
  const written = newState(file);
  lock.confirm();
  const handle = await open(written, "w");
  try {
    await handle.writeFile(`${JSON.stringify(state)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A disk may take seconds, and a suspended run hours.
  lock.confirm();
  await rename(written, file);
}
