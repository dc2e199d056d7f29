/** Standard output of the program `sysparm`: a closed pipe, a full disk, and a terminal. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { Writable } from "node:stream";
import { test } from "node:test";
import { OutputEnded } from "../../www/glue/src/cli/command.js";
import { standardOutput } from "../../www/glue/src/cli/standard-output.js";

/** A stream that keeps what it is given, or refuses it with a code. */
function stream(code?: string, isTTY = false) {
  const taken: string[] = [];
  const write = (chunk: unknown, _: unknown, done: (error?: Error) => void) => {
    taken.push(String(chunk));
    setImmediate(() => done(code ? Object.assign(new Error(`write ${code}`), { code }) : undefined));
  };
  const kept = Object.assign(new Writable({ write, highWaterMark: 1, autoDestroy: false }), { isTTY });
  return { kept, taken };
}

test("closed pipe ends a reading, and no check", async () => {
  const { kept, taken } = stream("EPIPE");
  const failures: string[] = [];
  const output = standardOutput(kept, (message) => failures.push(message));
  output.print("one");
  await assert.rejects(output.drained(), OutputEnded);
  output.print("two");
  assert.deepEqual([taken, failures], [["one"], []]);
});

test("output that cannot be written is named once, with a step", async () => {
  const { kept } = stream("ENOSPC");
  const failures: string[] = [];
  const output = standardOutput(kept, (message) => failures.push(message));
  output.print("one");
  await assert.rejects(output.drained(), OutputEnded);
  output.print("two");
  await assert.rejects(output.drained(), OutputEnded);
  assert.deepEqual(failures, ["Standard output: write ENOSPC. Free space, and run again."]);
});

test("terminal is shown no controls, and its line is known", async () => {
  const { kept, taken } = stream(undefined, true);
  const output = standardOutput(kept, assert.fail);
  output.print("a\u001b]0;x\u0007\u009b2J,b\r\n");
  assert.equal(output.isInLine(), false);
  output.print("[\n  {}");
  assert.equal(output.isInLine(), true);
  await output.drained();
  assert.deepEqual(taken.slice(0, 1), ["a ]0;x  2J,b\n"]);
  const piped = stream();
  const toFile = standardOutput(piped.kept, assert.fail);
  toFile.print("a\tb\r\n[");
  assert.deepEqual([toFile.isInLine(), piped.taken], [false, ["a\tb\r\n["]]);
});

test("full disk ends the program with 3 and a step", async () => {
  const line = "exec node --import tsx www/glue/src/cli/index.ts --help > /dev/full";
  const { code, errors } = await new Promise<{ code: unknown; errors: string }>((settle) => {
    execFile("bash", ["-c", line], (thrown, _, errors) => settle({ code: thrown?.code, errors }));
  });
  assert.match(errors, /^sysparm: Standard output: ENOSPC.*\. Free space, and run again\.\n$/);
  assert.equal(code, 3);
});
