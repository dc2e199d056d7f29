/**
 * Start-up until the first rows, compared with four libraries that a program would combine (oauth4webapi, p-retry, cockatiel and ky) and
 * with two calls of fetch: Chromium with cold caches, a cold isolate of workerd, and Node. All take turns, with the same replies.
 *
 *   PAIRS=25 node --import tsx benches/startup.ts [Chromium] [workerd] [Node]
 *
 * SYSPARM_WRITE=1 also writes the table in benches/README.md.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { launchChromium } from "../tests/harness/chromium.ts";
import { startServer } from "../tests/harness/server.ts";
import { load } from "./measures.ts";
import { buildForNode, buildPage, buildWorker, layOut, type WorkerModules } from "./startup/bundles.ts";
import { fromLoadedPage, fromNavigation, type Limits } from "./startup/chromium.ts";
import { EMPTY, type Stage, startIsolates } from "./startup/isolate.ts";
import { inNewProcess } from "./startup/node.ts";
import { inPairs, quantity } from "./startup/pairs.ts";
import { recordReplies } from "./startup/replies.ts";
import { type Measured, rows, write } from "./startup/table.ts";

const PAIRS = Number(process.env.PAIRS ?? 25);
const PARTS = process.argv.slice(2);
const FOLDER = resolve("target/bench-startup");
const PRELOAD = "sysparm, preload";

const wanted = (part: string) => PARTS.length === 0 || PARTS.includes(part);

rmSync(FOLDER, { recursive: true, force: true });
const pages = join(FOLDER, "pages");
mkdirSync(pages, { recursive: true });
const project = layOut(join(FOLDER, "project"));
const programs = project.programs;
if (!programs.includes("stack")) console.log("the stack: not measured, the package registry is missing");
for (const program of programs) await buildPage(project, program, program, pages);
await buildPage(project, "sysparm", "preload", pages, true);
writeFileSync(join(pages, "bare/settled.html"), "<!doctype html><title>settled</title>");
const recorded = join(FOLDER, "replies.json");
writeFileSync(recorded, JSON.stringify(await recordReplies()));

const server = await startServer(process.execPath, ["--import", "tsx", "benches/startup/server.ts", pages, recorded]);
const measured: Measured[] = [];
const began = load();
try {
  console.log(`start-up, ${PAIRS} pairs; ${began}`);
  if (wanted("Chromium")) await measureChromium();
  if (wanted("workerd")) await measureIsolates();
  if (wanted("Node")) await measureNode();
} finally {
  await server.stop();
}
const date = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
const lines = rows(measured);
console.log(load());
if (process.env.SYSPARM_WRITE)
  write("start-up", [
    `${date}, Node ${process.version}, ${PAIRS} pairs, ${began} at the start, ${load()} at the end.`,
    "",
    ...lines,
  ]);

/** Printed at once, because a run takes minutes. */
function add(one: Measured): void {
  measured.push(one);
  console.log(rows([one]).slice(2).join("\n"));
}

async function measureChromium(): Promise<void> {
  const browser = await launchChromium();
  const contenders = [...programs, PRELOAD];
  const address = (contender: string) => `${server.url}/${contender === PRELOAD ? "preload" : contender}/`;
  const navigation = async (name: string, limits: Limits) => {
    const measure = (contender: string) => fromNavigation(browser, `${address(contender)}index.html`, limits);
    add({ name: `Chromium, ${name}`, rounds: await inPairs(contenders, PAIRS, measure) });
  };
  try {
    await navigation("without limits", {});
    await navigation("a processor 4 times slower", { processor: 4 });
    await navigation("40 ms and 10 Mbit/s", { latencyMs: 40, megabits: 10 });
    const added = (contender: string) => fromLoadedPage(browser, address(contender), contender === PRELOAD, {});
    const name = "Chromium, script added to a loaded page";
    add({ name, rounds: await inPairs(contenders, PAIRS, added) });
  } finally {
    await browser.close();
  }
}

async function measureIsolates(): Promise<void> {
  const workers: Record<string, WorkerModules> = {};
  for (const program of programs) workers[program] = await buildWorker(project, program, false);
  workers["sysparm, split"] = await buildWorker(project, "sysparm", true);
  const isolates = await startIsolates(join(FOLDER, "isolates"), workers, server.url);
  const stages: Record<Stage, string> = { prepared: "connect()", rows: "first rows" };
  try {
    for (const [stage, words] of Object.entries(stages)) {
      const measure = (contender: string) => isolates.answered(contender, stage as Stage);
      const rounds = await inPairs([EMPTY, ...Object.keys(workers)], PAIRS, measure);
      const name = `workerd, cold isolate to ${words}`;
      add({ name, rounds: quantity(rounds, ({ ms }) => ms), floor: EMPTY });
      const processor = quantity(rounds, ({ processorMs }) => processorMs);
      add({ name: `${name}, processor time`, rounds: processor, floor: EMPTY });
    }
  } finally {
    await isolates.stop();
  }
}

async function measureNode(): Promise<void> {
  const installed = (program: string) => inNewProcess(join(project.folder, `${program}.js`), server.url);
  add({ name: "Node, as installed", rounds: await inPairs(programs, PAIRS, installed) });
  const files: Record<string, string> = {};
  for (const program of programs) files[program] = await buildForNode(project, program);
  const bundled = (program: string) => inNewProcess(files[program] ?? "", server.url);
  add({ name: "Node, bundled", rounds: await inPairs(programs, PAIRS, bundled) });
}
