/**
 * The edge worker compared with a plain worker that only swaps the caller's key for a token, each in a workerd of its own. They take turns, with
 * the same replies.
 *
 *   PAIRS=25 node --import tsx benches/worker.ts
 *
 * SYSPARM_WRITE=1 also writes the table in benches/README.md.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { startServer } from "../tests/harness/server.ts";
import { load, median } from "./measures.ts";
import { processorMs, residentMemory } from "./processes.ts";
import { inPairs, quantity, quartiles, type Rounds, ratios } from "./startup/pairs.ts";
import { range, write } from "./startup/table.ts";
import { recordReplies, type Size } from "./worker/replies.ts";
import { Callers, type Served, undici } from "./worker/requests.ts";
import { CALLER, startWorkers, WORKERS, type WorkerName } from "./worker/workers.ts";

const PAIRS = Number(process.env.PAIRS ?? 25);
const FOLDER = resolve("target/bench-worker");
const LENGTH_MS = 1_000;

interface Measured extends Served {
  /** Microseconds of processor time of workerd for each request. */
  processor: number;
}

const client = undici();
if (!client) throw new Error("the package registry is missing, and with it undici, which makes the requests");
mkdirSync(FOLDER, { recursive: true });
const recorded = join(FOLDER, "replies.json");
await recordReplies(recorded);
const server = await startServer(process.execPath, ["--import", "tsx", "benches/worker/replies.ts", recorded]);
const workers = await startWorkers(server.url);
const began = load();
const lines = ["| | sysparm (quartiles) | plain | compared (quartiles) | aim |", "|---|---|---|---|---|"];
try {
  console.log(`worker, ${PAIRS} pairs; ${began}`);
  await measureMemory();
  await measure("small", 32, "2.5 KB, 32 at once", "0.95");
  await measure("small", 1, "2.5 KB, one at a time");
  await measure("page", 32, "1.4 MB, 32 at once", "0.93");
} finally {
  await Promise.all([server.stop(), ...Object.values(workers).map((worker) => worker.stop())]);
}
console.log(load());
const date = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
if (process.env.SYSPARM_WRITE)
  write("worker", [
    `${date}, Node ${process.version}, ${PAIRS} pairs, ${began} at the start, ${load()} at the end.`,
    "",
    ...lines,
  ]);

async function measure(size: Size, atOnce: number, name: string, aim?: string): Promise<void> {
  const callers = callersOf(atOnce);
  const rounds: Rounds<Measured> = await inPairs(WORKERS, PAIRS, async (worker) => {
    const used = processorMs(workers[worker as WorkerName].processId);
    const served = await callers[worker as WorkerName].call(`/api/now/table/${size}`, LENGTH_MS);
    const processor = processorMs(workers[worker as WorkerName].processId) - used;
    return { ...served, processor: (processor * 1000) / served.count };
  });
  await close(callers);
  if (aim)
    addRatio(
      `${name}, requests a second`,
      quantity(rounds, ({ rate }) => rate),
      aim,
    );
  else
    addDifference(
      `${name}, median duration, us`,
      quantity(rounds, ({ middle }) => middle),
      "at most +60",
    );
  addRatio(
    `${name}, processor time of workerd a request, us`,
    quantity(rounds, ({ processor }) => processor),
    "",
  );
}

/** The highest resident memory so far, above that of a worker that has answered its first requests. */
async function measureMemory(): Promise<void> {
  const callers = callersOf(8);
  const idle: Partial<Record<string, number>> = {};
  const highest: Partial<Record<string, number>> = {};
  const rounds = await inPairs(WORKERS, PAIRS, async (name) => {
    const worker = name as WorkerName;
    const { processId } = workers[worker];
    if (idle[worker] === undefined) await callers[worker].call("/api/now/table/small", LENGTH_MS);
    idle[worker] ??= residentMemory(processId);
    const watch = setInterval(() => {
      highest[worker] = Math.max(highest[worker] ?? 0, residentMemory(processId));
    }, 10);
    await callers[worker].call("/api/now/table/large", LENGTH_MS);
    clearInterval(watch);
    return (highest[worker] ?? Number.NaN) - idle[worker];
  });
  await close(callers);
  addDifference("14 MB, 8 at once, growth of resident memory, MB", rounds, "at most +10");
}

function callersOf(atOnce: number): Record<WorkerName, Callers> {
  const open = (name: WorkerName) =>
    new Callers(client as NonNullable<typeof client>, workers[name].url, atOnce, CALLER);
  return { sysparm: open("sysparm"), plain: open("plain") };
}

async function close(callers: Record<WorkerName, Callers>): Promise<void> {
  await Promise.all(WORKERS.map((name) => callers[name].close()));
}

function addRatio(name: string, rounds: Rounds, aim: string): void {
  const compared = range(quartiles(ratios(rounds.sysparm ?? [], rounds.plain ?? [])), 2);
  add(name, rounds, compared, aim);
}

function addDifference(name: string, rounds: Rounds, aim: string): void {
  const plain = rounds.plain ?? [];
  const differences = (rounds.sysparm ?? []).map((value, round) => value - (plain[round] ?? Number.NaN));
  const { low, middle, high } = quartiles(differences);
  const signed = (value: number) => `${value < 0 ? "" : "+"}${value.toFixed(0)}`;
  add(name, rounds, `${signed(middle)} (${signed(low)} to ${signed(high)})`, aim);
}

/** Printed at once, because a run takes minutes. */
function add(name: string, rounds: Rounds, compared: string, aim: string): void {
  const line = `| ${name} | ${range(quartiles(rounds.sysparm ?? []), 0)} | ${median(rounds.plain ?? []).toFixed(0)} | ${compared} | ${aim} |`;
  lines.push(line);
  console.log(line);
}
