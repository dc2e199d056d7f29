/** Cancels the calls of one reading together. An AbortSignal would cost more than everything else that is done here for a page. */
export class Cancellation {
  readonly #listeners = new Set<() => void>();
  aborted = false;
  reason: unknown;

  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }
}

type Signal = AbortSignal | Cancellation;

/**
 * The calls of one signal. The signal has one listener while there are any calls: platforms search all listeners whenever one is added, so that
 * thousands of calls with one signal would take seconds to begin.
 */
class SignalListeners extends Cancellation {
  readonly #signal: Signal;
  readonly #abort = () => this.abort(this.#signal.reason);
  #calls = 0;

  constructor(signal: Signal) {
    super();
    this.#signal = signal;
  }

  override addEventListener(name: "abort", listener: () => void): void {
    super.addEventListener(name, listener);
    this.#calls += 1;
    if (this.#calls === 1) this.#signal.addEventListener(name, this.#abort);
  }

  override removeEventListener(name: "abort", listener: () => void): void {
    super.removeEventListener(name, listener);
    this.#calls -= 1;
    if (this.#calls === 0) this.#signal.removeEventListener(name, this.#abort);
  }
}

const listenersOf = new WeakMap<Signal, SignalListeners>();

/** Shares one listener on the signal. Each listener of the result is added once and removed once. */
export function sharedListener(signal: Signal): Cancellation {
  const known = listenersOf.get(signal);
  if (known) return known;
  const shared = new SignalListeners(signal);
  listenersOf.set(signal, shared);
  return shared;
}
