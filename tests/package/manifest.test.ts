/** What the package shows of itself: its files, its types, its map of entries. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { publint } from "publint";
import { installInto, type Project } from "./installed.js";

let project: Project;
before(() => {
  project = installInto("manifest");
});
after(() => project?.remove());

test("publint finds nothing, strictly", async () => {
  const { messages } = await publint({ pkgDir: resolve("pkg"), strict: true });
  assert.deepEqual(messages, []);
});

test("the types check in a strict project that skips no library", () => {
  writeFileSync(join(project.folder, "use.ts"), readFileSync("tests/package/types.ts"));
  const options = {
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2022",
    module: "nodenext",
    lib: ["es2022", "dom"],
    types: [],
  };
  writeFileSync(join(project.folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["use.ts"] }));
  execFileSync(resolve("node_modules/.bin/tsc"), ["-p", project.folder], { stdio: "inherit" });
});

test("no file of the package names the folders of whoever built it", () => {
  for (const name of ["sysparm", "query"]) {
    const wasm = readFileSync(`pkg/dist/${name}.wasm`).toString("latin1");
    assert.doesNotMatch(wasm, /\/(home|root|work|tmp|Users)\//);
  }
});
