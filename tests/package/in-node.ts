/** Every case in a Node of its own that has the installed tarball. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Report } from "./cases.js";
import type { Project } from "./installed.js";

/** `sysparm` is the package as the cases get it: an expression, with `httpFetch` at hand. */
export async function casesInNode({ folder }: Project, url: string, sysparm = "sysparm"): Promise<Report> {
  await build({
    entryPoints: [join(folder, "cases.ts")],
    bundle: true,
    external: ["sysparm/*"],
    outdir: folder,
    format: "esm",
  });
  const main = join(folder, "main.js");
  writeFileSync(
    main,
    `import * as sysparm from "sysparm"; import * as queries from "sysparm/query"; import * as syncs from "sysparm/sync"; import * as doctor from "sysparm/doctor";
     import { httpFetch } from "sysparm/node-http"; import { run } from "./cases.js";
     console.log(JSON.stringify(await run(${sysparm}, queries, syncs, doctor, ${JSON.stringify(url)})));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 120_000 });
  return JSON.parse(stdout);
}
