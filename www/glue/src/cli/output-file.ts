/** Files that a command writes, and why one cannot be written. */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes the file of an option, and makes its folder. `mode` is that of a new file. A regular file is replaced whole, so that a full disk
 * leaves it as it was. @throws Error of `notWritten()`
 */
export async function writeOutput(option: string, file: string, text: string, mode?: number): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    if (!(await replaced(file, text, mode))) await writeFile(file, text, { mode });
  } catch (thrown) {
    throw notWritten(`Option \`--${option}\`: \`${file}\``, thrown, "Pass a file that you may write");
  }
}

/** Writes a draft next to the file, and renames it: a reader sees the old file or the new one. */
export async function replaceFile(file: string, text: string, mode?: number): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode });
    // Unlike `mode`, which the process's mask narrows.
    if (mode !== undefined) await chmod(draft, mode);
    await rename(draft, file);
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** False where the file must be written directly: a device, a pipe, a link, a file of another user, or a folder that takes no draft. */
async function replaced(file: string, text: string, mode: number | undefined): Promise<boolean> {
  const before = await lstat(file).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== "ENOENT") throw thrown;
  });
  if (before) {
    const isOwn = process.getuid === undefined || before.uid === process.getuid();
    if (!before.isFile() || before.nlink > 1 || !isOwn) return false;
    // A rename would replace a write-protected file.
    await access(file, constants.W_OK);
  }
  try {
    await replaceFile(file, text, before ? before.mode & PERMISSIONS : mode);
    return true;
  } catch (thrown) {
    if (NO_DRAFT.includes((thrown as NodeJS.ErrnoException).code ?? "")) return false;
    throw thrown;
  }
}

const PERMISSIONS = 0o777;
/** Codes of a folder that may not be written to, and of a file that is mounted by itself. */
const NO_DRAFT = ["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV", "ENAMETOOLONG"];

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
