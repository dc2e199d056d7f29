/** What a file of a copy could not do, by its name and with a next step. */
import { UsageError } from "../command.js";
import { isFull, notWritten } from "../output-file.js";
import type { SyncTarget } from "./target.js";

/** The error to throw for one of the file system or of SQLite while a run lasts; another one as it is. */
export function failureOf(name: string, thrown: unknown): unknown {
  if (!isOfFile(thrown)) return thrown;
  return full(name, thrown) ?? new Error(`\`${name}\`: ${thrown.message}. Remove the cause, and run again to go on.`);
}

/** The error to throw where the file of an option cannot be opened; one that is not of the file system or of SQLite as it is. */
export function openingFailure(option: string, name: string, thrown: unknown): unknown {
  if (!isOfFile(thrown)) return thrown;
  if (thrown.code === SQLITE_ERROR && thrown.errcode !== SQLITE_FULL)
    return new UsageError(
      `Invalid option \`--${option}\`: ${name}: ${thrown.message}. Pass a file that you may write.`,
    );
  return (
    full(name, thrown) ?? notWritten(`Option \`--${option}\`: \`${name}\``, thrown, "Pass a file that you may write")
  );
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
  return typeof errno === "number" || code === SQLITE_ERROR;
}

const SQLITE_ERROR = "ERR_SQLITE_ERROR";
const SQLITE_FULL = 13;

function full(name: string, thrown: FileError): Error | undefined {
  return isFull(thrown) || thrown.errcode === SQLITE_FULL
    ? new Error(`\`${name}\`: the disk is full. Free space, and run again to go on.`)
    : undefined;
}
