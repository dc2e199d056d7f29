/** Measures contenders in turns, and compares each with one of them round by round. */
import { median } from "../measures.ts";

/** What each round gave, by contender: milliseconds, if nothing else is said. */
export type Rounds<T = number> = Record<string, T[]>;

export interface Taken {
  ms: number;
  /** Milliseconds of processor time: of all threads of workerd, of the main thread of a page. Other work on the machine hardly changes it. */
  processorMs: number;
}

/** Every other round has the reverse order, so that none is always first. The first round is not counted. */
export async function inPairs<T>(
  contenders: readonly string[],
  rounds: number,
  measure: (contender: string) => Promise<T>,
): Promise<Rounds<T>> {
  for (const contender of contenders) await measure(contender);
  const measured: Rounds<T> = Object.fromEntries(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 ? [...contenders].reverse() : contenders;
    for (const contender of order) measured[contender]?.push(await measure(contender));
  }
  return measured;
}

/** One quantity of what was measured. */
export function quantity<T>(rounds: Rounds<T>, of: (measured: T) => number): Rounds {
  return Object.fromEntries(Object.entries(rounds).map(([contender, measured]) => [contender, measured.map(of)]));
}

export interface Quartiles {
  low: number;
  middle: number;
  high: number;
}

export function quartiles(numbers: readonly number[]): Quartiles {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const rest = sorted.slice(sorted.length % 2 ? half + 1 : half);
  return { low: median(sorted.slice(0, half)), middle: median(sorted), high: median(rest) };
}

/** The ratios of the pairs. */
export function ratios(own: readonly number[], other: readonly number[]): number[] {
  return own.map((time, round) => time / (other[round] ?? Number.NaN));
}
