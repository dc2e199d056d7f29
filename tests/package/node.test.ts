/** Node imports the installed tarball by its name and runs every case. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { PARTS } from "./cases.js";
import { bundleCases, casesInNode } from "./in-node.js";
import { installInto, type Project } from "./installed.js";
import { testParts } from "./test-parts.js";

let instance: PracticeInstance;
let project: Project;

before(async () => {
  instance = await startPracticeInstance("--rows", "10", "--quiet");
  project = installInto("node");
  await bundleCases(project);
});

after(async () => {
  project?.remove();
  await instance?.stop();
});

testParts("Node", (url, part) => casesInNode(project, url, part));

test("no case is forgotten, and no two have the same name", async () => {
  const run: Record<string, unknown> = { ...PARTS.first, ...PARTS.second };
  for (const file of readdirSync("tests/package").filter((name) => name.endsWith("-cases.ts"))) {
    for (const [exported, cases] of Object.entries(await import(`./${file}`))) {
      if (!exported.endsWith("_CASES")) continue;
      for (const [name, test] of Object.entries(cases as object)) assert.equal(run[name], test, `${file}: ${name}`);
    }
  }
});

test("uncaught error prints under 2 KB and its caller", () => {
  const program = join(project.folder, "uncaught.mjs");
  const auth = { username: "practice.integration", password: "practice-password" };
  writeFileSync(
    program,
    `import { connect } from "sysparm";
     const instance = await connect(${JSON.stringify({ url: instance.url, auth })});
     const calls = {
       list: () => instance.table("no_such_table").list(),
       download: () => instance.attachments.download("0".repeat(32)),
       option: () => instance.batch([], { size: 0 }),
     };
     await calls[process.argv[2]]();`,
  );
  for (const call of ["list", "download", "option"]) {
    const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", program, call], { encoding: "utf8" });
    assert.match(stderr, /uncaught\.mjs:8/);
    assert.match(stderr, /src\/\w+\/[\w/-]+\.ts:\d+/);
    assert.ok(stderr.length < 2000, stderr);
  }
});
