/**
 * Start-up until the first rows, compared with four libraries that a program would combine (oauth4webapi, p-retry, cockatiel and ky) and
 * with two calls of fetch: Chromium with cold caches, a cold isolate of workerd, and Node. All take turns, with the same replies.
 *
 *   PAIRS=25 node --import tsx benches/startup.ts [Chromium] [workerd] [Node]
 *
 * BOUNDS=1 also measures bounds: the two calls of fetch after a part of what the package has to do.
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
import { inPairs, quantity, type Rounds, type Taken } from "./startup/pairs.ts";
import { recordReplies } from "./startup/replies.ts";
import { type Measured, rows, write } from "./startup/table.ts";

const PAIRS = Number(process.env.PAIRS ?? 25);
const PARTS = process.argv.slice(2);
const FOLDER = resolve("target/bench-startup");

interface Contender {
  program: string;
  /** With the lines that ask for the WebAssembly. */
  preload?: true;
}

const BOUNDS: Record<string, Contender> = {
  "bare, empty WebAssembly": { program: "bound-empty" },
  "bare, WebAssembly of sysparm": { program: "bound-files" },
  "bare, WebAssembly of sysparm, preload": { program: "bound-files", preload: true },
  "bare, sysparm imported": { program: "bound-import" },
};

const wanted = (part: string) => PARTS.length === 0 || PARTS.includes(part);

rmSync(FOLDER, { recursive: true, force: true });
const pages = join(FOLDER, "pages");
mkdirSync(pages, { recursive: true });
const project = layOut(join(FOLDER, "project"));
if (!project.programs.includes("stack")) console.log("the stack: not measured, the package registry is missing");
const contenders: Record<string, Contender> = {
  ...Object.fromEntries(project.programs.map((program) => [program, { program }])),
  "sysparm, preload": { program: "sysparm", preload: true },
  ...(process.env.BOUNDS ? BOUNDS : {}),
};
/** Elsewhere there are no lines. */
const outsidePages = Object.entries(contenders).filter(([, { preload }]) => !preload);
const folderOf = ({ program, preload }: Contender) => (preload ? `${program}-preload` : program);
for (const one of Object.values(contenders))
  await buildPage(project, one.program, folderOf(one), pages, one.preload ?? false);
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

function addBoth(name: string, rounds: Rounds<Taken>, processor: string, floor?: string): void {
  const common = floor === undefined ? {} : { floor };
  add({ name, rounds: quantity(rounds, ({ ms }) => ms), ...common });
  add({ name: `${name}, ${processor}`, rounds: quantity(rounds, ({ processorMs }) => processorMs), ...common });
}

async function measureChromium(): Promise<void> {
  const browser = await launchChromium();
  const address = (contender: Contender) => `${server.url}/${folderOf(contender)}/`;
  const pairs = <T>(measure: (contender: Contender) => Promise<T>) =>
    inPairs(Object.keys(contenders), PAIRS, (name) => measure(contenders[name] as Contender));
  const navigation = async (name: string, limits: Limits) => {
    const rounds = await pairs((contender) => fromNavigation(browser, `${address(contender)}index.html`, limits));
    add({ name: `Chromium, ${name}`, rounds });
  };
  try {
    await navigation("without limits", {});
    await navigation("a processor 4 times slower", { processor: 4 });
    await navigation("40 ms and 10 Mbit/s", { latencyMs: 40, megabits: 10 });
    const rounds = await pairs((one) => fromLoadedPage(browser, address(one), one.preload ?? false));
    addBoth("Chromium, script added to a loaded page", rounds, "processor time of the main thread");
  } finally {
    await browser.close();
  }
}

async function measureIsolates(): Promise<void> {
  const workers: Record<string, WorkerModules> = {};
  for (const [name, { program }] of outsidePages) workers[name] = await buildWorker(project, program, false);
  workers["sysparm, split"] = await buildWorker(project, "sysparm", true);
  const isolates = await startIsolates(join(FOLDER, "isolates"), workers, server.url);
  const stages: Record<Stage, string> = { prepared: "connect()", rows: "first rows" };
  try {
    for (const [stage, words] of Object.entries(stages)) {
      const measure = (contender: string) => isolates.answered(contender, stage as Stage);
      const rounds = await inPairs([EMPTY, ...Object.keys(workers)], PAIRS, measure);
      addBoth(`workerd, cold isolate to ${words}`, rounds, "processor time", EMPTY);
    }
  } finally {
    await isolates.stop();
  }
}

async function measureNode(): Promise<void> {
  const installed: Record<string, string> = {};
  for (const [name, { program }] of outsidePages) installed[name] = join(project.folder, `${program}.js`);
  const bundled: Record<string, string> = {};
  for (const program of project.programs) bundled[program] = await buildForNode(project, program);
  for (const [words, files] of Object.entries({ "as installed": installed, bundled })) {
    const measure = (name: string) => inNewProcess(files[name] ?? "", server.url);
    add({ name: `Node, ${words}`, rounds: await inPairs(Object.keys(files), PAIRS, measure) });
  }
}
