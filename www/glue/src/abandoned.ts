/**
 * Instances that nobody holds any more and that nobody closed. What lives longer (timers, stores that are watched) holds them weakly, so
 * that they renew no token for anybody, and is let go when the platform has collected them.
 */
export interface Weakly<T> {
  deref(): T | undefined;
}

/** Strongly where the platform has no weak references: there only `close()` ends an instance. */
export function weakly<T extends object>(one: T): Weakly<T> {
  return typeof WeakRef === "undefined" ? { deref: () => one } : new WeakRef(one);
}

const registry =
  typeof FinalizationRegistry === "undefined"
    ? undefined
    : new FinalizationRegistry<() => void>((leave) => {
        leave();
      });

/** `leave` is called when `one` has been collected; it must not hold it. */
export function whenAbandoned(one: object, leave: () => void): void {
  registry?.register(one, leave, one);
}

export function isOver(one: object): void {
  registry?.unregister(one);
}
