/** Passes an event to the listener that `connect()` was given. */
import type { SysparmEvent } from "sysparm";
import { failureWithTexts, loadTexts } from "../../shared/explain.js";

type Listener = (event: SysparmEvent) => void;

/** With the words of its diagnosis, where it has one. */
export async function emit(listener: Listener | undefined, event: SysparmEvent, release?: string): Promise<void> {
  let passed = event;
  if ("diagnosis" in passed) {
    await loadTexts(passed.diagnosis);
    passed = failureWithTexts(passed, release);
  }
  try {
    listener?.(passed);
  } catch (thrown) {
    // A listener's fault is for the program to see, and no call's.
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
