/** What the benchmarks print: medians of pairs measured side by side, and how far they spread. */
import { loadavg } from "node:os";

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** `0.981 (0.955 to 1.010)` */
export function spread(numbers: readonly number[], digits = 3): string {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return `${median(numbers).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** One line: what, the number, and the aim it is held against. */
export function report(name: string, value: string, aim = ""): void {
  console.log(`${name.padEnd(52)}${value}${aim && `   aim ${aim}`}`);
}

/** What else the machine was doing. */
export function load(): string {
  return `load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(" ")}`;
}
