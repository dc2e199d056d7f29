/**
 * The timer of one instance: the core sleeps for one effect at a time. In Node the timer is kept between calls, because setting and
 * clearing one for each call costs as much as all the core's work. Elsewhere it is cleared: an edge platform ends a timer together with
 * the request that set it.
 */

import { isInNode } from "../../shared/platform.js";
import { type WeakReference, weakReference } from "../../shared/weak-references.js";

type Timer = ReturnType<typeof setTimeout>;

interface Sleeper {
  slept(effect: number): void;
}

/** Sleeps for one effect at a time; a new sleep replaces the old one. */
export class SleepTimer {
  readonly #sleeper: WeakReference<Sleeper>;
  readonly #keeps = isInNode();
  #timer: Timer | undefined;
  #firesAt = 0;
  /** References the sleeper only while a call waits. A background timer must not keep an abandoned instance alive. */
  #due: { effect: number; at: number; background: boolean; sleeper: Sleeper | undefined } | undefined;

  constructor(sleeper: Sleeper) {
    this.#sleeper = weakReference(sleeper);
  }

  /** Replaces an earlier sleep. A background sleep does not keep Node running. */
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
      // The timer was set for an earlier call.
      this.#set(Math.max(0, due.at - performance.now()), due.at);
      this.#hold(!due.background);
    } else {
      this.#due = undefined;
      (due.sleeper ?? this.#sleeper.deref())?.slept(due.effect);
    }
  }
}
