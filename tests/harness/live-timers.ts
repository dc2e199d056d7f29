/**
 * Counts the timers that have neither fired nor been cleared, including unreferenced ones. Import it before the module under test.
 */
const live = new Map<unknown, number>();
const { setTimeout: set, clearTimeout: clear } = globalThis;

function counted(run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) {
  const timer = set(() => {
    live.delete(timer);
    run(...given);
  }, ms);
  live.set(timer, ms ?? 0);
  return timer;
}

globalThis.setTimeout = Object.assign(counted, { __promisify__: set.__promisify__ }) as typeof setTimeout;
globalThis.clearTimeout = (timer) => {
  live.delete(timer);
  clear(timer);
};

/** The live timers of at least this length: Node's fetch sets short ones itself. */
export const liveTimers = (least = 0) => [...live.values()].filter((ms) => ms >= least).length;
