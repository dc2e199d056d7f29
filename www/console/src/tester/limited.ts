/**
 * Evaluates patterns and paths within a time limit. A regular expression such as `(a+)+$` can run for hours on a short text, and nothing
 * in the page can stop it; a path with `match()` or `search()` has one in it. These run in a Worker, which can be ended.
 */
import { loadOnce } from "../background/load-once";
import { TaskLate, type TaskOptions } from "../background/task";
import type { Assertion, Extraction } from "../workspace/model";
import { type Answer, evaluate, parseBody, select, type Verdict, verdictOf } from "./assertions";
import { type Comparable, type Compared, compareTexts } from "./compare-texts";
import { type Extracted, extract } from "./extractions";

/** One piece of work for the Worker. */
export type Work =
  | { kind: "assertion"; assertion: Assertion; answer: Answer }
  | { kind: "extraction"; extraction: Extraction; answer: Answer }
  | { kind: "filter"; path: string; text: string }
  | { kind: "difference"; sides: readonly [Compared, Compared]; ignore: ReadonlySet<string> };

export type Filtered = { values: unknown[] } | { problem: string };
export type Worked = Verdict | Extracted | Filtered | Comparable | undefined;

/** Runs in the Worker. Pure. */
export function work(given: Work): Worked {
  switch (given.kind) {
    case "assertion":
      return evaluate([given.assertion], given.answer)[0];
    case "extraction":
      return extract([given.extraction], given.answer)[0];
    case "filter":
      return filterNow(given.path, given.text);
    case "difference":
      return compareTexts(given.sides, given.ignore);
  }
}

/** What runs the work elsewhere. */
export type Runner = (given: Work, options: TaskOptions) => Promise<Worked>;

/** `signal` stops the work; what was not tried then says so. */
export interface Limits {
  signal?: AbortSignal;
  run?: Runner;
}

/** The verdicts of `evaluate`, in the order of the assertions. */
export async function evaluateLimited(
  assertions: readonly Assertion[],
  answer: Answer,
  { signal, run = inWorker }: Limits = {},
): Promise<Verdict[]> {
  const on = assertions.filter((assertion) => assertion.on);
  const verdicts = new Map(
    evaluate(
      on.filter((one) => !needsLimit(one, answer)),
      answer,
    ).map((one) => [one.id, one]),
  );
  let late = 0;
  for (const assertion of on.filter((one) => needsLimit(one, answer))) {
    const failed = (why: string): Verdict => verdictOf(assertion, why);
    const untried = whyUntried(late, signal);
    if (untried !== "") {
      verdicts.set(assertion.id, failed(untried));
      continue;
    }
    try {
      const verdict = await run({ kind: "assertion", assertion, answer }, optionsOf(signal));
      if (verdict) verdicts.set(assertion.id, verdict as Verdict);
    } catch (thrown) {
      if (thrown instanceof TaskLate) late += 1;
      verdicts.set(assertion.id, failed(signal?.aborted ? CANCELLED : problemWords(thrown)));
    }
  }
  return on.flatMap(({ id }) => verdicts.get(id) ?? []);
}

/** The results of `extract`. */
export async function extractLimited(
  extractions: readonly Extraction[],
  answer: Answer,
  { signal, run = inWorker }: Limits = {},
): Promise<Extracted[]> {
  const found: Extracted[] = [];
  let late = 0;
  for (const extraction of extractions) {
    const costly = extraction.on && extraction.from === "body" && isCostly(extraction.path, answer.text?.length ?? 0);
    if (!costly) {
      found.push(...extract([extraction], answer));
      continue;
    }
    const failed = (why: string) => found.push({ id: extraction.id, variable: extraction.variable.trim(), why });
    const untried = whyUntried(late, signal);
    if (untried !== "") {
      failed(untried);
      continue;
    }
    try {
      const one = await run({ kind: "extraction", extraction, answer }, optionsOf(signal));
      if (one) found.push(one as Extracted);
    } catch (thrown) {
      if (thrown instanceof TaskLate) late += 1;
      failed(signal?.aborted ? CANCELLED : problemWords(thrown));
    }
  }
  return found;
}

/** The values at a path in a text of JSON. Rejects only where the signal is aborted. */
export async function filterLimited(
  path: string,
  text: string,
  signal: AbortSignal,
  run: Runner = inWorker,
): Promise<Filtered> {
  if (!isCostly(path, text.length)) return filterNow(path, text);
  try {
    return (await run({ kind: "filter", path, text }, { limitMs: FILTER_LIMIT_MS, signal })) as Filtered;
  } catch (thrown) {
    signal.throwIfAborted();
    return { problem: problemWords(thrown) };
  }
}

/** The differences of two texts of JSON. Rejects only where the signal is aborted. */
export async function differenceLimited(
  sides: readonly [Compared, Compared],
  ignore: ReadonlySet<string>,
  { signal, run = inWorker }: Limits = {},
): Promise<Comparable> {
  const characters = sides.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
  if (characters <= SMALL_CHARACTERS) return compareTexts(sides, ignore);
  try {
    const options = { limitMs: DIFFERENCE_LIMIT_MS, ...(signal && { signal }) };
    return (await run({ kind: "difference", sides, ignore }, options)) as Comparable;
  } catch (thrown) {
    signal?.throwIfAborted();
    return { problem: thrown instanceof TaskLate ? LATE_DIFFERENCE : problemWords(thrown) };
  }
}

const LATE_DIFFERENCE = "Comparing took too long and was stopped. Ask for fewer rows or fields, then send both again.";
/** Two bodies of 8 MB take a few seconds on a slow device. */
const DIFFERENCE_LIMIT_MS = 20_000;

/** Empty if the next piece of work is tried. */
function whyUntried(late: number, signal: AbortSignal | undefined): string {
  if (signal?.aborted) return CANCELLED;
  return late >= MOST_LATE ? `Not tried, because ${MOST_LATE} before it took too long.` : "";
}

const CANCELLED = "Not tried, because the request was cancelled.";

function optionsOf(signal: AbortSignal | undefined): TaskOptions {
  return { limitMs: LIMIT_MS, ...(signal && { signal }) };
}

function filterNow(path: string, text: string): Filtered {
  const parsed = parseBody(text);
  return "problem" in parsed ? parsed : select(path, parsed.value);
}

function needsLimit(assertion: Assertion, { text }: Answer): boolean {
  return (
    assertion.subject === "body" && (assertion.operator === "matches" || isCostly(assertion.path, text?.length ?? 0))
  );
}

/** Whether a path has a pattern in it, or looks at every value of a large body, perhaps often. */
function isCostly(path: string, length: number): boolean {
  return /\b(?:match|search)\s*\(/.test(path) || (length > SMALL_CHARACTERS && /\.\.|\?/.test(path));
}

function problemWords(thrown: unknown): string {
  if (!(thrown instanceof TaskLate)) return thrown instanceof Error ? thrown.message : String(thrown);
  return "It took too long and was stopped. A pattern with repetitions inside repetitions, such as (a+)+, can take hours: write it without them.";
}

const limitedRun = loadOnce(async (): Promise<Runner> => (await import("./limited-task")).limitedTask.run);

/** Where there are no Workers, as in tests without a browser, it runs at once. */
const inWorker: Runner = async (given, options) => {
  if (typeof Worker === "undefined") return work(given);
  return (await limitedRun())(given, options);
};

const LIMIT_MS = 1_000;
/** For what a person waits for. */
const FILTER_LIMIT_MS = 5_000;
const MOST_LATE = 3;
const SMALL_CHARACTERS = 200_000;
