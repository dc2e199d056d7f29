/**
 * A file that keeps two runs from one target. A run that was killed leaves it behind: the next run on the same machine sees that its
 * process has ended. A process of another machine or container cannot be looked up, so a run renews the file while it lasts.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { UsageError } from "../command.js";

/** The process that a lock file names. */
export interface Owner {
  pid: number;
  host: string;
  /** Where its number counts: the start of a machine and the container. Empty where that is not known. */
  space: string;
  /** Differs from that of an earlier process with the same number. */
  id: string;
}

/** What is known outside of the file. */
export interface Surroundings {
  isRunning(pid: number): boolean;
  wait(ms: number): Promise<void>;
}

export interface Lock {
  /** @throws Error where another run has taken it over, because this one was suspended for long */
  confirm(): void;
  release(): void;
}

/** Whether files may still be removed in the name of this run. */
export function isConfirmed(lock: Lock): boolean {
  try {
    lock.confirm();
    return true;
  } catch {
    return false;
  }
}

const RENEWED_EVERY_MS = 5_000;
/** A lock of another machine that is not renewed for this time is no longer held. Its clock may differ, so this is waited for. */
const OBSERVED_MS = 15_000;
/** On the same machine: the number may meanwhile be another process's. */
const OUTDATED_MS = 60_000;

/** @throws UsageError where another run holds it */
export async function acquire(path: string, owner: Owner, surroundings: Surroundings): Promise<Lock> {
  if (!created(path, owner)) await takeOver(path, owner, surroundings);
  const renewal = setInterval(() => {
    if (read(path)?.id === owner.id) renew(path);
  }, RENEWED_EVERY_MS);
  renewal.unref();
  return {
    confirm() {
      if (read(path)?.id === owner.id) return;
      throw new Error(
        `\`${path}\` is no longer this run's: it was deleted, or another run has taken it over. Run again.`,
      );
    },
    release() {
      clearInterval(renewal);
      if (read(path)?.id === owner.id) rmSync(path, { force: true });
    },
  };
}

async function takeOver(path: string, owner: Owner, surroundings: Surroundings): Promise<void> {
  const held = read(path);
  // The other run has just ended.
  if (!held && changedAt(path) === undefined && created(path, owner)) return;
  if (await isHeld(path, held, owner, surroundings)) throw new UsageError(refusal(path, held));
  // Of several runs that find the same owner gone, one gets the lock that is named after that owner.
  const takeoverLock = await acquire(`${path}.${held?.id ?? "unreadable"}`, owner, surroundings);
  try {
    const now = read(path);
    if (now?.id !== held?.id || changedAt(path) === undefined) throw new UsageError(refusal(path, now));
    const own = `${path}.${owner.id}`;
    rmSync(own, { force: true });
    created(own, owner);
    renameSync(own, path);
  } finally {
    takeoverLock.release();
  }
}

async function isHeld(
  path: string,
  held: Owner | undefined,
  owner: Owner,
  { isRunning, wait }: Surroundings,
): Promise<boolean> {
  const renewedAt = changedAt(path);
  if (renewedAt === undefined) return false;
  const isHere = held?.host === owner.host && held.space === owner.space;
  // The file is empty for a moment while it is being made.
  if (!held || (isHere && held.pid !== owner.pid && isRunning(held.pid))) return Date.now() - renewedAt < OUTDATED_MS;
  // Containers of one host name may each have a process of this number.
  if (isHere && (held.pid !== owner.pid || owner.space !== "")) return false;
  await wait(OBSERVED_MS);
  return changedAt(path) !== renewedAt;
}

function refusal(path: string, held: Owner | undefined): string {
  const who = held ? `Process ${held.pid} on ${held.host}` : "Another run";
  return `${who} is writing to this target. Wait until it has ended. If there is no such process, delete \`${path}\`.`;
}

/** Whether the file did not exist. */
function created(path: string, owner: Owner): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
  try {
    writeSync(file, JSON.stringify(owner));
  } catch (thrown) {
    // The disk is full: an empty lock would keep the next run out.
    rmSync(path, { force: true });
    throw thrown;
  } finally {
    closeSync(file);
  }
  return true;
}

function read(path: string): Owner | undefined {
  try {
    const { pid, host, space = "", id } = JSON.parse(readFileSync(path, "utf8"));
    const isNumber = Number.isSafeInteger(pid) && pid > 0;
    const isPlace = typeof host === "string" && typeof space === "string";
    const isOwner = isNumber && isPlace && /^[0-9a-f]{1,32}$/.test(id);
    return isOwner ? { pid, host, space, id } : undefined;
  } catch {
    return undefined;
  }
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function renew(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The next renewal tries again.
  }
}
