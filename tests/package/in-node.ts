/** One part of the cases in a process of its own that has the installed tarball. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Project } from "./installed.js";
import type { Part, Report } from "./run-cases.js";

export const LONGEST_PART_MS = 600_000;

/** Writes `run-cases.js`, which imports the package by its names. */
export async function bundleCases({ folder }: Project): Promise<void> {
  await build({
    entryPoints: [join(folder, "run-cases.ts")],
    bundle: true,
    // Bundled, they would be other copies than the entries' own.
    external: ["sysparm", "sysparm/*"],
    outdir: folder,
    format: "esm",
  });
}

interface HowToRun {
  /** What runs a script: Node, unless given. */
  command?: string[];
  /** What the cases connect with: an expression, with `sysparm` and `httpFetch` at hand. */
  connect?: string;
}

export async function casesInNode(
  { folder }: Project,
  url: string,
  part: Part,
  { command = [process.execPath], connect = "sysparm.connect" }: HowToRun = {},
): Promise<Report> {
  const main = join(folder, `${part}.js`);
  writeFileSync(
    main,
    `import * as sysparm from "sysparm"; import { httpFetch } from "sysparm/node-http"; import { run } from "./run-cases.js";
     console.log(JSON.stringify(await run(${JSON.stringify(url)}, ${JSON.stringify(part)}, ${connect})));`,
  );
  const [program = "", ...options] = command;
  const { stdout } = await promisify(execFile)(program, [...options, main], { cwd: folder, timeout: LONGEST_PART_MS });
  return JSON.parse(stdout);
}
