/** The report of a run: how it ended, sums, and its results. Pure. */
import type { Verdict } from "../tester/assertions";
import { maskAddress, maskText } from "../tester/masking";
import type { RunPhase } from "./run-state";
import type { StepResult } from "./runner";

/** `planned` is the number of requests that the run was to send. */
export function runReport(phase: RunPhase, planned: number, results: readonly StepResult[]) {
  return {
    end: END_WORDS[phase],
    /** Requests that the run did not come to. */
    left: planned - results.length,
    totals: totals(results),
    results: reportOf(results),
  };
}

/** The results as a report may keep them: without the values that were taken, because they may be tokens, and with secrets as dots. */
export function reportOf(results: readonly StepResult[]) {
  return results.map((result) => ({
    ...result,
    line: maskAddress(result.line),
    problem: maskText(result.problem),
    verdicts: result.verdicts.map(reportedVerdict),
    extracted: result.extracted.map(({ variable, value, why }) => ({ variable, found: value !== undefined, why })),
  }));
}

/** What was found may be a token, whole or in a part of the body. */
function reportedVerdict({ withoutValue, ...verdict }: Verdict): Verdict {
  if (withoutValue === undefined) return { ...verdict, says: maskText(verdict.says), why: maskText(verdict.why) };
  return { ...verdict, says: withoutValue, why: verdict.why && NOT_REPORTED };
}

const NOT_REPORTED = "Not reported, because the value may be a secret. The console shows it.";

export interface Totals {
  requests: { passed: number; failed: number };
  assertions: { passed: number; failed: number };
  totalMs: number;
}

export function totals(results: readonly StepResult[]): Totals {
  const sum: Totals = { requests: { passed: 0, failed: 0 }, assertions: { passed: 0, failed: 0 }, totalMs: 0 };
  for (const { passed, verdicts, totalMs } of results) {
    sum.requests[passed ? "passed" : "failed"] += 1;
    for (const verdict of verdicts) sum.assertions[verdict.passed ? "passed" : "failed"] += 1;
    sum.totalMs += totalMs;
  }
  return sum;
}

export const END_WORDS: Readonly<Record<RunPhase, string>> = {
  ready: "",
  running: "Running.",
  done: "Done.",
  cancelled: "Cancelled.",
  stopped: "Stopped at a failure.",
  refused: "Stopped: a write was not allowed.",
  switched:
    "Stopped: the environment of this run is no longer in use, or its connection was closed. Choose and connect it, then run again.",
};
