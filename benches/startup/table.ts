/** The table of start-up in benches/README.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median } from "../measures.ts";
import { type Quartiles, quartiles, type Rounds, ratios } from "./pairs.ts";

export interface Measured {
  /** What was measured, such as "Chromium, without limits". */
  name: string;
  rounds: Rounds;
  /** The contender whose time is subtracted from that of the others: an empty worker. */
  floor?: string;
}

const README = fileURLToPath(new URL("../README.md", import.meta.url));
const STACK = "stack";

/**
 * Lines of Markdown. The ratio of a round is that of its pair. Above a floor, the difference of a single pair may be negative, so medians
 * are compared. Other work on the machine only adds time, so the fastest rounds of both sides are compared, too.
 */
export function rows(measured: readonly Measured[]): string[] {
  const lines = measured.flatMap(({ name, rounds, floor }) => {
    const middle = (contender: string) => median(rounds[contender] ?? []) - (floor ? median(rounds[floor] ?? []) : 0);
    const fastest = (contender: string) =>
      Math.min(...(rounds[contender] ?? [])) - (floor ? Math.min(...(rounds[floor] ?? [])) : 0);
    const contenders = Object.keys(rounds).filter((contender) => contender !== floor);
    return contenders.map((contender) => {
      const [times = [], other] = [rounds[contender], rounds[STACK]];
      const took = floor ? over(floor, rounds, times) : times;
      const comparison = other !== undefined && contender !== STACK;
      const pairs = floor
        ? (middle(contender) / middle(STACK)).toFixed(2)
        : range(quartiles(ratios(times, other ?? [])), 2);
      const best = (fastest(contender) / fastest(STACK)).toFixed(2);
      const compared = comparison ? `${pairs} | ${best}` : " | ";
      return `| ${name} | ${contender} | ${range(quartiles(took), median(took) < 30 ? 1 : 0)} | ${compared} |`;
    });
  });
  return ["| | | ms (quartiles) | of the stack (quartiles) | by the fastest |", "|---|---|---|---|---|", ...lines];
}

function over(floor: string, rounds: Rounds, times: readonly number[]): number[] {
  return times.map((time, round) => time - (rounds[floor]?.[round] ?? Number.NaN));
}

export function range({ low, middle, high }: Quartiles, digits: number): string {
  return `${middle.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** Replaces the table of this name in benches/README.md. */
export function write(name: string, lines: readonly string[]): void {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- end of ${name} -->`];
  const text = readFileSync(README, "utf8");
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < 0) throw new Error(`${README} holds no ${begin} and ${end}`);
  writeFileSync(README, `${text.slice(0, before + begin.length)}\n${lines.join("\n")}\n${text.slice(after)}`);
}
