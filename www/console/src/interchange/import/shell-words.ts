/** Splits a command line as a shell would. `shell-quote` knows the quotes; this adds lines that continue and the form of cmd. */
import { parse } from "shell-quote";

/** The words of the first command, and what stood after it. Variables of the shell stay as they are written. */
export function shellWords(line: string): { words: string[]; rest: string } {
  const words: string[] = [];
  const parts = parse(joinLines(isCmd(line) ? fromCmd(line) : line), (name: string) => `$${name}`);
  for (const [index, part] of parts.entries()) {
    if (typeof part === "string") words.push(part);
    else if ("pattern" in part) words.push(part.pattern);
    else if ("op" in part) return { words, rest: describe(parts.slice(index)) };
  }
  return { words, rest: "" };
}

function describe(parts: ReturnType<typeof parse>): string {
  return parts
    .map((part) => (typeof part === "string" ? part : "op" in part ? part.op : ""))
    .join(" ")
    .slice(0, 60);
}

/**
 * Outside quotes a backslash at the end of a line is dropped with the line break, and a `#` inside a word is plain: `shell-quote`
 * makes an empty word of the one and a comment of the other.
 */
function joinLines(line: string): string {
  const out: string[] = [];
  let from = 0;
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === "\\" && quote !== "'") {
      const end = quote === "$'" ? null : /^\\[ \t]*\r?\n/.exec(line.slice(at, at + 80));
      if (end) {
        out.push(line.slice(from, at), quote === "" ? " " : "");
        at += end[0].length - 1;
        from = at + 1;
      } else at += 1;
    } else if (quote !== "") {
      if (character === quote.slice(-1)) quote = "";
    } else if (character === '"') quote = '"';
    else if (character === "'") quote = line.charAt(at - 1) === "$" ? "$'" : "'";
    else if (character === "#" && /\S/.test(line.charAt(at - 1))) {
      out.push(line.slice(from, at), "\\");
      from = at;
    } else if (character === "\n" || character === "\r") {
      out.push(line.slice(from, at), " ");
      from = at + 1;
    }
  }
  out.push(line.slice(from));
  return out.join("");
}

/** Browsers write `^"` and end lines with `^` in the form for cmd. */
function isCmd(line: string): boolean {
  return /^\S*curl(?:\.exe)?\s+(?:-\S+\s+){0,20}\^"|\s\^\r?\n\s*-/i.test(line);
}

function fromCmd(line: string): string {
  return line.replace(/\^(\r?\n)/g, " ").replace(/\^([\s\S])/g, "$1");
}
