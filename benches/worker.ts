/**
 * The edge worker compared with a plain worker that only swaps the caller's key for a token, each in a workerd of its own: with the tenant of its
 * bindings, and as a gateway with a tenant of its registry and a policy. They take turns, with the same replies.
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
import { CALLER, COMPARED, startWorkers, TABLES, WORKERS, type WorkerName } from "./worker/workers.ts";

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
const lines = ["| | worker | sysparm (quartiles) | plain | compared (quartiles) | aim |", "|---|---|---|---|---|---|"];
try {
  console.log(`worker, ${PAIRS} pairs; ${began}`);
  await measureMemory();
  await measure("small", 32, "2.5 KB, 32 at once", { "one tenant": "0.95", gateway: "0.85" });
  await measure("small", 1, "2.5 KB, one at a time");
  await measure("page", 32, "1.4 MB, 32 at once", { "one tenant": "0.93", gateway: "0.93" });
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

type Aims = Partial<Record<WorkerName, string>>;

async function measure(size: Size, atOnce: number, name: string, aims?: Aims): Promise<void> {
  const callers = callersOf(atOnce);
  const rounds: Rounds<Measured> = await inPairs(WORKERS, PAIRS, async (given) => {
    const worker = given as WorkerName;
    const used = processorMs(workers[worker].processId);
    const served = await callers[worker].call(`${TABLES[worker]}/${size}`, LENGTH_MS);
    const processor = processorMs(workers[worker].processId) - used;
    return { ...served, processor: (processor * 1000) / served.count };
  });
  await close(callers);
  const of = (quantityOf: (measured: Measured) => number) => quantity(rounds, quantityOf);
  if (aims)
    addRatios(
      `${name}, requests a second`,
      of(({ rate }) => rate),
      aims,
    );
  else {
    const most = { "one tenant": "at most +60", gateway: "at most +80" };
    addDifferences(
      `${name}, median duration, us`,
      of(({ middle }) => middle),
      most,
    );
  }
  addRatios(
    `${name}, 99 of 100 are faster than, us`,
    of(({ late }) => late),
    {},
  );
  addRatios(
    `${name}, processor time of workerd a request, us`,
    of(({ processor }) => processor),
    {},
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
    if (idle[worker] === undefined) await callers[worker].call(`${TABLES[worker]}/small`, LENGTH_MS);
    idle[worker] ??= residentMemory(processId);
    const watch = setInterval(() => {
      highest[worker] = Math.max(highest[worker] ?? 0, residentMemory(processId));
    }, 10);
    await callers[worker].call(`${TABLES[worker]}/large`, LENGTH_MS);
    clearInterval(watch);
    return (highest[worker] ?? Number.NaN) - idle[worker];
  });
  await close(callers);
  const most = { "one tenant": "at most +10", gateway: "at most +10" };
  addDifferences("14 MB, 8 at once, growth of resident memory, MB", rounds, most);
}

type AllCallers = Record<WorkerName, Callers>;

function callersOf(atOnce: number): AllCallers {
  const { Pool } = client as NonNullable<typeof client>;
  const open = (name: WorkerName) => [name, new Callers({ Pool }, workers[name].url, atOnce, CALLER)] as const;
  return Object.fromEntries(WORKERS.map(open)) as AllCallers;
}

async function close(callers: AllCallers): Promise<void> {
  await Promise.all(WORKERS.map((name) => callers[name].close()));
}

function addRatios(name: string, rounds: Rounds, aims: Aims): void {
  for (const worker of COMPARED) {
    const compared = range(quartiles(ratios(rounds[worker] ?? [], rounds.plain ?? [])), 2);
    add(name, worker, rounds, compared, aims[worker] ?? "");
  }
}

function addDifferences(name: string, rounds: Rounds, aims: Aims): void {
  const plain = rounds.plain ?? [];
  for (const worker of COMPARED) {
    const differences = (rounds[worker] ?? []).map((value, round) => value - (plain[round] ?? Number.NaN));
    const { low, middle, high } = quartiles(differences);
    const signed = (value: number) => `${value < 0 ? "" : "+"}${value.toFixed(0)}`;
    add(name, worker, rounds, `${signed(middle)} (${signed(low)} to ${signed(high)})`, aims[worker] ?? "");
  }
}

/** Printed at once, because a run takes minutes. */
function add(name: string, worker: WorkerName, rounds: Rounds, compared: string, aim: string): void {
  const own = range(quartiles(rounds[worker] ?? []), 0);
  const line = `| ${name} | ${worker} | ${own} | ${median(rounds.plain ?? []).toFixed(0)} | ${compared} | ${aim} |`;
  lines.push(line);
  console.log(line);
}
