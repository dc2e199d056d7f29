/** What a file of a copy could not do, by its name and with a next step. */
import { UsageError } from "../command.js";
import type { SyncTarget } from "./target.js";

/** The error to throw for one of the file system or of SQLite while a run lasts; another one as it is. */
export function failureOf(name: string, thrown: unknown): unknown {
  if (!isOfFile(thrown)) return thrown;
  return full(name, thrown) ?? new Error(`\`${name}\`: ${thrown.message}. Remove the cause, and run again to go on.`);
}

/** The error to throw where the file of an option cannot be opened; one that is not of the file system or of SQLite as it is. */
export function openingFailure(option: string, name: string, thrown: unknown): unknown {
  if (!isOfFile(thrown)) return thrown;
  const why = `Invalid option \`--${option}\`: ${name}: ${thrown.message}. Pass a file that you may write.`;
  return full(name, thrown) ?? new UsageError(why);
}

/** A target whose failures name its file. */
export function withNamedFailures(target: SyncTarget, name: string): SyncTarget {
  const named = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (thrown) {
      throw failureOf(name, thrown);
    }
  };
  return {
    checkpoint: target.checkpoint,
    apply: (changes) => named(() => target.apply(changes)),
    finish: () => named(() => target.finish()),
    close: () => named(() => target.close()),
  };
}

/** `errcode` is SQLite's. */
type FileError = NodeJS.ErrnoException & { errcode?: number };

function isOfFile(thrown: unknown): thrown is FileError {
  if (!(thrown instanceof Error)) return false;
  const { errno, code } = thrown as FileError;
  return typeof errno === "number" || code === "ERR_SQLITE_ERROR";
}

const SQLITE_FULL = 13;

function full(name: string, { code, errcode }: FileError): Error | undefined {
  const isFull = code === "ENOSPC" || code === "EDQUOT" || errcode === SQLITE_FULL;
  return isFull ? new Error(`\`${name}\`: the disk is full. Free space, and run again to go on.`) : undefined;
}
