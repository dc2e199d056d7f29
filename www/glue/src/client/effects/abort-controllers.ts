/**
 * What ends a fetch. In Node a controller whose fetch has come to its end serves again: to make its signal is there the larger part of
 * what a request costs. Not for long, because a fetch may leave its listener on the signal, and Node warns of more than ten. Nowhere
 * else: at the edge a signal belongs to the request that the worker was serving when it was made.
 */
import { isInNode } from "../../shared/platform.js";

const MOST_USES = 8;

interface Held {
  controller: AbortController;
  uses: number;
}

export class Controllers {
  readonly #out = new Map<number, Held>();
  #spare: Held[] = [];

  /** The signal for a fetch that begins. */
  begin(effect: number): AbortSignal {
    const held = this.#spare.pop() ?? { controller: new AbortController(), uses: 0 };
    held.uses += 1;
    this.#out.set(effect, held);
    return held.controller.signal;
  }

  /** The fetch is over; `isWhole` if nothing of it can be ended any more. */
  end(effect: number, isWhole: boolean): void {
    const held = this.#out.get(effect);
    this.#out.delete(effect);
    const isSound = held && held.uses < MOST_USES && !held.controller.signal.aborted;
    if (isWhole && isSound && isInNode()) this.#spare.push(held);
  }

  abort(effect: number): void {
    this.#out.get(effect)?.controller.abort();
  }

  abortAll(): void {
    for (const { controller } of this.#out.values()) controller.abort();
    this.#spare = [];
  }
}
