/** Passes an event to the listener that `connect()` was given. */
import type { SysparmEvent } from "sysparm";
import { explain } from "../explain.js";

type Listener = (event: SysparmEvent) => void;

/** With the explanation of its diagnosis, where it has one. */
export async function emit(listener: Listener | undefined, event: SysparmEvent, release?: string): Promise<void> {
  const passed = "diagnosis" in event ? await explain(event, { release }) : event;
  try {
    listener?.(passed);
  } catch (thrown) {
    // A listener's fault is for the program to see, and no call's.
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
