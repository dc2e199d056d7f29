/**
 * Decides what to do about a write whose outcome is unknown. It is repeated only when the instance's time for it is over and a lookup has
 * proved that it did not happen.
 *
 * ```text
 *  unknown --wait--> look up --found------------------------------> done
 *              ^      | |--found duplicateError, or not decidable----------> give up
 *              `------' `--confirmed absent, and the time is over-> repeat, or after the last attempt give up
 * ```
 *
 * An early lookup finds nothing while the instance still processes the write, so "nothing" counts only at the end. Time is counted in waits
 * and not by the clock, which may stand still or be set.
 */

/** What a lookup has found of a write. */
export type LookupResult =
  /** The write happened. */
  | "done"
  /** This lookup found nothing of it. */
  | "nothing"
  /** It happened more than once. */
  | "twice"
  /** Not decidable: rows are hidden, the key is unusable, or others have written, too. */
  | "unclear"
  /** The lookup itself failed. */
  | "failed";

type Step = "done" | "look" | "repeat" | "give-up";

/** `last`: the instance's time for the write is over. `sends`: how often it was sent; `attempts`: how often it may be sent. */
export function decide(result: LookupResult, last: boolean, sends: number, attempts: number): Step {
  if (result === "done") return "done";
  if (result === "twice") return "give-up";
  if (!last) return "look";
  return result === "nothing" && sends < attempts ? "repeat" : "give-up";
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 16_000;

/** The waits before each lookup. They grow, and their sum is the time for which the instance may still process the write. */
export function waitsUntil(settleMs: number): number[] {
  const waits: number[] = [];
  for (let left = settleMs, wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    // A rest shorter than the next wait becomes part of this one.
    if (left < 2 * wait) return [...waits, left];
    waits.push(wait);
    left -= wait;
  }
}

/** How long lookups go on, and how often a write is sent. */
export interface RecoveryLimits {
  settleMs: number;
  attempts: number;
  signal?: AbortSignal | undefined;
}

/** The result of a lookup. */
export interface Lookup {
  result: LookupResult;
  /** A sentence for the person who has to decide. */
  evidence: string;
}

/** Looks up until a step is decided. `confirm` is called before "nothing" is believed. */
export async function nextStep<S extends Lookup>(
  lookUp: (last: boolean) => Promise<S>,
  confirm: () => Promise<Lookup>,
  limits: RecoveryLimits,
  sends: number,
): Promise<{ step: Step; seen: S | Lookup }> {
  const lookOnce = async (_: unknown, last: boolean): Promise<[S | Lookup]> => {
    const seen = await lookUp(last);
    return [last && seen.result === "nothing" ? { ...seen, ...(await confirm()) } : seen];
  };
  const [decided] = await nextSteps([lookUp], lookOnce, limits, () => sends);
  return decided as { step: Step; seen: S | Lookup };
}

/**
 * The same for many writes: each round looks up all that are undecided and returns one result for each, in their order. A lookup that
 * fails has failed for all of them.
 */
export async function nextSteps<W, S extends Lookup>(
  writes: readonly W[],
  lookUp: (undecided: readonly W[], last: boolean) => Promise<S[]>,
  { settleMs, attempts, signal }: RecoveryLimits,
  sendsOf: (write: W) => number,
): Promise<{ step: Step; seen: S | Lookup }[]> {
  const decided = new Map<W, { step: Step; seen: S | Lookup }>();
  const waits = waitsUntil(settleMs);
  for (const [place, wait] of waits.entries()) {
    const undecided = writes.filter((write) => !decided.has(write));
    if (undecided.length === 0) break;
    await sleep(wait, signal);
    const last = place === waits.length - 1;
    const lookups: (S | Lookup)[] = await lookUp(undecided, last).catch((thrown: unknown) => {
      signal?.throwIfAborted();
      return undecided.map(() => failedLookup(thrown));
    });
    for (const [at, write] of undecided.entries()) {
      const seen = lookups[at] ?? failedLookup("no result");
      const step = decide(seen.result, last, sendsOf(write), attempts);
      if (step !== "look") decided.set(write, { step, seen });
    }
  }
  return writes.map(
    (write) => decided.get(write) ?? { step: "give-up", seen: failedLookup("there was no time for one") },
  );
}

/** The result of a lookup that threw. */
export function failedLookup(thrown: unknown): Lookup {
  return { result: "failed", evidence: `The look failed: ${thrown instanceof Error ? thrown.message : thrown}` };
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
