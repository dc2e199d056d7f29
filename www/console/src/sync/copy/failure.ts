/** Why a local copy could not be read or written, in words. Pure. */

/** What a Worker passes of an error is its name and its message. */
export type CopyFailureName =
  | "CopyFull"
  | "CopyDamaged"
  | "CopyInUse"
  | "CopyUnavailable"
  | "CopyChanged"
  | "QueryRefused";

export class CopyFailure extends Error {
  override readonly name: CopyFailureName;
  constructor(name: CopyFailureName) {
    super(WORDS[name]);
    this.name = name;
  }
}

const WORDS: Record<CopyFailureName, string> = {
  CopyFull:
    "The browser could not write to the local copy: most likely this page has used up its storage. What was stored before is kept. Delete a copy, or free storage of this browser, then resume.",
  CopyDamaged:
    "The database of the local copies is damaged and cannot be read. Delete the copies of this environment, then run them again. Nothing changes on the instance.",
  CopyInUse:
    "The local copies are in use by another tab of this browser, or by one that has just been closed. Try again in a few seconds; close the other tab if that does not help.",
  CopyUnavailable:
    "This browser keeps no local copies for this page, as in a private window, or on a page that is not secure. Open the console in an ordinary window, by https or on localhost.",
  CopyChanged:
    "Another tab of this browser has changed the local copy meanwhile. What it stored is kept. Run again to go on from there.",
  QueryRefused: "The statement cannot be run.",
};

/** Result codes of SQLite ("Result and Error Codes"), the primary ones in the low 8 bits. */
const IO = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOT_A_DATABASE = 26;

/**
 * The failure that an error of SQLite or of the browser's file system stands for; the error itself where it is another one. SQLite has one
 * code for all failures of the browser's files: while something is written it is the storage that is used up, otherwise the file is not as it was.
 */
export function copyFailure(thrown: unknown, writes: boolean): unknown {
  if (thrown instanceof CopyFailure) return thrown;
  const { name, resultCode, message } = (thrown ?? {}) as { name?: string; resultCode?: number; message?: string };
  switch (name) {
    case "QuotaExceededError":
      return new CopyFailure("CopyFull");
    case "NoModificationAllowedError":
      return new CopyFailure("CopyInUse");
    case "SecurityError":
      return new CopyFailure("CopyUnavailable");
  }
  if (/Missing required OPFS APIs|too old for opfs-sahpool/.test(message ?? ""))
    return new CopyFailure("CopyUnavailable");
  if (resultCode === undefined) return thrown;
  switch (resultCode & 0xff) {
    case FULL:
      return new CopyFailure("CopyFull");
    case IO:
      return new CopyFailure(writes ? "CopyFull" : "CopyDamaged");
    case CORRUPT:
    case NOT_A_DATABASE:
    case CANTOPEN:
      return new CopyFailure("CopyDamaged");
  }
  return thrown;
}

/** Whether the browser's files failed. What is in them may be whole. */
export function isFileFailure(thrown: unknown): boolean {
  const { resultCode = 0 } = (thrown ?? {}) as { resultCode?: number };
  return (resultCode & 0xff) === IO;
}

/** The name of a failure that a Worker has passed; undefined for another error. */
export function failureName(thrown: unknown): CopyFailureName | undefined {
  const { name = "" } = (thrown ?? {}) as { name?: string };
  return name in WORDS ? (name as CopyFailureName) : undefined;
}
