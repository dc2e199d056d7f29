/** Passes events to the listener that `connect()` was given. */
import type { SysparmEvent } from "sysparm";
import { explain } from "../explain.js";

export type Listener = (event: SysparmEvent) => void;

/** Emits the events of one client in the order of the calls. An event with a diagnosis waits for its explanation, and later ones for it. */
export function emitter(
  listener: Listener | undefined,
  release?: string,
): (event: SysparmEvent) => Promise<void> | undefined {
  // Nothing is loaded for events that no one receives.
  if (!listener) return () => undefined;
  let last: Promise<void> | undefined;
  const follow = async (event: SysparmEvent, before: Promise<void> | undefined) => {
    const passed = "diagnosis" in event ? await explain(event, { release }) : event;
    if (before) await before;
    pass(listener, passed);
  };
  return (event) => {
    if (!last && !("diagnosis" in event)) return pass(listener, event);
    const passing = follow(event, last);
    // An event that cannot be explained is the caller's to report, and holds back no other.
    const end = () => {
      if (last === ended) last = undefined;
    };
    const ended = passing.then(end, end);
    last = ended;
    return passing;
  };
}

function pass(listener: Listener, event: SysparmEvent): undefined {
  try {
    listener(event);
  } catch (thrown) {
    // An error of the listener is reported as unhandled and fails no call.
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
