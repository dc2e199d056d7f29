/**
 * The AbortControllers of requests in flight. In Node a controller is reused after its request, because creating a signal is the larger
 * part of a request's cost. It is reused a few times only: `fetch` may leave a listener on the signal, and Node warns of more than ten.
 * Elsewhere none is reused: on an edge platform a signal belongs to the incoming request during which it was created.
 */
import { isInNode } from "../../shared/platform.js";

const MOST_USES = 8;

interface PooledController {
  controller: AbortController;
  uses: number;
}

/** The controllers of one client. */
export class AbortControllers {
  readonly #inFlight = new Map<number, PooledController>();
  #spare: PooledController[] = [];

  /** The signal for a new request. */
  begin(effect: number): AbortSignal {
    const pooled = this.#spare.pop() ?? { controller: new AbortController(), uses: 0 };
    pooled.uses += 1;
    this.#inFlight.set(effect, pooled);
    return pooled.controller.signal;
  }

  /** Ends a request. `isWhole`: its body was read to the end, so that nothing can be aborted any more. */
  end(effect: number, isWhole: boolean): void {
    const pooled = this.#inFlight.get(effect);
    this.#inFlight.delete(effect);
    const isSound = pooled && pooled.uses < MOST_USES && !pooled.controller.signal.aborted;
    if (isWhole && isSound && isInNode()) this.#spare.push(pooled);
  }

  abort(effect: number): void {
    this.#inFlight.get(effect)?.controller.abort();
  }

  effects(): Iterable<number> {
    return this.#inFlight.keys();
  }
}
