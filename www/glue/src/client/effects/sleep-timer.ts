/**
 * The one timer that the core asks for. In Node it is set aside between two calls rather than cleared: there a timer set and cleared for
 * each call costs as much as the whole of the core's own work. Nowhere else: at the edge one that was set for a request dies with that
 * request, so that the next cannot rely on it.
 */

import { isInNode } from "../../shared/platform.js";
import { type Weakly, weakly } from "../../shared/weak-references.js";

type Timer = ReturnType<typeof setTimeout>;

/** What is woken. */
export interface Sleeper {
  slept(effect: number): void;
}

export class Wake {
  readonly #sleeper: Weakly<Sleeper>;
  readonly #keeps = isInNode();
  #timer: Timer | undefined;
  #firesAt = 0;
  /** It holds the sleeper while a call waits for the end of its sleep: in the background a timer keeps nothing alive. */
  #due: { effect: number; at: number; background: boolean; sleeper: Sleeper | undefined } | undefined;

  constructor(sleeper: Sleeper) {
    this.#sleeper = weakly(sleeper);
  }

  /** In the place of an earlier sleep. Nobody waits for one in the background: Node does not end before the others. */
  sleep(effect: number, length: number, background: boolean): void {
    const at = performance.now() + length;
    this.#due = { effect, at, background, sleeper: background ? undefined : this.#sleeper.deref() };
    if (!this.#keeps || this.#timer === undefined || at < this.#firesAt) this.#set(length, at);
    this.#hold(!background);
  }

  cancel(effect: number): void {
    if (this.#due?.effect !== effect) return;
    this.#due = undefined;
    if (this.#keeps) this.#hold(false);
    else this.#clear();
  }

  close(): void {
    this.#due = undefined;
    this.#clear();
  }

  #hold(isAwaited: boolean): void {
    if (typeof this.#timer === "object") this.#timer[isAwaited ? "ref" : "unref"]();
  }

  #set(length: number, at: number): void {
    this.#clear();
    this.#firesAt = at;
    this.#timer = setTimeout(() => this.#fired(), length);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #fired(): void {
    this.#timer = undefined;
    const due = this.#due;
    if (!due) return;
    if (due.at > this.#firesAt) {
      // It was set for an earlier call.
      this.#set(Math.max(0, due.at - performance.now()), due.at);
      this.#hold(!due.background);
    } else {
      this.#due = undefined;
      (due.sleeper ?? this.#sleeper.deref())?.slept(due.effect);
    }
  }
}
