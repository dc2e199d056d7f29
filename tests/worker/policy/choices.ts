/** Pseudorandom choices (mulberry32), the same for the same number. */
export class Choices {
  #state: number;
  /** Whether an attacker chooses: it prefers what is unusual. */
  readonly hostile: boolean;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    this.hostile = this.oneIn(2);
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** What callers send, or what attackers try. */
  either<T>(ordinary: readonly T[], unusual: readonly T[]): T {
    return this.of(this.oneIn(this.hostile ? 4 : 60) ? unusual : ordinary);
  }

  some<T>(values: readonly T[]): T[] {
    return values.filter(() => this.below(2) === 0);
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}
