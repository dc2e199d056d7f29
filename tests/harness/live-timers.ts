/**
 * Counts the timers that are set and neither fired nor cleared, those too that keep no program alive. Imported before what it counts for.
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

/** Those of this length or longer: the fetch of Node sets short ones of its own. */
export const liveTimers = (least = 0) => [...live.values()].filter((ms) => ms >= least).length;
