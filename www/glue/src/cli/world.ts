/** The surroundings of a command in Node: streams, files, the terminal and Ctrl-C. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import process, { env, platform, stderr, stdout } from "node:process";
import { Interrupted, type World } from "./command.js";
import { askHidden } from "./hidden-prompt.js";
import { readBounded } from "./input-file.js";
import { type StandardOutput, standardOutput } from "./standard-output.js";
import { withoutControls } from "./terminal-text.js";

/** A terminal is not written to more often. */
const PROGRESS_EVERY_MS = 100;

/** Takes over Ctrl-C: the first ends the command in order, the second at once. `failed` hears of an output that cannot be written. */
export function nodeWorld(failed: (message: string) => void = () => undefined): World {
  const interrupt = new AbortController();
  process.on("SIGINT", () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort(new Interrupted());
  });
  const output = standardOutput(stdout, failed);
  const line = progressLine(output);
  return {
    environment: env,
    platform,
    home: homedir(),
    version: () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version,
    signal: interrupt.signal,
    print(text) {
      if (stdout.isTTY) line.clear();
      output.print(text);
    },
    drained: output.drained,
    complain(text) {
      line.clear();
      stderr.write(`${output.isInLine() && stderr.isTTY ? "\n" : ""}sysparm: ${withoutControls(text)}\n`);
    },
    progress: line.show,
    read: (file) => readBounded(file, interrupt.signal),
    askSecret: (question) => askHidden(question, interrupt),
  };
}

/** One line of a terminal that is written over. Nothing is shown in a line that has a part of the output. */
function progressLine(output: StandardOutput): { show(text: string): void; clear(): void } {
  let shownAt = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (shownAt === Number.NEGATIVE_INFINITY) return;
    shownAt = Number.NEGATIVE_INFINITY;
    stderr.write("\r\u001b[K");
  };
  const show = (text: string) => {
    if (!stderr.isTTY || output.isInLine() || performance.now() - shownAt < PROGRESS_EVERY_MS) return;
    shownAt = performance.now();
    stderr.write(`\r\u001b[K${withoutControls(text).slice(0, (stderr.columns || 80) - 1)}`);
  };
  process.on("exit", clear);
  return { show, clear };
}
