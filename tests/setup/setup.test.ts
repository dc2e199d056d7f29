/** Set-up is quick and silent when nothing is missing, pins its versions, and documents its commands. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

test("setup with nothing missing is silent and takes under 5 s", () => {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync("tools/setup", { encoding: "utf8" });
  assert.equal(`${status}${stdout}${stderr}`, "0");
  assert.ok(performance.now() - began < 5000);
});

/** Everything that setup calls except browsers. */
const PROGRAMS =
  "bash sh awk cut tr cmp cat env dirname cp mkdir mktemp mv rm timeout cc gcc openssl node npm rustc cargo rustup apt-get grep sha256sum uname";

/** Runs setup with these programs and scripts alone. */
function setUp(programs: string, scripts: Record<string, string>, ...given: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "sysparm-setup-"));
  try {
    for (const program of programs.split(" ").filter((name) => !(name in scripts))) {
      const found = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
      if (found.startsWith("/")) symlinkSync(found, join(folder, program));
    }
    for (const [name, script] of Object.entries(scripts))
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: folder };
    return spawnSync("tools/setup", given, { encoding: "utf8", env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("setup without root names the packages of a missing browser", () => {
  const { status, stderr } = setUp(PROGRAMS, { id: "echo 1000", sudo: "exit 1" });
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^setup: .*sudo apt-get install --no-install-recommends chromium chromium-driver[^\n]*\n$/);
});

test("setup of the tests names the system that they need", () => {
  const { status, stderr } = setUp(PROGRAMS, { uname: "echo arm64" }, "runtimes");
  assert.equal(
    `${status} ${stderr}`,
    "1 setup: The tests need Linux on x64: they run in Node 22 and 24, which are installed for it.\n",
  );
});

test("setup of the tests names a missing sha256sum", () => {
  const { status, stderr } = setUp(PROGRAMS.replace(" sha256sum", ""), {}, "runtimes");
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^setup: sha256sum is missing/);
});

test("lock files pin every version and name no download host", () => {
  for (const folder of [".", "tools/runtimes"]) {
    const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
    assert.doesNotMatch(lock, /"resolved": "https?:/);
    const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    for (const version of Object.values({ ...devDependencies, ...optionalDependencies }))
      assert.match(String(version), /^(npm:[\w-]+@)?\d+\.\d+\.\d+$/);
  }
  assert.match(readFileSync("Cargo.toml", "utf8"), /wasm-bindgen = "=0\.2\.\d+"/);
  assert.match(readFileSync("Cargo.lock", "utf8"), /name = "wasm-bindgen"/);
});

test("make help lists every command that the README names", () => {
  const { stdout } = spawnSync("make", ["help"], { encoding: "utf8" });
  for (const command of ["run", "test", "lint", "package", "instance", "bench"])
    assert.match(stdout, new RegExp(`^make ${command} `, "m"));
  for (const [, command] of readFileSync("README.md", "utf8").matchAll(/\bmake ([a-z]+)\b/g)) {
    assert.match(stdout, new RegExp(`^make ${command} `, "m"), `README.md names make ${command}`);
  }
});

test("make run leaves out no module that it imports", () => {
  const leftOut = /WITHOUT=(\S+)/.exec(readFileSync("Makefile", "utf8"))?.[1]?.split(",") ?? [];
  const sources = ["www/console/src", "www/worker/src"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8")),
  );
  const imported = new Set(
    sources.flatMap((text) => [...text.matchAll(/"sysparm\/([\w-]+)"/g)].map(([, name]) => name)),
  );
  assert.ok(imported.has("doctor"), [...imported].join(", "));
  assert.deepEqual(
    leftOut.filter((name) => imported.has(name)),
    [],
  );
});
