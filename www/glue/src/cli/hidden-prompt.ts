/** Asks for a secret on the terminal, which does not show it. */
import { stderr, stdin } from "node:process";
import { UsageError } from "./command.js";

/** A longer one was pasted by mistake. */
const MOST_CHARACTERS = 10_000;

/**
 * The line that was typed. Undefined where standard input or standard error is no terminal. The terminal gives no signal for Ctrl-C
 * meanwhile: `interrupt` is aborted.
 */
export async function askHidden(question: string, interrupt: AbortController): Promise<string | undefined> {
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  try {
    let typed = "";
    for await (const part of stdin.iterator({ destroyOnReturn: false })) {
      for (const character of part as string) {
        if (character === "\r" || character === "\n") return typed;
        if (character === "\u0003") interrupt.abort();
        if (character === "\u0003") interrupt.signal.throwIfAborted();
        // Ctrl-D ends the input.
        if (character === "\u0004") return typed === "" ? undefined : typed;
        typed = character === "\u007f" || character === "\b" ? typed.slice(0, -1) : typed + character;
      }
      if (typed.length > MOST_CHARACTERS) throw new UsageError("What was typed is longer than any secret.");
    }
    return undefined;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}
