/** Every case must have run and passed: a runtime that silently runs none is a failure. */
import assert from "node:assert/strict";
import { CASES, type Report } from "./cases.js";

export function expectAll(report: Report): void {
  assert.deepEqual(report.failed, []);
  assert.deepEqual(report.passed, Object.keys(CASES));
  assert.ok(report.passed.length >= 20);
}
