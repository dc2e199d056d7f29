/** Set-up is quick and silent when nothing is missing, pins its versions, and documents its commands. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

test("setup with nothing missing is silent and takes under 5 s", () => {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync("tools/setup", { encoding: "utf8" });
  assert.equal(`${status}${stdout}${stderr}`, "0");
  assert.ok(performance.now() - began < 5000);
});

test("setup without root names the packages of a missing browser", () => {
  // A PATH with everything that setup calls except a browser, and an `id` that is not root.
  const folder = mkdtempSync(join(tmpdir(), "sysparm-setup-"));
  try {
    const programs =
      "bash sh awk cut tr cmp cat env dirname cd pwd printf cp mkdir rm compgen timeout cc gcc openssl node npm rustc cargo rustup apt-get grep sha256sum";
    for (const program of programs.split(" ")) {
      const found = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
      if (found.startsWith("/")) symlinkSync(found, join(folder, program));
    }
    for (const [name, answer] of [
      ["id", "echo 1000"],
      ["sudo", "exit 1"],
    ] as const) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    }
    const env = { ...process.env, PATH: folder };
    const { status, stderr } = spawnSync("tools/setup", { encoding: "utf8", env });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /sudo apt-get install --no-install-recommends chromium chromium-driver/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("lock files pin every version and name no download host", () => {
  const lock = readFileSync("package-lock.json", "utf8");
  assert.doesNotMatch(lock, /"resolved": "https?:/);
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
    devDependencies: Record<string, string>;
  };
  for (const version of Object.values(devDependencies)) assert.match(version, /^\d+\.\d+\.\d+$/);
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
