/**
 * What ends a fetch. A controller whose fetch has come to its end serves again: to make its signal is the larger part of what a
 * request costs here. Not for long, because a fetch may leave its listener on the signal, and Node warns of more than ten.
 */

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
    if (isWhole && held && held.uses < MOST_USES && !held.controller.signal.aborted) this.#spare.push(held);
  }

  abort(effect: number): void {
    this.#out.get(effect)?.controller.abort();
  }

  abortAll(): void {
    for (const { controller } of this.#out.values()) controller.abort();
    this.#spare = [];
  }
}
