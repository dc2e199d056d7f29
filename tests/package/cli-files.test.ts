/** Files that the program `sysparm` reads and writes: marks, sizes, refusals, and Ctrl-C while standard input is read. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UsageError } from "../../www/glue/src/cli/command.js";
import { readBounded } from "../../www/glue/src/cli/input-file.js";
import { writeOutput } from "../../www/glue/src/cli/output-file.js";

const folder = mkdtempSync(join(tmpdir(), "sysparm-files-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const { signal } = new AbortController();

test("byte order mark is no part of the text", async () => {
  const file = join(folder, "marked.txt");
  writeFileSync(file, "\ufeff{\ufeff}");
  assert.equal(await readBounded(file, signal), "{\ufeff}");
});

test("file that cannot be read is named", async () => {
  const missing = join(folder, "missing.txt");
  await assert.rejects(
    readBounded(missing, signal),
    (thrown) => thrown instanceof UsageError && thrown.message.startsWith(`Invalid file \`${missing}\`: ENOENT`),
  );
});

test("file that is written gets its folder and its mode", async () => {
  const file = join(folder, "made", "here.json");
  await writeOutput("output", file, "{}\n", 0o600);
  assert.equal(readFileSync(file, "utf8"), "{}\n");
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("full disk is said with the option and a step", { skip: !existsSync("/dev/full") }, async () => {
  await assert.rejects(writeOutput("output", "/dev/full", "text"), (thrown: Error) => {
    assert.match(
      thrown.message,
      /^Option `--output`: `\/dev\/full` was not written: ENOSPC.*\. Free space, and run again\.$/,
    );
    // Another error than one of wrong use ends with 3.
    return !(thrown instanceof UsageError);
  });
});

test("full disk leaves the file that was there as it was", async (t) => {
  const inside = join(folder, "kept");
  const file = join(inside, "report.json");
  await writeOutput("output", file, "before");
  chmodSync(file, 0o640);
  await writeOutput("output", file, "after", 0o600);
  assert.equal(readFileSync(file, "utf8"), "after");
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o640);
  const full = async (path: string) => {
    writeFileSync(path, "aft");
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  const { mock } = t.mock.method(promises, "writeFile", full as never);
  syncBuiltinESMExports();
  try {
    await assert.rejects(writeOutput("output", file, "again"), /`.*report\.json` was not written: ENOSPC.*Free space/);
  } finally {
    mock.restore();
    syncBuiltinESMExports();
  }
  assert.equal(readFileSync(file, "utf8"), "after");
  assert.deepEqual(readdirSync(inside), ["report.json"], "the draft is gone");
});

test("links are written through", { skip: process.platform === "win32" }, async () => {
  const [target, symbolic, hard] = ["target", "symbolic", "hard"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(target, "before");
  symlinkSync(target, symbolic);
  linkSync(target, hard);
  await writeOutput("save", symbolic, "one");
  assert.ok(lstatSync(symbolic).isSymbolicLink());
  assert.equal(readFileSync(target, "utf8"), "one");
  await writeOutput("save", hard, "two");
  assert.equal(readFileSync(target, "utf8"), "two");
});

test("Ctrl-C ends the reading of standard input with 130", async () => {
  const given = ["--import", "tsx", "www/glue/src/cli/index.ts", "query", "explain", "-"];
  const child = spawn(process.execPath, given, { stdio: ["pipe", "pipe", "pipe"] });
  const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  // A second part is taken only by a program that reads.
  child.stdin.write("x".repeat(1024 * 1024), () => child.kill("SIGINT"));
  const [status, ended] = await once(child, "close");
  clearTimeout(limit);
  assert.deepEqual([status, ended, errors], [130, null, ""]);
});
