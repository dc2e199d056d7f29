/** A few values that are expensive to make, each known by what it was made of. */

interface HeldValue<Value> {
  readonly parts: readonly unknown[];
  readonly at: number;
  readonly value: Value;
}

/** Values of one kind. The one that was asked for least recently is dropped first. */
export class Held<Value> {
  readonly #most: number;
  readonly #maxAgeMs: number;
  readonly #values: HeldValue<Value>[] = [];

  constructor(most: number, maxAgeMs = Number.POSITIVE_INFINITY) {
    this.#most = most;
    this.#maxAgeMs = maxAgeMs;
  }

  /** The value that was made of the very same parts. A tenant that changes has other objects, so its former values are never found again. */
  get(parts: readonly unknown[], now: number): Value | undefined {
    const index = this.#values.findIndex((one) => one.parts.every((part, place) => part === parts[place]));
    const [known] = index < 0 ? [] : this.#values.splice(index, 1);
    if (known === undefined || known.at > now || now - known.at >= this.#maxAgeMs) return undefined;
    this.#values.push(known);
    return known.value;
  }

  set(parts: readonly unknown[], value: Value, now: number): void {
    this.#values.push({ parts, at: now, value });
    if (this.#values.length > this.#most) this.#values.shift();
  }
}
