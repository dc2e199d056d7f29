/** Files that a person chooses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "../src/kit/read-file";

test("data file that cannot be read says so", async () => {
  const broken = { text: () => Promise.reject(new Error("The disk failed.")) };
  assert.deepEqual(await readFile(broken), {
    problem: "The file could not be read. The disk failed. Choose it again.",
  });
  assert.deepEqual(await readFile(new Blob(["a,b"])), { text: "a,b" });
});
