/** Files that a command writes, and why one cannot be written. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes the file of an option, and makes its folder. `mode` is that of a new file. @throws Error of `notWritten()` */
export async function writeOutput(option: string, file: string, text: string, mode?: number): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
  } catch (thrown) {
    throw notWritten(`Option \`--${option}\`: \`${file}\``, thrown, "Pass a file that you may write");
  }
}

/** The error to throw where `what` was not written. `advice` is for another reason than a full disk. It is a failure, and no wrong use. */
export function notWritten(what: string, thrown: unknown, advice: string): Error {
  const step = isFull(thrown) ? "Free space, and run again" : advice;
  return new Error(`${what} was not written: ${(thrown as Error).message}. ${step}.`);
}

/** Whether no space is left, or none of the user's quota. */
export function isFull(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}
