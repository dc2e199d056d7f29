/** Tests that run the cases in one runtime. A runtime that silently runs none of them fails. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { PARTS } from "./cases.js";
import { excludedIn } from "./excluded.js";
import type { Part, Report } from "./run-cases.js";

type CasesIn = (url: string, part: Part) => Promise<Report>;

/** Every case, in two parts at the same time. */
export function testParts(runtime: string, casesIn: CasesIn): void {
  describe(`every case passes in ${runtime}`, { concurrency: 2 }, () => {
    for (const part of ["first", "second"] as const) testPart(runtime, casesIn, part);
  });
}

/** The smoke cases, or every case with `SYSPARM_CASES=all`. */
export function testSmoke(runtime: string, casesIn: CasesIn): void {
  if (process.env.SYSPARM_CASES === "all") testParts(runtime, casesIn);
  else describe(`smoke cases pass in ${runtime}`, () => testPart(runtime, casesIn, "smoke"));
}

function testPart(runtime: string, casesIn: CasesIn, part: Part): void {
  test(`${part} part`, async (context) => {
    const instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
    try {
      const { passed, failed } = await casesIn(instance.url, part);
      const names = Object.keys(PARTS[part]);
      const excluded = excludedIn(runtime);
      assert.deepEqual(
        failed.filter(({ name }) => !excluded.includes(name)),
        [],
      );
      assert.deepEqual(
        passed,
        names.filter((name) => !excluded.includes(name)),
      );
      assert.equal(passed.length + failed.length, names.length);
      assert.ok(passed.length >= 20);
      const except = failed.length > 0 ? `, ${failed.length} excluded` : "";
      context.diagnostic(`${passed.length} cases passed in ${runtime}, ${part} part${except}`);
    } finally {
      await instance.stop();
    }
  });
}
