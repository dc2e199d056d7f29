/** The locks of this process. */
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { acquire, type Lock, type Owner, type Surroundings } from "./lock.js";

/** Takes several locks as one. @throws UsageError where another run holds one of them */
export async function acquireAll(paths: Iterable<string>): Promise<Lock> {
  const owner = thisProcess();
  const locks: Lock[] = [];
  const all: Lock = {
    confirm() {
      for (const lock of locks) lock.confirm();
    },
    release() {
      for (const lock of locks) lock.release();
    },
  };
  try {
    for (const path of paths) locks.push(await acquire(path, owner, SURROUNDINGS));
    return all;
  } catch (thrown) {
    all.release();
    throw thrown;
  }
}

/** This process as the owner of a lock. */
export function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), space: processSpace(), id: randomBytes(8).toString("hex") };
}

/** Differs among containers, machines and their starts; empty where only Linux could say it. */
function processSpace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

const SURROUNDINGS: Surroundings = {
  isRunning(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (thrown) {
      // A process of another user may not be signalled.
      return (thrown as NodeJS.ErrnoException).code === "EPERM";
    }
  },
  wait: (ms) => setTimeout(ms),
};
