/** Passes events to the listener that `connect()` was given, and knows from them how long an hourly limit holds calls back. */
import type { SysparmEvent } from "sysparm";
import { invalid } from "../errors.js";
import { explain } from "../explain.js";

export type Listener = (event: SysparmEvent) => void;

/** Emits the events of one client in the order of the calls. An event with a diagnosis waits for its explanation, and later ones for it. */
export class Events {
  readonly #listener: Listener | undefined;
  readonly #release: string | undefined;
  #last: Promise<void> | undefined;
  #limitedUntil = 0;

  constructor(listener: Listener | undefined, release: string | undefined) {
    this.#listener = listener;
    this.#release = release;
  }

  readonly emit = (event: SysparmEvent): Promise<void> | undefined => {
    if (event.type === "rate.limited") this.#limitedUntil = event.until;
    const listener = this.#listener;
    // Nothing is loaded for events that no one receives.
    if (!listener) return undefined;
    if (!this.#last && !("diagnosis" in event)) return pass(listener, event);
    const passing = this.#follow(listener, event, this.#last);
    // An event that cannot be explained is the caller's to report, and holds back no other.
    const end = () => {
      if (this.#last === ended) this.#last = undefined;
    };
    const ended = passing.then(end, end);
    this.#last = ended;
    return passing;
  };

  /** Until when an hourly limit holds calls back. */
  limit(): { limitedUntil?: number } {
    return this.#limitedUntil > Date.now() ? { limitedUntil: this.#limitedUntil } : {};
  }

  /**
   * The reason of an abort. Of a call that an hourly limit holds back the reason gets that as its cause: it would only say that time ran
   * out. A request that is on its way waits for its reply.
   */
  abortedBy(reason: unknown, isSent: boolean): unknown {
    const { limitedUntil } = this.limit();
    if (limitedUntil && !isSent && reason instanceof Error && reason.cause === undefined) {
      const words = `An hourly rate limit holds calls back until ${new Date(limitedUntil).toISOString()}.`;
      // A frozen reason stays as it is.
      Reflect.set(reason, "cause", invalid("rate.rule", words, "rate"));
    }
    return reason;
  }

  async #follow(listener: Listener, event: SysparmEvent, before: Promise<void> | undefined): Promise<void> {
    const passed = "diagnosis" in event ? await explain(event, { release: this.#release }) : event;
    if (before) await before;
    pass(listener, passed);
  }
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
