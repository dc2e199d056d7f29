/** What Linux knows of a process: its processor time and memory. NaN elsewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Nanoseconds are counted for each thread (proc_pid_schedstat: the first number is the time on a processor). */
export function processorMs(processId: number | undefined): number {
  const threads = `/proc/${processId}/task`;
  if (!existsSync(threads)) return Number.NaN;
  let nanoseconds = 0;
  for (const thread of readdirSync(threads)) {
    const schedule = join(threads, thread, "schedstat");
    // A thread may have ended since the list was read.
    if (existsSync(schedule)) nanoseconds += Number(readFileSync(schedule, "utf8").split(" ")[0]);
  }
  return nanoseconds / 1e6;
}

/** Megabytes of resident memory. */
export function residentMemory(processId: number | undefined): number {
  const status = `/proc/${processId}/status`;
  if (!existsSync(status)) return Number.NaN;
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1]) / 1024;
}
