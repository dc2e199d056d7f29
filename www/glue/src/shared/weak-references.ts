/**
 * Instances that were dropped without `close()`. Timers and watched stores live longer and reference them weakReference, so that an abandoned
 * instance renews no token, and they end once the platform has collected it.
 */
import type { Store } from "sysparm";

/** A weak reference, or where the platform has none a strong one. */
export interface WeakReference<T> {
  deref(): T | undefined;
}

/** Where the platform has no weak references only `close()` ends an instance. */
export function weakReference<T extends object>(one: T): WeakReference<T> {
  return typeof WeakRef === "undefined" ? { deref: () => one } : new WeakRef(one);
}

const registry =
  typeof FinalizationRegistry === "undefined"
    ? undefined
    : new FinalizationRegistry<() => void>((leave) => {
        leave();
      });

/** Calls `leave` when `one` has been collected; `leave` must not reference it. */
export function onAbandoned(one: object, leave: () => void): void {
  registry?.register(one, leave, one);
}

/** Undoes `onAbandoned`, once `one` was closed. */
export function wasClosed(one: object): void {
  registry?.unregister(one);
}

/** What ends the timer and the subscriptions of an instance; references nothing of the instance. */
export function leaving(sleepTimer: { close(): void }, ...others: ((() => void) | undefined)[]): () => void {
  return () => endAll([() => sleepTimer.close(), ...others]);
}

/** Ignores failures: neither a store's nor an edge platform's may keep an instance from ending. */
export function endAll(ends: ((() => void) | undefined)[]): void {
  for (const end of ends) {
    try {
      end?.();
    } catch {
      // The instance ends in any case.
    }
  }
}

/** Notifies the instance when others change what is stored for it. */
export function watchStore(
  store: Store | undefined,
  key: string,
  instance: WeakReference<{ storeChanged(): void }>,
): (() => void) | undefined {
  try {
    return store?.watch?.(key, () => instance.deref()?.storeChanged());
  } catch {
    // Without it the instance reads the store at its next renewal.
    return undefined;
  }
}
