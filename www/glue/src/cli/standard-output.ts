/** Standard output: what a terminal is shown, and what happens where nothing more can be written. */
import type { Writable } from "node:stream";
import { OutputEnded } from "./command.js";
import { isFull } from "./output-file.js";
import { withoutControls } from "./terminal-text.js";

export interface StandardOutput {
  /** Nothing happens once it has ended. */
  print(text: string): void;
  /** Settles when it has taken what was printed. @throws OutputEnded */
  drained(): Promise<void>;
  /** Whether the cursor of the terminal is behind a text: a line that is written over would take it along. */
  isInLine(): boolean;
}

/**
 * A reader that has closed the pipe, as `| head` does, is no failure: a check still ends with its own code. `failed` hears once of any
 * other error, with what to do.
 */
export function standardOutput(
  stream: Writable & { isTTY?: boolean },
  failed: (message: string) => void,
): StandardOutput {
  let hasEnded = false;
  let isInLine = false;
  let wake: () => void = () => undefined;
  const end = (thrown: NodeJS.ErrnoException) => {
    const isFirst = !hasEnded;
    hasEnded = true;
    wake();
    if (!isFirst || thrown.code === "EPIPE") return;
    const step = isFull(thrown) ? "Free space" : "Send it to a file that you may write";
    failed(`Standard output: ${thrown.message}. ${step}, and run again.`);
  };
  stream.on("error", end);
  return {
    print(text) {
      if (hasEnded || text === "") return;
      // The texts of an instance are written by others.
      const shown = stream.isTTY ? withoutControls(text.replaceAll("\r\n", "\n")) : text;
      isInLine = stream.isTTY === true && !shown.endsWith("\n");
      try {
        stream.write(shown);
      } catch (thrown) {
        end(thrown as NodeJS.ErrnoException);
      }
    },
    async drained() {
      if (!hasEnded && stream.writableNeedDrain) {
        await new Promise<void>((settle) => {
          wake = settle;
          stream.once("drain", settle);
        });
      }
      if (hasEnded) throw new OutputEnded();
    },
    isInLine: () => isInLine,
  };
}
