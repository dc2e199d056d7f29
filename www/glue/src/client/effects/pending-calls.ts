/** The calls of one instance that have not ended, and where what they need is done. */
import type { Asked, PendingCall } from "../../protocol/call.js";
import { type Cancellation, sharedListener } from "../../protocol/cancellation.js";
import type { RequestContexts, SharedInstance } from "../../worker-requests/index.js";

let separate: ((instance: SharedInstance) => RequestContexts) | undefined;

/** A platform's entry says here that what belongs to one incoming request cannot be used in another. */
export function separateBy(contexts: typeof separate): void {
  separate = contexts;
}

export const contextsOf = (instance: SharedInstance): RequestContexts | undefined => separate?.(instance);

/** With contexts, each call sends and ends in the request that began it. */
export class PendingCalls {
  readonly #all = new Map<number, PendingCall>();
  readonly #contexts: RequestContexts | undefined;

  readonly #failed: (thrown: unknown) => void;

  constructor(contexts: RequestContexts | undefined, failed: (thrown: unknown) => void) {
    this.#contexts = contexts;
    this.#failed = failed;
  }

  get(id: number): PendingCall | undefined {
    return this.#all.get(id);
  }

  ids(): number[] {
    return [...this.#all.keys()];
  }

  unsent(): number[] {
    return this.ids().filter((id) => !this.#all.get(id)?.isSent);
  }

  /** `end` is called with the reason when the caller aborts, and whether the request is on its way. */
  begin(
    id: number,
    asked: Asked,
    resolve: PendingCall["resolve"],
    reject: (reason: unknown) => void,
    end: (reason: unknown, isSent: boolean) => void,
  ): void {
    this.#contexts?.begin(id);
    const { signal, cancellation } = asked;
    const ends = signal ? sharedListener(signal) : cancellation;
    const forget = ends && listen(ends, (reason) => end(reason, this.#all.get(id)?.isSent === true));
    this.#all.set(id, {
      asked,
      reply: undefined,
      result: undefined,
      cause: undefined,
      whole: undefined,
      isSent: false,
      forget,
      resolve,
      reject,
    });
  }

  /** Removes a call whose request has ended. */
  lost(id: number): PendingCall | undefined {
    const call = this.#all.get(id);
    this.#all.delete(id);
    return call;
  }

  settle(id: number, how: (call: PendingCall) => void): void {
    const call = this.lost(id);
    if (!call) return;
    const leave = () => {
      call.forget?.();
      how(call);
    };
    if (this.#contexts) this.#contexts.leave(id, leave);
    else leave();
  }

  /** Does something for an effect. */
  inRequestOf(effect: number, act: () => void): void {
    if (this.#contexts) this.#contexts.run(effect, act);
    else act();
  }

  /** Performs an effect; `call` is 0 for one that serves all. */
  perform(call: number, effect: number, work: () => Promise<void>): void {
    const whole = () => work().catch(this.#failed);
    if (this.#contexts) this.#contexts.perform(call, effect, whole);
    else void whole();
  }
}

function listen(ends: Cancellation, ended: (reason: unknown) => void): () => void {
  const end = () => ended(ends.reason);
  ends.addEventListener("abort", end);
  return () => ends.removeEventListener("abort", end);
}
