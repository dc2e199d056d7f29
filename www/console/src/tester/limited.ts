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
export function evaluateLimited(
  assertions: readonly Assertion[],
  answer: Answer,
  limits: Limits = {},
): Promise<Verdict[]> {
  return eachLimited(
    assertions,
    {
      needsLimit: (assertion) => needsLimit(assertion, answer),
      now: (some) => evaluate(some, answer),
      work: (assertion) => ({ kind: "assertion", assertion, answer }),
      failed: verdictOf,
    },
    limits,
  );
}

/** The results of `extract`. */
export function extractLimited(
  extractions: readonly Extraction[],
  answer: Answer,
  limits: Limits = {},
): Promise<Extracted[]> {
  return eachLimited(
    extractions,
    {
      needsLimit: (one) => one.from === "body" && isCostly(one.path, answer.text?.length ?? 0),
      now: (some) => extract(some, answer),
      work: (extraction) => ({ kind: "extraction", extraction, answer }),
      failed: ({ id, variable }, why) => ({ id, variable: variable.trim(), why }),
    },
    limits,
  );
}

interface Means<Given, Result> {
  needsLimit: (given: Given) => boolean;
  /** One result for each, in their order. */
  now: (given: readonly Given[]) => Result[];
  work: (given: Given) => Work;
  failed: (given: Given, why: string) => Result;
}

/** The results of those that are on, in their order. What needs a limit runs elsewhere, one after the other. */
async function eachLimited<Given extends { on: boolean }, Result extends Verdict | Extracted>(
  all: readonly Given[],
  means: Means<Given, Result>,
  { signal, run = inWorker }: Limits,
): Promise<Result[]> {
  const on = all.filter((given) => given.on);
  const done = means.now(on.filter((given) => !means.needsLimit(given)));
  const results: Result[] = [];
  let late = 0;
  for (const given of on) {
    if (!means.needsLimit(given)) {
      results.push(...done.splice(0, 1));
      continue;
    }
    const untried = whyUntried(late, signal);
    if (untried !== "") {
      results.push(means.failed(given, untried));
      continue;
    }
    try {
      const result = await run(means.work(given), optionsOf(signal));
      if (result) results.push(result as Result);
    } catch (thrown) {
      if (thrown instanceof TaskLate) late += 1;
      results.push(means.failed(given, signal?.aborted ? CANCELLED : problemWords(thrown)));
    }
  }
  return results;
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
