/**
 * What to do about a write whose outcome is unknown: nothing is repeated before the instance's time for it is over and a look has
 * surely found nothing.
 *
 * ```text
 *  unknown --wait--> look --found--------------------------------> done
 *              ^      | |--too many, or it cannot be told--------> give up
 *              `------' `--surely nothing, and the time is over--> repeat, or after the last attempt give up
 * ```
 *
 * A look that comes too early sees nothing although the write is still being worked on, so "nothing" counts only at the end. Time is
 * counted in waits and not by the clock, which may stand still or be set.
 */

/** What a look has seen of a write. */
export type Sight =
  /** It was carried out. */
  | "done"
  /** It was not, as far as this look can see. */
  | "nothing"
  /** It was carried out more than once. */
  | "twice"
  /** Rows are hidden, the key is of no use, or others have written too: this look cannot tell. */
  | "unclear"
  /** The look itself failed. */
  | "failed";

export type Step = "done" | "look" | "repeat" | "give-up";

/** `last`: the instance's time for the write is over. `sends`: how often it was sent; `attempts`: how often it may be. */
export function decide(sight: Sight, last: boolean, sends: number, attempts: number): Step {
  if (sight === "done") return "done";
  if (sight === "twice") return "give-up";
  if (!last) return "look";
  return sight === "nothing" && sends < attempts ? "repeat" : "give-up";
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 16_000;

/** The waits before each look: growing, and together exactly as long as a write may still be worked on. */
export function waitsUntil(settleMs: number): number[] {
  const waits: number[] = [];
  for (let left = settleMs, wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    // A rest shorter than the wait before it is joined to it.
    if (left < 2 * wait) return [...waits, left];
    waits.push(wait);
    left -= wait;
  }
}

export interface Patience {
  settleMs: number;
  attempts: number;
  signal?: AbortSignal | undefined;
}

export interface Seen {
  sight: Sight;
  /** In words, for whoever must see to it. */
  evidence: string;
}

/** Looks until a step is due. `confirm` is asked before nothing is taken for nothing. */
export async function stepAfter<S extends Seen>(
  look: (last: boolean) => Promise<S>,
  confirm: () => Promise<Seen>,
  patience: Patience,
  sends: number,
): Promise<{ step: Step; seen: S | Seen }> {
  const lookOnce = async (_: unknown, last: boolean): Promise<[S | Seen]> => {
    const seen = await look(last);
    return [last && seen.sight === "nothing" ? { ...seen, ...(await confirm()) } : seen];
  };
  const [decided] = await stepsAfter([look], lookOnce, patience, () => sends);
  return decided as { step: Step; seen: S | Seen };
}

/**
 * The same for many writes at once: each round looks at all that are undecided, and has something to say of each, in their order.
 * A look that fails has failed for all of them.
 */
export async function stepsAfter<W, S extends Seen>(
  writes: readonly W[],
  look: (undecided: readonly W[], last: boolean) => Promise<S[]>,
  { settleMs, attempts, signal }: Patience,
  sendsOf: (write: W) => number,
): Promise<{ step: Step; seen: S | Seen }[]> {
  const decided = new Map<W, { step: Step; seen: S | Seen }>();
  const waits = waitsUntil(settleMs);
  for (const [place, wait] of waits.entries()) {
    const undecided = writes.filter((write) => !decided.has(write));
    if (undecided.length === 0) break;
    await sleep(wait, signal);
    const last = place === waits.length - 1;
    const sights: (S | Seen)[] = await look(undecided, last).catch((thrown: unknown) => {
      signal?.throwIfAborted();
      return undecided.map(() => failedLook(thrown));
    });
    for (const [at, write] of undecided.entries()) {
      const seen = sights[at] ?? failedLook("nothing was told");
      const step = decide(seen.sight, last, sendsOf(write), attempts);
      if (step !== "look") decided.set(write, { step, seen });
    }
  }
  return writes.map((write) => decided.get(write) ?? { step: "give-up", seen: failedLook("none was due") });
}

export function failedLook(thrown: unknown): Seen {
  return { sight: "failed", evidence: `The look failed: ${thrown instanceof Error ? thrown.message : thrown}` };
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
