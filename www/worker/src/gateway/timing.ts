/**
 * How long a request took here and at the instance, for `Server-Timing` (W3C, "Server Timing"). Cloudflare's clock stands still while a worker
 * computes, so there the worker's own time is that of its waiting: for a token, or for the caller's body.
 */
export class Timing {
  readonly #now: () => number;
  readonly #began: number;
  #sent: number | undefined;
  #answered = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  sent(): void {
    this.#sent = this.#now();
  }

  /** The headers of the instance's reply are here. The last call counts. */
  answered(): void {
    this.#answered = this.#now();
  }

  /** `gateway;dur=3, instance;dur=120`, in milliseconds. */
  header(): string {
    const whole = this.#now() - this.#began;
    if (this.#sent === undefined) return `gateway;dur=${Math.round(whole)}`;
    const instance = this.#answered - this.#sent;
    return `gateway;dur=${Math.round(whole - instance)}, instance;dur=${Math.round(instance)}`;
  }
}
