/** One part of the cases in a Node of its own that has the installed tarball. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Project } from "./installed.js";
import type { Part, Report } from "./run-cases.js";

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

/** `connect` is what the cases connect with: an expression, with `sysparm` and `httpFetch` at hand. */
export async function casesInNode(
  { folder }: Project,
  url: string,
  part: Part,
  connect = "sysparm.connect",
): Promise<Report> {
  const main = join(folder, `${part}.js`);
  writeFileSync(
    main,
    `import * as sysparm from "sysparm"; import { httpFetch } from "sysparm/node-http"; import { run } from "./run-cases.js";
     console.log(JSON.stringify(await run(${JSON.stringify(url)}, ${JSON.stringify(part)}, ${connect})));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 120_000 });
  return JSON.parse(stdout);
}
