/** Reports of the doctor are compared, a saved one is read with checks, and a check is run again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { changesBetween, type ReportFacts, savedReport } from "../src/doctor/compare-reports";
import { type Examined, findingsOf, replaced } from "../src/doctor/examination";

const report = (part: Partial<ReportFacts> = {}): ReportFacts => ({
  instance: "https://dev.test",
  release: "zurich",
  causes: [{ code: "oauth.grant-off", title: "The grant is off", percent: 60 }],
  findings: [
    { code: "token", state: "passed", question: "Is a token given?", evidence: "200." },
    { code: "cors", state: "unknown", question: "May a page call it?", evidence: "" },
  ],
  ...part,
});

test("report has no changes to itself, also when it was saved", () => {
  const saved = savedReport(JSON.stringify(report()));
  assert.ok(!("problem" in saved));
  assert.deepEqual(changesBetween(saved, report()), []);
});

test("changed checks, new and vanished causes are named", () => {
  const now = report({
    causes: [{ code: "cors.api", title: "No CORS rule", percent: 40 }],
    findings: [{ code: "token", state: "failed", question: "Is a token given?", evidence: "401." }],
  });
  assert.deepEqual(changesBetween(report(), now), [
    { what: "No CORS rule", before: "not there", now: "40 %", isWorse: true },
    { what: "The grant is off", before: "60 %", now: "not there", isWorse: false },
    { what: "Is a token given?", before: "passed", now: "failed", isWorse: true },
    { what: "May a page call it?", before: "unknown", now: "not there", isWorse: false },
  ]);
});

test("each of several findings with one code is compared", () => {
  const rule = (question: string, state: "passed" | "failed") => ({ code: "rules", state, question, evidence: "" });
  const before = report({ findings: [rule("Read?", "passed"), rule("Write?", "passed"), rule("Write?", "passed")] });
  const now = report({ findings: [rule("Write?", "failed"), rule("Read?", "failed"), rule("Write?", "passed")] });
  assert.deepEqual(changesBetween(before, now), [
    { what: "Write?", before: "passed", now: "failed", isWorse: true },
    { what: "Read?", before: "passed", now: "failed", isWorse: true },
  ]);
  const fewer = report({ findings: [rule("Read?", "passed"), rule("Write?", "passed")] });
  assert.deepEqual(changesBetween(before, fewer), [
    { what: "Write?", before: "passed", now: "not there", isWorse: false },
  ]);
});

test("file that is no report is refused", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.ok("problem" in savedReport(text))));
});

const finding = (code: string, evidence: string): Examined =>
  ({ code, evidence, state: "failed", question: "", requests: [] }) as unknown as Examined;

test("check that is run again replaces all that it had found", async () => {
  async function* found() {
    yield* [finding("token", "new"), finding("rules", "read"), finding("rules", "write"), finding("cors", "new")];
    throw new Error("asked after it");
  }
  const again = await findingsOf("rules", found());
  const before = [finding("token", "old"), finding("rules", "a"), finding("rules", "b"), finding("rules", "c")];
  const shown = replaced([...before, finding("cors", "old")], "rules", again);
  assert.deepEqual(
    shown.map(({ code, evidence }) => `${code} ${evidence}`),
    ["token old", "rules read", "rules write", "cors old"],
  );
  assert.deepEqual(
    shown.map(({ isAfterReport }) => isAfterReport === true),
    [false, true, true, false],
  );
});
