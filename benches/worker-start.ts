/**
 * The cold start of the edge worker: the processor time of workerd from its start until it answers, and for the first request of the tenant of
 * the bindings: while the broker has stored a token, as for each isolate after the first one, and while it has to obtain one. Compared with
 * workerd's earlier registry of modules, which compiles all of them at the start, and with the plain worker, which needs no token.
 *
 *   STARTS=15 node --import tsx benches/worker-start.ts
 *
 * SYSPARM_WRITE=1 also writes the table in benches/README.md.
 */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startServer } from "../tests/harness/server.ts";
import { buildWorker, ENTRY_MODULE } from "../www/worker/build.ts";
import { type WorkerdOptions, workerdConfiguration } from "../www/worker/workerd-configuration.ts";
import { startWorkerd } from "../www/worker/workerd-process.ts";
import { load } from "./measures.ts";
import { processorMs } from "./processes.ts";
import { inPairs, quantity, quartiles } from "./startup/pairs.ts";
import { range, write } from "./startup/table.ts";
import { recordReplies } from "./worker/replies.ts";
import { bindingsOf, CALLER, TABLES } from "./worker/workers.ts";

const STARTS = Number(process.env.STARTS ?? 15);
const FOLDER = resolve("target/bench-worker-start");
const PLAIN_FOLDER = join(FOLDER, "plain");

await mkdir(PLAIN_FOLDER, { recursive: true });
const recorded = join(FOLDER, "replies.json");
await recordReplies(recorded);
const server = await startServer(process.execPath, ["--import", "tsx", "benches/worker/replies.ts", recorded]);
const bindings = bindingsOf(server.url);
const modules = await buildWorker(FOLDER);
await copyFile(new URL("worker/plain.js", import.meta.url), join(PLAIN_FOLDER, ENTRY_MODULE));
const storage = join(FOLDER, "storage");
await rm(storage, { recursive: true, force: true });
await mkdir(storage);

interface Contender extends WorkerdOptions {
  readonly folder: string;
}

const own: Contender = { modules, bindings: Object.keys(bindings), port: 0, folder: FOLDER };
const CONTENDERS = {
  sysparm: own,
  "sysparm, every module compiled": { ...own, flags: ["legacy_module_registry"] },
  plain: { ...own, folder: PLAIN_FOLDER, modules: [ENTRY_MODULE], objects: [] },
};

const began = load();
try {
  const rounds = await inPairs(Object.keys(CONTENDERS), STARTS, async (name) => {
    const contender = CONTENDERS[name as keyof typeof CONTENDERS];
    // The round that is not counted stores the token.
    const stored = await coldStart({ ...contender, storage });
    const { first: obtaining } = await coldStart(contender);
    return { ...stored, obtaining };
  });
  const columns = [
    quantity(rounds, ({ start }) => start),
    quantity(rounds, ({ first }) => first),
    quantity(rounds, ({ obtaining }) => obtaining),
  ];
  const lines = Object.keys(CONTENDERS).map((name) => {
    const cells = columns.map((column) => range(quartiles(column[name] ?? []), 1));
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  const date = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  const table = [
    `${date}, ${STARTS} starts in turns, ${began} at the start, ${load()} at the end. Milliseconds of processor time (quartiles).`,
    "",
    "| worker | from the start of workerd to its first answer | a tenant's first request | the same without a stored token |",
    "|---|---|---|---|",
    ...lines,
  ];
  console.log(table.join("\n"));
  if (process.env.SYSPARM_WRITE) write("worker-start", table);
} finally {
  await server.stop();
}

async function coldStart({
  folder,
  ...options
}: Contender): Promise<{ readonly start: number; readonly first: number }> {
  const configuration = join(folder, "workerd.capnp");
  await writeFile(configuration, workerdConfiguration(options));
  const worker = await startWorkerd(configuration, bindings);
  try {
    const start = processorMs(worker.processId);
    const reply = await fetch(`${worker.url}${TABLES["one tenant"]}/small`, { headers: CALLER });
    await reply.arrayBuffer();
    if (!reply.ok) throw new Error(`${folder} answered ${reply.status}`);
    return { start, first: processorMs(worker.processId) - start };
  } finally {
    await worker.stop();
  }
}
