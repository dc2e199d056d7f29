/**
 * Runs tests/browser.rs in headless Chromium against a practice instance, and counts the tests that passed: the runner reports success
 * for a file whose tests it skipped.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { startPracticeInstance } from "./practice-instance.ts";

const expected = readFileSync("tests/browser.rs", "utf8").match(/^#\[wasm_bindgen_test\]$/gm)?.length ?? 0;
const chromedriver = spawnSync("sh", ["-c", "command -v chromedriver"], { encoding: "utf8" }).stdout.trim();
const instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
// Cargo with wasm-bindgen's runner, as `wasm-pack test` does. But `wasm-pack test` also builds the tests of the pure modules, whose
// property tests need a native build.
const env = {
  ...process.env,
  SYSPARM_INSTANCE: instance.url,
  CHROMEDRIVER: chromedriver,
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
};
try {
  const run = spawnSync(
    "cargo",
    ["test", "--locked", "--target", "wasm32-unknown-unknown", "--features", "driver", "--test", "browser"],
    { encoding: "utf8", env, maxBuffer: 64 * 1024 * 1024, timeout: 600_000 },
  );
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  const passed = Number(run.stdout.match(/test result: ok\. (\d+) passed/)?.[1] ?? 0);
  if (run.status !== 0 || expected === 0 || passed !== expected) {
    console.error(`${passed} of ${expected} browser tests of the Rust driver passed`);
    process.exitCode = 1;
  }
} finally {
  await instance.stop();
}
