/**
 * Ends the calls of one reading together, as an AbortSignal would: beside it one of those costs more than all else that is done here
 * for a page.
 */
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

/**
 * The calls of one signal: it gets one listener, while there are any. For each one more that it is given a platform looks through all that
 * it has, so that thousands of calls with one signal would take seconds to begin.
 */
class Joint extends Cancellation {
  readonly #signal: AbortSignal;
  readonly #heard = () => this.abort(this.#signal.reason);
  #calls = 0;

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  override addEventListener(name: "abort", listener: () => void): void {
    super.addEventListener(name, listener);
    this.#calls += 1;
    if (this.#calls === 1) this.#signal.addEventListener(name, this.#heard);
  }

  override removeEventListener(name: "abort", listener: () => void): void {
    super.removeEventListener(name, listener);
    this.#calls -= 1;
    if (this.#calls === 0) this.#signal.removeEventListener(name, this.#heard);
  }
}

const joints = new WeakMap<AbortSignal, Joint>();

/** Each listener is added once and removed once. */
export function jointly(signal: AbortSignal): Cancellation {
  const known = joints.get(signal);
  if (known) return known;
  const joint = new Joint(signal);
  joints.set(signal, joint);
  return joint;
}
