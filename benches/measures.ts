/** Prints the results of the benchmarks: medians of pairs, and their spread. */
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

/** Prints one line: name, value and aim. */
export function report(name: string, value: string, aim = ""): void {
  console.log(`${name.padEnd(52)}${value}${aim && `   aim ${aim}`}`);
}

/** The load of the machine, because other work makes results spread. */
export function load(): string {
  return `load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(" ")}`;
}
