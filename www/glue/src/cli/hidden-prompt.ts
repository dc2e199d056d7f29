/** Asks for a secret on the terminal, which does not show it. */
import { stderr, stdin } from "node:process";
import { Interrupted, UsageError } from "./command.js";

/** A longer one was pasted by mistake. */
const MOST_CHARACTERS = 10_000;

/**
 * The line that was typed. Undefined where standard input or standard error is no terminal, and for Ctrl-D. The terminal gives no
 * signal for Ctrl-C meanwhile: `interrupt` is aborted.
 */
export async function askHidden(question: string, interrupt: AbortController): Promise<string | undefined> {
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  let typed = "";
  // Before the question: what is typed at once is not shown either.
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  let hear: (text: string) => void = () => undefined;
  let stop: () => void = () => undefined;
  try {
    return await new Promise<string | undefined>((answer, refuse) => {
      stop = () => refuse(new Interrupted());
      hear = (text) => {
        for (const character of text) {
          if (character === "\r" || character === "\n") return answer(typed);
          if (character === "\u0003") return interrupt.abort(new Interrupted());
          if (character === "\u0004") return answer(typed === "" ? undefined : typed);
          typed = character === "\u007f" || character === "\b" ? typed.slice(0, -1) : typed + character;
        }
        if (typed.length > MOST_CHARACTERS)
          refuse(new UsageError(`What was typed has more than ${MOST_CHARACTERS} characters. Paste the secret alone.`));
      };
      interrupt.signal.addEventListener("abort", stop);
      if (interrupt.signal.aborted) stop();
      stdin.on("data", hear);
      stdin.on("end", () => answer(undefined));
      stdin.resume();
      stderr.write(question);
    });
  } finally {
    interrupt.signal.removeEventListener("abort", stop);
    stdin.off("data", hear);
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}
