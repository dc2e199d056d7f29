/** The package's types in projects as strict as the compiler makes them, each with the types of its platform and no others. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { installInto, type Project } from "./installed.js";

let project: Project;
before(() => {
  project = installInto("types");
  cpSync("tests/package/type-projects", project.folder, { recursive: true });
  for (const file of ["types.ts", "rows.ts"]) cpSync(join("tests/package", file), join(project.folder, file));
});
after(() => project?.remove());

function compile(name: string, files: string[], options: object): void {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2022",
    module: "nodenext",
    types: [],
  };
  const config = join(project.folder, `tsconfig.${name}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...strict, ...options }, files }));
  const compiled = spawnSync(resolve("node_modules/.bin/tsc"), ["-p", config], { encoding: "utf8" });
  assert.equal(compiled.status, 0, `${compiled.stdout}${compiled.stderr}`);
}

test("types compile with those of the DOM", () => {
  compile("dom", ["types.ts"], { lib: ["es2022", "dom"] });
});

test("rows follow the declared table and the options", () => {
  compile("rows", ["rows.ts"], { lib: ["es2022", "dom"] });
});

test("types compile with those of Node alone", () => {
  compile("node", ["node/index.ts"], { lib: ["es2022"], types: [resolve("node_modules/@types/node/index.d.ts")] });
});

test("types compile with what `wrangler types` writes", () => {
  const types = [resolve("node_modules/@cloudflare/workers-types/index.d.ts")];
  const bundled = { module: "es2022", moduleResolution: "bundler" };
  compile("workers", ["workers/index.ts", "workers/worker-configuration.d.ts"], { lib: ["es2022"], types, ...bundled });
});
