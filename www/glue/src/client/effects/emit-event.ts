/** Passes an event to the listener that `connect()` was given. */
import type { SysparmEvent } from "sysparm";
import { explain } from "../explain.js";

type Listener = (event: SysparmEvent) => void;

/** Adds the explanation of the event's diagnosis. */
export async function emit(listener: Listener | undefined, event: SysparmEvent, release?: string): Promise<void> {
  // Nothing is loaded for an event that no one receives.
  if (!listener) return;
  const passed = "diagnosis" in event ? await explain(event, { release }) : event;
  try {
    listener(passed);
  } catch (thrown) {
    // An error of the listener is reported as unhandled and fails no call.
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
