/** What `make package` remembers of a build of WebAssembly, with programs that stand in for cargo and wasm-pack. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildWasm } from "../../tools/wasm-build.ts";

const folder = mkdtempSync(join(tmpdir(), "sysparm-wasm-build-"));
const path = process.env.PATH;
after(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

test("interrupted build is not taken for a finished one", () => {
  const crate = join(folder, "crate");
  const compiled = join(folder, "compiled.wasm");
  for (const made of ["bin", "crate", "crate/dist"]) mkdirSync(join(folder, made));
  writeFileSync(join(crate, "Cargo.toml"), "");
  process.env.PATH = `${join(folder, "bin")}:${path}`;
  program("cargo", `echo '${JSON.stringify({ filenames: [compiled] })}'`);
  const packs = (result: number) =>
    program("wasm-pack", `[ "$1" = --version ] && exit 0\ncat ${compiled} >${crate}/dist/one_bg.wasm\nexit ${result}`);
  const build = () => buildWasm({ name: "one", crate, level: "z", draft: true });
  writeFileSync(compiled, "first");
  packs(0);
  build();
  writeFileSync(compiled, "second");
  packs(1);
  assert.throws(build);
  // The first source again: its record must not vouch for what the second has left.
  writeFileSync(compiled, "first");
  packs(0);
  build();
  assert.equal(readFileSync(join(crate, "dist/one_bg.wasm"), "utf8"), "first");
});
