/**
 * Instances that nobody holds any more and that nobody closed. What lives longer (timers, stores that are watched) holds them weakly, so
 * that they renew no token for anybody, and is let go when the platform has collected them.
 */
import type { Store } from "sysparm";

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

/** What of a host lives longer than an instance, each with what ends it; holds nothing of the instance. */
export function leaving(wake: { close(): void }, ...others: ((() => void) | undefined)[]): () => void {
  return () => {
    for (const end of [() => wake.close(), ...others]) quietly(end);
  };
}

/** What ends an instance is no reason to keep it: a store that fails, or a platform that gives nothing of another request. */
export function quietly(end: (() => void) | undefined): void {
  try {
    end?.();
  } catch {
    // It is over all the same.
  }
}

export function watched(
  store: Store | undefined,
  key: string,
  instance: Weakly<{ storeChanged(): void }>,
): (() => void) | undefined {
  try {
    return store?.watch?.(key, () => instance.deref()?.storeChanged());
  } catch {
    // A store that fails keeps nobody from connecting: what others change is then learned at the next renewal.
    return undefined;
  }
}
