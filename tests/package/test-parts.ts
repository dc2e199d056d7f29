/** Runs the two parts of the cases at the same time in one runtime. A runtime that silently runs none of them fails. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { PARTS } from "./cases.js";
import type { Part, Report } from "./run-cases.js";

export function testParts(runtime: string, casesIn: (url: string, part: Part) => Promise<Report>): void {
  describe(`every case passes in ${runtime}`, { concurrency: 2 }, () => {
    for (const part of Object.keys(PARTS) as Part[]) {
      test(`${part} part`, async (context) => {
        const instance = await startPracticeInstance("--rows", "2500", "--hidden", "0.04", "--quiet");
        try {
          const report = await casesIn(instance.url, part);
          expectAll(report, part);
          context.diagnostic(`${report.passed.length} cases passed in ${runtime}, ${part} part`);
        } finally {
          await instance.stop();
        }
      });
    }
  });
}

function expectAll(report: Report, part: Part): void {
  assert.deepEqual(report.failed, []);
  assert.deepEqual(report.passed, Object.keys(PARTS[part]));
  assert.ok(report.passed.length >= 20);
}
