/**
 * Changes lines of the edge worker at random, one change at a time, and counts how many the tests notice. Stryker makes the changes; it is
 * installed once, under target/. Only what tests without workerd import takes part, because each change runs the tests again.
 *
 *   SHARE=0.1 SEED=1 node --import tsx tests/mutants/run.ts [policy] [callers] [tenants] [gateway] [broker] [admin]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { importedFrom, testsWithoutWorkerd } from "./tests-without-workerd.ts";

/** The last version for Node 20. */
const STRYKER = ["@stryker-mutator/core@8.7.1", "@stryker-mutator/tap-runner@8.7.1"];
const FOLDERS = ["policy", "callers", "tenants", "gateway", "broker", "admin"];
const LEAST = 0.85;

const share = Number(process.env.SHARE ?? 0.1);
const seed = Number(process.env.SEED ?? 1);
const chosen = process.argv.slice(2);
const folders = chosen.length === 0 ? FOLDERS : chosen;

const FOLDER = resolve("target/mutants");
const COPY = join(FOLDER, "copy");
install();
rmSync(COPY, { recursive: true, force: true });
for (const part of [
  "www/worker",
  "www/console/src",
  "www/glue/src",
  "tests/worker",
  "tests/harness",
  "tsconfig.base.json",
])
  cpSync(part, join(COPY, part), { recursive: true, filter: (path) => !/\/(?:dist|node_modules)$/.test(path) });

let [noticed, all] = [0, 0];
for (const folder of folders) {
  const outcome = mutate(folder);
  noticed += outcome.noticed;
  all += outcome.all;
  console.log(`mutants: ${folder}: ${outcome.noticed} of ${outcome.all} noticed`);
}
const part = noticed / all;
console.log(`mutants: ${noticed} of ${all} noticed, ${(100 * part).toFixed(1)} %, at least ${100 * LEAST} %`);
if (!(part >= LEAST)) process.exitCode = 1;

function install(): void {
  const ready = join(FOLDER, `ready-${STRYKER.join("-").replaceAll("/", "-")}`);
  if (existsSync(ready)) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "package.json"), JSON.stringify({ private: true, type: "module" }));
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", ...STRYKER], { cwd: FOLDER, stdio: "ignore" });
  writeFileSync(ready, "");
}

interface Outcome {
  noticed: number;
  all: number;
}

function mutate(folder: string): Outcome {
  const tests = testsWithoutWorkerd(`tests/worker/${folder}`);
  const files = importedFrom(`www/worker/src/${folder}`, tests);
  const report = join(FOLDER, `${folder}.json`);
  const configuration = join(FOLDER, "stryker.config.json");
  rmSync(report, { force: true });
  writeFileSync(
    configuration,
    JSON.stringify({
      testRunner: "tap",
      plugins: ["@stryker-mutator/tap-runner"],
      mutate: sampledLines(files),
      // Messages are texts for people: their wording is not tested.
      mutator: { excludedMutations: ["StringLiteral"] },
      tap: {
        testFiles: tests.map((file) => `copy/${file}`),
        nodeArgs: ["--import", "tsx", "-r", "{{hookFile}}", "{{testFile}}"],
      },
      coverageAnalysis: "perTest",
      ignoreStatic: true,
      concurrency: 2,
      reporters: ["json"],
      jsonReporter: { fileName: report },
      tempDirName: "sandbox",
      logLevel: "warn",
    }),
  );
  const { status } = spawnSync(join(FOLDER, "node_modules/.bin/stryker"), ["run", configuration], {
    cwd: FOLDER,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0 || !existsSync(report)) throw new Error(`Stryker ended with ${status} for ${folder}`);
  return counted(report);
}

/** Ranges of lines as Stryker takes them. One random number for each line, so that a seed always chooses the same. */
function sampledLines(files: readonly string[]): string[] {
  const random = numbers(seed);
  return files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((text, index) =>
        random() < share && text.trim() !== "" ? [`copy/${file}:${index + 1}:0-${index + 1}:${text.length}`] : [],
      ),
  );
}

/** A linear congruential generator ("Numerical Recipes"): enough to choose lines. */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (1_664_525 * state + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

interface Report {
  files: Record<string, { mutants: { status: string; mutatorName: string; location: { start: { line: number } } }[] }>;
}

function counted(report: string): Outcome {
  const { files }: Report = JSON.parse(readFileSync(report, "utf8"));
  let [noticed, all] = [0, 0];
  for (const [file, { mutants }] of Object.entries(files)) {
    for (const { status, mutatorName, location } of mutants) {
      if (status === "Ignored" || status === "CompileError" || status === "RuntimeError") continue;
      all += 1;
      if (status === "Killed" || status === "Timeout") noticed += 1;
      else console.log(`mutants: not noticed: ${file.replace("copy/", "")}:${location.start.line} ${mutatorName}`);
    }
  }
  return { noticed, all };
}
