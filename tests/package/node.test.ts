/** Node imports the installed tarball by its name and runs every case. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { expectAll } from "./expect-all.js";
import { installInto, type Project } from "./installed.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
  project = installInto("node");
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

test("every case passes in Node", async () => {
  await build({ entryPoints: [join(project.folder, "cases.ts")], bundle: true, outdir: project.folder, format: "esm" });
  const main = join(project.folder, "main.js");
  writeFileSync(
    main,
    `import * as sysparm from "sysparm"; import * as queries from "sysparm/query"; import * as syncs from "sysparm/sync"; import { run } from "./cases.js";
     console.log(JSON.stringify(await run(sysparm, queries, syncs, ${JSON.stringify(instance.url)})));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [main], { timeout: 120_000 });
  expectAll(JSON.parse(stdout));
});
